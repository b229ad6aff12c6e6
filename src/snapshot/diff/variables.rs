//! What changed between two snapshots.

use super::kinds::{ChangeKind, kinds};
use super::walk::Rules;
use crate::snapshot::entry::Variable;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId, same_bytes};

/// What differs between two snapshots: of names, by what each resolves to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SnapshotDiff {
    /// Names that are new, in order of first appearance.
    pub added: Vec<String>,
    /// Names that are gone, in order of their first appearance.
    pub removed: Vec<String>,
    /// Names whose variable is another one now.
    pub changed: Vec<VariableChange>,
    /// How many names have the same variable.
    pub unchanged: usize,
}

/// A difference of one variable.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableChange {
    /// The variable before.
    pub before: Variable,
    /// The variable after.
    pub after: Variable,
    /// What differs.
    pub kinds: Vec<ChangeKind>,
}

impl VariableChange {
    /// What a mask leaves of it; what differs stays told.
    #[must_use]
    pub fn through(self, mask: &Mask, hidden: &mut Hidden) -> VariableChange {
        let [before, after] = [self.before, self.after].map(|variable| variable.through(mask, hidden));
        VariableChange { before, after, kinds: self.kinds }
    }
}

/// What differs between two snapshots, but for the variables that changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Rows of the later snapshot whose names are new.
    pub added: Vec<EntryId>,
    /// Rows of the earlier snapshot whose names are gone.
    pub removed: Vec<EntryId>,
    /// How many names have the same variable.
    pub unchanged: usize,
}

impl Snapshot {
    /// What changed since an earlier snapshot, or what is another in that of another session. Compares what names resolve
    /// to; where both stand side by side, each scope's own variable, and then a name stands once for each scope in which it
    /// is new or gone.
    pub fn diff(&self, earlier: &Snapshot) -> SnapshotDiff {
        self.diff_through(earlier, &Mask::off(), &mut Hidden::default())
    }

    /// The same through a mask. Whether something changed is told of what it hides, too; `hidden` counts what it hid.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot};
    /// let parse = |pin: &str| {
    ///     let body = format!(r#"{{"variables":[{{"name":"pin","value":"{pin}","scope":"user"}}]}}"#);
    ///     Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0)
    /// };
    /// let diff = parse("4712")?.diff_through(&parse("4711")?, &Mask::standard(), &mut Hidden::default());
    /// assert_eq!((diff.changed.len(), diff.changed[0].after.raw.as_str()), (1, "[masked:one-time-code]"));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn diff_through(&self, earlier: &Snapshot, mask: &Mask, hidden: &mut Hidden) -> SnapshotDiff {
        let mut changed = Vec::new();
        let found = self.differences(earlier, |change| changed.push(change.through(mask, hidden)));
        SnapshotDiff {
            added: found.added.iter().map(|id| self.name_through(*id, mask, hidden)).collect(),
            removed: found.removed.iter().map(|id| earlier.name_through(*id, mask, hidden)).collect(),
            changed,
            unchanged: found.unchanged,
        }
    }

    /// The same for whoever need not hold all changed variables at once: each is handed on when it is found.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
    /// let parse = |body: &[u8]| Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0);
    /// let earlier = parse(br#"{"variables":[{"name":"n","value":"1","scope":"user"}]}"#)?;
    /// let later = parse(br#"{"variables":[{"name":"n","value":"2","scope":"user"}]}"#)?;
    /// let mut texts = Vec::new();
    /// let found = later.differences(&earlier, |change| texts.push((change.before.raw, change.after.raw)));
    /// assert_eq!((texts, found.unchanged), (vec![("1".to_owned(), "2".to_owned())], 0));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn differences(&self, earlier: &Snapshot, mut visit: impl FnMut(VariableChange)) -> Differences {
        self.visit_differences(earlier, &mut visit)
    }

    fn visit_differences(&self, earlier: &Snapshot, visit: &mut dyn FnMut(VariableChange)) -> Differences {
        let mut found = Differences::default();
        let by_scope = self.pairs_by_scope(earlier);
        let mut pairing = Pairing { earlier, expected: 0, by_scope };
        let rules = Rules::default();
        let mut met = vec![false; earlier.store.columns.all().count()];
        for (id, entry) in self.compared(by_scope) {
            let Some(before) = pairing.counterpart(self, entry) else {
                found.added.push(id);
                continue;
            };
            if let Some(met) = met.get_mut(before as usize) {
                *met = true;
            }
            if self.is_as_before(entry, earlier, before) {
                found.unchanged += 1;
                continue;
            }
            let (Some(before), Some(after)) = (earlier.variable(before), self.variable(id)) else { continue };
            let kinds = kinds(&before, &after, &rules);
            if kinds.is_empty() {
                found.unchanged += 1;
            } else {
                visit(VariableChange { before, after, kinds });
            }
        }
        let gone = earlier.compared(by_scope).filter(|(id, _)| met.get(*id as usize) == Some(&false));
        found.removed = gone.map(|(id, _)| id).collect();
        found
    }

    /// What differs in an entry since an earlier snapshot: nothing, or these kinds; `None` where it is new.
    pub(in crate::snapshot) fn change_since(&self, earlier: &Snapshot, entry: Entry) -> Option<Vec<ChangeKind>> {
        let before = earlier.paired(self, earlier, entry)?;
        if self.is_as_before(entry, earlier, before) {
            return Some(Vec::new());
        }
        let now = self.paired(self, earlier, entry)?;
        Some(kinds(&earlier.variable(before)?, &self.variable(now)?, &Rules::default()))
    }

    /// The entry of this snapshot that an entry of a later one is compared with, or stands for.
    pub(in crate::snapshot) fn paired(&self, later: &Snapshot, earlier: &Snapshot, entry: Entry) -> Option<EntryId> {
        let scope = later.pairs_by_scope(earlier).then(|| later.store.columns.scope(entry));
        self.find(&later.store.name(entry.name), scope)
    }

    /// Whether each scope's own variables are compared, rather than what names resolve to.
    pub(in crate::snapshot) fn pairs_by_scope(&self, earlier: &Snapshot) -> bool {
        self.store.columns.precedence().is_side_by_side() && earlier.store.columns.precedence().is_side_by_side()
    }

    /// The variables that count, in order of their names' first appearance: winners, or the one of each name and scope.
    pub(in crate::snapshot) fn compared(&self, by_scope: bool) -> impl Iterator<Item = (EntryId, Entry)> {
        let columns = &self.store.columns;
        let own = move |(_, entry): &(EntryId, Entry)| !columns.is_hidden(*entry);
        let winner = move |name| {
            let id = columns.winner(name).filter(|_| !by_scope)?;
            Some((id, columns.entry(id)?))
        };
        let each = move |name| by_scope.then(|| columns.chain(name).filter(own)).into_iter().flatten();
        self.name_ids().flat_map(move |name| winner(name).into_iter().chain(each(name)))
    }

    /// Whether an entry came as it came before, so that nobody has to read it: nearly always.
    fn is_as_before(&self, entry: Entry, earlier: &Snapshot, before: EntryId) -> bool {
        let Some(before) = earlier.store.columns.entry(before) else { return false };
        let (now, then) = (&self.store.columns, &earlier.store.columns);
        self.reads_as(earlier)
            && entry.reads_as(before)
            && now.scope(entry) == then.scope(before)
            && same_bytes(self.store.bytes(entry), earlier.store.bytes(before))
    }
}

/// Finds names in an earlier snapshot. Most names come in the order in which they came before, and are found without a search.
struct Pairing<'a> {
    earlier: &'a Snapshot,
    expected: u32,
    by_scope: bool,
}

impl Pairing<'_> {
    fn counterpart(&mut self, later: &Snapshot, entry: Entry) -> Option<EntryId> {
        let store = &self.earlier.store;
        let is_next = store.has_name_of(self.expected, &later.store, entry.name);
        let found = if is_next { self.expected } else { store.find(&later.store.name(entry.name))? };
        self.expected = found + 1;
        if self.by_scope {
            store.columns.in_scope(found, later.store.columns.scope(entry))
        } else {
            store.columns.winner(found)
        }
    }
}
