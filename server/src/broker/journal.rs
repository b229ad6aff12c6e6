//! What the broker tells the people who run it. Never a token, a secret, a session id or a user's name.

use std::sync::Mutex;

use crate::sync::lock;

/// Takes one line at a time.
pub trait Journal: Send + Sync {
    /// One event in one line.
    fn note(&self, line: &str);
}

/// Lines on standard error, for a container's log.
#[derive(Debug, Default)]
pub struct StderrJournal;

impl Journal for StderrJournal {
    fn note(&self, line: &str) {
        eprintln!("broker: {line}");
    }
}

/// Keeps the lines, for tests.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    lines: Mutex<Vec<String>>,
}

impl MemoryJournal {
    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.lines).clone()
    }
}

impl Journal for MemoryJournal {
    fn note(&self, line: &str) {
        lock(&self.lines).push(line.to_owned());
    }
}
