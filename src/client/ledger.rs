//! Who may send when: a sliding log of answers, the requests under way, and a gate. Pure; the time is passed in.

use std::collections::VecDeque;

/// How many requests a window allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Default: 100.
    pub requests: usize,
    /// In ms. Default: 60,000.
    pub window_ms: f64,
}

impl Default for RateLimit {
    fn default() -> RateLimit {
        RateLimit { requests: 100, window_ms: 60_000.0 }
    }
}

/// Whether the next request may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// At once.
    Now,
    /// Not before this moment, in ms.
    At(f64),
    /// When a request that is under way ends.
    OnRelease,
}

/// The books of one tenant.
///
/// A request is stamped when its *answer* arrives: it reached the server before that, so a place that is free one window
/// after the answer is free at the server too, whatever the network did. Requests under way count as used.
#[derive(Debug, Clone)]
pub struct Ledger {
    rate: RateLimit,
    max_concurrent: usize,
    answers: VecDeque<f64>,
    in_flight: usize,
    gate: f64,
}

/// Clocks of two machines round differently.
const MARGIN_MS: f64 = 1.0;

impl Ledger {
    /// Empty books.
    pub fn new(rate: RateLimit, max_concurrent: usize) -> Ledger {
        Ledger { rate, max_concurrent, answers: VecDeque::new(), in_flight: 0, gate: f64::NEG_INFINITY }
    }

    /// Whether a request may go at `now`.
    pub fn admission(&mut self, now: f64) -> Admission {
        self.forget(now);
        if self.in_flight >= self.max_concurrent {
            return Admission::OnRelease;
        }
        let used = self.answers.len() + self.in_flight;
        let free_at = if used < self.rate.requests {
            now
        } else {
            // So many of the oldest answers must leave the window.
            match self.answers.get(used - self.rate.requests) {
                Some(answer) => answer + self.rate.window_ms + MARGIN_MS,
                None => return Admission::OnRelease,
            }
        };
        let at = free_at.max(self.gate);
        if at > now { Admission::At(at) } else { Admission::Now }
    }

    /// A request begins.
    pub fn start(&mut self) {
        self.in_flight += 1;
    }

    /// A request ends; `sent` tells whether it may have reached the server.
    pub fn finish(&mut self, now: f64, sent: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if sent {
            self.answers.push_back(now);
        }
    }

    /// Nobody sends before `until`: the server has asked for it.
    pub fn close_gate(&mut self, until: f64) {
        self.gate = self.gate.max(until);
    }

    /// How long the gate stays closed, in ms.
    pub fn gate_ms(&self, now: f64) -> f64 {
        (self.gate - now).max(0.0)
    }

    /// Requests that count at `now`.
    pub fn used(&mut self, now: f64) -> usize {
        self.forget(now);
        self.answers.len() + self.in_flight
    }

    /// How many a window allows.
    pub fn allowed(&self) -> usize {
        self.rate.requests
    }

    fn forget(&mut self, now: f64) {
        while self.answers.front().is_some_and(|answer| answer + self.rate.window_ms + MARGIN_MS <= now) {
            self.answers.pop_front();
        }
    }
}
