//! A place with a condition, and what is told of it.

use super::condition::Condition;
use crate::snapshot::at::Step;
use crate::snapshot::mask::{Hidden, Mask, Masked, SizeClass};
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
    /// How long it is as it came, in bytes; where something of it is hidden, the fewest of its size class.
    pub bytes: usize,
    /// What a mask did to it, where one hid something.
    pub masked: Option<Masked>,
}

impl Observed {
    /// What a mask leaves of it.
    fn through(mut self, watchpoint: &Watchpoint, mask: &Mask) -> Observed {
        let mut hidden = Hidden::default();
        let top = mask.variable(&watchpoint.name, &self.scope);
        let spot = watchpoint.path.iter().fold(top, |spot, step| spot.step(step));
        if let Some((value, masked)) = mask.cover_value(&self.value, "", &spot, &mut hidden) {
            let size = SizeClass::of(self.bytes);
            self.bytes = size.least();
            self.value = value;
            self.masked = Some(Masked { size, ..masked });
        }
        self.scope = mask.cover_scope(&self.scope, &watchpoint.name, &mut hidden).into_owned();
        self
    }
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

impl WatchEvent {
    /// What a mask leaves of what was observed.
    pub(super) fn through(self, watchpoint: &Watchpoint, mask: &Mask) -> WatchEvent {
        let [before, after] =
            [self.before, self.after].map(|seen| seen.map(|observed| observed.through(watchpoint, mask)));
        WatchEvent { before, after, ..self }
    }
}

impl Watchpoint {
    /// The watchpoint on what a mask has shown as this one's place.
    pub(super) fn behind(self, mask: &Mask) -> Watchpoint {
        let name = mask.behind(&self.name).into_owned();
        let scope = self.scope.map(|scope| mask.scope_behind(&scope, &name).into_owned());
        let path = self.path.iter().map(|step| step.behind(mask)).collect();
        Watchpoint { name, scope, path, when: self.when }
    }

    /// `None` where the snapshot cannot tell: pages are missing, another name or scope was asked for, the namespace did not come in which it stood
    /// at the `last` look, or the item could not be read.
    pub(super) fn look(&self, snapshot: &Snapshot, last: Option<&Observed>) -> Option<Option<Observed>> {
        let scope = self.scope.as_deref();
        if !snapshot.tells_of(&self.name, scope) {
            return None;
        }
        let Some(part) = snapshot.at(&self.name, scope, &self.path) else {
            let stood = scope.or_else(|| last.map(|last| last.scope.as_str()));
            return snapshot.tells_absence(&self.name, stood).then_some(None);
        };
        let entry = snapshot.store.columns.entry(part.entry)?;
        Some(Some(Observed {
            value: part.value,
            value_type: part.value_type,
            scope: snapshot.store.columns.scope(entry).to_owned(),
            bytes: part.raw.len(),
            masked: None,
        }))
    }
}
