//! Many sessions, one after the other and some at once.

use super::call::Manner;
use super::cancel::Cancel;
use super::debugger::{CallOptions, SessionDebugger};
use super::queue::Lane;
use crate::error::{Code, Error};
use crate::query::VariableQuery;
use crate::snapshot::Snapshot;
use futures_util::Stream;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What one query of many came to.
#[derive(Debug)]
pub struct SnapshotOutcome {
    /// The query.
    pub query: VariableQuery,
    /// What it came to. A snapshot that is not complete is what could be had of it.
    pub result: Result<Snapshot, Error>,
}

impl SnapshotOutcome {
    fn is_aborted(&self) -> bool {
        self.result.as_ref().is_err_and(|error| error.code() == Code::Aborted)
    }
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
    /// What the limit alone makes of the rest, with one request for each session, in ms.
    pub left_ms: f64,
}

/// Is told how far a sweep is.
pub type OnBulkProgress = Rc<dyn Fn(&BulkProgress)>;

/// What may be added to a sweep.
#[derive(Clone, Default)]
pub struct BulkOptions {
    /// Stops the sweep.
    pub cancel: Option<Cancel>,
    /// Is told whenever a read ends.
    pub progress: Option<OnBulkProgress>,
    /// So often what failed in a way that may pass is tried again, after all others. Default: 0.
    pub retry_failed: u32,
}

/// The outcomes of many queries, in the order in which they are ready.
///
/// Reads run as tasks of their own, so that a slow consumer lets no answer time out; no more of them are under way or
/// waiting to be taken than may be under way at once.
pub struct Snapshots {
    cancel: Cancel,
    /// Cancelled when the stream is dropped.
    left: Cancel,
    manner: Manner,
    board: Rc<Board>,
}

struct Board {
    state: RefCell<State>,
    debugger: SessionDebugger,
    progress: Option<OnBulkProgress>,
    retry_failed: u32,
}

#[derive(Default)]
struct State {
    /// What is still to be read, and how often it was.
    waiting: VecDeque<(VariableQuery, u32)>,
    ready: VecDeque<SnapshotOutcome>,
    progress: BulkProgress,
    waker: Option<Waker>,
}

impl Snapshots {
    pub(super) fn new(debugger: SessionDebugger, queries: Vec<VariableQuery>, options: BulkOptions) -> Snapshots {
        let callers = &debugger.desk().callers;
        callers.set(callers.get() + 1);
        let manner = Manner { lane: Lane::Bulk, caller: callers.get(), patient: true };
        let progress = BulkProgress { total: queries.len(), waiting: queries.len(), ..BulkProgress::default() };
        let waiting = queries.into_iter().map(|query| (query, 0)).collect();
        let state = RefCell::new(State { waiting, progress, ..State::default() });
        let BulkOptions { cancel, progress, retry_failed } = options;
        let board = Rc::new(Board { state, debugger, progress, retry_failed });
        Snapshots { cancel: cancel.unwrap_or_default(), left: Cancel::new(), manner, board }
    }

    /// Begins the next read, if there is one and there may be one more.
    fn start_next(&self) -> bool {
        let mut state = self.board.state.borrow_mut();
        if state.progress.running + state.ready.len() >= self.board.debugger.max_concurrent() {
            return false;
        }
        let Some((query, round)) = state.waiting.pop_front() else { return false };
        state.progress.running += 1;
        state.progress.waiting -= 1;
        drop(state);
        let (board, left) = (Rc::clone(&self.board), self.left.clone());
        let options = CallOptions { cancel: Some(self.cancel.clone()), ..CallOptions::default() };
        let read = self.board.debugger.read(query.clone(), options, self.manner);
        self.board.debugger.desk().platform.spawn(Box::pin(async move {
            let result = left.race(read).await.and_then(|result| result);
            board.ended(SnapshotOutcome { query, result }, round);
        }));
        true
    }
}

impl Board {
    fn ended(&self, outcome: SnapshotOutcome, round: u32) {
        let cost = self.debugger.cost_of(&outcome.query);
        let mut state = self.state.borrow_mut();
        state.progress.running -= 1;
        match &outcome.result {
            Err(error) if error.is_retryable() && round < self.retry_failed => {
                state.progress.waiting += 1;
                state.waiting.push_back((outcome.query, round + 1));
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
        drop(state);
        if let Some(tell) = &self.progress {
            let rest = progress.waiting + progress.running;
            progress.left_ms = if rest == 0 { 0.0 } else { self.debugger.desk().limiter.eta_ms(rest * cost) };
            tell(&progress);
        }
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Stream for Snapshots {
    type Item = SnapshotOutcome;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<SnapshotOutcome>> {
        let this = self.get_mut();
        if this.cancel.is_cancelled() {
            // What had been read is not thrown away.
            let ready = &mut this.board.state.borrow_mut().ready;
            ready.retain(|outcome| !outcome.is_aborted());
            return Poll::Ready(ready.pop_front());
        }
        let outcome = this.board.state.borrow_mut().ready.pop_front();
        while this.start_next() {}
        let mut state = this.board.state.borrow_mut();
        match outcome {
            Some(outcome) => Poll::Ready(Some(outcome)),
            None if state.progress.running == 0 && state.ready.is_empty() => Poll::Ready(None),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Snapshots {
    fn drop(&mut self) {
        self.left.cancel();
    }
}
