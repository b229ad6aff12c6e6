//! A text that is sixteen times as long takes the mask some sixteen times as long, whatever is in it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "two times are compared with each other, and with nothing else")]

use cognigy_session_debugger::snapshot::{Characters, Hidden, Mask, MaskOptions, ValueRule};
use std::time::{Duration, Instant};

const SHORT: usize = 64 << 10;
const LONG: usize = 1 << 20;
/// Linear is 16, quadratic 256.
const MOST: u32 = 64;

/// What rules begin to look at, and what leads them on.
const PIECES: [&str; 42] = [
    "eyJ",
    "eyJ.eyJ",
    "eyJa.",
    "=",
    "?a=",
    "token=",
    "a:",
    ":",
    "::",
    "1:",
    "@",
    "a@",
    "a@b.",
    "://",
    "://a:",
    "1",
    "4",
    "4 ",
    "4-",
    "1.",
    "+1 ",
    "(0",
    "DE",
    "DE89 ",
    "-----BEGIN",
    "-----BEGIN ",
    "\"",
    "\\\"",
    "{\"a\":",
    "[\"",
    "['",
    "Bearer ",
    "%3D%",
    "pass_word-",
    "pin:",
    "pin: a ",
    "a = b c ",
    "(",
    "+",
    "\\",
    "\\\"a\\\":",
    "x\u{e9}:",
];

fn time(mask: &Mask, text: &str) -> Duration {
    let began = Instant::now();
    std::hint::black_box(mask.cover_text(text, &mask.variable("note", "user"), &mut Hidden::default()));
    // Where a rule is met at once nothing grows, and the clock's own steps are all that is measured.
    began.elapsed().max(Duration::from_micros(20))
}

/// Whether the long text takes so many times as long as the short one, by the shortest times of at most five runs: whatever
/// else the machine does only adds to them.
fn is_linear(mask: &Mask, short: &str, long: &str) -> bool {
    let (mut for_short, mut for_long) = (Duration::MAX, Duration::MAX);
    (0..5).any(|_| {
        for_long = for_long.min(time(mask, long));
        (0..5).for_each(|_| for_short = for_short.min(time(mask, short)));
        for_long <= for_short * MOST
    })
}

#[test]
fn work_grows_as_the_text_does() {
    let rule =
        ValueRule { rule: "host".into(), prefix: "=".into(), characters: Characters::Token, least: 20, most: 40 };
    let mask = Mask::new(MaskOptions { phone: true, values: vec![rule], ..MaskOptions::default() });
    Mask::know("own-token-of-the-engine");
    let slow: Vec<_> = PIECES
        .into_iter()
        .filter(|piece| {
            let text = |length: usize| format!("x {}", piece.repeat(length / piece.len()));
            !is_linear(&mask, &text(SHORT), &text(LONG))
        })
        .collect();
    assert!(slow.is_empty(), "{slow:?}");
}
