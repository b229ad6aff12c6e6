//! Orders rows: every kind of key becomes bytes, and one sort serves them all.

use std::cmp::Ordering;

/// Keys of rows, one after the other. Comparing the bytes of two keys compares the rows.
#[derive(Default)]
pub(crate) struct Keys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    /// Ends the key that was written so far.
    pub(crate) fn end(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// A number, smaller ones first.
    pub(crate) fn number(&mut self, number: usize) {
        self.bytes.extend_from_slice(&(number as u64).to_be_bytes());
    }

    /// A text as it stands.
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A text in natural order: runs of digits by their number, letters in any case, texts with `_` in front last.
    pub(crate) fn natural(&mut self, text: &str) {
        self.folded(text);
        // Equal so far: the text itself decides.
        self.bytes.push(0);
        self.text(text);
    }

    /// The same without the text itself: texts that differ in case or leading zeros alone are equal.
    pub(crate) fn folded(&mut self, text: &str) {
        self.bytes.push(u8::from(text.starts_with('_')));
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii() {
                let end = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
                let (ascii, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                self.ascii(ascii.as_bytes());
                rest = after;
            } else {
                for c in c.to_lowercase() {
                    self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }

    /// The same of ASCII alone.
    pub(crate) fn folded_ascii(&mut self, text: &[u8]) {
        self.bytes.push(u8::from(text.first() == Some(&b'_')));
        self.ascii(text);
    }

    fn ascii(&mut self, mut text: &[u8]) {
        loop {
            let end = text.iter().position(u8::is_ascii_digit).unwrap_or(text.len());
            let (letters, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
            self.bytes.extend(letters.iter().map(u8::to_ascii_lowercase));
            if rest.is_empty() {
                return;
            }
            let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            let zeros = digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len());
            self.digits(digits.get(zeros..).unwrap_or_default());
            text = after;
        }
    }

    /// The place of digits among other characters, then their count, then the digits: longer numbers are larger.
    fn digits(&mut self, digits: &[u8]) {
        self.bytes.push(b'0');
        self.bytes.extend_from_slice(&u16::try_from(digits.len()).unwrap_or(u16::MAX).to_be_bytes());
        self.bytes.extend_from_slice(digits);
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn key(&self, place: usize) -> &[u8] {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(place).and_then(|end| self.bytes.get(start..*end)).unwrap_or_default()
    }

    /// Whether two keys are the same.
    pub(crate) fn same(&self, one: usize, other: usize) -> bool {
        self.key(one) == self.key(other)
    }

    /// The places of the keys in order; equals keep theirs.
    pub(crate) fn sorted(&self) -> Vec<usize> {
        self.sorted_by(&|_, _| Ordering::Equal)
    }

    /// The same, where something else decides between equals first.
    pub(crate) fn sorted_by(&self, between: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
        // The first bytes decide nearly always, and beside the place they need no second look.
        let prefix = |place: usize| {
            let key = self.key(place);
            let padded = || {
                let mut prefix = [0; 16];
                prefix.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
                prefix
            };
            u128::from_be_bytes(key.first_chunk().copied().unwrap_or_else(padded))
        };
        let mut places: Vec<(u128, usize)> = (0..self.ends.len()).map(|place| (prefix(place), place)).collect();
        places.sort_unstable_by(|one, other| {
            let rest = || self.key(one.1).cmp(self.key(other.1)).then_with(|| between(one.1, other.1));
            one.0.cmp(&other.0).then_with(rest).then(one.1.cmp(&other.1))
        });
        places.into_iter().map(|(_, place)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_read_them() {
        let names =
            ["_a", "item10", "Item2", "item1", "zeta", "Alpha", "item02", "item", "item-1", "item9999999999999999999"];
        let mut keys = Keys::default();
        for name in names {
            keys.natural(name);
            keys.end();
        }
        let sorted: Vec<_> = keys.sorted().into_iter().map(|place| names[place]).collect();
        let expected =
            ["Alpha", "item", "item-1", "item1", "Item2", "item02", "item10", "item9999999999999999999", "zeta", "_a"];
        assert_eq!(sorted, expected);
    }

    #[test]
    fn equals_keep_their_order() {
        let mut keys = Keys::default();
        for number in [2, 1, 2, 1] {
            keys.number(number);
            keys.end();
        }
        assert_eq!(keys.sorted(), [1, 3, 0, 2]);
        assert!(keys.same(0, 2) && !keys.same(0, 1));
    }
}
