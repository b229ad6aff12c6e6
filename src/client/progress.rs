//! How far a call is, for whoever wants to show it.

use crate::error::Error;
use std::cell::RefCell;
use std::rc::Rc;

/// What a call is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Phase {
    Queued,
    Token,
    Request,
    Body,
    Waiting,
    Done,
}

impl Phase {
    /// The word that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Queued => "queued",
            Phase::Token => "token",
            Phase::Request => "request",
            Phase::Body => "body",
            Phase::Waiting => "waiting",
            Phase::Done => "done",
        }
    }
}

/// What a wait is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum WaitFor {
    Server,
    Backoff,
    RateLimit,
    Online,
}

impl WaitFor {
    /// The word that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            WaitFor::Server => "server",
            WaitFor::Backoff => "backoff",
            WaitFor::RateLimit => "rate-limit",
            WaitFor::Online => "online",
        }
    }
}

/// How far a call is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What the call is doing.
    pub phase: Phase,
    /// Page being read, from 1.
    pub page: u32,
    /// Where the tenant says so.
    pub pages: Option<u64>,
    /// Variables so far.
    pub variables: usize,
    /// Bytes so far, all pages.
    pub bytes: usize,
    /// Bytes of this page, where the tenant says so.
    pub page_bytes: Option<usize>,
    /// Attempt of this page, from 1.
    pub attempt: u32,
    /// How many there are at most.
    pub attempts: u32,
    /// While waiting: how long from now, in ms.
    pub wait_ms: Option<f64>,
    /// While waiting: for whom.
    pub wait_for: Option<WaitFor>,
    /// While waiting in the queue: how many requests go before.
    pub ahead: Option<usize>,
    /// Requests that count in the current window.
    pub requests_used: usize,
    /// How many a window allows.
    pub requests_allowed: usize,
    /// Why something is missing, at the end of a call that gives an incomplete snapshot.
    pub missing: Option<Error>,
}

/// Is told about progress.
pub type OnProgress = Rc<dyn Fn(&Progress)>;

/// Keeps the state of one call and tells the listener.
pub(crate) struct Reporter {
    listener: Option<OnProgress>,
    progress: RefCell<Progress>,
}

impl Reporter {
    pub(crate) fn new(listener: Option<OnProgress>, attempts: u32) -> Reporter {
        let progress = Progress {
            phase: Phase::Queued,
            page: 1,
            pages: None,
            variables: 0,
            bytes: 0,
            page_bytes: None,
            attempt: 1,
            attempts,
            wait_ms: None,
            wait_for: None,
            ahead: None,
            requests_used: 0,
            requests_allowed: 0,
            missing: None,
        };
        Reporter { listener, progress: RefCell::new(progress) }
    }

    /// Whether anybody listens.
    pub(crate) fn is_heard(&self) -> bool {
        self.listener.is_some()
    }

    /// Changes the state without a word.
    pub(crate) fn set(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress.borrow_mut());
    }

    /// Changes the state and tells it. A wait that is not named again is over.
    pub(crate) fn tell(&self, phase: Phase, change: impl FnOnce(&mut Progress)) {
        let Some(listener) = &self.listener else { return };
        let told = {
            let mut progress = self.progress.borrow_mut();
            progress.phase = phase;
            progress.wait_ms = None;
            progress.wait_for = None;
            progress.ahead = None;
            change(&mut progress);
            progress.clone()
        };
        listener(&told);
    }
}
