//! One session, read again and again.

use super::call::Manner;
use super::cancel::Cancel;
use super::debugger::{CallOptions, SessionDebugger};
use super::hint::LONGEST_HINT_MS;
use super::options::DAY_MS;
use crate::error::{Code, Error};
use crate::query::VariableQuery;
use crate::snapshot::Snapshot;
use futures_util::lock::Mutex;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// Shortest and longest pause after a failed read, in ms; doubles with every further failure.
const FIRST_PAUSE_MS: f64 = 1_000.0;
const LONGEST_PAUSE_MS: f64 = 60_000.0;

/// Is told of an error that a watch lives through, and in how many ms it tries again.
pub type OnWatchError = Rc<dyn Fn(&Error, f64)>;

/// Held during a read.
pub(crate) type Turn = Rc<Mutex<()>>;

/// The sessions that are watched: however many watches there are of one, they take turns at reading it.
#[derive(Default)]
pub(crate) struct Watched(RefCell<Vec<(String, Weak<Mutex<()>>)>>);

impl Watched {
    fn turn(&self, session: &str) -> Turn {
        let mut watched = self.0.borrow_mut();
        watched.retain(|(_, turn)| turn.strong_count() > 0);
        let known = watched.iter().find(|(of, _)| of == session).and_then(|(_, turn)| turn.upgrade());
        known.unwrap_or_else(|| {
            let turn = Turn::default();
            watched.push((session.to_owned(), Rc::downgrade(&turn)));
            turn
        })
    }
}

/// Reads of one session. A read begins when the next snapshot is asked for, never two at once, not even of several watches of a debugger.
pub struct Watch {
    debugger: SessionDebugger,
    query: VariableQuery,
    interval_ms: f64,
    cancel: Cancel,
    /// Shared by all watches of this session.
    turn: Turn,
    /// No read begins before this moment of the monotonic clock.
    not_before: f64,
    failures: u32,
    /// Whether there was a first snapshot.
    begun: bool,
    ended: bool,
    tell: Option<OnWatchError>,
}

impl Watch {
    pub(super) fn new(
        debugger: SessionDebugger,
        query: VariableQuery,
        interval_ms: f64,
        cancel: Cancel,
    ) -> Result<Watch, Error> {
        if !(1.0..=DAY_MS).contains(&interval_ms) {
            return Err(Error::new(Code::InputInvalid, "The interval must be between 1 ms and one day."));
        }
        let turn = debugger.desk().watched.turn(&query.session_id);
        let not_before = f64::NEG_INFINITY;
        let (begun, ended) = (false, false);
        Ok(Watch { debugger, query, interval_ms, cancel, turn, not_before, failures: 0, begun, ended, tell: None })
    }

    /// Tells of the errors that the watch lives through.
    ///
    /// ```
    /// use cognigy_session_debugger::client::{Cancel, DebuggerOptions, SessionDebugger};
    /// use cognigy_session_debugger::platform::VirtualPlatform;
    /// use cognigy_session_debugger::query::VariableQuery;
    /// use std::rc::Rc;
    /// let options = DebuggerOptions { base_url: Some("https://tenant.example".into()), ..DebuggerOptions::default() };
    /// let debugger = SessionDebugger::new(options, Rc::new(VirtualPlatform::new(1)))?;
    /// let watch = debugger.watch(VariableQuery::session("sess_1"), 5_000.0, Cancel::new())?;
    /// let watch = watch.on_error(Rc::new(|error, retry_in_ms| println!("{error} Again in {retry_in_ms} ms.")));
    /// # drop(watch);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    #[must_use]
    pub fn on_error(self, tell: OnWatchError) -> Watch {
        Watch { tell: Some(tell), ..self }
    }

    /// The next snapshot; `None` once the watch is cancelled or has failed.
    ///
    /// # Errors
    /// The first error that is not worth another try, or any error before the first snapshot: who watches a session that
    /// cannot be read has to know. The watch ends with it. After other errors it goes on, with pauses
    /// that double from 1 s to 60 s and are never shorter than the interval or than what the server asked for, up to an hour.
    pub async fn next(&mut self) -> Option<Result<Snapshot, Error>> {
        while !self.ended {
            let cancel = self.cancel.clone();
            let Ok(result) = cancel.race(self.step()).await else { break };
            let now = self.debugger.desk().platform.monotonic_ms();
            match result {
                Ok(snapshot) => {
                    self.begun = true;
                    self.failures = 0;
                    self.not_before = now + self.interval_ms;
                    return Some(Ok(snapshot));
                }
                Err(error) if error.is_retryable() && self.begun => {
                    let pause_ms = self.pause_ms(&error);
                    self.not_before = now + pause_ms;
                    self.failures = self.failures.saturating_add(1);
                    if let Some(tell) = &self.tell {
                        tell(&error, pause_ms);
                    }
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        self.ended = true;
        None
    }

    /// The watch as a stream.
    pub fn into_stream(self) -> impl futures_util::Stream<Item = Result<Snapshot, Error>> {
        futures_util::stream::unfold(self, |mut watch| async move { watch.next().await.map(|next| (next, watch)) })
    }

    async fn step(&self) -> Result<Snapshot, Error> {
        let platform = &self.debugger.desk().platform;
        let wait_ms = self.not_before - platform.monotonic_ms();
        if wait_ms > 0.0 {
            platform.sleep(wait_ms).await;
        }
        let _turn = self.turn.lock().await;
        platform.visible().await;
        self.debugger.read(self.query.clone(), CallOptions::default(), Manner::default()).await
    }

    /// Longer with each failure, and as long as the server, or the rate limit, has it.
    fn pause_ms(&self, error: &Error) -> f64 {
        let doubled = FIRST_PAUSE_MS * f64::from(2_u32.saturating_pow(self.failures));
        let asked = error.facts().retry_after_ms.unwrap_or(0.0);
        doubled.min(LONGEST_PAUSE_MS).max(self.interval_ms).max(asked.min(LONGEST_HINT_MS))
    }
}
