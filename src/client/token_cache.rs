//! One token for everybody: fetched once however many ask, renewed ahead of its end, dropped when it is refused.

use super::audit::{Action, Journal};
use super::timing::within;
use super::token::{Token, TokenReason, TokenSource};
use crate::error::{Code, Error};
use crate::platform::{LocalFuture, Platform};
use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use std::cell::RefCell;
use std::rc::Rc;

/// First time without another try after a failure, in ms; doubles with every further failure.
const FIRST_PAUSE_MS: f64 = 1_000.0;
const LONGEST_PAUSE_MS: f64 = 60_000.0;

type Flight = Shared<LocalFuture<Result<Token, Error>>>;

/// The token of one debugger. Clones share it. Kept in memory only.
#[derive(Clone)]
pub struct TokenCache {
    inner: Rc<Inner>,
}

struct Inner {
    platform: Rc<dyn Platform>,
    source: Box<dyn TokenSource>,
    route: Rc<str>,
    timeout_ms: f64,
    journal: Journal,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Weak: when the last one who waits leaves, the request is dropped.
    flight: Option<WeakShared<LocalFuture<Result<Token, Error>>>>,
    failed: Option<Failed>,
    given: u64,
    rejected: bool,
}

struct Held {
    token: Token,
    since: Moment,
    life_ms: f64,
}

struct Failed {
    error: Error,
    since: Moment,
    pause_ms: f64,
}

/// One moment on both clocks.
#[derive(Clone, Copy)]
struct Moment {
    monotonic_ms: f64,
    wall_ms: f64,
}

impl Moment {
    fn now(platform: &dyn Platform) -> Moment {
        Moment { monotonic_ms: platform.monotonic_ms(), wall_ms: platform.wall_ms() }
    }

    /// The larger of both clocks' answers: one may have slept, the other may have been set. A wall clock that went back
    /// says nothing about the age, which is then beyond any limit.
    fn age_ms(self, now: Moment) -> f64 {
        let wall = now.wall_ms - self.wall_ms;
        if wall < 0.0 { f64::INFINITY } else { wall.max(now.monotonic_ms - self.monotonic_ms) }
    }
}

impl Held {
    /// From here on the token is not sent any more.
    fn hard_ms(&self) -> f64 {
        self.life_ms - (self.life_ms / 2.0).min(30_000.0)
    }

    /// From here on a new one is fetched while this one is still used.
    fn soft_ms(&self) -> f64 {
        let soft = (self.life_ms * 0.8).max(self.life_ms - 300_000.0);
        // A life so short that it would be used up first.
        if soft < self.hard_ms() { soft } else { self.hard_ms() * 0.8 }
    }
}

impl TokenCache {
    /// A cache before its first token. `timeout_ms` is for one request to the source.
    pub fn new(
        platform: Rc<dyn Platform>,
        source: Box<dyn TokenSource>,
        timeout_ms: f64,
        journal: Journal,
    ) -> TokenCache {
        let route = source.route().into();
        let state = RefCell::default();
        TokenCache { inner: Rc::new(Inner { platform, source, route, timeout_ms, journal, state }) }
    }

    /// A token that can be sent now.
    ///
    /// # Errors
    /// `TOKEN_PROVIDER_FAILED` or `TOKEN_INVALID`; the same for everybody who waited, and for whoever asks again within
    /// the pause that follows a failure.
    pub async fn get(&self) -> Result<Token, Error> {
        let now = Moment::now(&*self.inner.platform);
        if let Some((token, soft)) = self.inner.usable(now) {
            if soft && self.inner.flight().is_none() && self.inner.failure(now).is_none() {
                let flight = Inner::start(&self.inner);
                self.inner.platform.spawn(Box::pin(flight.map(drop)));
            }
            return Ok(token);
        }
        let flight = match self.inner.flight() {
            Some(flight) => flight,
            None => match self.inner.failure(now) {
                Some(error) => return Err(error),
                None => Inner::start(&self.inner),
            },
        };
        flight.await
    }

    /// The tenant has refused the token of this generation. A later one is left alone.
    pub fn reject(&self, generation: u64) {
        let mut state = self.inner.state.borrow_mut();
        if state.held.as_ref().is_some_and(|held| held.token.generation == generation) {
            state.held = None;
            state.rejected = true;
        }
    }
}

impl Inner {
    /// The token that is held, and whether it is time for a new one.
    fn usable(&self, now: Moment) -> Option<(Token, bool)> {
        let state = self.state.borrow();
        let held = state.held.as_ref()?;
        let age_ms = held.since.age_ms(now);
        (age_ms < held.hard_ms()).then(|| (held.token.clone(), age_ms >= held.soft_ms()))
    }

    fn flight(&self) -> Option<Flight> {
        self.state.borrow().flight.as_ref()?.upgrade()
    }

    fn failure(&self, now: Moment) -> Option<Error> {
        let state = self.state.borrow();
        let failed = state.failed.as_ref()?;
        let left_ms = failed.pause_ms - failed.since.age_ms(now);
        (left_ms > 0.0).then(|| failed.error.clone().with(|facts| facts.retry_after_ms = Some(left_ms)))
    }

    fn start(inner: &Rc<Inner>) -> Flight {
        let fetch: LocalFuture<_> = Box::pin(Inner::fetch(Rc::clone(inner)));
        let flight = fetch.shared();
        inner.state.borrow_mut().flight = flight.downgrade();
        flight
    }

    async fn fetch(inner: Rc<Inner>) -> Result<Token, Error> {
        let reason = inner.state.borrow().reason();
        let mut entry = inner.journal.begin(Action::Token, &inner.route, None, 1);
        entry.admitted();
        entry.sent();
        // Before the request: the token may have begun to live at any moment after it.
        let since = Moment::now(&*inner.platform);
        let answer = within(&*inner.platform, inner.timeout_ms, inner.source.fetch(reason)).await;
        let answer = answer.unwrap_or_else(|| Err(silent_source(inner.timeout_ms)));
        let generation = inner.state.borrow().given + 1;
        let result = answer.and_then(|answer| answer.check(generation));
        entry.record.status = result.as_ref().err().and_then(|error| error.facts().status);
        entry.close(result.as_ref().err());
        let now = Moment::now(&*inner.platform);
        let mut state = inner.state.borrow_mut();
        state.flight = None;
        match result {
            Ok((token, life_ms)) => {
                state.take(token.clone(), since, life_ms);
                Ok(token)
            }
            Err(error) => {
                state.fail(error.clone(), now);
                Err(error)
            }
        }
    }
}

impl State {
    fn reason(&self) -> TokenReason {
        match (self.rejected, self.given) {
            (true, _) => TokenReason::Rejected,
            (false, 0) => TokenReason::Initial,
            (false, _) => TokenReason::Expiring,
        }
    }

    fn take(&mut self, token: Token, since: Moment, life_ms: f64) {
        self.given = token.generation;
        self.rejected = false;
        self.failed = None;
        self.held = Some(Held { token, since, life_ms });
    }

    fn fail(&mut self, error: Error, since: Moment) {
        let doubled = self.failed.as_ref().map_or(FIRST_PAUSE_MS, |failed| failed.pause_ms * 2.0);
        let asked = error.facts().retry_after_ms.unwrap_or(0.0);
        let pause_ms = doubled.max(asked).min(LONGEST_PAUSE_MS);
        self.failed = Some(Failed { error, since, pause_ms });
    }
}

fn silent_source(limit_ms: f64) -> Error {
    Error::new(
        Code::TokenProviderFailed,
        format!("No token came within {limit_ms:.0} ms. Look into the log of your backend, or raise timeoutMs."),
    )
}
