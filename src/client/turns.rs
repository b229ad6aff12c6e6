//! The attempts at one thing: counts them, and turns a verdict into a wait or an end.

use super::call::Desk;
use super::progress::WaitFor;
use super::retry::{Decision, Failure, RetryBudget, RetryKind, decide};
use super::verdict::Verdict;
use crate::error::Error;
use std::cell::RefCell;
use std::rc::Rc;

/// The pause before an attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pause {
    pub(crate) ms: f64,
    pub(crate) for_whom: WaitFor,
}

/// Attempts so far.
pub(crate) struct Turns {
    /// The attempt that is next or under way, from 1.
    pub(crate) attempt: u32,
    /// Failed attempts; a replay with a new token is not one.
    failures: u32,
    renewed: bool,
    paid: Option<u32>,
    /// What retries of this kind of thing cost; a dead webhook takes nothing from the reads.
    budget: Rc<RefCell<RetryBudget>>,
}

impl Turns {
    pub(crate) fn new(budget: &Rc<RefCell<RetryBudget>>) -> Turns {
        Turns { attempt: 1, failures: 0, renewed: false, paid: None, budget: Rc::clone(budget) }
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
        let pause = match verdict {
            Verdict::Renew(_) if renewable && !self.renewed => {
                self.renewed = true;
                None
            }
            Verdict::Retry { kind, hint_ms, error } => {
                self.failures += 1;
                let failure = Failure { kind, hint_ms, attempt: self.failures, remaining_ms };
                match decide(&desk.policy, &mut self.budget.borrow_mut(), failure, desk.platform.unit()) {
                    Decision::Wait { ms, hinted, paid } => {
                        self.paid = Some(paid);
                        Some(Pause { ms, for_whom: if hinted { WaitFor::Server } else { WaitFor::Backoff } })
                    }
                    Decision::Stop => return Err(tell_attempts(error)),
                }
            }
            Verdict::Renew(error) | Verdict::Fail(error) => return Err(tell_attempts(error)),
            Verdict::Ok => None,
        };
        self.attempt += 1;
        Ok(pause)
    }

    /// How long everybody should keep away after a verdict, in ms: a tenant that throttles one call throttles all.
    pub(crate) fn gate_ms(&self, desk: &Desk, verdict: &Verdict) -> Option<f64> {
        match verdict {
            Verdict::Retry { kind: RetryKind::Throttle, hint_ms, .. } => {
                let own = || desk.policy.backoff_ms(RetryKind::Throttle, self.failures + 1, desk.platform.unit());
                Some(hint_ms.unwrap_or_else(own))
            }
            _ => None,
        }
    }
}
