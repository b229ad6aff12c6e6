//! The broker: its tenant, its users, its one token.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};

use super::cache::{Cache, Held, NoToken};
use super::callers::Callers;
use super::config::BrokerConfig;
use super::issuer::{IssueFault, Issuer};
use super::journal::Journal;
use super::outbound::{Outbound, OutboundFault};
use super::secret::Secret;
use super::users::{Denied, UserCheck};
use crate::clock::SharedClock;
use crate::problem::Problem;

/// A running broker.
pub struct Broker {
    pub(super) config: BrokerConfig,
    pub(super) outbound: Outbound,
    issuer: Issuer,
    cache: Cache,
    callers: Callers,
    users: Arc<dyn UserCheck>,
    journal: Arc<dyn Journal>,
}

impl Broker {
    /// A broker that has not asked for a token yet.
    ///
    /// # Errors
    /// One sentence, when the configuration makes no URL.
    pub fn new(
        config: BrokerConfig,
        outbound: Outbound,
        callers: Callers,
        users: Arc<dyn UserCheck>,
        journal: Arc<dyn Journal>,
        clock: SharedClock,
    ) -> Result<Broker, String> {
        let issuer = Issuer::new(&config, outbound.clone())?;
        Ok(Broker { config, outbound, issuer, cache: Cache::new(clock), callers, users, journal })
    }

    /// Whether the relay is on.
    pub fn relays(&self) -> bool {
        self.config.relay
    }

    /// Refuses callers of other sites.
    pub(super) fn check_caller(&self, headers: &HeaderMap) -> Result<(), Problem> {
        self.callers.check(headers).inspect_err(|_| self.journal.note("refused a caller of another site"))
    }

    /// Refuses everybody but the broker's own users.
    pub(super) fn check_user(&self, headers: &HeaderMap) -> Result<(), Problem> {
        self.users.check(headers).map_err(|denied| match denied {
            Denied::NotSignedIn => {
                self.journal.note("refused: nobody is signed in");
                Problem::new(StatusCode::UNAUTHORIZED, "Sign in to the console and load the page again.")
            }
            Denied::NotAllowed => {
                self.journal.note("refused: the user is not on the list");
                Problem::new(StatusCode::FORBIDDEN, "You are signed in, but not on the list of those who may debug.")
            }
        })
    }

    /// The token, from the cache or the tenant.
    pub(super) async fn token(&self) -> Result<Held, Problem> {
        let held = self.cache.get(|| async {
            let outcome = self.issuer.issue().await;
            match &outcome {
                Ok(issued) => self.journal.note(&format!("got a token for {} s", issued.life.as_secs())),
                Err(fault) => self.journal.note(&format!("got no token: {fault}")),
            }
            outcome
        });
        held.await.map_err(problem)
    }

    /// The token that is out, if any.
    pub(super) async fn current(&self) -> Option<Held> {
        self.cache.current().await
    }

    /// The tenant rejected a token: the next caller gets a new one.
    pub(super) async fn reject(&self, token: &Secret) {
        self.journal.note("a token was rejected by the tenant");
        self.cache.reject(token).await;
    }
}

/// What the browser is told when there is no token: whether and when to try again, and nothing about the secret.
fn problem(none: NoToken) -> Problem {
    let pause = none.pause.as_secs().saturating_add(u64::from(none.pause.subsec_nanos() > 0)).max(1).to_string();
    let (status, detail, hint) = match none.fault {
        IssueFault::Outbound(OutboundFault::Busy { status: 429 | 503, retry_after }) => {
            (StatusCode::SERVICE_UNAVAILABLE, "The tenant is busy.", retry_after.unwrap_or(pause))
        }
        IssueFault::Outbound(OutboundFault::Timeout) => {
            (StatusCode::GATEWAY_TIMEOUT, "The tenant did not answer in time.", pause)
        }
        IssueFault::Outbound(OutboundFault::Unreachable) => {
            (StatusCode::BAD_GATEWAY, "The tenant cannot be reached.", pause)
        }
        IssueFault::Outbound(_) => (StatusCode::BAD_GATEWAY, "The tenant failed.", pause),
        IssueFault::Refused(_) => {
            (StatusCode::BAD_GATEWAY, "The tenant refuses the broker's credentials; its log says why.", pause)
        }
        IssueFault::NoToken => (StatusCode::BAD_GATEWAY, "The tenant's answer is no bearer token.", pause),
    };
    Problem::new(status, detail).header(header::RETRY_AFTER, &hint)
}
