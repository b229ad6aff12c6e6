//! What a person has opened, folded and pinned. Entries are numbered anew in each snapshot, so all of it is kept by name.

use super::groups::Group;
use crate::snapshot::at::Step;
use std::collections::{BTreeMap, BTreeSet};

/// A variable, or a part of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The variable.
    pub name: String,
    /// Its scope; without one, that of the variable which the name resolves to in the snapshot that is shown.
    pub scope: Option<String>,
    /// The way down into its value. Empty: the variable itself.
    pub path: Vec<Step>,
}

/// A variable that stays on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The variable.
    pub name: String,
    /// Its scope; without one, whatever the name resolves to.
    pub scope: Option<String>,
}

/// The paths that are open in one value; the empty one is the value itself.
pub(super) type Paths = BTreeSet<Vec<Step>>;

#[derive(Debug, Default)]
pub(super) struct Kept {
    /// By scope and name. What is open in something closed is not forgotten.
    open: BTreeMap<(String, String), Paths>,
    pub(super) folded: BTreeSet<Group>,
    pub(super) pins: Vec<Pin>,
}

impl Kept {
    /// Whether that was new.
    pub(super) fn open(&mut self, scope: String, name: &str, path: &[Step]) -> bool {
        self.open.entry((scope, name.to_owned())).or_default().insert(path.to_vec())
    }

    pub(super) fn close(&mut self, scope: String, name: &str, path: &[Step]) -> bool {
        let key = (scope, name.to_owned());
        let Some(paths) = self.open.get_mut(&key) else { return false };
        let was_open = paths.remove(path);
        if paths.is_empty() {
            self.open.remove(&key);
        }
        was_open
    }

    /// The values that are open: scope, name, and the paths in them.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &str, &Paths)> {
        let open = self.open.iter().filter(|(_, paths)| paths.contains([].as_slice()));
        open.map(|((scope, name), paths)| (scope.as_str(), name.as_str(), paths))
    }
}
