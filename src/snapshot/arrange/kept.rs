//! What a person has opened, folded and pinned. Entries are numbered anew in each snapshot, so all of it is kept by name.

use super::groups::Group;
use crate::snapshot::at::Step;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::sorted::Sorted;

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

impl Pin {
    /// The pin that a mask has shown as this one.
    pub(super) fn behind(self, mask: &Mask) -> Pin {
        let name = mask.behind(&self.name).into_owned();
        let scope = self.scope.map(|scope| mask.scope_behind(&scope, &name).into_owned());
        Pin { name, scope }
    }

    /// Whether it is about the variable of this name and scope.
    pub(super) fn is_of(&self, name: &str, scope: &str) -> bool {
        self.name == name && self.scope.as_ref().is_none_or(|own| own == scope)
    }

    /// The pin as a mask shows it.
    pub(super) fn through(&self, mask: &Mask) -> Pin {
        let mut hidden = Hidden::default();
        let scope = self.scope.as_ref().map(|scope| mask.cover_scope(scope, &self.name, &mut hidden).into_owned());
        Pin { name: mask.cover_variable_name(&self.name, &mut hidden).into_owned(), scope }
    }
}

impl Place {
    /// The place that a mask has shown as this one.
    pub(super) fn behind(&self, mask: &Mask) -> Place {
        let Pin { name, scope } = Pin { name: self.name.clone(), scope: self.scope.clone() }.behind(mask);
        Place { name, scope, path: self.path.iter().map(|step| step.behind(mask)).collect() }
    }
}

/// The paths that are open in one value; the empty one is the value itself.
pub(super) type Paths = Sorted<Vec<Step>, ()>;

#[derive(Debug, Default)]
pub(super) struct Kept {
    /// By scope and name. What is open in something closed is not forgotten.
    pub(super) open: Sorted<(String, String), Paths>,
    pub(super) folded: Sorted<Group, ()>,
    pub(super) pins: Vec<Pin>,
}

impl Kept {
    /// Whether that was new.
    pub(super) fn open(&mut self, scope: String, name: &str, path: &[Step]) -> bool {
        let key = (scope, name.to_owned());
        if let Some(paths) = self.open.get_mut(&key) {
            return paths.insert(path.to_vec(), ()).is_none();
        }
        let mut paths = Paths::default();
        paths.insert(path.to_vec(), ());
        self.open.insert(key, paths);
        true
    }

    pub(super) fn close(&mut self, scope: String, name: &str, path: &[Step]) -> bool {
        let key = (scope, name.to_owned());
        let Some(paths) = self.open.get_mut(&key) else { return false };
        let was_open = paths.remove(path).is_some();
        if paths.is_empty() {
            self.open.remove(&key);
        }
        was_open
    }

    /// The paths that are open in a value; `None` where it is closed.
    pub(super) fn paths(&self, scope: &str, name: &str) -> Option<&Paths> {
        let paths = self.open.get(&(scope.to_owned(), name.to_owned()))?;
        paths.contains::<[Step]>(&[]).then_some(paths)
    }

    /// The values that are open: scope, name, and the paths in them.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &str, &Paths)> {
        let open = self.open.iter().filter(|(_, paths)| paths.contains::<[Step]>(&[]));
        open.map(|((scope, name), paths)| (scope.as_str(), name.as_str(), paths))
    }
}
