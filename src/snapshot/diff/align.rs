//! Which children of two containers belong together.

use super::walk::Member;
use crate::snapshot::at::{Step, read, take};
use crate::value::Keys;
use crate::value::Value;
use crate::value::json::JsonKind;
use std::borrow::Cow;

/// Two lists beside each other: places of the earlier and of the later one.
#[derive(Default)]
pub(super) struct Alignment {
    pub(super) removed: Vec<usize>,
    /// In order of the later list.
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) added: Vec<usize>,
}

impl Alignment {
    /// Whether the pairs come in the same order on both sides.
    pub(super) fn in_order(&self) -> bool {
        self.pairs.windows(2).all(|pair| matches!(pair, [one, other] if one.0 < other.0))
    }

    /// For each pair whether it has to move so that the others stay in order: as few as possible.
    pub(super) fn moved(&self) -> Vec<bool> {
        // The longest run of increasing earlier places stays (patience sorting).
        let mut piles: Vec<usize> = Vec::new();
        let mut under: Vec<Option<usize>> = Vec::new();
        let before = |pair: usize| self.pairs.get(pair).map_or(0, |(before, _)| *before);
        for pair in 0..self.pairs.len() {
            let pile = piles.partition_point(|top| before(*top) < before(pair));
            under.push(pile.checked_sub(1).and_then(|left| piles.get(left)).copied());
            match piles.get_mut(pile) {
                Some(top) => *top = pair,
                None => piles.push(pair),
            }
        }
        let mut moved = vec![true; self.pairs.len()];
        let mut stays = piles.last().copied();
        while let Some(pair) = stays {
            if let Some(slot) = moved.get_mut(pair) {
                *slot = false;
            }
            stays = under.get(pair).copied().flatten();
        }
        moved
    }
}

/// Members with the same name. Of names that stand twice the last counts, as `JSON.parse` has it.
pub(super) fn members(before: &[Member<'_>], after: &[Member<'_>]) -> Alignment {
    let mut keys = Keys::default();
    for member in before.iter().chain(after) {
        keys.text(&member.key);
        keys.end();
    }
    by_key(&keys, before.len()).0
}

/// Elements of lists by the first of the keys that tells them apart on both sides.
pub(super) fn by_field<'k>(
    before: &[Member<'_>],
    after: &[Member<'_>],
    fields: &'k [Step],
) -> Option<(&'k Step, Alignment)> {
    if before.is_empty() || after.is_empty() {
        return None;
    }
    fields.iter().find_map(|field| {
        let mut keys = Keys::default();
        for element in before.iter().chain(after) {
            keys.text(&identity(element.source, field)?);
            keys.end();
        }
        let (alignment, unique) = by_key(&keys, before.len());
        unique.then_some((field, alignment))
    })
}

/// Elements at the same place, counted from the front, and from the back where the lists end alike.
pub(super) fn by_position(before: &[Member<'_>], after: &[Member<'_>]) -> Alignment {
    let shorter = before.len().min(after.len());
    let same = |(one, other): &(&Member<'_>, &Member<'_>)| one.source == other.source;
    let front = before.iter().zip(after).take_while(same).count();
    let back = before.iter().rev().zip(after.iter().rev()).take(shorter - front).take_while(same).count();
    let paired = shorter - back;
    Alignment {
        removed: (paired..before.len() - back).collect(),
        // Those behind are the same, but their places may be others.
        pairs: (0..paired).map(|place| (place, place)).collect(),
        added: (paired..after.len() - back).collect(),
    }
}

/// Pairs equal keys by one sort of both sides, and says whether every key is the only one of its side. The first keys are
/// those of the earlier side.
pub(super) fn by_key(keys: &Keys, earlier: usize) -> (Alignment, bool) {
    let mut unique = true;
    // Of each key its counterpart's place; its own where it has none.
    let mut counterparts: Vec<Option<usize>> = vec![None; keys.len()];
    let mut set = |place: usize, counterpart: usize| {
        if let Some(slot) = counterparts.get_mut(place) {
            *slot = Some(counterpart);
        }
    };
    for group in keys.sorted().chunk_by(|one, other| keys.same(*one, *other)) {
        // Equals keep their order, so that those of the earlier side come first.
        let (old, new) = group.split_at(group.partition_point(|place| *place < earlier));
        unique &= old.len() < 2 && new.len() < 2;
        match (old.last(), new.last()) {
            (Some(old), Some(new)) => {
                set(*old, *new);
                set(*new, *old);
            }
            (one, other) => one.or(other).into_iter().for_each(|place| set(*place, *place)),
        }
    }
    let mut alignment = Alignment::default();
    for (place, counterpart) in counterparts.into_iter().enumerate() {
        let Some(counterpart) = counterpart else { continue };
        if place < earlier {
            if counterpart == place {
                alignment.removed.push(place);
            }
        } else if counterpart == place {
            alignment.added.push(place - earlier);
        } else {
            alignment.pairs.push((counterpart, place - earlier));
        }
    }
    (alignment, unique)
}

/// What a key says of an element: a text or a whole number, told apart.
fn identity<'a>(element: &'a str, field: &Step) -> Option<Cow<'a, str>> {
    let (_, child) = take(element, 0, field)?;
    let raw = element.get(child.value.start..child.value.end)?;
    match (child.value.kind, read(raw)) {
        (JsonKind::Integer, _) => Some(Cow::Borrowed(raw)),
        (_, Value::String(text)) => Some(Cow::Owned(["\"", &text].concat())),
        _ => None,
    }
}
