//! Who may send when: a sliding log of answers, the requests under way, a gate, and what the tenant says of its limit.
//! Pure; the time is passed in.

use super::learner::Learner;
use super::rate_fields::{Policy, Remaining};
use std::collections::VecDeque;

/// How many requests a window allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Default: 100.
    pub requests: usize,
    /// In ms. Default: 60,000.
    pub window_ms: f64,
}

impl RateLimit {
    /// The tutorial's tenant.
    pub const TUTORIAL: RateLimit = RateLimit { requests: 100, window_ms: 60_000.0 };
    /// The real platform's shared hosts, counted per IP address: everybody behind one address shares it.
    pub const COGNIGY: RateLimit = RateLimit { requests: 1_000, window_ms: 300_000.0 };
    /// Not known: learnt from the first refusals, or from `RateLimit-Policy`.
    pub const UNKNOWN: RateLimit = RateLimit { requests: usize::MAX, window_ms: 3_600_000.0 };

    /// Requests in a ms.
    fn rate(self) -> f64 {
        self.requests as f64 / self.window_ms
    }
}

impl Default for RateLimit {
    fn default() -> RateLimit {
        RateLimit::TUTORIAL
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
///
/// ```
/// use cognigy_session_debugger::client::ledger::{Admission, Ledger, RateLimit};
/// let mut ledger = Ledger::new(RateLimit { requests: 1, window_ms: 1_000.0 }, 5);
/// ledger.start(0.0, 1);
/// assert_eq!(ledger.admission(50.0, 1), Admission::OnRelease);
/// ledger.finish(100.0, 1, true);
/// assert_eq!(ledger.admission(100.0, 1), Admission::At(1_101.0));
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    /// What the options say.
    configured: RateLimit,
    /// The lower one of the options and of what the tenant has told.
    ceiling: RateLimit,
    /// Part of the ceiling that is used: falls with a refusal, grows back.
    part: f64,
    /// Since when the part has not changed.
    part_since: f64,
    max_concurrent: usize,
    /// One stamp for every unit of cost.
    answers: VecDeque<f64>,
    in_flight: usize,
    in_flight_cost: usize,
    gate: f64,
    /// After a gate one request goes alone, until one is answered.
    probing: bool,
    cap: Option<Cap>,
    learner: Learner,
}

/// What the tenant says is left of its window.
#[derive(Debug, Clone, Copy)]
struct Cap {
    until: f64,
    left: usize,
}

/// Clocks of two machines round differently.
const MARGIN_MS: f64 = 1.0;
/// What a refusal leaves of the limit, and what a quiet window adds to it.
const FALL: f64 = 0.7;
const GROWTH: f64 = 1.05;
/// A hint that is shorter may be for the next drop of a bucket, in ms.
const WINDOW_HINT_MS: f64 = 2_000.0;
/// So many answers are remembered while no limit is known.
const MAX_ANSWERS: usize = 10_000;

impl Ledger {
    /// Empty books.
    pub fn new(rate: RateLimit, max_concurrent: usize) -> Ledger {
        Ledger {
            configured: rate,
            ceiling: rate,
            part: 1.0,
            part_since: 0.0,
            max_concurrent,
            answers: VecDeque::new(),
            in_flight: 0,
            in_flight_cost: 0,
            gate: f64::NEG_INFINITY,
            probing: false,
            cap: None,
            learner: Learner::default(),
        }
    }

    /// Whether a request that counts as `cost` may go at `now`.
    pub fn admission(&mut self, now: f64, cost: usize) -> Admission {
        self.forget(now);
        if self.in_flight >= self.max_concurrent || (self.probing && self.in_flight > 0) {
            return Admission::OnRelease;
        }
        let allowed = self.allowed(now);
        // A request that costs more than there ever is goes alone.
        let cost = cost.min(allowed);
        let used = self.answers.len() + self.in_flight_cost;
        let mut at = self.gate;
        if let Some(excess) = (used + cost).checked_sub(allowed).filter(|excess| *excess > 0) {
            // So many of the oldest answers must leave the window.
            match self.answers.get(excess - 1) {
                Some(answer) => at = at.max(answer + self.ceiling.window_ms + MARGIN_MS),
                None => return Admission::OnRelease,
            }
        }
        if let Some(cap) = self.cap.filter(|cap| cap.left < cost) {
            at = at.max(cap.until);
        }
        if at > now { Admission::At(at) } else { Admission::Now }
    }

    /// A request begins.
    pub fn start(&mut self, now: f64, cost: usize) {
        self.in_flight += 1;
        self.in_flight_cost += cost;
        if let Some(cap) = self.cap.as_mut().filter(|cap| now < cap.until) {
            cap.left = cap.left.saturating_sub(cost);
        }
    }

    /// A request ends; `sent` tells whether it may have reached the server.
    pub fn finish(&mut self, now: f64, cost: usize, sent: bool) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.in_flight_cost = self.in_flight_cost.saturating_sub(cost);
        if sent {
            self.answers.extend(std::iter::repeat_n(now, cost));
        }
        if self.answers.len() > MAX_ANSWERS.max(self.ceiling.requests.min(usize::MAX / 2)) {
            self.answers.pop_front();
        }
    }

    /// The tenant let a request through that was sent at `sent`.
    pub fn let_through(&mut self, now: f64, sent: f64) {
        self.probing = false;
        if self.is_unknown() {
            let foreign = self.learner.let_through(now, sent);
            if let Some(learned) = self.learner.learned() {
                self.ceiling = learned;
            }
            if foreign {
                self.fall(now);
            }
        }
    }

    /// The tenant refused a request that was sent at `sent`, and perhaps said how long to wait.
    pub fn refused(&mut self, now: f64, sent: f64, hint_ms: Option<f64>) {
        if self.is_unknown() {
            // Whoever waits for a window has taken nothing from it. A bucket is asked less often if its refusals count.
            if hint_ms.is_some_and(|hint| hint >= WINDOW_HINT_MS) && self.answers.back() == Some(&now) {
                self.answers.pop_back();
            }
            return self.learner.refused(now, sent, hint_ms);
        }
        // What was under way at the last refusal says nothing new.
        if sent >= self.part_since {
            self.fall(now);
        }
    }

    /// `RateLimit-Policy`: only ever lowers what the options say.
    pub fn heed_policy(&mut self, policy: Policy) {
        let told = RateLimit { requests: policy.quota, window_ms: policy.window_ms };
        if told.rate() < self.ceiling.rate() {
            self.ceiling = told;
        }
    }

    /// `RateLimit`: until the window ends, no more than what is left. What is under way may or may not be counted in it.
    pub fn heed_remaining(&mut self, now: f64, told: Remaining) {
        let left = told.requests.saturating_sub(self.in_flight_cost.saturating_sub(1));
        match self.cap.as_mut().filter(|cap| now < cap.until) {
            Some(cap) => cap.left = cap.left.min(left),
            None => self.cap = Some(Cap { until: now + told.reset_ms + MARGIN_MS, left }),
        }
    }

    /// Nobody sends before `until`, and then one request alone.
    pub fn close_gate(&mut self, until: f64) {
        self.gate = self.gate.max(until);
        self.probing = true;
    }

    /// The request that went alone has ended: others may go too.
    pub fn end_probe(&mut self) {
        self.probing = false;
    }

    /// How old the answers are that count at `now`, in ms, oldest first.
    pub fn ages(&mut self, now: f64) -> impl Iterator<Item = f64> + '_ {
        self.forget(now);
        self.answers.iter().map(move |answer| now - answer)
    }

    /// How long the gate stays closed, in ms.
    pub fn gate_ms(&self, now: f64) -> f64 {
        (self.gate - now).max(0.0)
    }

    /// Requests that count at `now`.
    pub fn used(&mut self, now: f64) -> usize {
        self.forget(now);
        self.answers.len() + self.in_flight_cost
    }

    /// How many a window allows; `usize::MAX` while that is not known.
    pub fn allowed(&mut self, now: f64) -> usize {
        if self.part < 1.0 {
            let windows = ((now - self.part_since) / self.ceiling.window_ms).floor().max(0.0);
            self.part_since += windows * self.ceiling.window_ms;
            let mut left = windows;
            // Window by window: the library's power brings tables that weigh more than the whole ledger.
            while left >= 1.0 && self.part < 1.0 {
                self.part = (self.part * GROWTH).min(1.0);
                left -= 1.0;
            }
        }
        if self.is_unknown() && self.ceiling.requests == usize::MAX {
            return usize::MAX;
        }
        ((self.ceiling.requests as f64 * self.part) as usize).max(1)
    }

    /// How long from now until so many units of cost more have been let go, in ms. An estimate from the limit alone.
    pub fn eta_ms(&mut self, now: f64, cost: usize) -> f64 {
        self.forget(now);
        let allowed = self.allowed(now);
        let used = self.answers.len() + self.in_flight_cost;
        let mut at = self.gate.max(now);
        if let Some(excess) = (used.saturating_add(cost)).checked_sub(allowed).filter(|excess| *excess > 0) {
            // Whole windows, and then as the answers leave; what is under way is as young as can be.
            let window = self.ceiling.window_ms;
            let rest = (excess - 1) % allowed;
            let answer = self.answers.get(rest).copied().unwrap_or(now);
            at = at.max(answer + window * (1 + (excess - 1) / allowed) as f64);
        }
        at - now
    }

    fn is_unknown(&self) -> bool {
        self.configured.requests == usize::MAX
    }

    fn fall(&mut self, now: f64) {
        self.part = (self.part * FALL).max(1.0 / self.ceiling.requests as f64);
        self.part_since = now;
    }

    fn forget(&mut self, now: f64) {
        while self.answers.front().is_some_and(|answer| answer + self.ceiling.window_ms + MARGIN_MS <= now) {
            self.answers.pop_front();
        }
        self.cap = self.cap.filter(|cap| now < cap.until);
    }
}
