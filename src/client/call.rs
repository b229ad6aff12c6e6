//! What all calls of a debugger share, and what one call has to itself.

use super::audit::{Action, Entry, Journal};
use super::limiter::{Limiter, Slot};
use super::progress::{Phase, Reporter, WaitFor};
use super::retry::{RetryBudget, RetryPolicy};
use super::timing::{Deadline, within};
use super::verdict::deadline_exceeded;
use crate::error::{Code, Error};
use crate::platform::Platform;
use crate::query::VariableQuery;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

/// What all calls share.
pub(crate) struct Desk {
    pub(crate) platform: Rc<dyn Platform>,
    pub(crate) limiter: Limiter,
    pub(crate) journal: Journal,
    pub(crate) policy: RetryPolicy,
    pub(crate) budget: Rc<RefCell<RetryBudget>>,
    pub(crate) timeout_ms: f64,
}

impl Desk {
    pub(crate) async fn within<T>(&self, ms: f64, future: impl Future<Output = T>) -> Option<T> {
        within(&*self.platform, ms, future).await
    }
}

/// One call: its query, its deadline, its listener.
pub(crate) struct Call {
    pub(crate) desk: Rc<Desk>,
    pub(crate) query: VariableQuery,
    pub(crate) session: Rc<str>,
    pub(crate) reporter: Reporter,
    deadline: Cell<Deadline>,
    /// Time in the queue does not count: one of many calls that were asked for together.
    patient: bool,
}

impl Call {
    pub(crate) fn new(
        desk: Rc<Desk>,
        query: VariableQuery,
        reporter: Reporter,
        deadline_ms: f64,
        patient: bool,
    ) -> Call {
        let deadline = Cell::new(Deadline(desk.platform.monotonic_ms() + deadline_ms));
        let session = query.session_id.as_str().into();
        Call { desk, query, session, reporter, deadline, patient }
    }

    pub(crate) fn begin(&self, action: Action, route: &Rc<str>, attempt: u32) -> Entry {
        self.desk.journal.begin(action, route, Some(&self.session), attempt)
    }

    pub(crate) fn remaining_ms(&self) -> f64 {
        self.deadline.get().remaining(&*self.desk.platform)
    }

    /// Waits for something until the deadline.
    pub(crate) async fn in_time<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        self.desk.within(self.remaining_ms(), future).await.ok_or_else(deadline_exceeded)
    }

    /// Waits for the right to send. Where the tenant has asked for a longer pause than there is time, that is said at once.
    pub(crate) async fn slot(&self) -> Result<Slot, Error> {
        let acquire = self.desk.limiter.acquire(|wait_ms| {
            self.tell(Phase::Queued, |progress| {
                progress.wait_ms = wait_ms;
                progress.wait_for = Some(WaitFor::RateLimit);
            });
        });
        if !self.patient {
            let (gate_ms, remaining_ms) = (self.desk.limiter.gate_ms(), self.remaining_ms());
            if remaining_ms == 0.0 {
                return Err(deadline_exceeded());
            }
            if gate_ms >= remaining_ms {
                return Err(keep_away(gate_ms));
            }
            return self.in_time(acquire).await?;
        }
        let began = self.desk.platform.monotonic_ms();
        let slot = acquire.await;
        let Deadline(end) = self.deadline.get();
        self.deadline.set(Deadline(end + self.desk.platform.monotonic_ms() - began));
        slot
    }

    /// How long an attempt may take, in ms, and whether it is the deadline that says so. Without any time left nothing
    /// is sent.
    pub(crate) fn attempt_limit(&self) -> Result<(f64, bool), Error> {
        let remaining = self.remaining_ms();
        match remaining {
            0.0 => Err(deadline_exceeded()),
            _ if remaining < self.desk.timeout_ms => Ok((remaining, true)),
            _ => Ok((self.desk.timeout_ms, false)),
        }
    }

    /// Tells the listener how far the call is.
    pub(crate) fn tell(&self, phase: Phase, change: impl FnOnce(&mut super::progress::Progress)) {
        self.reporter.tell(phase, |progress| {
            progress.requests_used = self.desk.limiter.used();
            progress.requests_allowed = self.desk.limiter.allowed();
            change(progress);
        });
    }
}

fn keep_away(gate_ms: f64) -> Error {
    Error::new(
        Code::RateLimited,
        "The tenant has asked for a pause that is longer than this call may take. Try again after it.",
    )
    .with(|facts| facts.retry_after_ms = Some(gate_ms))
}
