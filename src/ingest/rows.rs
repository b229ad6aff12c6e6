//! The tutorial's rows: `{"name","value","scope","type"?,"isSystem"?}`, one by one.

use super::problem::Reason;
use super::sink::{Item, Label, Text, Unreadable};
use crate::value::json::{Child, Children, Fault, JsonKind, Scanned, Strings, not_utf8_at, scan_value, unescape};

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
    Ok((end, members.judge(body, start, end)))
}

impl Members {
    fn take(&mut self, body: &[u8], child: Child) {
        self.strings.add(child.key_strings);
        self.strings.add(child.value.strings);
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
            b"isSystem" | b"is_system" => (&mut self.system, "isSystem"),
            _ => return,
        };
        if slot.is_some() {
            self.twice.get_or_insert((member, start));
        }
        *slot = Some(child.value);
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
