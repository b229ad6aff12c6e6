//! A row that is laid out as the rows before, with nothing in it that has to be judged. The others are for
//! [`super::rows`], which reads these too and finds the same in them, only more slowly.

use super::form::{Form, Member};
use super::sink::{Item, Label, Text};
use crate::value::json::{JsonKind, Scanned, StringEnd, not_utf8_at, scan_value, string_end};

/// The end of the item at `start` and what it is, if it is a usual one and whole.
#[inline(always)]
pub(super) fn read_usual(body: &[u8], start: usize, form: &Form) -> Option<(usize, Item)> {
    const NEEDED: u8 = Member::Name.bit() | Member::Value.bit() | Member::Scope.bit();
    // Numbers rather than structures: these stay in registers.
    let (mut name_at, mut value_at, mut scope_at, mut declared_at) = (0, 0, 0, 0);
    let (mut name, mut value, mut scope, mut declared) =
        (StringEnd::default(), StringEnd::default(), StringEnd::default(), StringEnd::default());
    let mut all = StringEnd::default();
    let (mut typed, mut system) = (None, None);
    let (mut at, mut next, mut seen) = (start, 0, 0);
    loop {
        let (place, lead) = form.find(body, at, next)?;
        next = place + 1;
        if seen & lead.member.bit() != 0 {
            return None;
        }
        // Members without a meaning may come twice.
        seen |= lead.member.bit() & !Member::Other.bit();
        at += lead.len;
        if body.get(at) == Some(&b'"') {
            let end = string_end(body, at + 1);
            all.add(end);
            match lead.member {
                Member::Name => (name_at, name) = (at, end),
                Member::Value => (value_at, value) = (at, end),
                Member::Scope => (scope_at, scope) = (at, end),
                Member::Declared => (declared_at, declared) = (at, end),
                Member::System => return None,
                Member::Other => {}
            }
            at = end.offset();
        } else {
            let found = scan_value(body, at).ok()?;
            match (lead.member, found.kind) {
                (Member::Value, _) => typed = Some(found),
                (Member::System, JsonKind::True) => system = Some(true),
                (Member::System, JsonKind::False) => system = Some(false),
                (Member::System | Member::Declared, JsonKind::Null) => seen &= !lead.member.bit(),
                (Member::Other, _) => {}
                _ => return None,
            }
            all.note(found.strings);
            at = found.end;
        }
        if body.get(at) == Some(&b'}') {
            break;
        }
    }
    let end = at + 1;
    if seen & NEEDED != NEEDED || all.is_odd() {
        return None;
    }
    if all.strings().non_ascii && not_utf8_at(body.get(start..end)?).is_some() {
        return None;
    }
    let inside =
        |at: usize, end: StringEnd| Text { start: at + 1, end: end.offset() - 1, escaped: end.strings().escaped };
    let value = typed.unwrap_or_else(|| {
        let strings = value.strings();
        Scanned { kind: JsonKind::String, start: value_at, end: value.offset(), depth: 0, strings }
    });
    let declared = (seen & Member::Declared.bit() != 0).then(|| inside(declared_at, declared));
    let scope = Label::Body(inside(scope_at, scope));
    Some((end, Item { name: inside(name_at, name), value, scope, declared, system, stringified: false }))
}
