//! Reads one page of a body while it arrives.

use super::detect::{Shape, detect, read};
use super::form::Form;
use super::limits::Limits;
use super::paging::{listed, next_of_list, next_page, total};
use super::refusal::Stop;
use super::sink::Sink;
use super::top::Top;
use super::walk::Walk;
use crate::error::{Code, Error};
use crate::query::NextPage;
use crate::value::json::{FaultKind, skip_space, unescape};

/// Where the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
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
    pub(super) limits: Limits,
    /// First byte of the page in the body.
    pub(super) start: usize,
    pub(super) at: usize,
    /// Not worth another try before the body is this long: keeps an item that arrives in many slices linear.
    pub(super) wanted: usize,
    /// How long the body will be, as far as anybody knows.
    pub(super) expected: usize,
    pub(super) place: Place,
    /// No more bytes will come.
    pub(super) whole: bool,
    /// Items of this page so far.
    pub(super) index: usize,
    /// Where the last item ended.
    pub(super) rows_end: usize,
    pub(super) first: bool,
    pub(super) rows_seen: bool,
    pub(super) form: Form,
    /// The shape that the caller asks for, or that the pages before had.
    pub(super) wanted_shape: Option<Shape>,
    /// Records of the pages before.
    pub(super) records: usize,
    pub(super) top: Top,
    /// Top-level names, for the error of an unknown shape.
    pub(super) keys: Vec<(usize, usize)>,
    /// Where the first top-level value stands that makes the body nested more deeply than the limit.
    pub(super) too_deep: Option<usize>,
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
    /// Items of the page's list, where it has one.
    pub items: Option<usize>,
    /// How many items the page says there are on all pages together.
    pub total: Option<u64>,
    /// Records so far, where the shape counts them: those of the pages before included.
    pub records: usize,
}

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
            too_deep: None,
        }
    }

    /// The shape that the page has to have, and how many records came before it.
    #[must_use]
    pub fn following(mut self, shape: Option<Shape>, records: usize) -> Reader {
        self.wanted_shape = shape;
        self.records = records;
        self
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
    /// As [`Reader::advance`]; `BODY_EMPTY`, `SHAPE_UNKNOWN`, `JSON_TOO_DEEP` where such a body is nested more deeply than a value may be, or `SCHEMA_MISMATCH` for the pagination and for a page that
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
        let (items, total) = (Some(self.index), total(body, &self.top));
        Ok(PageEnd { next, session_id, shape: Shape::VariableRows, loaded: None, items, total, records: self.records })
    }

    /// The end of a page without rows: what its members make is read now.
    fn end_of_shape(&mut self, body: &mut Vec<u8>, sink: &mut impl Sink) -> Result<PageEnd, Error> {
        let shape = detect(&self.top, body, self.wanted_shape).ok_or_else(|| self.unknown_shape(body))?;
        let next = next_of_list(body, &self.top)?;
        let session_id = self.session(body);
        let items = if shape.is_list() { listed(body, &self.top) } else { None };
        let total = total(body, &self.top);
        sink.shape(shape);
        let (limits, start, records) = (self.limits, self.start, self.records);
        let mut walk = Walk { body, sink, limits, start, records, in_text: None, session: None, loaded: Vec::new() };
        read(shape, &mut walk, &self.top)?;
        let (session, loaded, records) = (walk.session, walk.loaded, walk.records);
        Ok(PageEnd { next, session_id: session_id.or(session), shape, loaded: Some(loaded), items, total, records })
    }

    fn session(&self, body: &[u8]) -> Option<String> {
        ["session_id", "sessionId"].iter().find_map(|name| self.top.text(body, name)).filter(|id| !id.is_empty())
    }
}

pub(super) fn string(body: &[u8], start: usize, end: usize) -> Option<String> {
    unescape(std::str::from_utf8(body.get(start..end)?).ok()?).map(String::from)
}
