//! Rows in groups, by scope or by how their names begin.

use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::EntryId;
use crate::value::Keys;
use std::ops::Range;

/// What puts rows into one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// There are no groups.
    #[default]
    None,
    /// The scope; the highest one first.
    Scope,
    /// How the name begins: what stands before the first `.`, `_`, `:`, `-` or `/`, those at the very beginning apart. `_sys_id` is
    /// in the group `_sys`. In natural order, with the names that have no such sign last.
    Prefix,
}

impl Grouping {
    const WORDS: [(Grouping, &'static str); 3] =
        [(Grouping::None, "none"), (Grouping::Scope, "scope"), (Grouping::Prefix, "prefix")];

    /// The name in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(by, _)| *by == self).map_or("", |(_, word)| word)
    }

    /// The grouping with this name in the JavaScript contract.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::Grouping;
    /// assert_eq!(Grouping::parse("scope"), Some(Grouping::Scope));
    /// assert_eq!(Grouping::parse("colour"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Grouping> {
        Self::WORDS.iter().find(|(_, word)| *word == name).map(|(by, _)| *by)
    }
}

/// What the rows of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// Their scope.
    Scope,
    /// How their names begin.
    Prefix,
    /// That their names have no prefix.
    NoPrefix,
    /// That they could not be read.
    Unreadable,
}

impl GroupKind {
    const WORDS: [(GroupKind, &'static str); 4] = [
        (GroupKind::Scope, "scope"),
        (GroupKind::Prefix, "prefix"),
        (GroupKind::NoPrefix, "no-prefix"),
        (GroupKind::Unreadable, "unreadable"),
    ];

    /// The word in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind that a word stands for.
    pub fn parse(word: &str) -> Option<GroupKind> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// A group of rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// What its rows have in common.
    pub kind: GroupKind,
    /// The scope or the prefix; empty where the kind says it all.
    pub label: String,
}

/// A group, and which of the rows are its own.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) group: Group,
    pub(super) rows: Range<usize>,
}

impl Snapshot {
    /// Puts the rows of each group together, in the order that they had, and tells the groups.
    pub(super) fn group(&self, rows: &[EntryId], by: Grouping, mask: &Mask) -> (Vec<EntryId>, Vec<Span>) {
        let mut keys = Keys::default();
        for id in rows {
            let (kind, label) = self.group_of(*id, by, mask);
            keys.number(match kind {
                GroupKind::Scope => self.scope_place(&label),
                GroupKind::Prefix => 0,
                GroupKind::NoPrefix => 1,
                GroupKind::Unreadable => usize::MAX,
            });
            keys.natural(&label);
            keys.end();
        }
        let (mut ordered, mut spans) = (Vec::with_capacity(rows.len()), Vec::new());
        for own in keys.sorted().chunk_by(|one, other| keys.same(*one, *other)) {
            let start = ordered.len();
            ordered.extend(own.iter().filter_map(|place| rows.get(*place)));
            let Some(first) = ordered.get(start) else { continue };
            let (kind, label) = self.group_of(*first, by, mask);
            spans.push(Span { group: Group { kind, label }, rows: start..ordered.len() });
        }
        (ordered, spans)
    }

    fn group_of(&self, id: EntryId, by: Grouping, mask: &Mask) -> (GroupKind, String) {
        let Some(entry) = self.store.columns.entry(id).filter(|entry| !entry.is_unreadable()) else {
            return (GroupKind::Unreadable, String::new());
        };
        if by == Grouping::Scope {
            let unlisted = mask.cover_unlisted(&self.store.name(entry.name), &mut Hidden::default());
            let scope = unlisted.unwrap_or_else(|| self.shown_scope(entry, mask, &mut Hidden::default()));
            return (GroupKind::Scope, scope);
        }
        match prefix(&self.shown_name(id, entry, mask, &mut Hidden::default())) {
            Some(prefix) => (GroupKind::Prefix, prefix.to_owned()),
            None => (GroupKind::NoPrefix, String::new()),
        }
    }

    /// From 0 for the highest scope; unknown ones come last.
    fn scope_place(&self, scope: &str) -> usize {
        let mut known = self.store.columns.precedence().highest_first();
        known.position(|known| known == scope).unwrap_or(usize::MAX - 1)
    }
}

pub(super) fn prefix(name: &str) -> Option<&str> {
    const SIGNS: [char; 5] = ['.', '_', ':', '-', '/'];
    let begins = name.len() - name.trim_start_matches(SIGNS).len();
    let end = begins + name.get(begins..)?.find(SIGNS)?;
    name.get(..end)
}
