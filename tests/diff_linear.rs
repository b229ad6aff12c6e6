//! To compare two snapshots takes as long as what they hold, however many scopes one name has.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

#[path = "support/linear.rs"]
mod linear;

use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{History, HistoryOptions, IngestOptions, Lens, Mask, Row, Snapshot, Window};
use linear::{grows_at_most, time};
use serde_json::{Value as Json, json};
use std::rc::Rc;
use std::time::Duration;

/// Twenty times as much takes twenty times as long, or some more on a busy machine; what grew with the square would take four
/// hundred times.
const SHORT: usize = 1_000;
const TIMES: usize = 20;
const MOST: u32 = 120;

fn snapshot(body: &Json) -> Snapshot {
    let options = IngestOptions { precedence: Some(Precedence::side_by_side()), seed: 7, ..IngestOptions::default() };
    Snapshot::parse(body.to_string().into_bytes(), options, 0.0).unwrap()
}

/// One name in so many scopes.
fn scopes(many: usize, turn: usize) -> Json {
    let value = |at: usize| if at.is_multiple_of(50) { turn } else { 0 };
    let rows = (turn..many).map(|at| json!({ "name": "a", "scope": format!("s{at}"), "value": value(at) }));
    json!({ "variables": rows.collect::<Vec<_>>() })
}

/// So many contacts, each a scope of its own with the same names.
fn contacts(many: usize, turn: usize) -> Json {
    let name = |at: usize| if at.is_multiple_of(50) { format!("N{turn}") } else { "N".to_owned() };
    let items = (turn..many).map(|at| {
        json!({ "_id": format!("{at:024}"), "contactIds": [format!("c{at}")], "profile": { "email": "a@b.c", "firstname": name(at) } })
    });
    json!({ "items": items.collect::<Vec<_>>(), "total": many - turn })
}

type Body = fn(usize, usize) -> Json;

const BODIES: [(&str, Body); 2] = [("scopes", scopes), ("contacts", contacts)];

type Ask = fn(&Rc<Snapshot>, &Rc<Snapshot>) -> usize;

fn found(now: &Snapshot, before: &Snapshot, filter: &str) -> usize {
    let window = Window { filter: filter.into(), ..Window::default() };
    now.rows_through(&window, Lens { earlier: Some(before), mask: &Mask::off() }).0
}

/// What compares, and gives how much it found.
const QUESTIONS: [(&str, Ask); 6] = [
    ("diff", |now, before| {
        let diff = now.diff(before);
        diff.added.len() + diff.removed.len() + diff.changed.len()
    }),
    ("removed:yes", |now, before| found(now, before, "removed:yes")),
    ("changed:yes", |now, before| found(now, before, "changed:yes")),
    ("patch", |now, before| now.patch(before, &Mask::off()).len()),
    ("each by name and scope", |now, _| {
        let rows = |offset| now.rows(&Window { offset, limit: Window::MOST_ROWS, ..Window::default() }).1;
        let size = now.rows(&Window::default()).0;
        let all = (0..size).step_by(Window::MOST_ROWS).flat_map(rows);
        let is_found = |row: &Row| now.get(&row.name, Some(&row.scope)).is_some_and(|found| found.entry == row.entry);
        let count = all.filter(is_found).count();
        assert_eq!(count, size);
        count
    }),
    ("history", |now, before| {
        let mut history = History::new(HistoryOptions::default());
        for each in [before, now] {
            history.push(Rc::clone(each), None).unwrap();
        }
        history.moments().count()
    }),
];

#[test]
fn what_is_compared_is_found() {
    for (shape, body) in BODIES {
        let [now, before] = [1, 0].map(|turn| snapshot(&body(200, turn)));
        let diff = now.diff(&before);
        assert_eq!((diff.added.len(), diff.removed.is_empty(), diff.changed.len()), (0, false, 3), "{shape}");
        for change in diff.changed {
            assert_eq!(change.before.scope, change.after.scope, "{shape}");
        }
    }
}

#[test]
fn comparing_takes_as_long_as_what_is_compared() {
    let mut slow = Vec::new();
    for (shape, body) in BODIES {
        let [short, long] =
            [SHORT, SHORT * TIMES].map(|many| [1, 0].map(|turn| (many, turn)).map(|(many, turn)| body(many, turn)));
        for (what, ask) in QUESTIONS {
            if !grows_at_most(MOST, || ask_of(&short, ask), || ask_of(&long, ask)) {
                slow.push((shape, what));
            }
        }
    }
    assert_eq!(slow, []);
}

fn ask_of([now, before]: &[Json; 2], ask: Ask) -> Duration {
    // New ones each time, which have found nothing yet.
    let (now, before) = (Rc::new(snapshot(now)), Rc::new(snapshot(before)));
    time(|| {
        std::hint::black_box(ask(&now, &before));
    })
}
