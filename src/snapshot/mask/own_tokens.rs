//! The tokens that this engine was given itself: whatever mask hides things, it hides them.

use std::cell::{Cell, RefCell};

/// A shorter token would be found in everything.
const LEAST: usize = 6;
/// The current token, and the one before it that an answer may still speak of.
const MOST: usize = 2;

thread_local! {
    /// Newest last. The engine of a page is one thread.
    static KNOWN: RefCell<Vec<Box<str>>> = const { RefCell::new(Vec::new()) };
    /// How often what every mask hides has changed, or may have.
    static CHANGES: Cell<u64> = const { Cell::new(0) };
}

pub(super) fn know(token: &str) {
    KNOWN.with_borrow_mut(|known| {
        if token.len() >= LEAST && !known.iter().any(|known| **known == *token) {
            if known.len() >= MOST {
                known.remove(0);
            }
            known.push(token.into());
            CHANGES.set(CHANGES.get() + 1);
        }
    });
}

pub(super) fn forget() {
    KNOWN.with_borrow_mut(Vec::clear);
    CHANGES.set(CHANGES.get() + 1);
}

/// Says that what is being found through a mask just now does not hold later.
pub(super) fn end_the_moment() {
    CHANGES.set(CHANGES.get() + 1);
}

/// Another number whenever what was found before may not hold any more.
pub(super) fn changes() -> u64 {
    CHANGES.get()
}

/// Whether one of them is in a text, as it is or as URLs have it.
pub(super) fn is_in(text: &str) -> bool {
    KNOWN.with_borrow(|known| {
        let has_one = |text: &str| known.iter().any(|token| text.contains(&**token));
        !known.is_empty() && (has_one(text) || (text.contains('%') && has_one(&without_percents(text))))
    })
}

/// The percent-encoded ASCII of a text decoded (RFC 3986 §2.1); all else as it is.
fn without_percents(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(u8::is_ascii);
        match byte {
            Some(byte) => {
                out.push(char::from(byte));
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
