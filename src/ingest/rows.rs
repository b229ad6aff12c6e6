//! The tutorial's rows: `{"name","value","scope","type"?,"isSystem"?}`, one by one.

use super::form::{Form, Member};
use super::problem::Reason;
use super::sink::{Item, Label, Text, Unreadable};
use crate::value::json::{
    Fault, FaultKind, JsonKind, Scanned, Strings, not_utf8_at, scan_string, scan_value, skip_space, unescape,
};

/// The members that have a meaning, as they stand in one item.
#[derive(Default)]
struct Members {
    name: Option<Scanned>,
    value: Option<Scanned>,
    scope: Option<Scanned>,
    declared: Option<Scanned>,
    system: Option<Scanned>,
    twice: Option<(&'static str, usize)>,
    strings: Strings,
}

/// Reads the item at `start`; gives its end beside what it is.
///
/// # Errors
/// A fault only where the bytes stop being JSON or end; everything else is an [`Unreadable`] item.
#[inline(always)]
pub(super) fn read_item(
    body: &[u8],
    start: usize,
    form: &mut Form,
) -> Result<(usize, Result<Item, Unreadable>), Fault> {
    if body.get(start) != Some(&b'{') {
        let value = scan_value(body, start)?;
        return Ok((value.end, Err(Unreadable { reason: Reason::NotAnObject, member: None, at: start, name: None })));
    }
    let mut members = Members::default();
    let mut at = start;
    let mut next = 0;
    loop {
        let (member, key, value) = if let Some((place, lead)) = form.find(body, at, next) {
            next = place + 1;
            (lead.member, at + lead.key, skip_space(body, at + lead.len))
        } else {
            next += 1;
            match read_lead(body, at, at == start, form, &mut members.strings)? {
                Ahead::Member(member, key, value) => (member, key, value),
                Ahead::End(end) => return Ok((end, members.judge(body, start, end))),
            }
        };
        let value = scan_value(body, value)?;
        members.take(member, key, value);
        at = value.end;
        if body.get(at) == Some(&b'}') {
            return Ok((at + 1, members.judge(body, start, at + 1)));
        }
    }
}

/// What stands behind a bracket or a value.
enum Ahead {
    /// A member: which, where its name begins, and where its value does.
    Member(Member, usize, usize),
    /// Nothing more: the byte behind the closing bracket.
    End(usize),
}

/// Reads up to the next value, and learns what such a way looks like.
#[inline(never)]
fn read_lead(body: &[u8], start: usize, first: bool, form: &mut Form, strings: &mut Strings) -> Result<Ahead, Fault> {
    let mut at = skip_space(body, if first { start + 1 } else { start });
    if body.get(at) == Some(&b'}') {
        return Ok(Ahead::End(at + 1));
    }
    if !first {
        at = skip_space(body, expect(body, at, b',')?);
    }
    let key = expect(body, at, b'"')?;
    let (end, seen) = scan_string(body, key)?;
    let value = skip_space(body, expect(body, skip_space(body, end), b':')?);
    strings.add(seen);
    let raw = body.get(key..end - 1).unwrap_or_default();
    let member = if seen.escaped {
        Member::of(std::str::from_utf8(raw).ok().and_then(unescape).unwrap_or_default().as_bytes())
    } else {
        Member::of(raw)
    };
    if seen == Strings::default() {
        form.learn(body.get(start..value).unwrap_or_default(), key - start, member);
    }
    Ok(Ahead::Member(member, key, value))
}

fn expect(body: &[u8], at: usize, byte: u8) -> Result<usize, Fault> {
    if body.get(at) == Some(&byte) {
        return Ok(at + 1);
    }
    let kind = if at >= body.len() { FaultKind::End } else { FaultKind::Syntax };
    Err(Fault { kind, offset: at })
}

impl Members {
    #[inline(always)]
    fn take(&mut self, member: Member, key: usize, value: Scanned) {
        self.strings.add(value.strings);
        let (slot, name) = match member {
            Member::Name => (&mut self.name, "name"),
            Member::Value => (&mut self.value, "value"),
            Member::Scope => (&mut self.scope, "scope"),
            Member::Declared => (&mut self.declared, "type"),
            Member::System => (&mut self.system, "isSystem"),
            Member::Other => return,
        };
        if slot.is_some() {
            self.twice.get_or_insert((name, key));
        }
        *slot = Some(value);
    }

    fn judge(&self, body: &[u8], start: usize, end: usize) -> Result<Item, Unreadable> {
        let name = self.name.and_then(text);
        let fault = |reason, member, at| Unreadable { reason, member, at, name };
        if self.strings.non_ascii
            && let Some(bad) = not_utf8_at(body.get(start..end).unwrap_or_default())
        {
            return Err(Unreadable { name: None, ..fault(Reason::NotUtf8, None, start + bad) });
        }
        if self.strings.lone_surrogate {
            let whole = name.filter(|_| self.name.is_some_and(|name| !name.strings.lone_surrogate));
            return Err(Unreadable { name: whole, ..fault(Reason::LoneSurrogate, None, start) });
        }
        if let Some((member, at)) = self.twice {
            return Err(fault(Reason::MemberTwice, Some(member), at));
        }
        let Some(named) = self.name else { return Err(fault(Reason::NameMissing, None, start)) };
        let Some(name) = name else { return Err(fault(Reason::NameNotText, Some("name"), named.start)) };
        let Some(value) = self.value else { return Err(fault(Reason::ValueMissing, None, start)) };
        let Some(scoped) = self.scope else { return Err(fault(Reason::ScopeMissing, None, start)) };
        let Some(scope) = text(scoped) else { return Err(fault(Reason::ScopeNotText, Some("scope"), scoped.start)) };
        let declared = match self.declared {
            Some(declared) if declared.kind != JsonKind::Null => {
                Some(text(declared).ok_or_else(|| fault(Reason::TypeNotText, Some("type"), declared.start))?)
            }
            _ => None,
        };
        let system = match self.system.map(|system| (system.kind, system.start)) {
            None | Some((JsonKind::Null, _)) => None,
            Some((JsonKind::True, _)) => Some(true),
            Some((JsonKind::False, _)) => Some(false),
            Some((_, at)) => return Err(fault(Reason::SystemNotBoolean, Some("isSystem"), at)),
        };
        Ok(Item { name, value, scope: Label::Body(scope), declared, system, stringified: false })
    }
}

fn text(value: Scanned) -> Option<Text> {
    (value.kind == JsonKind::String).then(|| Text {
        start: value.start + 1,
        end: value.end - 1,
        escaped: value.strings.escaped,
    })
}
