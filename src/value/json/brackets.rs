//! Which brackets are open while a value is scanned.

/// Which brackets are open: one bit a level, so that a million levels cost 125 kB and no stack.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    words: Vec<u64>,
    /// The innermost 64 levels or fewer.
    top: u64,
    pub(super) depth: usize,
    pub(super) deepest: usize,
}

impl Brackets {
    pub(super) fn open(&mut self, object: bool) {
        if self.depth != 0 && self.depth.is_multiple_of(64) {
            self.words.push(self.top);
        }
        self.top = self.top << 1 | u64::from(object);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    pub(super) fn close(&mut self) {
        self.top >>= 1;
        self.depth = self.depth.saturating_sub(1);
        if self.depth != 0 && self.depth.is_multiple_of(64) {
            self.top = self.words.pop().unwrap_or(0);
        }
    }

    pub(super) fn in_object(&self) -> bool {
        self.top & 1 == 1
    }
}
