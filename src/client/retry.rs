//! Whether and when a failed attempt is repeated. Decisions only: no clock, no sleep, no randomness of its own.

use super::hint::DelaySource;

/// What kind of failure may pass by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryKind {
    /// The server asked for fewer requests.
    Throttle,
    /// Network, timeouts, 5xx.
    Transient,
}

/// What kind of failure it is, as the audit and the metrics tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The server asked for fewer requests.
    Throttle,
    /// Network, timeouts, 5xx.
    Transient,
    /// The token was refused.
    Auth,
    /// It does not pass by itself.
    Never,
}

impl From<RetryKind> for Class {
    fn from(kind: RetryKind) -> Class {
        match kind {
            RetryKind::Throttle => Class::Throttle,
            RetryKind::Transient => Class::Transient,
        }
    }
}

impl Class {
    /// Every class, in the order of the documentation.
    pub const ALL: [Class; 4] = [Class::Throttle, Class::Transient, Class::Auth, Class::Never];

    /// The word that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Throttle => "throttle",
            Class::Transient => "transient",
            Class::Auth => "auth",
            Class::Never => "never",
        }
    }
}

/// What was decided about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decided {
    /// What kind of failure it was.
    pub class: Class,
    /// How long the call waits before its next attempt, in ms; `None` where there is no next one.
    pub delay_ms: Option<f64>,
    /// Where the length of that wait comes from; `None` where there is no wait.
    pub source: Option<DelaySource>,
}

impl Decided {
    /// What is not tried again, whatever became of it.
    pub const NEVER: Decided = Decided { class: Class::Never, delay_ms: None, source: None };
}

/// How failed attempts are repeated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Attempts in all. Default: 4.
    pub attempts: u32,
    /// First delay after a transient failure, in ms. Default: 50.
    pub base_delay_ms: f64,
    /// First delay after a throttle without a hint, in ms. Default: 1,000.
    pub throttle_delay_ms: f64,
    /// No delay of ours is longer, in ms. Default: 20,000.
    pub max_delay_ms: f64,
    /// After a transient failure the last attempt waits until so long after the first failure, in ms, and up to half as long
    /// again: a server that starts anew needs seconds, and quick attempts are used up before. Default: 3,000; 0 for none.
    pub outlast_ms: f64,
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy {
            attempts: 4,
            base_delay_ms: 50.0,
            throttle_delay_ms: 1_000.0,
            max_delay_ms: 20_000.0,
            outlast_ms: 3_000.0,
        }
    }
}

impl RetryPolicy {
    /// Full jitter: a part `unit` (of `[0, 1)`) of the delay that doubles with every attempt, up to the cap.
    ///
    /// ```
    /// use cognigy_session_debugger::client::retry::{RetryKind, RetryPolicy};
    /// let policy = RetryPolicy::default();
    /// assert_eq!(policy.backoff_ms(RetryKind::Throttle, 1, 0.5), 500.0);
    /// assert_eq!(policy.backoff_ms(RetryKind::Throttle, 2, 0.5), 1_000.0);
    /// assert_eq!(policy.backoff_ms(RetryKind::Throttle, 60, 0.5), 10_000.0);
    /// ```
    pub fn backoff_ms(&self, kind: RetryKind, attempt: u32, unit: f64) -> f64 {
        let base = match kind {
            RetryKind::Throttle => self.throttle_delay_ms,
            RetryKind::Transient => self.base_delay_ms,
        };
        let doubled = base * f64::from(2_u32.saturating_pow(attempt.saturating_sub(1)));
        unit * doubled.min(self.max_delay_ms)
    }

    /// The delay after a failure of which the server says nothing: the backoff. Before the last attempt after a transient failure
    /// it lasts until a server that starts anew is back, but takes half of the time that is left at most, so that the attempt
    /// has some.
    ///
    /// ```
    /// use cognigy_session_debugger::client::retry::{Failure, RetryKind, RetryPolicy};
    /// let policy = RetryPolicy::default();
    /// let last = Failure { kind: RetryKind::Transient, hint_ms: None, attempt: 3, remaining_ms: 60_000.0, since_first_ms: 500.0 };
    /// assert_eq!(policy.unhinted_ms(&last, 0.0), 2_500.0);
    /// assert_eq!(policy.unhinted_ms(&last, 0.5), 3_250.0);
    /// assert_eq!(policy.unhinted_ms(&Failure { remaining_ms: 1_000.0, ..last }, 0.5), 500.0);
    /// assert_eq!(policy.unhinted_ms(&Failure { attempt: 2, ..last }, 0.5), 50.0);
    /// ```
    pub fn unhinted_ms(&self, failure: &Failure, unit: f64) -> f64 {
        let ms = self.backoff_ms(failure.kind, failure.attempt, unit);
        if failure.kind != RetryKind::Transient || failure.attempt + 1 != self.attempts {
            return ms;
        }
        let end_ms = self.outlast_ms * (1.0 + unit * 0.5) - failure.since_first_ms;
        ms.max(end_ms.min(self.max_delay_ms).min(failure.remaining_ms * 0.5))
    }
}

/// The server's hint and a little more, so that clients do not come back together: up to 10 % or 1 s, whichever is
/// longer. Never less than the hint.
pub fn hinted_ms(hint_ms: f64, unit: f64) -> f64 {
    hint_ms + unit * (hint_ms * 0.1).max(1_000.0)
}

/// Keeps retries from multiplying an outage: a purse that every retry pays from and every success fills.
///
/// Each retry costs 14 (5 after a throttle), a retry that succeeds gets its cost back, a first attempt that succeeds
/// adds 1. With 500 at the start, a total outage causes 35 retries however many calls there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryBudget {
    left: u32,
}

impl RetryBudget {
    /// What a full purse holds.
    pub const FULL: u32 = 500;

    /// A full purse.
    pub fn new() -> RetryBudget {
        RetryBudget { left: RetryBudget::FULL }
    }

    /// What is left.
    pub fn left(&self) -> u32 {
        self.left
    }

    /// Pays for a retry; `None` where there is not enough.
    pub fn pay(&mut self, kind: RetryKind) -> Option<u32> {
        let cost = match kind {
            RetryKind::Throttle => 5,
            RetryKind::Transient => 14,
        };
        self.left = self.left.checked_sub(cost)?;
        Some(cost)
    }

    /// A success gives back what its last retry cost, or 1 for a first attempt.
    pub fn earn(&mut self, paid: Option<u32>) {
        self.left = (self.left + paid.unwrap_or(1)).min(RetryBudget::FULL);
    }
}

impl Default for RetryBudget {
    fn default() -> RetryBudget {
        RetryBudget::new()
    }
}

/// A failed attempt, as the decision sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failure {
    /// What kind of failure it was.
    pub kind: RetryKind,
    /// How long the server asked to wait, in ms.
    pub hint_ms: Option<f64>,
    /// Which attempt failed, from 1.
    pub attempt: u32,
    /// Time left to the call, in ms.
    pub remaining_ms: f64,
    /// How long ago the first attempt failed, in ms.
    pub since_first_ms: f64,
}

/// What to do about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decision {
    /// Try again after a wait. `paid` comes from the budget.
    Wait {
        /// In ms.
        ms: f64,
        /// Whether the server asked for the wait.
        hinted: bool,
        /// What the retry cost.
        paid: u32,
    },
    /// Give up: no attempts left, no time left, or the budget is empty.
    Stop,
}

/// Decides. A hint that does not fit into the time left is not shortened: coming early would only be refused again.
pub fn decide(policy: &RetryPolicy, budget: &mut RetryBudget, failure: Failure, unit: f64) -> Decision {
    if failure.attempt >= policy.attempts {
        return Decision::Stop;
    }
    let ms = match failure.hint_ms {
        // The extra may be cut short, the hint may not.
        Some(hint) => hinted_ms(hint, unit).min(hint.max(failure.remaining_ms * 0.99)),
        None => policy.unhinted_ms(&failure, unit),
    };
    if ms >= failure.remaining_ms {
        return Decision::Stop;
    }
    match budget.pay(failure.kind) {
        Some(paid) => Decision::Wait { ms, hinted: failure.hint_ms.is_some(), paid },
        None => Decision::Stop,
    }
}
