//! The top-level members of a body, as far as some shape is told by them.

use super::sink::Text;
use crate::value::json::{Child, Children, JsonKind, Scanned, spell_out, unescape};
use std::borrow::Cow;

/// The names that tell shapes apart or that have a meaning of their own. All others are only counted.
const KNOWN: [&str; 53] = [
    "@odata.count",
    "@odata.nextLink",
    "__debug",
    "_embedded",
    "_id",
    "_links",
    "active",
    "cc",
    "ci",
    "contactIds",
    "context",
    "contextJson",
    "cp",
    "data",
    "details",
    "disableSensitiveLogging",
    "entrypoint",
    "epoch",
    "event",
    "expiresAt",
    "flowId",
    "input",
    "inputJson",
    "items",
    "localeReferenceId",
    "meta",
    "metrics",
    "msg",
    "next",
    "nextCursor",
    "others",
    "output",
    "outputStack",
    "pagination",
    "profile",
    "profileJson",
    "referenceId",
    "request",
    "response",
    "schema",
    "scope",
    "sessionId",
    "session_id",
    "source",
    "state",
    "systemContext",
    "text",
    "total",
    "traceId",
    "type",
    "userId",
    "value",
    "variables",
];

/// Nobody needs to be told more often that a name stands twice.
const MOST_REPLACED: usize = 100;

/// A member with a known name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) name: &'static str,
    /// Its name as it stands in the body.
    pub(super) key: Text,
    pub(super) value: Scanned,
}

/// The members of an object, as far as they are known by name. Of equal names the last one counts, as for `JSON.parse`.
#[derive(Debug, Default)]
pub(super) struct Top {
    /// The object itself, where there is one. Its end and what its strings hold are known only once it has been read whole.
    pub(super) object: Option<Scanned>,
    members: Vec<Member>,
    /// Those of which a later one took the name, the first of them.
    replaced: Vec<Member>,
    /// Members in all, known or not.
    pub(super) count: usize,
}

impl Top {
    /// The members of an object within a body.
    pub(super) fn of(body: &[u8], object: Scanned) -> Top {
        let mut top = Top::default();
        if object.kind == JsonKind::Object {
            top.object = Some(object);
            for child in Children::new(body, object.start).filter_map(Result::ok) {
                top.take(body, &child);
            }
        }
        top
    }

    pub(super) fn take(&mut self, body: &[u8], child: &Child) {
        let Some(key) = key_text(child) else { return };
        self.count += 1;
        let word = text(body, key).unwrap_or_default();
        let Some(name) = KNOWN.binary_search(&word.as_ref()).ok().and_then(|place| KNOWN.get(place)) else { return };
        let member = Member { name, key, value: child.value };
        match self.members.iter_mut().find(|before| before.name == *name) {
            None => self.members.push(member),
            Some(before) => {
                let replaced = std::mem::replace(before, member);
                if self.replaced.len() < MOST_REPLACED {
                    self.replaced.push(replaced);
                }
            }
        }
    }

    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The members of that name which a later one replaced.
    pub(super) fn replaced<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t Member> {
        self.replaced.iter().filter(move |member| member.name == name)
    }

    pub(super) fn value(&self, name: &str) -> Option<Scanned> {
        self.member(name).map(|member| member.value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    pub(super) fn is(&self, name: &str, kind: JsonKind) -> bool {
        self.value(name).is_some_and(|value| value.kind == kind)
    }

    /// The whole object, once the body is there.
    pub(super) fn text(&self, body: &[u8], name: &str) -> Option<String> {
        string(body, self.value(name)?)
    }
}

/// Where a member's name stands.
pub(super) fn key_text(child: &Child) -> Option<Text> {
    child.key.map(|(start, end)| Text { start, end, escaped: child.key_strings.escaped })
}

/// The text at a place; `None` where it is none that Unicode has.
pub(super) fn text(body: &[u8], text: Text) -> Option<Cow<'_, str>> {
    let source = std::str::from_utf8(body.get(text.start..text.end)?).ok()?;
    if text.escaped { unescape(source) } else { Some(Cow::Borrowed(source)) }
}

/// The text that the inside of a JSON string stands for, as people are shown it: what is no text is replaced.
pub(super) fn lossy_text(body: &[u8], start: usize, end: usize) -> String {
    let mut spelt = Vec::new();
    spell_out(body.get(start..end).unwrap_or_default(), &mut spelt);
    String::from_utf8_lossy(&spelt).into_owned()
}

/// The text of a JSON string.
pub(super) fn string(body: &[u8], value: Scanned) -> Option<String> {
    inside(value).and_then(|place| text(body, place)).map(Cow::into_owned)
}

/// Where the inside of a JSON string stands.
pub(super) fn inside(value: Scanned) -> Option<Text> {
    (value.kind == JsonKind::String).then(|| Text {
        start: value.start + 1,
        end: value.end - 1,
        escaped: value.strings.escaped,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_searched() {
        assert!(KNOWN.is_sorted());
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        let body = br#"{"context":{},"other":1,"c\u006fntext":"x"}"#;
        let top = Top::of(body, crate::value::json::scan_value(body, 0).unwrap());
        assert_eq!(top.count, 3);
        assert_eq!(top.text(body, "context").as_deref(), Some("x"));
        assert!(!top.has("other"));
    }
}
