//! What a node that asks a model logs to a webhook for each request: `{meta, request, response}`. The members of `request` and
//! `response` are variables of these scopes, those of `meta` system variables of the scope `meta`.
//!
//! A team may have data of its own logged with it, such as its context; no document says under which name. A memory bundle
//! among the members of the envelope or of its parts, or in a text there, is read as one. What else stands beside the parts is
//! a variable of the scope `custom`, and read under `lossless` unless the caller names a policy.

use super::memory_bundle::read_marked;
use crate::error::Error;
use crate::ingest::problem::Reason;
use crate::ingest::sink::Label;
use crate::ingest::top::Top;
use crate::ingest::walk::{Members, Walk, step};
use crate::value::json::JsonKind;

/// The parts, and whether their members are the platform's.
const PARTS: [(&str, bool); 3] = [("meta", true), ("request", false), ("response", false)];

pub(in crate::ingest) fn fits(top: &Top, _body: &[u8]) -> bool {
    top.is("meta", JsonKind::Object) && (top.is("request", JsonKind::Object) || top.is("response", JsonKind::Object))
}

pub(in crate::ingest) fn read(walk: &mut Walk<'_>, top: &Top) -> Result<(), Error> {
    let meta = top.value("meta").map(|meta| Top::of(walk.body, meta));
    walk.session = meta.and_then(|meta| meta.text(walk.body, "sessionId")).filter(|id| !id.is_empty());
    for (name, system) in PARTS {
        walk.tell_replaced(top, name, "$")?;
        let Some(part) = top.member(name).filter(|part| part.value.kind != JsonKind::Null) else { continue };
        if part.value.kind != JsonKind::Object {
            walk.broken(part, "$", Reason::NotAnObject)?;
            continue;
        }
        let except: &[&str] = if system { &["sessionId"] } else { &[] };
        let members = Members {
            system: system.then_some(true),
            except,
            aside: Some(read_marked),
            ..Members::of(Label::Fixed(name))
        };
        walk.members(part.value.into(), &step("$", name), &members)?;
    }
    let Some(envelope) = top.object else { return Ok(()) };
    let members = Members {
        except: &["meta", "request", "response", "sessionId", "session_id"],
        stringified: true,
        aside: Some(read_marked),
        ..Members::of(Label::Fixed("custom"))
    };
    walk.members(envelope.into(), "$", &members)
}
