//! Of which values a mask hides anything: asked again with every letter that is typed, and found once.

use super::mask::{Hidden, Mask};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};

/// What one mask was found to do, entry by entry, as far as somebody asked.
#[derive(Debug, Default)]
pub(super) struct Judged {
    mask: Mask,
    /// How often the engine's own tokens had changed by then: they are hidden, too.
    tokens: u64,
    hides: Vec<Option<bool>>,
}

impl Snapshot {
    /// Whether a mask hides anything of an entry's value. What is revealed counts as hidden.
    pub(super) fn hides(&self, id: EntryId, entry: Entry, mask: &Mask) -> bool {
        if mask.is_off() {
            return false;
        }
        let (mut judged, tokens) = (self.judged.take(), Mask::token_changes());
        if !judged.mask.is_like(mask) || judged.tokens != tokens {
            let hides = vec![None; self.store.columns.all().count()];
            judged = Judged { mask: mask.clone(), tokens, hides };
        }
        let known = judged.hides.get(id as usize).copied().flatten();
        let hides = known.unwrap_or_else(|| {
            let mut hidden = Hidden::default();
            self.covered_raw(entry, mask, &mut hidden);
            hidden.total() > 0
        });
        if let Some(slot) = judged.hides.get_mut(id as usize) {
            *slot = Some(hides);
        }
        self.judged.replace(judged);
        hides
    }
}
