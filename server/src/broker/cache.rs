//! One token for everybody: kept until shortly before it expires, and fetched once however many ask.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use super::issuer::{IssueFault, Issued};
use super::secret::Secret;
use crate::clock::SharedClock;

/// A token is renewed this long before its end, or after half its life where that is sooner.
const MARGIN: Duration = Duration::from_secs(60);
/// After a failed fetch the tenant is left alone for so long, twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Tokens that callers report as rejected are replaced so often within a minute: nobody can make us flood the tenant.
const RENEWALS_PER_MINUTE: usize = 10;

/// A token and how long it is still good.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) token: Secret,
    pub(super) life: Duration,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoToken {
    pub(super) fault: IssueFault,
    /// When the tenant is asked again.
    pub(super) pause: Duration,
}

#[derive(Default)]
struct State {
    /// The token, from when and until when.
    token: Option<(Secret, Duration, Duration)>,
    /// The last fetch failed, and until when that stands.
    failure: Option<(NoToken, Duration)>,
    failures: u32,
    fetches: u64,
    renewals: Vec<Duration>,
}

/// The cache. Its lock is held during a fetch, which makes the fetch the only one.
pub(super) struct Cache {
    state: Mutex<State>,
    clock: SharedClock,
    /// A copy of the count in the state, to read without waiting for the lock.
    fetches: AtomicU64,
}

impl Cache {
    pub(super) fn new(clock: SharedClock) -> Cache {
        Cache { state: Mutex::default(), clock, fetches: AtomicU64::new(0) }
    }

    /// The current token, or a new one by `fetch`. Whoever waits while another fetches shares its outcome, error
    /// included.
    pub(super) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<Held, NoToken>
    where
        F: Future<Output = Result<Issued, IssueFault>>,
    {
        let seen = self.fetches.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = self.clock.elapsed();
        if let Some(held) = state.fresh(now) {
            return Ok(held);
        }
        let shared = state.fetches > seen;
        if let Some((failure, until)) = &state.failure
            && (shared || now < *until)
        {
            let pause = until.saturating_sub(now);
            return state.valid(now).ok_or(NoToken { pause, ..failure.clone() });
        }
        // A token that is born expired still serves everybody who waited for it.
        if shared && let Some(held) = state.newest(now) {
            return Ok(held);
        }
        // The life counts from before the request (the answer may be slow).
        let outcome = fetch().await;
        state.fetches = state.fetches.saturating_add(1);
        self.fetches.store(state.fetches, Ordering::Release);
        state.settle(outcome, now, self.clock.elapsed())
    }

    /// Forgets a token that the tenant rejected, unless another has taken its place or this happens too often.
    pub(super) async fn reject(&self, token: &Secret) {
        let now = self.clock.elapsed();
        let mut state = self.state.lock().await;
        state.renewals.retain(|at| at.saturating_add(Duration::from_secs(60)) > now);
        let current = state.token.as_ref().is_some_and(|(current, ..)| current.matches(token.expose()));
        if current && state.renewals.len() < RENEWALS_PER_MINUTE {
            state.renewals.push(now);
            state.token = None;
        }
    }

    /// The current token, if there is one: nothing is fetched.
    pub(super) async fn current(&self) -> Option<Held> {
        let now = self.clock.elapsed();
        self.state.lock().await.valid(now)
    }
}

impl State {
    /// The token, however old.
    fn newest(&self, now: Duration) -> Option<Held> {
        let (token, _, until) = self.token.as_ref()?;
        Some(Held { token: token.clone(), life: until.saturating_sub(now) })
    }

    /// The token, unless it has expired.
    fn valid(&self, now: Duration) -> Option<Held> {
        self.newest(now).filter(|held| !held.life.is_zero())
    }

    /// The token, unless it is time to renew it.
    fn fresh(&self, now: Duration) -> Option<Held> {
        let (_, from, until) = self.token.as_ref()?;
        let margin = MARGIN.min(until.saturating_sub(*from) / 2);
        self.newest(now).filter(|held| held.life > margin)
    }

    fn settle(&mut self, outcome: Result<Issued, IssueFault>, asked: Duration, now: Duration) -> Result<Held, NoToken> {
        match outcome {
            Ok(issued) => {
                let until = asked.saturating_add(issued.life);
                self.token = Some((issued.token.clone(), asked, until));
                (self.failure, self.failures) = (None, 0);
                Ok(Held { token: issued.token, life: until.saturating_sub(now) })
            }
            Err(fault) => {
                let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.min(5)).min(LONGEST_PAUSE);
                self.failures = self.failures.saturating_add(1);
                let failure = NoToken { fault, pause };
                self.failure = Some((failure.clone(), now.saturating_add(pause)));
                // A renewal that failed ahead of time hurts nobody yet.
                self.valid(now).ok_or(failure)
            }
        }
    }
}
