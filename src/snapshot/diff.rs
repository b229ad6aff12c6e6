//! What changed between two snapshots.

use super::entry::Variable;
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId, same_bytes};
use crate::value::json::{scan_value, skip_space, unescape};
use crate::value::{Value, same_decimal};

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

/// What differs in a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The typed value.
    Value,
    /// The type.
    Type,
    /// The spelling alone.
    Raw,
    /// The scope that the name resolves to.
    Scope,
}

impl ChangeKind {
    /// The kind in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Value => "value",
            ChangeKind::Type => "type",
            ChangeKind::Raw => "raw",
            ChangeKind::Scope => "scope",
        }
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
    /// What changed since an earlier snapshot. Compares what names resolve to; side by side, each scope's own variable,
    /// and then a name stands once for each scope in which it is new or gone.
    pub fn diff(&self, earlier: &Snapshot) -> SnapshotDiff {
        let mut changed = Vec::new();
        let found = self.differences(earlier, |change| changed.push(change));
        SnapshotDiff {
            added: found.added.iter().map(|id| self.name_of(*id).into_owned()).collect(),
            removed: found.removed.iter().map(|id| earlier.name_of(*id).into_owned()).collect(),
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
        let mut found = Differences::default();
        let mut pairing = Pairing { earlier, expected: 0 };
        let mut met = vec![false; earlier.store.columns.all().count()];
        for (id, entry) in self.compared() {
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
            let kinds = kinds(&before, &after);
            if kinds.is_empty() {
                found.unchanged += 1;
            } else {
                visit(VariableChange { before, after, kinds });
            }
        }
        let gone = earlier.compared().filter(|(id, _)| met.get(*id as usize) == Some(&false));
        found.removed = gone.map(|(id, _)| id).collect();
        found
    }

    /// What differs in an entry since an earlier snapshot: nothing, or these kinds; `None` where it is new.
    pub(super) fn change_since(&self, earlier: &Snapshot, entry: Entry) -> Option<Vec<ChangeKind>> {
        let (name, scope) = (self.store.name(entry.name), self.store.columns.scope(entry));
        let before = earlier.counterpart(&name, scope)?;
        if self.is_as_before(entry, earlier, before) {
            return Some(Vec::new());
        }
        let now = self.counterpart(&name, scope)?;
        Some(kinds(&earlier.variable(before)?, &self.variable(now)?))
    }

    /// The variables that count, in order of their names' first appearance: winners, or side by side the one of each
    /// name and scope.
    fn compared(&self) -> impl Iterator<Item = (EntryId, Entry)> {
        let columns = &self.store.columns;
        let side_by_side = columns.precedence().is_side_by_side();
        let own = move |(_, entry): &(EntryId, Entry)| !columns.is_hidden(*entry);
        let winner = move |name| {
            let id = columns.winner(name).filter(|_| !side_by_side)?;
            Some((id, columns.entry(id)?))
        };
        let each = move |name| side_by_side.then(|| columns.chain(name).filter(own)).into_iter().flatten();
        self.name_ids().flat_map(move |name| winner(name).into_iter().chain(each(name)))
    }

    fn counterpart(&self, name: &str, scope: &str) -> Option<EntryId> {
        let side_by_side = self.store.columns.precedence().is_side_by_side();
        self.find(name, side_by_side.then_some(scope))
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
}

impl Pairing<'_> {
    fn counterpart(&mut self, later: &Snapshot, entry: Entry) -> Option<EntryId> {
        let store = &self.earlier.store;
        let is_next = store.has_name_of(self.expected, &later.store, entry.name);
        let found = if is_next { self.expected } else { store.find(&later.store.name(entry.name))? };
        self.expected = found + 1;
        if store.columns.precedence().is_side_by_side() {
            store.columns.in_scope(found, later.store.columns.scope(entry))
        } else {
            store.columns.winner(found)
        }
    }
}

fn kinds(before: &Variable, after: &Variable) -> Vec<ChangeKind> {
    let mut kinds = Vec::new();
    let type_differs = before.value_type != after.value_type;
    let value_differs = type_differs || !same(&before.value, &after.value);
    if value_differs {
        kinds.push(ChangeKind::Value);
    }
    if type_differs {
        kinds.push(ChangeKind::Type);
    }
    if !value_differs && (&before.raw, before.raw_is_text) != (&after.raw, after.raw_is_text) {
        kinds.push(ChangeKind::Raw);
    }
    if before.scope != after.scope {
        kinds.push(ChangeKind::Scope);
    }
    kinds
}

/// Whether two values of one type are the same, however they are spelled. The order of an object's members counts.
pub(super) fn same(before: &Value<'_>, after: &Value<'_>) -> bool {
    match (before, after) {
        (Value::Number(one), Value::Number(other)) => same_decimal(one, other),
        (Value::Array(one), Value::Array(other)) | (Value::Object(one), Value::Object(other)) => {
            same_document(one, other)
        }
        (Value::NonFinite(one), Value::NonFinite(other)) => {
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        _ => before == after,
    }
}

/// Walks two documents side by side, token by token.
fn same_document(one: &str, other: &str) -> bool {
    let (mut at_one, mut at_other) = (0, 0);
    loop {
        let (Some((a, end_one)), Some((b, end_other))) = (token(one, at_one), token(other, at_other)) else {
            return token(one, at_one).is_none() && token(other, at_other).is_none();
        };
        if !same_token(a, b) {
            return false;
        }
        (at_one, at_other) = (end_one, end_other);
    }
}

/// The token at or after `at`, and where it ends: a bracket, a comma, a colon, or a scalar.
pub(super) fn token(source: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = source.as_bytes();
    let start = skip_space(bytes, at);
    let end = match bytes.get(start)? {
        b'{' | b'}' | b'[' | b']' | b',' | b':' => start + 1,
        _ => scan_value(bytes, start).ok()?.end,
    };
    Some((source.get(start..end)?, end))
}

fn same_token(one: &str, other: &str) -> bool {
    let is_number = |token: &str| token.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if one == other {
        return true;
    }
    if is_number(one) && is_number(other) {
        return same_decimal(one, other);
    }
    let text = |token: &str| token.strip_prefix('"')?.strip_suffix('"').and_then(unescape).map(String::from);
    matches!((text(one), text(other)), (Some(one), Some(other)) if one == other)
}
