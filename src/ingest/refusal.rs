//! Why a page is refused.

use super::detect::detect;
use super::reader::Reader;
use super::top::lossy_text;
use crate::error::{Code, Error};
use crate::value::json::{Fault, FaultKind, JsonKind};

impl Reader {
    pub(super) fn at_offset(&self, code: Code, message: &'static str, at: usize) -> Error {
        Error::new(code, message).with(|facts| facts.offset = Some(at - self.start))
    }

    pub(super) fn syntax(&self, at: usize) -> Error {
        self.at_offset(Code::JsonSyntax, "The answer is not JSON; the offset says where it stops being so.", at)
    }

    pub(super) fn mismatch(&self, message: &'static str) -> Error {
        Error::new(Code::SchemaMismatch, message).with(|facts| facts.path = Some("$.variables".to_owned()))
    }

    pub(super) fn unknown_shape(&self, body: &[u8]) -> Error {
        if self.top.is("variables", JsonKind::Object) && self.wanted_shape.is_none() {
            return self.mismatch("The variables are not a list.");
        }
        let mut keys: Vec<String> = Vec::new();
        for (start, end) in &self.keys {
            let key = lossy_text(body, *start, *end);
            keys.push(key.chars().filter(|c| !c.is_control()).collect());
        }
        let another = self.top.is("variables", JsonKind::Array) || detect(&self.top, body, None).is_some();
        let (code, what) = if another {
            (Code::SchemaMismatch, "The answer has another shape than it has to have.")
        } else if let Some(at) = self.too_deep {
            return self.at_offset(
                Code::JsonTooDeep,
                "The answer has no shape that is known, and is nested more deeply than the limit.",
                at,
            );
        } else {
            (Code::ShapeUnknown, "The answer has no shape that is known.")
        };
        if self.top.object.is_none() {
            return Error::new(code, format!("{what} It is JSON, but not an object."));
        }
        if keys.is_empty() {
            return Error::new(code, format!("{what} It is an object without members."));
        }
        // Names are data: they are told beside the message, which may be written into logs.
        let sentence = match self.top.count {
            1 => format!("{what} It is an object of one member, whose name is beside this message."),
            count if count > keys.len() => {
                format!("{what} It is an object of {count} members; the names of the first are beside this message.")
            }
            count => format!("{what} It is an object of {count} members, whose names are beside this message."),
        };
        Error::new(code, sentence).with(|facts| facts.members = keys)
    }
}

/// Why the walk does not go on.
pub(super) enum Stop {
    Fault(Fault),
    Error(Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

pub(super) fn ends(offset: usize) -> Stop {
    Stop::Fault(Fault { kind: FaultKind::End, offset })
}

pub(super) fn wrong(offset: usize) -> Stop {
    Stop::Fault(Fault { kind: FaultKind::Syntax, offset })
}
