//! One token for everybody: fetched once however many ask, renewed ahead of its end, dropped when it is refused.

use super::age::{Age, Moment};
use super::audit::{Action, Journal};
use super::hint::{DelaySource, LONGEST_HINT_MS};
use super::retry::{Class, Decided, Failure, RetryKind, RetryPolicy, hinted_ms};
use super::timing::within;
use super::token::{Token, TokenAnswer, TokenReason, TokenSource};
use crate::error::{Code, Error};
use crate::platform::{Coordinator, LocalFuture, Platform, SharedToken};
use crate::snapshot::Mask;
use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// Longest time without another try after the first failure, in ms; doubles with every further failure.
const FIRST_PAUSE_MS: f64 = 1_000.0;
/// Also the pause after a 429 or 5xx that names none: whoever is overrun is not helped by more requests.
const LONGEST_PAUSE_MS: f64 = 60_000.0;
/// One of many calls outlasts a source that fails for so long, in ms.
const OUTAGE_MS: f64 = 300_000.0;
/// Attempts at one token, where the way to its source is at fault.
const ATTEMPTS: u32 = 3;

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
    policy: RetryPolicy,
    journal: Journal,
    coordinator: Option<Rc<dyn Coordinator>>,
    state: RefCell<State>,
    /// Tells when the page is left.
    _leaving: Box<dyn Any>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Weak: when the last one who waits leaves, the request is dropped.
    flight: Option<WeakShared<LocalFuture<Result<Token, Error>>>>,
    failed: Option<Failed>,
    /// In a row.
    failures: u32,
    given: u64,
    rejected: bool,
    /// What the tenant refused, until there is another.
    refused: Option<Token>,
    /// How often all was forgotten, here and in other tabs.
    drops: u64,
    heard_drops: u64,
}

struct Held {
    token: Token,
    age: Age,
    life_ms: f64,
}

struct Failed {
    error: Error,
    /// The first failure in a row.
    first: Moment,
    since: Moment,
    pause_ms: f64,
}

impl Failed {
    fn left_ms(&self, now: Moment) -> f64 {
        (self.pause_ms - self.since.age_ms(now)).max(0.0)
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
        TokenCache::shared(platform, source, timeout_ms, RetryPolicy::default(), journal, None)
    }

    pub(crate) fn shared(
        platform: Rc<dyn Platform>,
        source: Box<dyn TokenSource>,
        timeout_ms: f64,
        policy: RetryPolicy,
        journal: Journal,
        coordinator: Option<Rc<dyn Coordinator>>,
    ) -> TokenCache {
        let route = source.route().into();
        let state = RefCell::default();
        // Of the options only those hold that tell how long a source that starts anew is outlasted.
        let RetryPolicy { outlast_ms, max_delay_ms, .. } = policy;
        let policy = RetryPolicy { attempts: ATTEMPTS, outlast_ms, max_delay_ms, ..RetryPolicy::default() };
        let inner = Rc::new_cyclic(|inner: &Weak<Inner>| {
            let inner = Weak::clone(inner);
            // The others need theirs.
            let leave = move || inner.upgrade().into_iter().for_each(|inner| inner.forget());
            let _leaving = platform.on_leave(Box::new(leave));
            Inner { platform, source, route, timeout_ms, policy, journal, coordinator, state, _leaving }
        });
        TokenCache { inner }
    }

    /// A token that can be sent now.
    ///
    /// # Errors
    /// `TOKEN_PROVIDER_FAILED` or `TOKEN_INVALID`; the same for everybody who waited, and for whoever asks again within
    /// the pause that follows a failure.
    pub async fn get(&self) -> Result<Token, Error> {
        self.inner.heed_drops();
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

    /// How long one of many calls that has failed with this error waits until it asks again, in ms. `None` where that would be in vain,
    /// or has been for too long: a source that stays away does not hold up all of them for ever.
    pub(crate) fn patience_ms(&self, error: &Error) -> Option<f64> {
        let now = Moment::now(&*self.inner.platform);
        let state = self.inner.state.borrow();
        let failed =
            state.failed.as_ref().filter(|_| error.code() == Code::TokenProviderFailed && error.is_retryable())?;
        let left_ms = failed.left_ms(now);
        (failed.first.age_ms(now) + left_ms <= OUTAGE_MS).then_some(left_ms)
    }

    /// The tenant has refused the token of this generation. A later one is left alone.
    pub fn reject(&self, generation: u64) {
        let mut state = self.inner.state.borrow_mut();
        if state.held.as_ref().is_some_and(|held| held.token.generation == generation) {
            state.refused = state.held.take().map(|held| held.token);
            state.rejected = true;
        }
    }

    /// Forgets the token and the failures, and what a request under way is about to bring; other tabs do the same.
    pub fn drop_token(&self) {
        self.inner.forget();
        if let Some(coordinator) = &self.inner.coordinator {
            coordinator.drop_token();
        }
    }
}

impl Inner {
    fn forget(&self) {
        self.state.borrow_mut().forget();
        Mask::forget_tokens();
    }

    /// The token that is held, and whether it is time for a new one.
    fn usable(&self, now: Moment) -> Option<(Token, bool)> {
        let mut state = self.state.borrow_mut();
        let held = state.held.as_mut()?;
        let age_ms = held.age.look(now);
        (age_ms < held.hard_ms()).then(|| (held.token.clone(), age_ms >= held.soft_ms()))
    }

    fn flight(&self) -> Option<Flight> {
        self.state.borrow().flight.as_ref()?.upgrade()
    }

    fn failure(&self, now: Moment) -> Option<Error> {
        let state = self.state.borrow();
        let failed = state.failed.as_ref()?;
        let left_ms = failed.left_ms(now);
        (left_ms > 0.0).then(|| failed.error.clone().with(|facts| facts.retry_after_ms = Some(left_ms)))
    }

    fn start(inner: &Rc<Inner>) -> Flight {
        let fetch: LocalFuture<_> = Box::pin(Inner::fetch(Rc::clone(inner)));
        let flight = fetch.shared();
        inner.state.borrow_mut().flight = flight.downgrade();
        flight
    }

    /// Forgets the token where another tab has done so.
    fn heed_drops(&self) {
        let Some(coordinator) = &self.coordinator else { return };
        let heard = coordinator.token_drops();
        let mut state = self.state.borrow_mut();
        if std::mem::replace(&mut state.heard_drops, heard) != heard {
            state.forget();
        }
    }

    async fn fetch(inner: Rc<Inner>) -> Result<Token, Error> {
        let (drops, refused) = {
            let state = inner.state.borrow();
            (state.drops, state.refused.clone())
        };
        let mut turn = None;
        if let Some(coordinator) = &inner.coordinator {
            turn = Some(coordinator.token_turn(refused.as_ref().map(Token::text)).await);
        }
        let given = turn.as_mut().and_then(|turn| turn.given());
        let mut result = match given.and_then(|token| inner.accept(token)) {
            Some(accepted) => Ok(accepted),
            None => inner.ask().await,
        };
        if result.as_mut().is_ok_and(|(_, age, life_ms)| inner.has_slept(age, *life_ms)) {
            result = inner.ask().await;
        }
        inner.heed_drops();
        // Before it is handed on: it is of a user who has logged out.
        if inner.state.borrow().drops != drops {
            return Err(dropped());
        }
        if let (Some(turn), Ok((token, age, life_ms))) = (&mut turn, &mut result) {
            let life_ms = *life_ms - age.look(Moment::now(&*inner.platform));
            turn.share(&SharedToken { access_token: token.text().to_owned(), life_ms });
        }
        let now = Moment::now(&*inner.platform);
        let pause_ms = result.as_ref().err().map(|error| inner.pause_ms(error));
        let mut state = inner.state.borrow_mut();
        state.flight = None;
        match result {
            Ok((token, mut age, life_ms)) => {
                age.look(now);
                state.take(token.clone(), age, life_ms);
                Ok(token)
            }
            Err(error) => {
                // The network comes back when it does, and no request was made.
                if error.code() != Code::Offline {
                    state.fail(error.clone(), now, pause_ms.unwrap_or(0.0));
                }
                Err(error)
            }
        }
    }

    /// Whether a token has run out while it was waited for, longer than anybody waits: the computer slept, or a clock was set.
    fn has_slept(&self, age: &mut Age, life_ms: f64) -> bool {
        age.look(Moment::now(&*self.platform)) >= life_ms.max(self.timeout_ms)
    }

    /// A token that another tab shares.
    fn accept(&self, shared: SharedToken) -> Option<(Token, Age, f64)> {
        let expires_in = Some(shared.life_ms / 1_000.0);
        let answer = TokenAnswer { access_token: shared.access_token, token_type: None, expires_in };
        let (token, life_ms) = answer.check(self.state.borrow().given + 1).ok()?;
        Some((token, Age::since(Moment::now(&*self.platform)), life_ms))
    }

    /// Asks the source, again where the way to it is at fault.
    async fn ask(&self) -> Result<(Token, Age, f64), Error> {
        let mut attempt = 1;
        let began_ms = self.platform.monotonic_ms();
        let mut first_failed = None;
        loop {
            let reason = self.state.borrow().reason();
            let mut entry = self.journal.begin(Action::Token, &self.route, None, attempt);
            entry.admitted();
            entry.sent();
            // Before the request: the token may have begun to live at any moment after it.
            let mut age = Age::since(Moment::now(&*self.platform));
            let answer = within(&*self.platform, self.timeout_ms, self.source.fetch(reason)).await;
            let answer = answer.unwrap_or_else(|| Err(silent_source(self.timeout_ms)));
            let generation = self.state.borrow().given + 1;
            let error = match answer.and_then(|answer| answer.check(generation)) {
                Ok((token, life_ms)) => {
                    age.look(Moment::now(&*self.platform));
                    entry.close(None);
                    return Ok((token, age, life_ms));
                }
                Err(error) => error,
            };
            // All attempts together take no longer than one may.
            let now = self.platform.monotonic_ms();
            let left_ms = began_ms + self.timeout_ms - now;
            let since_first_ms = now - *first_failed.get_or_insert(now);
            let decided = self.decide(&error, attempt, left_ms, since_first_ms);
            entry.record.status = error.facts().status;
            entry.record.decided = Some(decided);
            entry.close(Some(&error));
            match decided.delay_ms {
                Some(ms) => self.platform.sleep(ms).await,
                None => return Err(error),
            }
            attempt += 1;
        }
    }

    /// A 500 is the source's own, and is not repeated: asking for a token may not be without effect.
    fn decide(&self, error: &Error, attempt: u32, left_ms: f64, since_first_ms: f64) -> Decided {
        let facts = error.facts();
        let kind = match facts.status {
            _ if error.code() != Code::TokenProviderFailed => None,
            Some(429) => Some(RetryKind::Throttle),
            Some(503) if facts.retry_after_ms.is_some() => Some(RetryKind::Throttle),
            None | Some(408 | 502 | 503 | 504) => Some(RetryKind::Transient),
            Some(_) => None,
        };
        let class = match kind {
            Some(RetryKind::Throttle) => Class::Throttle,
            Some(RetryKind::Transient) => Class::Transient,
            None => Class::Never,
        };
        let never = Decided { class, delay_ms: None, source: None };
        let Some(kind) = kind.filter(|_| self.source.repeats() && attempt < ATTEMPTS) else { return never };
        let unit = self.platform.unit();
        let (ms, source) = match facts.retry_after_ms {
            Some(hint_ms) => (hinted_ms(hint_ms, unit), DelaySource::RetryAfter),
            None => {
                let failure = Failure { kind, hint_ms: None, attempt, remaining_ms: left_ms, since_first_ms };
                // How soon again is none of the options: at once would do no good to a source that is overrun.
                let least_ms = RetryPolicy::default().backoff_ms(kind, attempt, unit);
                (self.policy.unhinted_ms(&failure, unit).max(least_ms), DelaySource::Backoff)
            }
        };
        if ms < left_ms { Decided { class, delay_ms: Some(ms), source: Some(source) } } else { never }
    }

    /// How long nobody asks again after a failure.
    fn pause_ms(&self, error: &Error) -> f64 {
        let state = self.state.borrow();
        let most = FIRST_PAUSE_MS * f64::from(2_u32.saturating_pow(state.failures));
        match (error.facts().retry_after_ms, error.facts().status) {
            (Some(asked_ms), _) => asked_ms.clamp(FIRST_PAUSE_MS, LONGEST_HINT_MS),
            (None, Some(429 | 500..)) => LONGEST_PAUSE_MS,
            _ => most.min(LONGEST_PAUSE_MS) * self.platform.unit(),
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

    fn take(&mut self, token: Token, age: Age, life_ms: f64) {
        self.given = token.generation;
        self.rejected = false;
        self.refused = None;
        self.failed = None;
        self.failures = 0;
        self.held = Some(Held { token, age, life_ms });
    }

    fn fail(&mut self, error: Error, since: Moment, pause_ms: f64) {
        self.failures = self.failures.saturating_add(1);
        // Of what was long ago nobody knows whether it has gone on.
        let before = self.failed.as_ref().filter(|before| before.since.age_ms(since) <= OUTAGE_MS);
        let first = before.map_or(since, |before| before.first);
        self.failed = Some(Failed { error, first, since, pause_ms });
    }

    fn forget(&mut self) {
        *self = State { given: self.given, drops: self.drops + 1, heard_drops: self.heard_drops, ..State::default() };
    }
}

fn dropped() -> Error {
    Error::new(
        Code::TokenProviderFailed,
        "The token was dropped while it was asked for, as after a logout. Sign in to your own application and try again.",
    )
}

fn silent_source(limit_ms: f64) -> Error {
    Error::new(
        Code::TokenProviderFailed,
        format!("No token came within {limit_ms:.0} ms. Look into the log of your backend, or raise timeoutMs."),
    )
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::client::TokenEndpoint;
    use crate::platform::{Reply, Request, VirtualPlatform};

    /// When an endpoint is asked that answers 429 and names no time.
    fn asked(policy: RetryPolicy) -> Vec<f64> {
        let platform = VirtualPlatform::new(1);
        platform.serve(|_: &Request, _: f64| Reply::status(429));
        let shared: Rc<dyn Platform> = Rc::new(platform.clone());
        let source = Box::new(TokenEndpoint::new(Rc::clone(&shared), "/token"));
        let journal = Journal::new(Rc::clone(&shared), None);
        let cache = TokenCache::shared(shared, source, 15_000.0, policy, journal, None);
        assert!(matches!(platform.run(async move { cache.get().await }), Some(Err(_))));
        platform.seen().iter().map(|seen| seen.at_ms).collect()
    }

    #[test]
    fn a_source_that_is_overrun_is_left_alone_whatever_the_options_say_of_the_tenant() {
        let moments = asked(RetryPolicy { max_delay_ms: 0.0, ..RetryPolicy::default() });
        assert_eq!(moments, asked(RetryPolicy::default()));
        assert!(moments.len() == 3 && moments.windows(2).all(|two| two[1] - two[0] > 100.0), "{moments:?}");
    }
}
