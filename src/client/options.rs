//! How a session debugger works, and what it refuses to work with.

use super::audit_stored::AuditStorage;
use super::checkpoints::OnCheckpoint;
use super::ledger::RateLimit;
use super::problem::visible;
use super::retry::RetryPolicy;
use super::reveal::RevealOptions;
use super::source::Source;
use super::token::TokenSource;
use super::webhook::Signer;
use crate::error::{Code, Error};
use crate::ingest::Limits;
use crate::platform::Coordinator;
use crate::query::{Endpoint, Parameters};
use crate::scope::Precedence;
use crate::snapshot::Mask;
use crate::value::Policy;
use std::rc::Rc;

/// Where tokens come from.
#[derive(Default)]
pub enum TokenOption {
    /// No token is sent.
    #[default]
    None,
    /// The team's token endpoint: a URL, or a path of the page's own origin.
    Endpoint(String),
    /// A callback of the host.
    Callback(Box<dyn TokenSource>),
}

/// Where deliveries wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutboxStorage {
    /// In the origin's store, which outlives the tab; in memory where the platform has none.
    #[default]
    Persistent,
    /// In memory: what is not delivered is lost with the tab.
    Memory,
}

/// Where snapshots are posted, each at least once and in order.
#[derive(Clone)]
pub struct WebhookOptions {
    /// https, or http on loopback.
    pub url: String,
    /// Per attempt, in ms. Default: 15,000.
    pub timeout_ms: f64,
    /// Default: deliveries are not signed.
    pub signer: Option<Rc<dyn Signer>>,
    /// Default: [`OutboxStorage::Persistent`].
    pub storage: OutboxStorage,
    /// Default: [`WebhookPayload::Snapshot`].
    pub payload: WebhookPayload,
    /// Whether checkpoints of the audit trail are posted as well, when [`DebuggerOptions::on_checkpoint`] would be told, but for the last one
    /// of a debugger. Default: no.
    pub checkpoints: bool,
    /// Whether a delivery waits for those before it. Default: yes. Without order, one that fails is passed by until it is due again.
    pub ordered: bool,
    /// What is posted of one snapshot, in bytes, 1 to 20,000,000; one that is larger is refused with `BODY_TOO_LARGE`. Default: 256 KiB.
    pub max_bytes: usize,
    /// What the payload goes through before it is stored. Default: the standard rules.
    pub mask: Mask,
}

/// What a receiver is told of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookPayload {
    /// All of it, in the tutorial's form.
    #[default]
    Snapshot,
    /// That there is one, of which session, how many names it has, which of them changed since the one that was posted before (16 KiB
    /// of them at most; all are counted), and a hash by which one sees whether anything has changed. No value; names as the mask lets
    /// them through. That what it hides has changed is told.
    Thin,
}

impl WebhookOptions {
    /// A receiver, with everything else by default.
    pub fn new(url: impl Into<String>) -> WebhookOptions {
        let storage = OutboxStorage::default();
        let payload = WebhookPayload::default();
        WebhookOptions {
            url: url.into(),
            timeout_ms: 15_000.0,
            signer: None,
            storage,
            payload,
            checkpoints: false,
            ordered: true,
            max_bytes: 256 * 1_024,
            mask: Mask::standard(),
        }
    }
}

/// What a debugger shares with those of other tabs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TabSharing {
    /// Debuggers with the same name share. Default: the base URL; where tokens travel, the token's URL as well.
    pub name: Option<String>,
    /// Whether a token travels to other tabs over a channel that any script of the origin can listen to. Default: no, each
    /// tab gets its own, one after the other.
    pub token: bool,
}

/// How a debugger works. Everything has a default but where the data comes from.
pub struct DebuggerOptions {
    /// The tenant. Needed unless `source` is given.
    pub base_url: Option<String>,
    /// The route, with `{sessionId}` in it, and `{userId}` where needed. Default: [`crate::query::DEFAULT_PATH`].
    pub path: Option<String>,
    /// What the parts of a query are called in the URL. Default: the tutorial's names.
    pub parameters: Parameters,
    /// Default: none.
    pub token: TokenOption,
    /// Replaces the REST request.
    pub source: Option<Box<dyn Source>>,
    /// Requests in flight. Default: 5.
    pub max_concurrent: usize,
    /// Default: 100 per 60,000 ms.
    pub rate_limit: RateLimit,
    /// The tenant counts the `OPTIONS` that a browser sends ahead of a request with a token to another origin. Default: it does not.
    pub count_preflight: bool,
    /// Default: 4 attempts.
    pub retry: RetryPolicy,
    /// One attempt, from sending to the last byte, in ms. Default: 15,000.
    pub timeout_ms: f64,
    /// Between two pieces of a body, in ms. Default: 10,000.
    pub stall_ms: f64,
    /// One call with all waits and retries, in ms. Default: 60,000. The outbox's store is waited for until then, but 5 s at least.
    pub deadline_ms: f64,
    /// Default: the shape's own.
    pub policy: Option<Policy>,
    /// Default: the shape's own.
    pub precedence: Option<Precedence>,
    /// Types of variables that declare none, by name.
    pub types: Rc<[(String, String)]>,
    /// How much of everything an answer may hold.
    pub limits: Limits,
    /// Refuse session ids that do not begin with this text. Default: none.
    pub require_session_prefix: Option<String>,
    /// Who reads, for the audit trail: at most 128 characters, none of which controls anything. Default: nobody is named.
    pub actor: Option<String>,
    /// Default: none.
    pub webhook: Option<WebhookOptions>,
    /// Whether and how long hidden values may be shown. Default: for 30,000 ms, to anybody who asks.
    pub reveal: RevealOptions,
    /// Where the audit trail is kept. Default: [`AuditStorage::Memory`].
    pub audit: AuditStorage,
    /// Is told how far the audit trail goes, the stored one where it is stored: every 100 records, 60,000 ms after the first one that it was not told of, and when
    /// the debugger is no more. Default: nobody.
    pub on_checkpoint: Option<OnCheckpoint>,
    /// What is shared with the other tabs of the origin; `None`: nothing. Default: the rate limit, and turns at asking for a
    /// token. Only requests to a tenant are shared, not what a `source` does.
    pub tabs: Option<TabSharing>,
    /// The other tabs, where the program has joined them by itself; `tabs` then says nothing. Default: none.
    pub coordinator: Option<Rc<dyn Coordinator>>,
}

impl Default for DebuggerOptions {
    fn default() -> DebuggerOptions {
        DebuggerOptions {
            base_url: None,
            path: None,
            parameters: Parameters::default(),
            token: TokenOption::None,
            source: None,
            max_concurrent: 5,
            rate_limit: RateLimit::default(),
            count_preflight: false,
            retry: RetryPolicy::default(),
            timeout_ms: 15_000.0,
            stall_ms: 10_000.0,
            deadline_ms: 60_000.0,
            policy: None,
            precedence: None,
            types: Rc::default(),
            limits: Limits::default(),
            require_session_prefix: None,
            actor: None,
            audit: AuditStorage::default(),
            webhook: None,
            reveal: RevealOptions::default(),
            on_checkpoint: None,
            tabs: Some(TabSharing::default()),
            coordinator: None,
        }
    }
}

/// No time of an option is longer than a day, in ms.
pub(super) const DAY_MS: f64 = 86_400_000.0;
/// So many characters name whoever reads.
const MOST_ACTOR: usize = 128;

impl DebuggerOptions {
    /// Checks everything and gives the endpoint, if there is one.
    pub(crate) fn check(&self) -> Result<Option<Endpoint>, Error> {
        within("maxConcurrent", self.max_concurrent as f64, 1.0, 1_000.0)?;
        if self.rate_limit != RateLimit::UNKNOWN {
            within("rateLimit.requests", self.rate_limit.requests as f64, 1.0, 1_000_000.0)?;
        }
        within("rateLimit.windowMs", self.rate_limit.window_ms, 1.0, DAY_MS)?;
        within("retry.attempts", f64::from(self.retry.attempts), 1.0, 100.0)?;
        within("retry.baseDelayMs", self.retry.base_delay_ms, 0.0, DAY_MS)?;
        within("retry.throttleDelayMs", self.retry.throttle_delay_ms, 0.0, DAY_MS)?;
        within("retry.maxDelayMs", self.retry.max_delay_ms, 0.0, DAY_MS)?;
        within("retry.outlastMs", self.retry.outlast_ms, 0.0, DAY_MS)?;
        within("timeoutMs", self.timeout_ms, 1.0, DAY_MS)?;
        within("stallMs", self.stall_ms, 1.0, DAY_MS)?;
        within("deadlineMs", self.deadline_ms, 1.0, DAY_MS)?;
        self.reveal.check()?;
        if self.actor.as_ref().is_some_and(|actor| actor.is_empty() || visible(actor.trim(), MOST_ACTOR) != *actor) {
            return Err(invalid(
                "The option actor is a text of 1 to 128 characters without controls and spaces around it.",
            ));
        }
        if let Some(webhook) = &self.webhook {
            within("webhook.timeoutMs", webhook.timeout_ms, 1.0, DAY_MS)?;
            within("webhook.maxBytes", webhook.max_bytes as f64, 1.0, 20_000_000.0)?;
            if !is_safe_url(&webhook.url) {
                return Err(invalid(
                    "The option webhook.url must be https (http on loopback), without user info or fragment.",
                ));
            }
        }
        if let TokenOption::Endpoint(url) = &self.token
            && !is_own_path(url)
            && !is_safe_url(url)
        {
            return Err(invalid(
                "The option token must be a path of this origin or a URL that is https (http on loopback), without user info or fragment.",
            ));
        }
        match (&self.base_url, &self.source) {
            (Some(base_url), _) => {
                Endpoint::new(base_url, self.path.as_deref())?.with_parameters(self.parameters.clone()).map(Some)
            }
            (None, Some(_)) => Ok(None),
            (None, None) => Err(invalid("Give the option baseUrl, or a source that replaces the request.")),
        }
    }
}

pub(super) fn within(name: &str, value: f64, least: f64, most: f64) -> Result<(), Error> {
    if value >= least && value <= most {
        return Ok(());
    }
    Err(invalid(format!("The option {name} must be between {least} and {most}.")))
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Code::ConfigInvalid, message)
}

/// Judged like a base URL; a query is allowed.
fn is_safe_url(url: &str) -> bool {
    let base = url.split_once('?').map_or(url, |(base, _)| base);
    is_plain(url) && Endpoint::new(base, None).is_ok()
}

fn is_own_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//") && is_plain(url)
}

fn is_plain(url: &str) -> bool {
    url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#')
}
