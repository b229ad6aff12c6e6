//! Where in an entry a search finds something.

use super::expression::Expression;
use super::needle::Needle;
use super::paths::{Part, path_passes, visit_parts};
use super::question::{Flag, Test, TextTest};
use super::selection::{Lens, Look};
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::{Entry, EntryId};
use crate::value::Value;
use crate::value::json::{scan_value, skip_space, unescape};
use std::borrow::Cow;

/// A part of a variable, as hits tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitPart {
    /// The name.
    Name,
    /// The scope.
    Scope,
    /// The type.
    Type,
    /// The note of the reading.
    Note,
    /// The size.
    Size,
    /// The path to a part of the value.
    Path,
    /// The value, or a part of it.
    Value,
    /// The name of a member of the value.
    Key,
    /// The row as a whole: it is what was asked for, and no part of it more than another.
    Row,
}

impl HitPart {
    /// The part in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            HitPart::Name => "name",
            HitPart::Scope => "scope",
            HitPart::Type => "type",
            HitPart::Note => "note",
            HitPart::Size => "size",
            HitPart::Path => "path",
            HitPart::Value => "value",
            HitPart::Key => "key",
            HitPart::Row => "row",
        }
    }
}

/// Takes the places of an entry in their order, with the positions that lead down to each.
type Visit<'v> = dyn FnMut(HitPart, &[usize]) + 'v;

/// What a search finds rather than excludes.
pub(super) struct Places<'a> {
    snapshot: &'a Snapshot,
    lens: Lens<'a>,
    tests: Vec<&'a Test>,
}

impl<'a> Places<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, expression: &'a Expression, lens: Lens<'a>) -> Places<'a> {
        let found = expression.terms.iter().filter(|term| !term.negated);
        Places { snapshot, lens, tests: found.flat_map(|term| &term.any_of).collect() }
    }

    /// Shows every place of an entry that passed the search: at least one.
    pub(super) fn visit(&self, id: EntryId, entry: Entry, visit: &mut Visit<'_>) {
        let look = Look { snapshot: self.snapshot, lens: self.lens, id, entry };
        let name = look.name();
        let mut found = false;
        let mut tell = |part: HitPart, ordinals: &[usize]| {
            found = true;
            visit(part, ordinals);
        };
        for part in [HitPart::Name, HitPart::Scope, HitPart::Type, HitPart::Note, HitPart::Size] {
            if self.tests.iter().any(|test| is_at(test, part, &name, &look)) {
                tell(part, &[]);
            }
        }
        self.in_value(&look, &name, &mut tell);
        if !found {
            visit(HitPart::Row, &[]);
        }
    }

    fn in_value(&self, look: &Look<'_>, name: &str, tell: &mut Visit<'_>) {
        if self.tests.iter().any(|test| matches!(test, Test::Path(test, _) if path_passes(name, test))) {
            tell(HitPart::Path, &[]);
        }
        // Of a value as a whole.
        let whole = |test: &&Test| {
            !matches!(test, Test::Value(TextTest::Contains(_), _))
                && matches!(test, Test::Value(..) | Test::Number(..))
                && look.passes(test, None)
        };
        let mut told = self.tests.iter().any(whole);
        if told {
            tell(HitPart::Value, &[]);
        }
        let needles: Vec<&Needle> = self.tests.iter().filter_map(|test| in_values(test)).collect();
        let has_paths = self.tests.iter().any(|test| matches!(test, Test::Path(..) | Test::Inside(_)));
        if needles.is_empty() && !has_paths {
            return;
        }
        let mut parts = |document: &str| {
            let start = skip_space(document.as_bytes(), 0);
            let Some(value) = scan_value(document.as_bytes(), start).ok().filter(|value| value.kind.is_container())
            else {
                return;
            };
            visit_parts(document, value, name, &mut |part| {
                told |= self.in_part(part, &needles, tell);
                false
            });
        };
        match look.covered_if_hidden() {
            _ if look.entry.is_unreadable() => {}
            Some(covered) => parts(&covered),
            None => look.snapshot.look(look.entry, |view| {
                if let Value::Array(source) | Value::Object(source) = &view.value {
                    parts(source);
                }
            }),
        }
        // What no part has by itself stands across them, or there are no parts.
        if !told && needles.iter().any(|needle| look.has_in_value(needle)) {
            tell(HitPart::Value, &[]);
        }
    }

    /// Whether a part has one of the texts; it is told where.
    fn in_part(&self, part: &Part<'_>, needles: &[&Needle], tell: &mut Visit<'_>) -> bool {
        let is_in = |text: &str| needles.iter().any(|needle| needle.is_in(text));
        let in_key = part.key.as_ref().is_some_and(|key| is_in(key));
        let in_value = part.scalar.is_some_and(|source| is_in(&text_of(source)));
        let on_path = |test: &&Test| match test {
            Test::Path(test, _) => part.path_passes(test),
            // A name with a dot in it is told as a name.
            Test::Inside(word) => !in_key && part.path_passes(&word.path),
            _ => false,
        };
        if self.tests.iter().any(on_path) {
            tell(HitPart::Path, part.ordinals);
        }
        for (is_there, place) in [(in_key, HitPart::Key), (in_value, HitPart::Value)] {
            if is_there {
                tell(place, part.ordinals);
            }
        }
        in_key || in_value
    }
}

/// Whether a test finds a part of an entry that is not its value.
fn is_at(test: &Test, part: HitPart, name: &str, look: &Look<'_>) -> bool {
    match (part, test) {
        (HitPart::Name, Test::Anywhere(needle)) => needle.is_in(name),
        (HitPart::Name, Test::Name(test)) => test.passes(name),
        (HitPart::Scope, Test::Scope(_))
        | (HitPart::Type, Test::Type(_))
        | (HitPart::Note, Test::Note(_) | Test::Flag(Flag::Noted, true))
        | (HitPart::Size, Test::Size(..)) => look.passes(test, None),
        _ => false,
    }
}

/// The text that is looked for in parts of values.
fn in_values(test: &Test) -> Option<&Needle> {
    match test {
        Test::Anywhere(needle) | Test::Value(TextTest::Contains(needle), _) => Some(needle),
        _ => None,
    }
}

fn text_of(scalar: &str) -> Cow<'_, str> {
    match scalar.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => unescape(inside).unwrap_or(Cow::Borrowed(inside)),
        None => Cow::Borrowed(scalar),
    }
}
