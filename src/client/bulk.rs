//! Many sessions, one after the other and some at once.

use super::call::{Desk, Manner};
use super::cancel::{Cancel, Cancelled};
use super::debugger::{CallOptions, SessionDebugger};
use super::hint::LONGEST_HINT_MS;
use super::queue::Lane;
use super::retry::{RetryKind, hinted_ms};
use crate::error::{Code, Error};
use crate::platform::LocalFuture;
use crate::query::VariableQuery;
use crate::snapshot::Snapshot;
use futures_util::Stream;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

/// What one query of many came to.
#[derive(Debug)]
pub struct SnapshotOutcome {
    /// The query.
    pub query: VariableQuery,
    /// What it came to. A snapshot that is not complete is what could be had of it.
    pub result: Result<Snapshot, Error>,
}

/// How far a sweep over many sessions is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BulkProgress {
    /// Queries in all.
    pub total: usize,
    /// Those with a snapshot.
    pub done: usize,
    /// Those that failed for good.
    pub failed: usize,
    /// Under way.
    pub running: usize,
    /// Not begun yet, or to be tried again.
    pub waiting: usize,
    /// What the limit alone makes of the rest, with one request for each session, in ms; no less than the longest pause before
    /// another try.
    pub left_ms: f64,
}

/// Is told how far a sweep is.
pub type OnBulkProgress = Rc<dyn Fn(&BulkProgress)>;

/// What may be added to a sweep.
#[derive(Clone, Default)]
pub struct BulkOptions {
    /// Stops the sweep.
    pub cancel: Option<Cancel>,
    /// Is told whenever a read ends, until the sweep is left or cancelled.
    pub progress: Option<OnBulkProgress>,
    /// So often what failed in a way that may pass is tried again, after all others: not before the server asked for, and else after a
    /// pause that grows with every round as after [`throttle_delay_ms`](super::retry::RetryPolicy::throttle_delay_ms). Default: 0.
    pub retry_failed: u32,
}

/// The outcomes of many queries, in the order in which they are ready.
///
/// Reads run as tasks of their own, so that a slow consumer lets no answer time out; no more of them are under way or
/// waiting to be taken than may be under way at once.
pub struct Snapshots {
    cancel: Cancel,
    /// Wakes whoever waits for the next outcome.
    cancelled: Cancelled,
    /// Cancelled when the stream is dropped.
    left: Cancel,
    manner: Manner,
    board: Rc<Board>,
    /// Until one may be tried again.
    pause: Option<LocalFuture<()>>,
}

struct Board {
    state: RefCell<State>,
    debugger: SessionDebugger,
    progress: Option<OnBulkProgress>,
    retry_failed: u32,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// The latest moment before which any of them is not begun: one that is still to come is of one that still waits.
    latest_due_ms: f64,
    ready: VecDeque<SnapshotOutcome>,
    progress: BulkProgress,
    waker: Option<Waker>,
}

/// What is still to be read.
struct Waiting {
    query: VariableQuery,
    /// How often it was.
    round: u32,
    /// It is not begun before this moment of the monotonic clock.
    due_ms: f64,
}

impl Snapshots {
    pub(super) fn new(debugger: SessionDebugger, queries: Vec<VariableQuery>, options: BulkOptions) -> Snapshots {
        let callers = &debugger.desk().callers;
        callers.set(callers.get() + 1);
        let manner = Manner { lane: Lane::Bulk, caller: callers.get(), patient: true };
        let progress = BulkProgress { total: queries.len(), waiting: queries.len(), ..BulkProgress::default() };
        let waiting = queries.into_iter().map(|query| Waiting { query, round: 0, due_ms: 0.0 }).collect();
        let state = RefCell::new(State { waiting, progress, ..State::default() });
        let BulkOptions { cancel, progress, retry_failed } = options;
        let board = Rc::new(Board { state, debugger, progress, retry_failed });
        let cancel = cancel.unwrap_or_default();
        Snapshots { cancelled: cancel.cancelled(), cancel, left: Cancel::new(), manner, board, pause: None }
    }

    /// Begins the next read, if there may be one more. Gives back how long until there may be, in ms; infinite where an end of
    /// another read has to be waited for.
    fn start_next(&self) -> Option<f64> {
        let now = self.board.now();
        let mut state = self.board.state.borrow_mut();
        if state.progress.running + state.ready.len() >= self.board.debugger.max_concurrent() {
            return Some(f64::INFINITY);
        }
        // What was not tried yet stands before what was.
        let next = state.waiting.iter().position(|waiting| waiting.due_ms <= now);
        let Some(Waiting { query, round, .. }) = next.and_then(|next| state.waiting.remove(next)) else {
            return Some(state.waiting.iter().fold(f64::INFINITY, |least, waiting| least.min(waiting.due_ms - now)));
        };
        state.progress.running += 1;
        state.progress.waiting -= 1;
        drop(state);
        let (board, cancel, left) = (Rc::clone(&self.board), self.cancel.clone(), self.left.clone());
        let options = CallOptions { cancel: Some(self.cancel.clone()), ..CallOptions::default() };
        let read = self.board.debugger.read(query.clone(), options, self.manner);
        self.board.debugger.desk().platform.spawn(Box::pin(async move {
            let result = left.race(read).await.and_then(|result| result);
            board.ended(SnapshotOutcome { query, result }, round, left.is_cancelled() || cancel.is_cancelled());
        }));
        None
    }
}

impl Board {
    fn now(&self) -> f64 {
        self.debugger.desk().platform.monotonic_ms()
    }

    /// A read has come to its end. `over`: nobody waits for it any more.
    fn ended(&self, outcome: SnapshotOutcome, round: u32, over: bool) {
        let (cost, now) = (self.debugger.cost_of(&outcome.query), self.now());
        let mut state = self.state.borrow_mut();
        state.progress.running -= 1;
        match &outcome.result {
            // It has not failed: it was not let.
            Err(error) if over && error.code() == Code::Aborted => state.progress.waiting += 1,
            Err(error) if error.is_retryable() && round < self.retry_failed => {
                let due_ms = now + self.delay_ms(error, round);
                state.progress.waiting += 1;
                state.latest_due_ms = state.latest_due_ms.max(due_ms);
                state.waiting.push_back(Waiting { query: outcome.query, round: round + 1, due_ms });
            }
            result => {
                match result {
                    Ok(_) => state.progress.done += 1,
                    Err(_) => state.progress.failed += 1,
                }
                state.ready.push_back(outcome);
            }
        }
        let waker = state.waker.take();
        let mut progress = state.progress;
        let pause_ms = state.latest_due_ms - now;
        drop(state);
        if let Some(tell) = self.progress.as_ref().filter(|_| !over) {
            let rest = progress.waiting + progress.running;
            let eta_ms = if rest == 0 { 0.0 } else { self.debugger.desk().limiter.eta_ms(rest * cost) };
            progress.left_ms = eta_ms.max(pause_ms).max(0.0);
            tell(&progress);
        }
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// How long what has failed in this round is left alone.
    fn delay_ms(&self, error: &Error, round: u32) -> f64 {
        let Desk { platform, policy, .. } = self.debugger.desk();
        let unit = platform.unit();
        match error.facts().retry_after_ms {
            Some(hint_ms) => hinted_ms(hint_ms.min(LONGEST_HINT_MS), unit),
            None => policy.backoff_ms(RetryKind::Throttle, round + 1, unit),
        }
    }
}

impl Stream for Snapshots {
    type Item = SnapshotOutcome;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<SnapshotOutcome>> {
        let this = self.get_mut();
        loop {
            let outcome = this.board.state.borrow_mut().ready.pop_front();
            // What had been read is not thrown away.
            if Pin::new(&mut this.cancelled).poll(context).is_ready() {
                return Poll::Ready(outcome);
            }
            let left_ms = loop {
                if let Some(left_ms) = this.start_next() {
                    break left_ms;
                }
            };
            let mut state = this.board.state.borrow_mut();
            match outcome {
                Some(outcome) => return Poll::Ready(Some(outcome)),
                None if state.progress.running + state.progress.waiting + state.ready.len() == 0 => {
                    return Poll::Ready(None);
                }
                None => state.waker = Some(context.waker().clone()),
            }
            drop(state);
            if left_ms == f64::INFINITY {
                return Poll::Pending;
            }
            let pause = this.pause.insert(this.board.debugger.desk().platform.sleep(left_ms));
            ready!(pause.as_mut().poll(context));
        }
    }
}

impl Drop for Snapshots {
    fn drop(&mut self) {
        self.left.cancel();
    }
}
