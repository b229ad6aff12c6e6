//! The tutorial's rows: `{"name","value","scope","type"?,"isSystem"?}`, one by one.

use super::problem::Reason;
use super::sink::{Item, Label, Text, Unreadable};
use super::top;
use crate::value::json::{Child, Children, Fault, JsonKind, Scanned, scan_value, unescape};

/// The members that have a meaning, as they stand in one item.
#[derive(Default)]
struct Members {
    name: Option<Scanned>,
    value: Option<Scanned>,
    scope: Option<Scanned>,
    declared: Option<Scanned>,
    system: Option<Scanned>,
    /// Which of its two names the system flag has.
    system_name: &'static str,
    twice: Option<(&'static str, usize)>,
}

/// Reads the item at `start`; gives its end beside what it is.
///
/// # Errors
/// A fault only where the bytes stop being JSON or end; everything else is an [`Unreadable`] item.
pub(super) fn read_item(body: &[u8], start: usize) -> Result<(usize, Result<Item, Unreadable>), Fault> {
    if body.get(start) != Some(&b'{') {
        let value = scan_value(body, start)?;
        return Ok((value.end, Err(Unreadable { reason: Reason::NotAnObject, member: None, at: start, name: None })));
    }
    let mut members = Members::default();
    let mut children = Children::new(body, start);
    for child in children.by_ref() {
        members.take(body, child?);
    }
    let end = children.end();
    Ok((end, members.judge(body, start)))
}

/// Reads a variable that has the name of the member whose value it is; otherwise it is like an item.
pub(super) fn read_named(body: &[u8], variable: &Child) -> Result<Item, Unreadable> {
    let Scanned { kind, start, .. } = variable.value;
    let (from, to) = variable.key.unwrap_or((start, start));
    let name = Some(Text { start: from, end: to, escaped: variable.key_strings.escaped });
    if let Some((reason, bad)) = Reason::of_strings(body.get(from..=to).unwrap_or_default(), variable.key_strings) {
        return Err(Unreadable { reason, member: None, at: from + bad, name: None });
    }
    if kind != JsonKind::Object {
        return Err(Unreadable { reason: Reason::NotAnObject, member: None, at: start, name });
    }
    let named =
        Scanned { kind: JsonKind::String, start: from - 1, end: to + 1, depth: 0, strings: variable.key_strings };
    let mut members = Members { name: Some(named), ..Members::default() };
    for child in Children::new(body, start).filter_map(Result::ok) {
        members.take(body, child);
    }
    members.judge(body, start)
}

impl Members {
    fn take(&mut self, body: &[u8], child: Child) {
        let Some((start, end)) = child.key else { return };
        let raw = body.get(start..end).unwrap_or_default();
        let unescaped;
        let key = if child.key_strings.escaped {
            unescaped = std::str::from_utf8(raw).ok().and_then(unescape).unwrap_or_default();
            unescaped.as_bytes()
        } else {
            raw
        };
        let (slot, member) = match key {
            b"name" => (&mut self.name, "name"),
            b"value" => (&mut self.value, "value"),
            b"scope" => (&mut self.scope, "scope"),
            b"type" => (&mut self.declared, "type"),
            b"isSystem" => (&mut self.system, "isSystem"),
            b"is_system" => (&mut self.system, "is_system"),
            _ => return,
        };
        if key.starts_with(b"is") {
            self.system_name = member;
        }
        if slot.is_some() {
            self.twice.get_or_insert((member, start));
        }
        *slot = Some(child.value);
    }

    /// The first of the members that is no text, what is wrong with it, and where. Members without a meaning are not asked.
    fn no_text(&self, body: &[u8]) -> Option<(Reason, &'static str, usize)> {
        let values = [
            ("name", self.name),
            ("value", self.value),
            ("scope", self.scope),
            ("type", self.declared),
            (self.system_name, self.system),
        ];
        let faults = values.into_iter().filter_map(|(member, value)| {
            let Scanned { start, end, strings, .. } = value?;
            let (reason, bad) = Reason::of_strings(body.get(start..end).unwrap_or_default(), strings)?;
            Some((reason, member, start + bad))
        });
        faults.min_by_key(|(_, _, at)| *at)
    }

    fn judge(&self, body: &[u8], start: usize) -> Result<Item, Unreadable> {
        let name = self.name.and_then(top::inside);
        let fault = |reason, member, at| Unreadable { reason, member, at, name };
        if let Some((reason, member, at)) = self.no_text(body) {
            let name = name.filter(|name| top::text(body, *name).is_some());
            return Err(Unreadable { name, ..fault(reason, Some(member), at) });
        }
        if let Some((member, at)) = self.twice {
            return Err(fault(Reason::MemberTwice, Some(member), at));
        }
        let Some(named) = self.name else { return Err(fault(Reason::NameMissing, None, start)) };
        let Some(name) = name else { return Err(fault(Reason::NameNotText, Some("name"), named.start)) };
        let Some(value) = self.value else { return Err(fault(Reason::ValueMissing, None, start)) };
        let Some(scoped) = self.scope else { return Err(fault(Reason::ScopeMissing, None, start)) };
        let Some(scope) = top::inside(scoped) else {
            return Err(fault(Reason::ScopeNotText, Some("scope"), scoped.start));
        };
        let declared = match self.declared {
            Some(declared) if declared.kind != JsonKind::Null => {
                Some(top::inside(declared).ok_or_else(|| fault(Reason::TypeNotText, Some("type"), declared.start))?)
            }
            _ => None,
        };
        let system = match self.system.map(|system| (system.kind, system.start)) {
            None | Some((JsonKind::Null, _)) => None,
            Some((JsonKind::True, _)) => Some(true),
            Some((JsonKind::False, _)) => Some(false),
            Some((_, at)) => return Err(fault(Reason::SystemNotBoolean, Some(self.system_name), at)),
        };
        Ok(Item { name, value, scope: Label::Body(scope), declared, system, stringified: false })
    }
}
