//! What all calls of a debugger share, and what one call has to itself.

use super::audit::{Action, Entry, Journal};
use super::body::OnFirstRows;
use super::limiter::{Limiter, Slot, Want};
use super::preflight::Preflights;
use super::progress::{Phase, Reporter, WaitFor};
use super::queue::Lane;
use super::retry::{RetryBudget, RetryKind, RetryPolicy};
use super::timing::{Deadline, within};
use super::verdict::{Verdict, deadline_exceeded};
use super::watch::Watched;
use crate::error::{Code, Error};
use crate::platform::Platform;
use crate::query::VariableQuery;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

/// Whoever waits for the right to send looks so often, in ms, whether the tenant has asked for too long a pause meanwhile.
const LOOK_MS: f64 = 1_000.0;

/// What all calls share.
pub(crate) struct Desk {
    pub(crate) platform: Rc<dyn Platform>,
    pub(crate) limiter: Limiter,
    pub(crate) journal: Journal,
    pub(crate) policy: RetryPolicy,
    pub(crate) budget: Rc<RefCell<RetryBudget>>,
    pub(crate) timeout_ms: f64,
    pub(crate) stall_ms: f64,
    pub(crate) preflights: Preflights,
    /// Counts callers of the bulk lane.
    pub(crate) callers: Cell<u64>,
    pub(crate) watched: Watched,
}

/// How a call stands to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Manner {
    /// Which lane it waits in.
    pub(crate) lane: Lane,
    /// Callers of a lane take turns.
    pub(crate) caller: u64,
    /// Time in the queue does not count: one of many calls that were asked for together.
    pub(crate) patient: bool,
}

impl Desk {
    /// Tells the limiter what became of a request that was sent at `sent_ms`. `answered`: the head of an answer came.
    pub(crate) fn report(&self, sent_ms: f64, verdict: &Verdict, answered: bool) {
        match verdict {
            Verdict::Retry { kind: RetryKind::Throttle, hint, error } => {
                let over_limit = error.code() == Code::RateLimited;
                self.limiter.refused(sent_ms, hint.map(|hint| hint.ms), over_limit);
            }
            verdict => match verdict.error().map(Error::code) {
                Some(Code::NetworkOrCors) => self.limiter.silence(sent_ms),
                // What follows is another question than whether the tenant has let the request through.
                _ if answered => self.limiter.answered(sent_ms),
                _ => {}
            },
        }
    }

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
    /// Is given the first rows, once.
    pub(crate) first_rows: Cell<Option<OnFirstRows>>,
    deadline: Cell<Deadline>,
    manner: Manner,
}

impl Call {
    pub(crate) fn new(
        desk: Rc<Desk>,
        query: VariableQuery,
        reporter: Reporter,
        deadline_ms: f64,
        manner: Manner,
    ) -> Call {
        let deadline = Cell::new(Deadline(desk.platform.monotonic_ms() + deadline_ms));
        let session = query.session_id.as_str().into();
        Call { desk, query, session, reporter, first_rows: Cell::default(), deadline, manner }
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

    pub(crate) fn is_patient(&self) -> bool {
        self.manner.patient
    }

    /// Waits that the tenant asks for: they do not count against a patient call.
    pub(crate) fn excuse(&self, ms: f64) {
        let Deadline(end) = self.deadline.get();
        self.deadline.set(Deadline(end + if self.manner.patient { ms } else { 0.0 }));
    }

    /// Waits for the right to send a request that counts as `cost`. Where the tenant has asked for a longer pause than there
    /// is time, that is said at once; where it asks for it while this call waits, within a second.
    pub(crate) async fn slot(&self, cost: usize) -> Result<Slot, Error> {
        let Manner { lane, caller, patient } = self.manner;
        let want = Want { lane, caller, cost, shown: self.reporter.is_heard() };
        let acquire = self.desk.limiter.acquire(want, |wait| {
            self.tell(Phase::Queued, |progress| {
                progress.wait_ms = wait.ms;
                progress.wait_for = Some(WaitFor::RateLimit);
                progress.ahead = Some(wait.ahead);
            });
        });
        let mut acquire = pin!(acquire);
        if patient {
            let began = self.desk.platform.monotonic_ms();
            let slot = acquire.await;
            self.excuse(self.desk.platform.monotonic_ms() - began);
            return slot;
        }
        loop {
            let (asked_ms, remaining_ms) = (self.desk.limiter.asked_ms(), self.remaining_ms());
            if remaining_ms == 0.0 {
                return Err(no_room(self.desk.limiter.room_ms(cost)));
            }
            if asked_ms >= remaining_ms {
                return Err(keep_away(asked_ms));
            }
            if let Some(slot) = self.desk.within(remaining_ms.min(LOOK_MS), acquire.as_mut()).await {
                return slot;
            }
        }
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

/// The deadline came while the call waited for its turn; by the limit there is room in so many ms.
fn no_room(room_ms: f64) -> Error {
    if room_ms <= 0.0 {
        return deadline_exceeded();
    }
    Error::new(
        Code::DeadlineExceeded,
        "The rate limit left no room for the call before its deadline. Try again after retryAfterMs, or raise deadlineMs; rateLimit may be lower than what the tenant allows.",
    )
    .with(|facts| facts.retry_after_ms = Some(room_ms))
}

fn keep_away(gate_ms: f64) -> Error {
    Error::new(
        Code::RateLimited,
        "The tenant has asked for a pause that is longer than this call may take. Try again after it.",
    )
    .with(|facts| facts.retry_after_ms = Some(gate_ms))
}
