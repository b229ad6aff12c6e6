//! Whether a snapshot can tell that something is not there.

use super::snapshot::Snapshot;

/// Which names system variables have that were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// Such as begin with `_`.
    Underscored,
    /// Others, too: the data said of those that they are the platform's.
    Any,
}

impl LeftOut {
    /// The word in a file.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            LeftOut::Underscored => "underscored",
            LeftOut::Any => "any",
        }
    }

    pub(super) fn parse(word: &str) -> Option<LeftOut> {
        [LeftOut::Underscored, LeftOut::Any].into_iter().find(|left_out| left_out.as_str() == word)
    }
}

impl Snapshot {
    /// Whether all came that was asked for, and this name in this scope was; without one, in all scopes.
    pub(super) fn tells_of(&self, name: &str, scope: Option<&str>) -> bool {
        self.is_complete()
            && self.loaded_names.as_ref().is_none_or(|names| names.passes(name))
            && self.left_out.is_none_or(|left_out| left_out == LeftOut::Underscored && !name.starts_with('_'))
            && self.loaded_scope.as_deref().is_none_or(|loaded| scope == Some(loaded))
    }

    /// Whether what is not here is not there either: its namespace came, too, where the shape says which did.
    pub(super) fn tells_absence(&self, name: &str, scope: Option<&str>) -> bool {
        let came = |scope: &str| self.loaded.as_ref().is_none_or(|loaded| loaded.iter().any(|loaded| loaded == scope));
        self.tells_of(name, scope) && scope.is_none_or(came)
    }
}
