//! One step after the other along the top level of a page.

use super::detect::Shape;
use super::limits::Limits;
use super::reader::{Place, Reader, string};
use super::refusal::{Stop, ends, wrong};
use super::sink::Sink;
use crate::value::json::{Child, Fault, FaultKind, JsonKind, Scanned, Strings, scan_string, scan_value, skip_space};

/// So many top-level names are told in the error of an unknown shape.
const KEYS_TOLD: usize = 8;

impl Reader {
    /// One step; `false` where nothing more can be done.
    pub(super) fn step(&mut self, body: &[u8], sink: &mut impl Sink) -> Result<bool, Stop> {
        let at = skip_space(body, self.at);
        // White space that is not passed is walked again with each slice.
        self.at = at;
        match self.place {
            Place::Start => self.open(body, at),
            Place::Member => self.member(body, at, sink),
            Place::Item => self.items(body, at, sink),
            Place::AfterMember => self.after(body, at, b'}', Place::Member, Place::End),
            Place::AfterItem => self.after(body, at, b']', Place::Item, Place::AfterMember),
            Place::End if at < body.len() => Err(Stop::Fault(Fault { kind: FaultKind::Syntax, offset: at })),
            Place::End => Ok(false),
        }
    }

    fn open(&mut self, body: &[u8], at: usize) -> Result<bool, Stop> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        let at = match body.get(at..) {
            Some(rest) if rest.starts_with(BYTE_ORDER_MARK) && at == self.start => skip_space(body, at + 3),
            Some(rest) if rest.len() < 3 && !rest.is_empty() && BYTE_ORDER_MARK.starts_with(rest) => {
                return Err(ends(at));
            }
            _ => at,
        };
        match body.get(at) {
            None => {
                self.at = at;
                Ok(false)
            }
            Some(b'{') => {
                let strings = Strings::default();
                self.top.object = Some(Scanned { kind: JsonKind::Object, start: at, end: at + 1, depth: 0, strings });
                self.at = at + 1;
                self.place = Place::Member;
                Ok(true)
            }
            // Well-formed JSON of another kind is a shape that nobody knows, not a syntax error.
            Some(_) => {
                let value = scan_value(body, at)?;
                // A number may go on in the next slice.
                if value.end == body.len() && !value.kind.is_container() && !self.whole {
                    return Err(ends(value.end));
                }
                self.note_depth(value, 0);
                self.at = value.end;
                self.place = Place::End;
                Ok(true)
            }
        }
    }

    fn note_depth(&mut self, value: Scanned, above: usize) {
        if value.depth + above > self.limits.depth.min(Limits::MAX_DEPTH) {
            self.too_deep.get_or_insert(value.start);
        }
    }

    fn member(&mut self, body: &[u8], at: usize, sink: &mut impl Sink) -> Result<bool, Stop> {
        match body.get(at) {
            Some(b'"') => {}
            Some(b'}') if self.first => {
                self.at = at + 1;
                self.place = Place::End;
                return Ok(true);
            }
            Some(_) => return Err(wrong(at)),
            None => return Err(ends(at)),
        }
        let (after, key_strings) = scan_string(body, at + 1)?;
        let key = (at + 1, after - 1);
        let colon = skip_space(body, after);
        match body.get(colon) {
            Some(b':') => {}
            Some(_) => return Err(wrong(colon)),
            None => return Err(ends(colon)),
        }
        let start = skip_space(body, colon + 1);
        let rows = self.wanted_shape.is_none_or(|shape| shape == Shape::VariableRows)
            && string(body, key.0, key.1).is_some_and(|name| name == "variables");
        if rows && body.get(start) == Some(&b'[') {
            if self.rows_seen || self.top.has("variables") {
                return Err(Stop::Error(self.mismatch("The answer has two lists of variables.")));
            }
            self.rows_seen = true;
            sink.shape(Shape::VariableRows);
            self.at = start + 1;
            self.place = Place::Item;
            self.first = true;
            return Ok(true);
        }
        let value = scan_value(body, start)?;
        if value.end == body.len() && !value.kind.is_container() && value.kind != JsonKind::String {
            return Err(ends(value.end));
        }
        // An object may be the variables of a snapshot, which is told by the other members as well.
        let snapshot = value.kind == JsonKind::Object && self.wanted_shape.is_none() && !self.rows_seen;
        if rows && !snapshot {
            return Err(Stop::Error(self.mismatch("The variables are not a list.")));
        }
        self.note_depth(value, 1);
        self.top.take(body, &Child { key: Some(key), key_strings, value });
        if self.keys.len() < KEYS_TOLD {
            self.keys.push(key);
        }
        self.first = false;
        self.at = value.end;
        self.place = Place::AfterMember;
        Ok(true)
    }

    fn after(&mut self, body: &[u8], at: usize, close: u8, more: Place, done: Place) -> Result<bool, Stop> {
        match body.get(at) {
            Some(b',') => self.place = more,
            Some(byte) if *byte == close => self.place = done,
            Some(_) => return Err(wrong(at)),
            None => return Ok(false),
        }
        self.at = at + 1;
        self.first = false;
        Ok(true)
    }
}
