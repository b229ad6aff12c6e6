//! The attempts at one thing: counts them, and turns a verdict into a wait or an end.

use super::call::Desk;
use super::hint::{DelaySource, LONGEST_HINT_MS};
use super::progress::WaitFor;
use super::retry::{Class, Decided, Decision, Failure, RetryBudget, RetryKind, decide};
use super::verdict::Verdict;
use crate::error::{Code, Error};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The pause before an attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pause {
    /// At most; a wait for the network ends when it is there.
    pub(crate) ms: f64,
    pub(crate) for_whom: WaitFor,
}

/// A patient call is throttled so many times before that counts as one failure: it has nobody who waits for it.
const PATIENCE: u32 = 4;
/// And waits for the tenant, or for the network, at most so long in one go, in ms.
const LONGEST_PATIENCE_MS: f64 = 3_600_000.0;

/// Attempts so far.
pub(crate) struct Turns {
    /// The attempt that is next or under way, from 1.
    pub(crate) attempt: u32,
    /// Failed attempts; a replay with a new token is not one.
    failures: u32,
    throttled: u32,
    /// When the first attempt failed, on the monotonic clock.
    first_failed: Option<f64>,
    patient: bool,
    renewed: bool,
    paid: Option<u32>,
    /// What was paid for an attempt that has not left yet.
    unused: Cell<Option<u32>>,
    decided: Option<Decided>,
    /// What retries of this kind of thing cost; a dead webhook takes nothing from the reads.
    budget: Rc<RefCell<RetryBudget>>,
}

impl Turns {
    pub(crate) fn new(budget: &Rc<RefCell<RetryBudget>>) -> Turns {
        Turns {
            attempt: 1,
            failures: 0,
            throttled: 0,
            first_failed: None,
            patient: false,
            renewed: false,
            paid: None,
            unused: Cell::default(),
            decided: None,
            budget: Rc::clone(budget),
        }
    }

    /// One of many calls: time that the tenant asks for does not count against it.
    pub(crate) fn patient(mut self, patient: bool) -> Turns {
        self.patient = patient;
        self
    }

    /// What was decided about the last attempt, where it failed.
    pub(crate) fn decided(&self) -> Option<Decided> {
        self.decided
    }

    /// The attempt leaves.
    pub(crate) fn left(&self) {
        self.unused.take();
    }

    /// The attempt succeeded.
    pub(crate) fn won(&self) {
        self.budget.borrow_mut().earn(self.paid);
    }

    /// The attempt failed. Gives the pause before the next, if there is a pause, or the error if there is no next.
    pub(crate) fn lost(
        &mut self,
        desk: &Desk,
        verdict: Verdict,
        remaining_ms: f64,
        renewable: bool,
    ) -> Result<Option<Pause>, Error> {
        let attempts = self.attempt;
        let tell_attempts = |error: Error| error.with(|facts| facts.attempts = Some(attempts));
        let (class, pause, source) = match verdict {
            Verdict::Renew(_) if renewable && !self.renewed => {
                self.renewed = true;
                (Class::Auth, None, None)
            }
            Verdict::Retry { kind, hint, error } => {
                let class = Class::from(kind);
                let waits = self.patient && kind == RetryKind::Throttle;
                if waits {
                    self.throttled += 1;
                } else {
                    self.failures += 1;
                }
                let now = desk.platform.monotonic_ms();
                let failure = Failure {
                    since_first_ms: now - *self.first_failed.get_or_insert(now),
                    kind,
                    hint_ms: hint.map(|hint| hint.ms.min(LONGEST_HINT_MS)),
                    attempt: self.failures + self.throttled.div_ceil(PATIENCE),
                    remaining_ms: if waits { LONGEST_PATIENCE_MS } else { remaining_ms },
                };
                match decide(&desk.policy, &mut self.budget.borrow_mut(), failure, desk.platform.unit()) {
                    Decision::Wait { ms, hinted, paid } => {
                        self.paid = Some(paid);
                        self.unused.set(self.paid);
                        // Whoever is throttled waits for the tenant, whether it says how long or not.
                        let for_whom = if hinted || waits { WaitFor::Server } else { WaitFor::Backoff };
                        let source = hint.map_or(DelaySource::Backoff, |hint| hint.source);
                        (class, Some(Pause { ms, for_whom }), Some(source))
                    }
                    Decision::Stop => {
                        self.decided = Some(Decided { class, delay_ms: None, source: None });
                        return Err(tell_attempts(error));
                    }
                }
            }
            Verdict::Fail(error)
                if error.code() == Code::Offline && remaining_ms > 0.0 && self.failures + 1 < desk.policy.attempts =>
            {
                // Nothing is sent meanwhile, so it costs nothing.
                self.failures += 1;
                let ms = if self.patient { LONGEST_PATIENCE_MS } else { remaining_ms };
                let pause = Pause { ms, for_whom: WaitFor::Online };
                (Class::Never, Some(pause), Some(DelaySource::Online))
            }
            Verdict::Renew(error) => {
                self.decided = Some(Decided { class: Class::Auth, delay_ms: None, source: None });
                return Err(tell_attempts(error));
            }
            Verdict::Fail(error) => {
                self.decided = Some(Decided::NEVER);
                return Err(tell_attempts(error));
            }
            Verdict::Ok => return Ok(None),
        };
        self.decided = Some(Decided { class, delay_ms: Some(pause.map_or(0.0, |pause| pause.ms)), source });
        self.attempt += 1;
        Ok(pause)
    }
}

impl Drop for Turns {
    /// Who is cancelled in a pause has not tried again, and others may.
    fn drop(&mut self) {
        if let Some(paid) = self.unused.take() {
            self.budget.borrow_mut().earn(Some(paid));
        }
    }
}
