//! A search as it was read: conditions that all have to hold.

use super::question::{Flag, Test};
use std::ops::Range;

/// A search, read. Nothing that is written fails: what is no field with a value is a text.
///
/// ```
/// use cognigy_session_debugger::snapshot::Expression;
/// assert!(Expression::from("order scope:user|session -system:yes size>1kb").misread().is_empty());
/// let misread = Expression::from("size>large scope:user");
/// assert_eq!(misread.misread()[0].at, 0..10);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Expression {
    pub(super) terms: Vec<Term>,
    pub(super) misread: Vec<Misread>,
}

/// A part of a search that was taken for a text though it looks like a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub why: &'static str,
}

/// One condition.
#[derive(Debug, Clone)]
pub(super) struct Term {
    /// As it was written.
    pub(super) source: String,
    pub(super) negated: bool,
    /// Any of them.
    pub(super) any_of: Vec<Test>,
}

impl Term {
    /// Whether the same is asked, or a text that holds the other one: whoever types goes on with what stands there.
    fn is_within(&self, wider: &Term) -> bool {
        if self.source == wider.source {
            return true;
        }
        let ([Test::Anywhere(text)], [Test::Anywhere(part)]) = (self.any_of.as_slice(), wider.any_of.as_slice()) else {
            return false;
        };
        !self.negated && !wider.negated && text.folded().contains(part.folded())
    }
}

impl Expression {
    /// What looks like a field and was taken for a text, in order.
    pub fn misread(&self) -> &[Misread] {
        &self.misread
    }

    /// The texts that are looked for in names, and those in values, letter case folded: what a table can mark in what it shows.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::Expression;
    /// let search = Expression::from("Order name~cart*id value:max -old scope:user");
    /// let (names, values) = search.sought();
    /// assert_eq!((names, values), (vec!["order", "cart", "id"], vec!["order", "max"]));
    /// ```
    pub fn sought(&self) -> (Vec<&str>, Vec<&str>) {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for test in self.terms.iter().filter(|term| !term.negated).flat_map(|term| &term.any_of) {
            match test {
                Test::Anywhere(needle) => {
                    names.push(needle.folded());
                    values.push(needle.folded());
                }
                Test::Name(test) => test.sought(&mut names),
                Test::Value(test, _) => test.sought(&mut values),
                _ => {}
            }
        }
        (names, values)
    }

    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// What else is asked of variables that are gone, where these are asked for: `removed:yes`.
    pub(in crate::snapshot) fn of_removed(&self) -> Option<String> {
        let asks = |term: &&Term| matches!(term.any_of.as_slice(), [Test::Flag(Flag::Removed, wanted)] if *wanted != term.negated);
        self.terms.iter().find(asks)?;
        let others = self.terms.iter().filter(|term| !asks(term));
        Some(others.map(|term| term.source.as_str()).collect::<Vec<_>>().join(" "))
    }

    /// What is asked of variables that are gone beside those that are there: of these it is known that they were removed, and so have
    /// changed. `None` where that excludes them.
    pub(in crate::snapshot) fn of_gone(&self) -> Option<String> {
        let mut others = Vec::new();
        for term in &self.terms {
            match term.any_of.as_slice() {
                [Test::Flag(Flag::Removed | Flag::Changed, wanted)] if *wanted == term.negated => return None,
                [Test::Flag(Flag::Removed | Flag::Changed, _)] => {}
                _ => others.push(term.source.as_str()),
            }
        }
        Some(others.join(" "))
    }

    /// Whether nothing passes that did not pass another search. It may say no where that takes more than a look to tell.
    pub(in crate::snapshot) fn is_within(&self, other: &Expression) -> bool {
        other.terms.iter().all(|wider| self.terms.iter().any(|term| term.is_within(wider)))
    }
}
