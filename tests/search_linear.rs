//! A search takes as long as what it looks through, whatever is looked for.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, unreachable_pub)]

#[path = "support/linear.rs"]
mod linear;

use cognigy_session_debugger::snapshot::{HitsFrom, IngestOptions, Lens, Mask, Snapshot, Window};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// Ten times as much takes ten times as long; what grew with the square would take a hundred times.
const SHORT: usize = 2_000;
const TIMES: usize = 10;
const MOST: u32 = 30;

/// Texts of so many repetitions, in a value, in a list of texts, in a name, and nested.
fn session(piece: &str, many: usize) -> Vec<u8> {
    let text = piece.repeat(many);
    let texts: Vec<&str> = (0..many).map(|_| piece).collect();
    let mut nested = json!({ piece: piece });
    for _ in 0..100 {
        nested = json!([nested, { piece: piece }]);
    }
    let rows: Vec<Json> = [json!(text), json!(texts), nested]
        .into_iter()
        .enumerate()
        .map(|(at, value)| json!({ "name": format!("n{at}"), "scope": "user", "value": value }))
        .chain((0..many / 20).map(|at| json!({ "name": format!("{piece}{at}"), "scope": piece, "value": piece })))
        .chain([json!({ "name": text, "scope": "bot", "value": 1 })])
        .collect();
    json!({ "variables": rows }).to_string().into_bytes()
}

fn time(body: &[u8], search: &str, mask: &Mask) -> Duration {
    // A new one each time, which has found nothing yet.
    let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0).unwrap();
    let window = Window { filter: search.into(), ..Window::default() };
    let lens = Lens { earlier: None, mask };
    linear::time(|| {
        std::hint::black_box(snapshot.rows_through(&window, lens));
        std::hint::black_box(snapshot.hits(&window, lens, HitsFrom::Start, 100));
    })
}

fn is_linear([short, long]: [(&[u8], &str); 2], mask: &Mask) -> bool {
    linear::grows_at_most(MOST, || time(short.0, short.1, mask), || time(long.0, long.1, mask))
}

/// What is nearly there in each place, and never found.
fn almost(piece: &str, many: usize) -> String {
    format!("{}x", piece.replace(['"', '\\'], "-").repeat(many))
}

const PIECES: [&str; 5] = ["aaaaaaaaaa", "ab", "\u{130}ss\u{df}", "a.b[0]", "\"\\"];

#[test]
fn what_is_looked_through_takes_as_long_as_it_is() {
    let mut slow = Vec::new();
    for piece in PIECES {
        let (short, long) = (session(piece, SHORT), session(piece, SHORT * TIMES));
        let almost = almost(piece, 40);
        for search in [
            almost.clone(),
            format!("value:{almost}"),
            format!("name:{almost}|{almost}y|{almost}z"),
            format!("path:n1.{almost}"),
            format!("-value:{almost} {almost}"),
            "value:a".to_owned(),
            "path:n2[0][0] size>1".to_owned(),
        ] {
            for mask in [Mask::off(), Mask::standard()] {
                if !is_linear([(&short, &search), (&long, &search)], &mask) {
                    slow.push((piece, search.chars().take(20).collect::<String>(), mask.is_off()));
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

#[test]
fn a_text_and_what_is_looked_for_in_it_may_both_be_long() {
    let one = |piece: &str, many: usize| {
        let row = json!({ "name": "n", "scope": "user", "value": piece.repeat(many) });
        json!({ "variables": [row] }).to_string().into_bytes()
    };
    let (short, long) = (10 * SHORT, 10 * SHORT * TIMES);
    for piece in PIECES {
        for field in ["", "value:"] {
            let search = |many: usize| format!("{field}{}", almost(piece, many / 4));
            let (one, ten) = (one(piece, short), one(piece, long));
            assert!(is_linear([(&one, &search(short)), (&ten, &search(long))], &Mask::off()), "{field}{piece}");
        }
    }
}

#[test]
fn what_is_looked_for_takes_as_long_as_it_is() {
    let body = session("ab", SHORT);
    let terms = |many: usize, term: &str| vec![term; many].join(" ");
    for term in ["ab", "-zz", "name:ab|cd", "\"", "value:", "(((", "size>1", "-", "|", "\u{130}"] {
        let (short, long) = (terms(200, term), terms(200 * TIMES, term));
        let timed = |search: &str| (0..3).map(|_| time(&body, search, &Mask::off())).min().unwrap();
        assert!((0..3).any(|_| timed(&long) <= timed(&short) * MOST), "{term}");
    }
}
