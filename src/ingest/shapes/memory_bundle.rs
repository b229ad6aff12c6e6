//! What a flow knows, in one object: `{input?, context?, profile?, state?, sessionId?, userId?}`, or with the short names
//! `{ci, cc, cp}`. A namespace may be a text that holds the object (`contextJson`, or under its own name).

use crate::error::Error;
use crate::ingest::sink::Label;
use crate::ingest::top::{Top, inside};
use crate::ingest::walk::{Members, Walk};
use crate::value::json::{JsonKind, Scanned, skip_space};

/// A namespace by its names and its scope.
type Namespace = ([&'static str; 3], &'static str);

const NAMESPACES: [Namespace; 3] = [
    (["input", "ci", "inputJson"], "input"),
    (["context", "cc", "contextJson"], "context"),
    (["profile", "cp", "profileJson"], "profile"),
];

/// At least one namespace is an object or a text that begins like one; the others are judged when they are read.
pub(in crate::ingest) fn fits(top: &Top, body: &[u8]) -> bool {
    NAMESPACES.iter().flat_map(|(names, _)| names).any(|name| {
        top.value(name).is_some_and(|value| value.kind == JsonKind::Object || begins_like_object(body, value))
    })
}

fn begins_like_object(body: &[u8], value: Scanned) -> bool {
    inside(value).is_some_and(|text| body.get(skip_space(body, text.start)) == Some(&b'{'))
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    read_at(walk, top, "$")
}

/// Reads a bundle that stands at `path`.
pub(super) fn read_at(walk: &mut Walk<'_>, top: &Top, path: &str) -> Result<(), Error> {
    for (names, scope) in NAMESPACES {
        for name in names {
            if let Some(member) = top.member(name) {
                walk.namespace(member, path, scope)?;
            }
        }
    }
    beside(walk, top, path, "session")
}

/// What stands beside the namespaces. The state is the bot's; all else is the platform's.
pub(super) fn beside(walk: &mut Walk<'_>, top: &Top, path: &str, scope: &'static str) -> Result<(), Error> {
    let Some(object) = top.object else { return Ok(()) };
    let mut except: Vec<&str> = NAMESPACES.iter().flat_map(|(names, _)| *names).collect();
    except.extend(["session_id", "sessionId"]);
    let members = Members { system: Some(true), except: &except, ..Members::of(Label::Fixed(scope)) };
    walk.members(object.into(), path, &members)
}
