//! One token for everybody: kept until shortly before it expires, and fetched once however many ask.

use std::future::Future;
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
    token: Option<(Secret, Duration, Duration)>, // the token, from when and until when
    failure: Option<(NoToken, Duration)>,        // until when it stands
    failures: u32,
    fetches: u64,
    renewals: Vec<Duration>,
}

/// The cache. Its lock is held during a fetch, which makes the fetch the only one.
pub(super) struct Cache {
    state: Mutex<State>,
    clock: SharedClock,
    fetches: std::sync::atomic::AtomicU64,
}

impl Cache {
    pub(super) fn new(clock: SharedClock) -> Cache {
        Cache { state: Mutex::default(), clock, fetches: std::sync::atomic::AtomicU64::new(0) }
    }

    /// The current token, or a new one by `fetch`. Whoever waits while another fetches shares its outcome, error
    /// included.
    pub(super) async fn get<F>(&self, fetch: impl FnOnce() -> F) -> Result<Held, NoToken>
    where
        F: Future<Output = Result<Issued, IssueFault>>,
    {
        let seen = self.fetches.load(std::sync::atomic::Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = self.clock.elapsed();
        if let Some(held) = state.held(now) {
            return Ok(held);
        }
        if let Some((failure, until)) = &state.failure
            && (state.fetches > seen || now < *until)
        {
            let pause = until.saturating_sub(now);
            return Err(NoToken { pause, ..failure.clone() });
        }
        // The life counts from before the request (the answer may be slow).
        let outcome = fetch().await;
        state.fetches = state.fetches.saturating_add(1);
        self.fetches.store(state.fetches, std::sync::atomic::Ordering::Release);
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
        let state = self.state.lock().await;
        let (token, _, until) = state.token.as_ref()?;
        (now < *until).then(|| Held { token: token.clone(), life: until.saturating_sub(now) })
    }
}

impl State {
    fn held(&self, now: Duration) -> Option<Held> {
        let (token, from, until) = self.token.as_ref()?;
        let margin = MARGIN.min(until.saturating_sub(*from) / 2);
        (now.saturating_add(margin) < *until).then(|| Held { token: token.clone(), life: until.saturating_sub(now) })
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
                Err(failure)
            }
        }
    }
}
