//! How the rows of a body are laid out: nearly always as the rows before, so that what stands between two values need not
//! be taken apart again.

use crate::value::json::{Child, Children, Strings};

/// The members of a row that have a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Member {
    Name,
    Value,
    Scope,
    Declared,
    System,
    #[default]
    Other,
}

impl Member {
    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }

    pub(super) fn of(key: &[u8]) -> Member {
        match key {
            b"name" => Member::Name,
            b"value" => Member::Value,
            b"scope" => Member::Scope,
            b"type" => Member::Declared,
            b"isSystem" | b"is_system" => Member::System,
            _ => Member::Other,
        }
    }
}

/// What stands before a value: a bracket or a comma, the member's name, a colon, and white space. It ends where the value
/// begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lead {
    bytes: [u64; WORDS],
    mask: [u64; WORDS],
    pub(super) len: usize,
    pub(super) member: Member,
}

const WORDS: usize = 3;
const LONGEST: usize = WORDS * 8;
const MOST: usize = 8;

/// The leads that were met, in the order in which they mostly come.
#[derive(Debug, Default)]
pub(super) struct Form {
    leads: [Lead; MOST],
    count: usize,
}

impl Form {
    /// The lead that stands at `at`, if it is known, and its number. `next` is the number that is expected. The first one
    /// of a row holds its bracket, and can stand nowhere else.
    #[inline(always)]
    pub(super) fn find(&self, body: &[u8], at: usize, next: usize) -> Option<(usize, &Lead)> {
        let bytes = words(body.get(at..)?.first_chunk()?);
        if (next == 0) != (bytes[0] as u8 == b'{') {
            return None;
        }
        let is = |place: &usize| self.leads.get(*place).is_some_and(|lead| lead.is(&bytes));
        let place = Some(next).filter(is).or_else(|| (0..self.count).find(is))?;
        Some((place, self.leads.get(place)?))
    }

    /// Learns how a row is laid out that could be read.
    #[inline(never)]
    pub(super) fn learn(&mut self, body: &[u8], start: usize) {
        let mut before = start;
        for (place, child) in Children::new(body, start).flatten().enumerate() {
            let Child { key: Some((key, key_end)), key_strings, value } = child else { return };
            // A key in another spelling would have to be read again.
            if key_strings == Strings::default() && self.find(body, before, place).is_none() {
                let member = Member::of(body.get(key..key_end).unwrap_or_default());
                self.keep(body.get(before..value.start).unwrap_or_default(), member);
            }
            before = value.end;
        }
    }

    fn keep(&mut self, source: &[u8], member: Member) {
        let mut bytes = [0; LONGEST];
        let mut mask = [0; LONGEST];
        for ((slot, mask), byte) in bytes.iter_mut().zip(&mut mask).zip(source) {
            (*slot, *mask) = (*byte, u8::MAX);
        }
        // Where there are more kinds than there is room for, rows with the others are read as if nothing were known.
        if source.len() <= LONGEST
            && let Some(slot) = self.leads.get_mut(self.count)
        {
            *slot = Lead { bytes: words(&bytes), mask: words(&mask), len: source.len(), member };
            self.count += 1;
        }
    }
}

impl Lead {
    #[inline(always)]
    fn is(&self, bytes: &[u64; WORDS]) -> bool {
        let [one, two, three] = bytes;
        let ([a, b, c], [x, y, z]) = (&self.bytes, &self.mask);
        self.len != 0 && (one & x ^ a) | (two & y ^ b) | (three & z ^ c) == 0
    }
}

#[inline(always)]
fn words(bytes: &[u8; LONGEST]) -> [u64; WORDS] {
    let word = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word));
    [word(0), word(8), word(16)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_found_again() {
        let mut form = Form::default();
        let body = br#"{"name":"a", "value" : 7,                        "scope":1, "values" : 8,"n\u0061me":2}                        "#;
        form.learn(body, 0);
        let find = |at, next| form.find(body, at, next).map(|(place, lead)| (place, lead.len, lead.member));
        assert_eq!(find(0, 0), Some((0, 8, Member::Name)));
        assert_eq!(find(0, 1), None, "no row begins behind a value");
        assert_eq!(find(11, 1), Some((1, 12, Member::Value)));
        assert_eq!(find(11, 2), Some((1, 12, Member::Value)), "what is not expected is found too");
        assert_eq!(find(24, 2), None, "too long to be kept");
        assert_eq!(find(58, 3), Some((2, 13, Member::Other)));
        assert_eq!(find(body.len() - 8, 0), None, "too near to the end");
        form.learn(body, 0);
        assert_eq!(form.count, 3, "nothing is kept twice, and no key in another spelling");
    }
}
