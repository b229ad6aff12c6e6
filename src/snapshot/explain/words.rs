//! How scopes and names are called in an explanation: as its mask shows them.

use super::sentence::{list_of, push_all};
use crate::snapshot::mask::{Hidden, Mask};
use std::borrow::Cow;

/// The words for what is told of one name.
pub(super) struct Words<'a> {
    pub(super) mask: &'a Mask,
    pub(super) name: &'a str,
}

impl Words<'_> {
    /// Whether the scopes are hidden with the name: where they rank would tell which they are.
    pub(super) fn hides_ranks(&self) -> bool {
        self.mask.leaves_out(self.name)
    }

    pub(super) fn hides_name(&self) -> bool {
        matches!(self.mask.cover_variable_name(self.name, &mut Hidden::default()), Cow::Owned(_))
    }

    pub(super) fn other_name(&self, name: &str) -> String {
        self.mask.cover_variable_name(name, &mut Hidden::default()).into_owned()
    }

    pub(super) fn scope<'s>(&self, scope: &'s str) -> Cow<'s, str> {
        self.mask.cover_scope(scope, self.name, &mut Hidden::default())
    }

    pub(super) fn scopes(&self, scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|scope| self.scope(scope).into_owned()).collect()
    }

    fn named(&self, scope: &str) -> String {
        let shown = self.scope(scope).into_owned();
        if shown.is_empty() { String::from("the scope without a name") } else { shown }
    }

    /// A scope with its rank.
    pub(super) fn ranked(&self, scope: &str, rank: i32) -> String {
        if self.hides_ranks() {
            return self.scope(scope).into_owned();
        }
        let mut out = self.named(scope);
        match rank {
            -1 => out.push_str(" (unknown scope, ranked last)"),
            rank => push_all(&mut out, &[" (rank ", &rank.to_string(), ")"]),
        }
        out
    }

    /// "a", "a and b", "a, b and c"; of very many, the first few and how many more.
    pub(super) fn list(&self, scopes: &[&str]) -> String {
        list_of(scopes.len(), |place| scopes.get(place).map(|scope| self.named(scope)))
    }
}
