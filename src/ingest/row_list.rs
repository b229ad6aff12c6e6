//! The list of rows: item after item, as far as the bytes reach.

use super::problem::Place as ProblemPlace;
use super::reader::{Place, Reader};
use super::refusal::{Stop, ends};
use super::rows::read_item;
use super::sink::Sink;
use super::usual::read_usual;
use crate::error::{Code, Error};
use crate::value::json::skip_space;

impl Reader {
    /// Where the last item ends that was read, while more of them may come.
    pub fn end_of_rows(&self) -> Option<usize> {
        matches!(self.place, Place::Item | Place::AfterItem).then_some(self.rows_end).filter(|_| self.index > 0)
    }

    /// Item after item.
    pub(super) fn items(&mut self, body: &[u8], mut at: usize, sink: &mut impl Sink) -> Result<bool, Stop> {
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
            self.check_item(item.value.start, item.value.end, sink.len())?;
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
        // What cannot be read is shown as a whole.
        let (from, to) = item.as_ref().map_or((at, end), |item| (item.value.start, item.value.end));
        self.check_item(from, to, sink.len())?;
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

    /// Refuses what breaks a limit: the bytes `at..end` of what is shown of an item, or one more than those `before`.
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
}
