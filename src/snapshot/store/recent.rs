//! What short words of the body stand for, so that a word that comes again and again is understood once.

use crate::ingest::Text;

const PLACES: usize = 32;

/// A word of at most eight bytes, as one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u64);

impl Word {
    /// The text as a word, where it is short enough and stands as it is.
    #[inline(always)]
    pub(super) fn of(body: &[u8], text: Text) -> Option<Word> {
        let unused = 8_usize.checked_sub(text.end - text.start).filter(|unused| *unused < 8 && !text.escaped)?;
        let bytes: &[u8; 8] = body.get(text.start..)?.first_chunk()?;
        // No text holds a zero, so the length is told too.
        Some(Word(u64::from_le_bytes(*bytes) << (unused * 8) >> (unused * 8)))
    }

    #[inline(always)]
    fn place(self) -> usize {
        // Chosen so that the usual words have places of their own.
        (self.0.wrapping_mul(0xb8a6_1715_6831_15a9) >> 59) as usize
    }
}

/// What each of the latest words stands for.
#[derive(Debug)]
pub(super) struct Recent<T>([(Word, T); PLACES]);

impl<T: Copy + Default> Recent<T> {
    pub(super) fn new() -> Recent<T> {
        Recent([(Word(0), T::default()); PLACES])
    }

    #[inline(always)]
    pub(super) fn get(&self, word: Word) -> Option<T> {
        self.0.get(word.place()).filter(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
    }

    pub(super) fn put(&mut self, word: Word, meaning: T) {
        if let Some(slot) = self.0.get_mut(word.place()) {
            *slot = (word, meaning);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let body = b"user user1 user\\u0031 longer words and the end";
        let word = |start, end, escaped| Word::of(body, Text { start, end, escaped });
        let (user, user1) = (word(0, 4, false).unwrap(), word(5, 10, false).unwrap());
        assert_ne!(user, user1);
        assert_eq!(word(5, 9, false), Some(user));
        assert_eq!([word(11, 20, true), word(22, 34, false), word(3, 3, false)], [None; 3]);
        assert_eq!(word(body.len() - 3, body.len(), false), None, "there are no eight bytes");
        let mut recent = Recent::new();
        assert_eq!(recent.get(user), None);
        recent.put(user, 7);
        assert_eq!((recent.get(user), recent.get(user1)), (Some(7), None));
    }

    #[test]
    fn the_usual_words_do_not_drive_each_other_out() {
        let scopes = ["global", "bot", "session", "user", "input", "context", "profile", "default"];
        let types =
            ["string", "str", "integer", "int", "number", "float", "boolean", "bool", "object", "dict", "array"];
        for words in [&scopes[..], &types[..]] {
            let mut recent = Recent::new();
            let word = |text: &&str| {
                let body = format!("{text}        ");
                Word::of(body.as_bytes(), Text { start: 0, end: text.len(), escaped: false }).unwrap()
            };
            words.iter().zip(1..).for_each(|(text, meaning)| recent.put(word(text), meaning));
            let found: Vec<i32> = words.iter().filter_map(|text| recent.get(word(text))).collect();
            assert_eq!(found, (1..).take(words.len()).collect::<Vec<_>>());
        }
    }
}
