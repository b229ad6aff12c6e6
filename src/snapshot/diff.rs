//! What changed between two snapshots.

use super::entry::Variable;
use super::snapshot::Snapshot;
use crate::value::Value;

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

impl Snapshot {
    /// What changed since an earlier snapshot. Compares what names resolve to; side by side, their first variables.
    pub fn diff(&self, earlier: &Snapshot) -> SnapshotDiff {
        let mut diff = SnapshotDiff::default();
        for name in self.names() {
            let (Some(after), before) = (self.get(&name, None), earlier.get(&name, None)) else { continue };
            let Some(before) = before else {
                diff.added.push(name.into_owned());
                continue;
            };
            let kinds = kinds(&before, &after);
            if kinds.is_empty() {
                diff.unchanged += 1;
            } else {
                diff.changed.push(VariableChange { before, after, kinds });
            }
        }
        diff.removed = earlier.names().filter(|name| self.find(name, None).is_none()).map(Into::into).collect();
        diff
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

/// Whether two values of one type are the same. Containers are compared as they are written.
fn same(before: &Value<'_>, after: &Value<'_>) -> bool {
    match (before, after) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if one == other)
        }
        (Value::NonFinite(one), Value::NonFinite(other)) => {
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        _ => before == after,
    }
}
