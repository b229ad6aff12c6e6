//! Whether a snapshot can tell that something is not there.

use super::snapshot::Snapshot;

impl Snapshot {
    /// Whether all came that was asked for, and this name in this scope was; without one, in all scopes.
    pub(super) fn tells_of(&self, name: &str, scope: Option<&str>) -> bool {
        self.is_complete()
            && self.loaded_names.as_ref().is_none_or(|names| names.passes(name))
            && self.loaded_scope.as_deref().is_none_or(|loaded| scope == Some(loaded))
    }

    /// Whether what is not here is not there either: its namespace came, too, where the shape says which did.
    pub(super) fn tells_absence(&self, name: &str, scope: Option<&str>) -> bool {
        let came = |scope: &str| self.loaded.as_ref().is_none_or(|loaded| loaded.iter().any(|loaded| loaded == scope));
        self.tells_of(name, scope) && scope.is_none_or(came)
    }
}
