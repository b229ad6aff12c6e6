//! What a search can ask of one variable.

use super::fold::folded;
use super::needle::Needle;
use crate::value::ValueType;
use crate::value::json::{JsonKind, scan_value};
use std::cmp::Ordering;

/// What one value of a term asks.
#[derive(Debug, Clone)]
pub(super) enum Test {
    /// In the name or the value.
    Anywhere(Needle),
    /// In a part of a variable, by how it is asked.
    Name(TextTest),
    Scope(TextTest),
    /// With a text that stands in every value that passes, where the test has none itself.
    Value(TextTest, Option<Needle>),
    /// With the longest name in it, as a word has it.
    Path(TextTest, Option<Needle>),
    /// In the path to a part of the value, from the variable's name down but not in the name alone.
    Inside(PathWord),
    Note(TextTest),
    /// Exactly, as JSON numbers are compared.
    Number(Order, String),
    Type(ValueType),
    Size(Order, u64),
    Flag(Flag, bool),
}

/// A word that looks like a part of a path.
#[derive(Debug, Clone)]
pub(super) struct PathWord {
    pub(super) path: TextTest,
    /// The longest name in it: where that stands in neither name nor value, the path need not be looked for.
    pub(super) name: Needle,
}

impl PathWord {
    /// Numbers, addresses and what is quoted are left out.
    pub(super) fn of(word: &str) -> Option<PathWord> {
        let may_be = word.contains(['.', '['])
            && !word.contains(['"', '@', '/'])
            && !word.starts_with(|c: char| c.is_ascii_digit());
        let name = longest_name(word).filter(|_| may_be)?;
        Some(PathWord { path: TextTest::Contains(Needle::new(word)?), name })
    }
}

/// The longest part of a path that can only stand in a single name.
pub(super) fn longest_name(path: &str) -> Option<Needle> {
    let names = path.split(['.', '[', ']']).filter(|name| name.contains(|c: char| c.is_alphabetic() || c == '_'));
    Needle::new(names.max_by_key(|name| name.len())?)
}

/// How a text is compared, letter case apart.
#[derive(Debug, Clone)]
pub(super) enum TextTest {
    Contains(Needle),
    /// Folded.
    Is(String),
    /// What stands between `*`, folded.
    Like(Vec<String>),
    Empty,
}

impl TextTest {
    pub(super) fn passes(&self, text: &str) -> bool {
        match self {
            TextTest::Contains(needle) => needle.is_in(text),
            TextTest::Empty => true,
            // Every row is asked, and of ASCII nothing has to be written down.
            TextTest::Is(wanted) if text.is_ascii() => text.eq_ignore_ascii_case(wanted),
            TextTest::Is(wanted) => folded(text) == *wanted,
            TextTest::Like(parts) => is_like(&folded(text), parts),
        }
    }

    pub(super) fn sought<'a>(&'a self, texts: &mut Vec<&'a str>) {
        match self {
            TextTest::Contains(needle) => texts.push(needle.folded()),
            TextTest::Is(text) => texts.push(text),
            TextTest::Like(parts) => texts.extend(parts.iter().map(String::as_str).filter(|part| !part.is_empty())),
            TextTest::Empty => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Order {
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Order::Less => order == Ordering::Less,
            Order::AtMost => order != Ordering::Greater,
            Order::Equal => order == Ordering::Equal,
            Order::AtLeast => order != Ordering::Less,
            Order::More => order == Ordering::Greater,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    System,
    Shadowed,
    Masked,
    Changed,
    Added,
    /// Of no row that is there: those that are gone stand in the snapshot before.
    Removed,
    Unreadable,
    Noted,
}

/// The first part at the beginning, the last one at the end, the others in their order in between, each as early as it can be.
fn is_like(text: &str, parts: &[String]) -> bool {
    let [first, between @ .., last] = parts else { return parts.iter().all(|only| text == only) };
    let inside = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
    let rest = between.iter().try_fold(inside, |rest, part| {
        let rest = rest?;
        rest.find(part.as_str()).map(|at| rest.get(at + part.len()..))
    });
    rest.flatten().is_some()
}

/// Whether a text is one JSON number.
pub(super) fn is_number(text: &str) -> bool {
    scan_value(text.as_bytes(), 0)
        .is_ok_and(|scanned| matches!(scanned.kind, JsonKind::Integer | JsonKind::Number) && scanned.end == text.len())
}
