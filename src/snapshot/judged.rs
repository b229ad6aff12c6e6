//! What a mask hides of names and values: asked again with every letter that is typed, and found once.

use super::mask::{Hidden, Mask, MaskMoment};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use std::rc::Rc;

/// What one mask was found to do, name by name and entry by entry, as far as somebody asked.
#[derive(Debug, Default)]
pub(super) struct Judged {
    through: MaskMoment,
    names: Vec<Option<bool>>,
    /// For each entry one of the words below, or where its cover is kept.
    values: Vec<u32>,
    covers: Vec<Rc<str>>,
    /// So many bytes of covers may still be kept.
    room: usize,
}

const UNKNOWN: u32 = 0;
const OPEN: u32 = 1;
/// Something is hidden, and what is left is made anew each time.
const HIDDEN: u32 = 2;
const FIRST_KEPT: u32 = 3;

/// Longer covers are not kept.
const MOST_KEPT: usize = 4_096;
/// So much of the body's length they take in all.
const PART_OF_BODY: usize = 8;

impl Judged {
    fn value(&mut self, snapshot: &Snapshot, id: EntryId, entry: Entry) -> u32 {
        let Some(slot) = self.values.get_mut(id as usize) else { return HIDDEN };
        if *slot == UNKNOWN {
            let mut hidden = Hidden::default();
            let cover = snapshot.covered_raw(entry, &self.through.mask, &mut hidden);
            *slot = if hidden.total() == 0 { OPEN } else { HIDDEN };
            if *slot == HIDDEN
                && cover.len() <= self.room.min(MOST_KEPT)
                && let Ok(place) = u32::try_from(self.covers.len())
            {
                self.room -= cover.len();
                self.covers.push(cover.into());
                *slot = FIRST_KEPT + place;
            }
        }
        *slot
    }
}

impl Snapshot {
    /// Asks what a mask does. The host's hook may be asked meanwhile, which may ask the snapshot.
    fn judged<R>(&self, mask: &Mask, ask: impl FnOnce(&mut Judged) -> R) -> R {
        let mut judged = self.judged.take();
        if judged.values.is_empty() || !judged.through.holds_for(mask) {
            judged = Judged {
                through: MaskMoment::of(&mask.hiding_all()),
                names: vec![None; self.len()],
                values: vec![UNKNOWN; self.store.columns.all().len()],
                covers: Vec::new(),
                room: self.store.body.len() / PART_OF_BODY,
            };
        }
        let answer = ask(&mut judged);
        self.judged.replace(judged);
        answer
    }

    /// Whether a mask hides anything of an entry's value. What is revealed counts as hidden.
    pub(super) fn hides(&self, id: EntryId, entry: Entry, mask: &Mask) -> bool {
        !mask.is_off() && self.judged(mask, |judged| judged.value(self, id, entry)) != OPEN
    }

    /// What is left of an entry's value where a mask hides anything of it.
    pub(super) fn cover(&self, id: EntryId, entry: Entry, mask: &Mask) -> Option<Rc<str>> {
        if mask.is_off() {
            return None;
        }
        self.judged(mask, |judged| match judged.value(self, id, entry) {
            OPEN => None,
            place => {
                let kept = place.checked_sub(FIRST_KEPT).and_then(|place| judged.covers.get(place as usize)).cloned();
                Some(
                    kept.unwrap_or_else(|| {
                        self.covered_raw(entry, &judged.through.mask, &mut Hidden::default()).into()
                    }),
                )
            }
        })
    }

    /// Whether a mask hides the name of a readable entry.
    pub(super) fn hides_name(&self, id: EntryId, entry: Entry, mask: &Mask) -> bool {
        let judge = || {
            let mut hidden = Hidden::default();
            self.shown_name(id, entry, mask, &mut hidden);
            hidden.total() > 0
        };
        if mask.is_off() || entry.is_unreadable() {
            return !mask.is_off() && judge();
        }
        self.judged(mask, |judged| match judged.names.get_mut(entry.name as usize) {
            Some(known) => *known.get_or_insert_with(judge),
            None => judge(),
        })
    }
}
