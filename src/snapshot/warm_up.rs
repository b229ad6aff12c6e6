//! Work on a small body of our own, so that an engine that compiles what runs often has compiled it when the first body
//! comes.

use super::builder::{IngestOptions, SnapshotBuilder, Taken};
use super::snapshot::Snapshot;
use super::view::Window;

/// What is run until the engine has seen enough. Each step takes a few milliseconds at first, and less and less; reading and
/// looking take turns, since what either runs for the first time has to be compiled.
///
/// ```
/// use cognigy_session_debugger::snapshot::WarmUp;
/// let mut warm_up = WarmUp::new();
/// let mut steps = 1;
/// while warm_up.step() {
///     steps += 1;
/// }
/// assert!(steps > 1);
/// ```
#[derive(Debug)]
pub struct WarmUp {
    body: Vec<u8>,
    /// What the step before has read.
    read: Option<Snapshot>,
    left: usize,
}

/// Texts like those of a session: short, long, foreign, numbers, and JSON in a text.
const VALUES: [&str; 6] = [
    "a customer's short answer",
    "4711",
    r#"{\"order\":{\"id\":4711,\"items\":[{\"name\":\"Gr\u00f6\u00dfe \\\"L\\\"\",\"price\":19.90},null,true]}}"#,
    "one line\\nand another one; größer, naïve, 注文 and 🚚 ",
    "true",
    "a longer text with nothing in it that would have to be looked at twice, and so on and on; ",
];
const ROWS: usize = 240;
/// Enough for V8 to compile all that a load runs.
const STEPS: usize = 48;

impl WarmUp {
    /// Nothing has been run yet.
    pub fn new() -> WarmUp {
        let mut body = b"{\"variables\":[".to_vec();
        for row in 0..ROWS {
            let value = VALUES.get(row % VALUES.len()).copied().unwrap_or_default();
            let scope = crate::scope::TUTORIAL_SCOPES.get(row % 4).copied().unwrap_or_default();
            // Every name three times, in different scopes.
            let name = [b'a' + (row / 10 % 8) as u8, b'a' + (row % 10) as u8];
            for part in [if row == 0 { "" } else { "," }, "{\"name\":\"variable_"] {
                body.extend_from_slice(part.as_bytes());
            }
            body.extend_from_slice(&name);
            body.extend_from_slice(b"\",\"value\":\"");
            let times = if row % 5 == 0 { 12 } else { 1 };
            body.extend(value.bytes().cycle().take(value.len() * times));
            body.extend_from_slice(b"\",\"scope\":\"");
            body.extend_from_slice(scope.as_bytes());
            body.extend_from_slice(if row % 3 == 0 { b"\",\"type\":\"string\"}" } else { b"\"}" });
        }
        body.extend_from_slice(b"]}");
        WarmUp { body, read: None, left: STEPS }
    }

    /// Runs once more; `false` when it was the last time.
    pub fn step(&mut self) -> bool {
        match self.read.take() {
            None => self.read = self.snapshot(),
            Some(snapshot) => look(&snapshot),
        }
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

    fn snapshot(&self) -> Option<Snapshot> {
        let mut builder = SnapshotBuilder::new(IngestOptions::default());
        builder.buffer().extend_from_slice(&self.body);
        builder.end_page().ok()?;
        Some(builder.finish(Taken::at(0.0)))
    }
}

fn look(snapshot: &Snapshot) {
    snapshot.rows(&Window { limit: 50, ..Window::default() });
    // What goes over all rows is compiled by how many it went over.
    for scope in crate::scope::TUTORIAL_SCOPES.iter().chain(&["", "a", "b", "c"]) {
        snapshot.rows(&Window { limit: 0, scope: Some((*scope).to_owned()), ..Window::default() });
    }
}

impl Default for WarmUp {
    fn default() -> WarmUp {
        WarmUp::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_a_session_like_any_other() {
        let snapshot = WarmUp::new().snapshot().unwrap();
        assert_eq!((snapshot.entry_count(), snapshot.unreadable_count()), (ROWS, 0));
        assert_eq!(snapshot.len(), ROWS / 3);
    }
}
