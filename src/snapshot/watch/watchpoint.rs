//! A place with a condition, and what is told of it.

use super::condition::Condition;
use crate::snapshot::at::Step;
use crate::snapshot::snapshot::Snapshot;
use crate::value::{Value, ValueType};

/// A variable, or a part of its value, with what to look out for.
#[derive(Debug, Clone, PartialEq)]
pub struct Watchpoint {
    /// The variable.
    pub name: String,
    /// Its scope; without one what the name resolves to.
    pub scope: Option<String>,
    /// The way down into its value. Empty: the whole value.
    pub path: Vec<Step>,
    /// What to look out for.
    pub when: Condition,
}

/// What stood at the place of a watchpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The typed value.
    pub value: Value<'static>,
    /// What the value is.
    pub value_type: ValueType,
    /// The scope that the name resolved to.
    pub scope: String,
    /// How long it is as it came, in bytes.
    pub bytes: usize,
}

/// A watchpoint's condition was met.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchEvent {
    /// The watchpoint's number.
    pub id: u32,
    /// How often it has been hit, this time included.
    pub hits: u32,
    /// When the snapshot was complete, in ms since 1970.
    pub taken_at_ms: f64,
    /// What stood there at the last look; `None` where there was nothing, or no look.
    pub before: Option<Observed>,
    /// What stands there now; `None` where there is nothing.
    pub after: Option<Observed>,
}

impl Watchpoint {
    /// `None` where the snapshot cannot tell: pages are missing, another scope was asked for, or the item could not be read.
    pub(super) fn look(&self, snapshot: &Snapshot) -> Option<Option<Observed>> {
        let asked_for = snapshot.loaded_scope.as_ref().is_none_or(|loaded| self.scope.as_ref() == Some(loaded));
        if !asked_for || !snapshot.is_complete() {
            return None;
        }
        let scope = self.scope.as_deref();
        let Some(part) = snapshot.at(&self.name, scope, &self.path) else { return Some(None) };
        let entry = snapshot.store.columns.entry(part.entry)?;
        Some(Some(Observed {
            value: part.value,
            value_type: part.value_type,
            scope: snapshot.store.columns.scope(entry).to_owned(),
            bytes: part.raw.len(),
        }))
    }
}
