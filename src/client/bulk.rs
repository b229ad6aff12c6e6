//! Many sessions, one after the other and some at once.

use super::cancel::Cancel;
use super::debugger::{CallOptions, SessionDebugger};
use crate::error::Error;
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
    /// What it came to.
    pub result: Result<Snapshot, Error>,
}

/// The outcomes of many queries, in the order in which they are ready.
///
/// Reads run as tasks of their own, so that a slow consumer lets no answer time out; no more of them are under way or
/// waiting to be taken than may be under way at once.
pub struct Snapshots {
    debugger: SessionDebugger,
    queries: std::vec::IntoIter<VariableQuery>,
    cancel: Cancel,
    /// Cancelled when the stream is dropped.
    left: Cancel,
    board: Rc<RefCell<Board>>,
}

#[derive(Default)]
struct Board {
    running: usize,
    done: VecDeque<SnapshotOutcome>,
    waker: Option<Waker>,
}

impl Snapshots {
    pub(super) fn new(debugger: SessionDebugger, queries: Vec<VariableQuery>, cancel: Cancel) -> Snapshots {
        let board = Rc::default();
        Snapshots { debugger, queries: queries.into_iter(), cancel, left: Cancel::new(), board }
    }

    fn start(&self, query: VariableQuery) {
        self.board.borrow_mut().running += 1;
        let board = Rc::clone(&self.board);
        let left = self.left.clone();
        let options = CallOptions { cancel: Some(self.cancel.clone()), progress: None };
        let read = self.debugger.read(query.clone(), options, true);
        self.debugger.desk().platform.spawn(Box::pin(async move {
            let result = left.race(read).await.and_then(|result| result);
            let waker = {
                let mut board = board.borrow_mut();
                board.running -= 1;
                board.done.push_back(SnapshotOutcome { query, result });
                board.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        }));
    }
}

impl Stream for Snapshots {
    type Item = SnapshotOutcome;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<SnapshotOutcome>> {
        let this = self.get_mut();
        if this.cancel.is_cancelled() {
            return Poll::Ready(None);
        }
        let outcome = this.board.borrow_mut().done.pop_front();
        let busy = || {
            let board = this.board.borrow();
            board.running + board.done.len()
        };
        while busy() < this.debugger.max_concurrent() {
            match this.queries.next() {
                Some(query) => this.start(query),
                None => break,
            }
        }
        let mut board = this.board.borrow_mut();
        match outcome {
            Some(outcome) => Poll::Ready(Some(outcome)),
            None if board.running == 0 && board.done.is_empty() => Poll::Ready(None),
            None => {
                board.waker = Some(context.waker().clone());
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
