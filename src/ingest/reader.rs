//! Walks the top level of a body while it arrives.

use super::detect::{Shape, detect, read};
use super::form::Form;
use super::limits::Limits;
use super::paging::{next_of_list, next_page};
use super::problem::Place as ProblemPlace;
use super::refusal::{Stop, ends, wrong};
use super::rows::read_item;
use super::sink::Sink;
use super::top::Top;
use super::usual::read_usual;
use super::walk::Walk;
use crate::error::{Code, Error};
use crate::query::NextPage;
use crate::value::json::{
    Child, Fault, FaultKind, JsonKind, Scanned, Strings, scan_string, scan_value, skip_space, unescape,
};

/// Where the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the opening bracket.
    Start,
    /// Before a member or the closing bracket.
    Member,
    /// After a member: a comma or the closing bracket.
    AfterMember,
    /// In the list of rows, before an item or the closing bracket.
    Item,
    /// In the list of rows, after an item.
    AfterItem,
    /// After the closing bracket.
    End,
}

/// Reads one page. Bytes are appended to the body by the caller; [`Reader::advance`] goes as far as they reach.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    /// First byte of the page in the body.
    pub(super) start: usize,
    at: usize,
    /// Not worth another try before the body is this long: keeps an item that arrives in many slices linear.
    wanted: usize,
    /// How long the body will be, as far as anybody knows.
    expected: usize,
    place: Place,
    /// No more bytes will come.
    whole: bool,
    /// Items of this page so far.
    index: usize,
    /// Where the last item ended.
    rows_end: usize,
    first: bool,
    rows_seen: bool,
    form: Form,
    /// The shape that the caller asks for, or that the pages before had.
    wanted_shape: Option<Shape>,
    /// Records of the pages before.
    records: usize,
    pub(super) top: Top,
    /// Top-level names, for the error of an unknown shape.
    pub(super) keys: Vec<(usize, usize)>,
}

/// What the end of a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEnd {
    /// Where the next page is, if there is one.
    pub next: Option<NextPage>,
    /// The session id that the body names.
    pub session_id: Option<String>,
    /// The shape that the page has.
    pub shape: Shape,
    /// The namespaces that the page brings; `None` where the shape does not say.
    pub loaded: Option<Vec<&'static str>>,
    /// Records so far, where the shape counts them: those of the pages before included.
    pub records: usize,
}

/// So many top-level names are told in the error of an unknown shape.
const KEYS_TOLD: usize = 8;

impl Reader {
    /// A reader for the page that begins at byte `start` of the body.
    pub fn new(start: usize, limits: Limits) -> Reader {
        Reader {
            limits,
            start,
            at: start,
            wanted: 0,
            expected: 0,
            place: Place::Start,
            whole: false,
            index: 0,
            rows_end: start,
            first: true,
            rows_seen: false,
            form: Form::default(),
            wanted_shape: None,
            records: 0,
            top: Top::default(),
            keys: Vec::new(),
        }
    }

    /// The shape that the page has to have, and how many records came before it.
    #[must_use]
    pub fn following(mut self, shape: Option<Shape>, records: usize) -> Reader {
        self.wanted_shape = shape;
        self.records = records;
        self
    }

    /// Where the last item ends that was read, while more of them may come.
    pub fn end_of_rows(&self) -> Option<usize> {
        matches!(self.place, Place::Item | Place::AfterItem).then_some(self.rows_end).filter(|_| self.index > 0)
    }

    /// Says how long the body will be with this page.
    pub fn expect(&mut self, bytes: usize) {
        self.expected = bytes;
    }

    /// Reads as far as the bytes reach.
    ///
    /// # Errors
    /// `JSON_SYNTAX` with the offset in the page, or one of the limits.
    pub fn advance(&mut self, body: &[u8], sink: &mut impl Sink) -> Result<(), Error> {
        if body.len() > self.limits.body_bytes.min(Limits::MAX_BODY_BYTES) {
            return Err(Error::new(Code::BodyTooLarge, "The answer is larger than the limit for a body."));
        }
        if body.len() < self.wanted {
            return Ok(());
        }
        loop {
            match self.step(body, sink) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::Fault(fault)) if fault.kind == FaultKind::End => {
                    let waiting = body.len() - self.at;
                    // A top-level member of another shape holds many values; each is measured when it is read.
                    if waiting > self.limits.value_bytes && self.place == Place::Item {
                        return Err(self.at_offset(
                            Code::ValueTooLarge,
                            "One value is larger than the limit.",
                            self.at,
                        ));
                    }
                    self.wanted = self.at + waiting.saturating_mul(2);
                    // What is no list of rows is read when all of it is there.
                    if self.place != Place::Item {
                        self.wanted = self.wanted.max(self.expected);
                    }
                    return Ok(());
                }
                Err(Stop::Fault(fault)) => return Err(self.syntax(fault.offset)),
            }
        }
    }

    /// Ends the page: all its bytes are there.
    ///
    /// # Errors
    /// As [`Reader::advance`]; `BODY_EMPTY`, `SHAPE_UNKNOWN`, or `SCHEMA_MISMATCH` for the pagination and for a page that
    /// has another shape than it has to have.
    pub fn end(&mut self, body: &mut Vec<u8>, sink: &mut impl Sink) -> Result<PageEnd, Error> {
        self.wanted = 0;
        self.whole = true;
        self.advance(body, sink)?;
        if self.place == Place::Start && skip_space(body, self.at) == body.len() {
            return Err(Error::new(Code::BodyEmpty, "The answer has no content."));
        }
        if self.place != Place::End {
            return Err(self.at_offset(Code::JsonSyntax, "The answer ends in the middle of its JSON.", body.len()));
        }
        if !self.rows_seen {
            return self.end_of_shape(body, sink);
        }
        let next = self.top.value("pagination").map(|value| next_page(body, value)).transpose()?.flatten();
        let session_id = self.session(body);
        Ok(PageEnd { next, session_id, shape: Shape::VariableRows, loaded: None, records: self.records })
    }

    /// The end of a page without rows: what its members make is read now.
    fn end_of_shape(&mut self, body: &mut Vec<u8>, sink: &mut impl Sink) -> Result<PageEnd, Error> {
        let shape = detect(&self.top, body, self.wanted_shape).ok_or_else(|| self.unknown_shape(body))?;
        let next = next_of_list(body, &self.top)?;
        let session_id = self.session(body);
        sink.shape(shape);
        let (limits, start, records) = (self.limits, self.start, self.records);
        let mut walk = Walk { body, sink, limits, start, records, session: None, loaded: Vec::new() };
        read(shape, &mut walk, &self.top)?;
        let (session, loaded, records) = (walk.session, walk.loaded, walk.records);
        Ok(PageEnd { next, session_id: session_id.or(session), shape, loaded: Some(loaded), records })
    }

    fn session(&self, body: &[u8]) -> Option<String> {
        ["session_id", "sessionId"].iter().find_map(|name| self.top.text(body, name)).filter(|id| !id.is_empty())
    }

    /// One step; `false` where nothing more can be done.
    fn step(&mut self, body: &[u8], sink: &mut impl Sink) -> Result<bool, Stop> {
        let at = skip_space(body, self.at);
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
            None => Ok(false),
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
                self.at = value.end;
                self.place = Place::End;
                Ok(true)
            }
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
            if self.rows_seen {
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
        if rows {
            return Err(Stop::Error(self.mismatch("The variables are not a list.")));
        }
        self.top.take(body, &Child { key: Some(key), key_strings, value });
        if self.keys.len() < KEYS_TOLD {
            self.keys.push(key);
        }
        self.first = false;
        self.at = value.end;
        self.place = Place::AfterMember;
        Ok(true)
    }

    /// Item after item.
    fn items(&mut self, body: &[u8], mut at: usize, sink: &mut impl Sink) -> Result<bool, Stop> {
        loop {
            self.item(body, at, sink)?;
            if self.place != Place::AfterItem || body.get(self.at) != Some(&b',') {
                return Ok(true);
            }
            self.at += 1;
            self.place = Place::Item;
            at = skip_space(body, self.at);
        }
    }

    // A call for each item: engines swap in optimised code between calls.
    #[inline(never)]
    fn item(&mut self, body: &[u8], at: usize, sink: &mut impl Sink) -> Result<(), Stop> {
        if self.first && body.get(at) == Some(&b']') {
            self.first = false;
            self.at = at + 1;
            self.place = Place::AfterMember;
            return Ok(());
        }
        self.at = at;
        if let Some((end, item)) = read_usual(body, at, &self.form) {
            self.check_item(at, end, sink.len())?;
            sink.variable(body, item);
            self.pass_item(end);
            return Ok(());
        }
        self.unusual(body, at, sink)
    }

    /// An item that has to be judged, or that is still arriving.
    #[inline(never)]
    fn unusual(&mut self, body: &[u8], at: usize, sink: &mut impl Sink) -> Result<(), Stop> {
        let (end, item) = read_item(body, at)?;
        let scalar = !matches!(body.get(at), Some(b'{' | b'[' | b'"'));
        if scalar && end == body.len() {
            return Err(ends(end));
        }
        self.check_item(at, end, sink.len())?;
        match item {
            Ok(item) => {
                self.form.learn(body, at);
                sink.variable(body, item);
            }
            Err(fault) => {
                let place = ProblemPlace::Row { index: self.index, member: fault.member };
                sink.unreadable(at, end, place, fault);
            }
        }
        self.pass_item(end);
        Ok(())
    }

    /// Refuses what breaks a limit.
    #[inline(always)]
    fn check_item(&self, at: usize, end: usize, before: usize) -> Result<(), Stop> {
        if end - at > self.limits.value_bytes {
            return Err(Stop::Error(self.at_offset(Code::ValueTooLarge, "One value is larger than the limit.", at)));
        }
        if before >= self.limits.variables {
            return Err(Stop::Error(Error::new(
                Code::TooManyVariables,
                "The answer has more variables than the limit.",
            )));
        }
        Ok(())
    }

    #[inline(always)]
    fn pass_item(&mut self, end: usize) {
        self.index += 1;
        self.first = false;
        self.at = end;
        self.rows_end = end;
        self.place = Place::AfterItem;
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

pub(super) fn string(body: &[u8], start: usize, end: usize) -> Option<String> {
    unescape(std::str::from_utf8(body.get(start..end)?).ok()?).map(String::from)
}
