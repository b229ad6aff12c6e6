//! The session debugger: what a program holds in its hand.

use super::audit::{Action, AuditRecord, Journal};
use super::audit_chain::Checkpoint;
use super::body::OnFirstRows;
use super::bulk::{BulkOptions, Snapshots};
use super::call::{Call, Desk, Manner};
use super::cancel::Cancel;
use super::checkpoints::OnCheckpoint;
use super::limiter::Limiter;
use super::metrics::Metrics;
use super::options::{DebuggerOptions, TokenOption};
use super::outbox::{Outbox, OutboxStatus, WeakOutbox};
use super::pages::read_pages;
use super::preflight::Preflights;
use super::progress::{OnProgress, Phase, Reporter};
use super::queue::Lane;
use super::request::Rest;
use super::retry::Decided;
use super::reveal::RevealOptions;
use super::source::{Source, read_source};
use super::tabs::{Tabs, TabsOptions};
use super::token::TokenSource;
use super::token_cache::TokenCache;
use super::token_endpoint::TokenEndpoint;
use super::watch::{Watch, Watched};
use super::wire::wire_metrics;
use crate::error::{Code, Error};
use crate::ingest::Limits;
use crate::platform::{Coordinator, Platform};
use crate::query::VariableQuery;
use crate::snapshot::{IngestOptions, Snapshot, SnapshotBuilder, Taken};
use std::cell::{Cell, OnceCell};
use std::future::Future;
use std::rc::Rc;

/// What a caller may add to a call.
#[derive(Clone)]
pub struct CallOptions {
    /// Stops the call.
    pub cancel: Option<Cancel>,
    /// Is told how far it is.
    pub progress: Option<OnProgress>,
    /// Is given the first fifty rows, or some more, while the rest is still arriving: once at most, as a snapshot of their
    /// own that says it is not complete. What comes later may hide some of them. Not called where the body is no list of
    /// rows, or has fewer, or where fewer of those that were asked for stand in its first MiB.
    pub first_rows: Option<OnFirstRows>,
    /// Which lane it waits in. Default: the one that goes first.
    pub lane: Lane,
    /// Whether the snapshot goes to the webhook. Default: yes.
    pub post: bool,
}

impl Default for CallOptions {
    fn default() -> CallOptions {
        CallOptions { cancel: None, progress: None, first_rows: None, lane: Lane::default(), post: true }
    }
}

/// Fetches the variables of sessions: one token in flight, retries, rate limit, pages, audit. Clones are the same debugger.
///
/// ```
/// use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, SessionDebugger};
/// use cognigy_session_debugger::platform::{Reply, VirtualPlatform};
/// use cognigy_session_debugger::query::VariableQuery;
/// use std::rc::Rc;
///
/// let platform = VirtualPlatform::new(1);
/// platform.serve(|_: &_, _| Reply::json(r#"{"variables":[{"name":"age","value":"42","scope":"user"}]}"#));
/// let options = DebuggerOptions { base_url: Some("https://tenant.example".into()), ..DebuggerOptions::default() };
/// let debugger = SessionDebugger::new(options, Rc::new(platform.clone()))?;
/// let read = debugger.snapshot(VariableQuery::session("sess_1"), CallOptions::default());
/// assert_eq!(platform.run(read).unwrap()?.len(), 1);
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Clone)]
pub struct SessionDebugger {
    inner: Rc<Inner>,
}

struct Inner {
    desk: Rc<Desk>,
    origin: Origin,
    outbox: Option<Outbox>,
    options: DebuggerOptions,
    /// Whether and how hidden values are shown from now on.
    reveals: Cell<RevealOptions>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(outbox) = &self.outbox {
            outbox.leave();
        }
    }
}

/// Where bodies come from.
enum Origin {
    Rest(Rest),
    Host(Box<dyn Source>),
}

/// Joins the other tabs, if there is anything to share with them.
fn join_tabs(options: &DebuggerOptions, platform: &Rc<dyn Platform>) -> Option<Rc<dyn Coordinator>> {
    let sharing = options.tabs.as_ref()?;
    let base_url = options.base_url.as_deref().filter(|_| options.source.is_none())?;
    let name = match (&sharing.name, &options.token) {
        (Some(name), _) => name.clone(),
        // Tokens of other endpoints may belong to other users.
        (None, TokenOption::Endpoint(url)) if sharing.token => [base_url, "\n", url].concat(),
        (None, _) => base_url.to_owned(),
    };
    let among = TabsOptions {
        rate: options.rate_limit,
        timeout_ms: options.timeout_ms,
        share_token: sharing.token,
        ..TabsOptions::new(name)
    };
    Some(Rc::new(Tabs::new(Rc::clone(platform), &among)))
}

/// Tells the host of checkpoints, and the webhook where it is to know them.
fn checkpoint_listener(options: &mut DebuggerOptions, hook: &Rc<OnceCell<WeakOutbox>>) -> Option<OnCheckpoint> {
    let host = options.on_checkpoint.take();
    if !options.webhook.as_ref().is_some_and(|webhook| webhook.checkpoints) {
        return host;
    }
    let hook = Rc::clone(hook);
    Some(Rc::new(move |checkpoint| {
        if let Some(host) = &host {
            host(checkpoint);
        }
        if let Some(outbox) = hook.get().and_then(WeakOutbox::upgrade) {
            outbox.post_checkpoint(checkpoint);
        }
    }))
}

impl SessionDebugger {
    /// Makes a debugger. Nothing is requested yet.
    ///
    /// # Errors
    /// `CONFIG_INVALID`, naming the option.
    pub fn new(mut options: DebuggerOptions, platform: Rc<dyn Platform>) -> Result<SessionDebugger, Error> {
        let endpoint = options.check()?;
        let coordinator = options.coordinator.take().or_else(|| join_tabs(&options, &platform));
        let hook: Rc<OnceCell<WeakOutbox>> = Rc::default();
        let journal = Journal::new(Rc::clone(&platform), checkpoint_listener(&mut options, &hook))
            .by(options.actor.as_deref())
            .kept_in(options.audit);
        let limiter = Limiter::shared(
            Rc::clone(&platform),
            options.rate_limit,
            options.max_concurrent,
            options.retry,
            coordinator.clone(),
        );
        let source: Option<Box<dyn TokenSource>> = match std::mem::take(&mut options.token) {
            TokenOption::None => None,
            TokenOption::Endpoint(url) => Some(Box::new(TokenEndpoint::new(Rc::clone(&platform), &url))),
            TokenOption::Callback(source) => Some(source),
        };
        let tokens = source.map(|source| {
            let (timeout_ms, policy, journal) = (options.timeout_ms, options.retry, journal.clone());
            TokenCache::shared(Rc::clone(&platform), source, timeout_ms, policy, journal, coordinator.clone())
        });
        // What is sent without one, is sent without asking.
        let has_token = tokens.is_some();
        let origin = match (options.source.take(), endpoint) {
            (Some(source), _) => Origin::Host(source),
            (None, Some(endpoint)) => Origin::Rest(Rest { route: endpoint.route().into(), endpoint, tokens }),
            (None, None) => return Err(Error::new(Code::ConfigInvalid, "There is nothing to read from.")),
        };
        let desk = Rc::new(Desk {
            platform,
            limiter,
            journal,
            policy: options.retry,
            budget: Rc::default(),
            timeout_ms: options.timeout_ms,
            stall_ms: options.stall_ms,
            preflights: Preflights::new(options.count_preflight && has_token),
            callers: Cell::new(0),
            watched: Watched::default(),
        });
        let outbox = options.webhook.clone().map(|webhook| Outbox::new(Rc::clone(&desk), webhook));
        if let Some(outbox) = &outbox {
            let _ = hook.set(outbox.downgrade());
        }
        let reveals = Cell::new(options.reveal);
        Ok(SessionDebugger { inner: Rc::new(Inner { desk, origin, outbox, options, reveals }) })
    }

    /// Reads one session.
    ///
    /// Where a later page could not be had for a reason that may pass, the snapshot is what was read before, marked as
    /// not complete; the reason is in the audit and in the last word of progress.
    ///
    /// # Errors
    /// `INPUT_INVALID` for the query; `ABORTED` when cancelled; otherwise what became of the last attempt.
    pub fn snapshot(
        &self,
        query: VariableQuery,
        call: CallOptions,
    ) -> impl Future<Output = Result<Snapshot, Error>> + use<> {
        let manner = Manner { lane: call.lane, ..Manner::default() };
        self.read(query, call, manner)
    }

    /// Reads many sessions, at most `max_concurrent` at a time and within the rate limit. Outcomes come as they are
    /// ready; time spent waiting for the rate limit, or for a network that is away, does not count for the deadline.
    /// Dropping the stream cancels the rest; a cancelled stream ends.
    pub fn snapshots(&self, queries: impl IntoIterator<Item = VariableQuery>, cancel: Option<Cancel>) -> Snapshots {
        self.snapshots_with(queries, BulkOptions { cancel, ..BulkOptions::default() })
    }

    /// The same with progress, and with another try for what failed.
    pub fn snapshots_with(&self, queries: impl IntoIterator<Item = VariableQuery>, options: BulkOptions) -> Snapshots {
        Snapshots::new(self.clone(), queries.into_iter().collect(), options)
    }

    /// Reads one session again and again. The pause lies between the end of one read and the start of the next.
    ///
    /// # Errors
    /// `INPUT_INVALID` for an interval that is not between 1 ms and one day.
    pub fn watch(&self, query: VariableQuery, interval_ms: f64, cancel: Cancel) -> Result<Watch, Error> {
        Watch::new(self.clone(), query, interval_ms, cancel)
    }

    /// Makes a snapshot of bytes that the host already has. What `options` leave open is as the debugger's own options.
    ///
    /// # Errors
    /// Those of a body that cannot be read at all.
    pub fn ingest(&self, body: Vec<u8>, mut options: IngestOptions) -> Result<Snapshot, Error> {
        let desk = &self.inner.desk;
        let own = &self.inner.options;
        options.policy = options.policy.or(own.policy);
        options.precedence = options.precedence.or_else(|| own.precedence.clone());
        if options.types.is_empty() {
            options.types = Rc::clone(&own.types);
        }
        if options.limits == Limits::default() {
            options.limits = own.limits;
        }
        options.seed = self.seed();
        let session = options.session_id.as_deref().map(Rc::from);
        let mut entry = desk.journal.begin(Action::Ingest, &"ingest".into(), session.as_ref(), 1);
        entry.admitted();
        entry.record.bytes = body.len();
        let snapshot = Snapshot::parse(body, options, desk.platform.wall_ms());
        entry.record.count = snapshot.as_ref().ok().map(Snapshot::entry_count);
        entry.record.decided = snapshot.as_ref().err().map(|_| Decided::NEVER);
        entry.close(snapshot.as_ref().err());
        snapshot
    }

    /// Counts since the debugger was made.
    pub fn metrics(&self) -> Metrics {
        let limiter = &self.inner.desk.limiter;
        Metrics {
            requests_used: limiter.used(),
            requests_allowed: limiter.allowed(),
            retry_budget: self.inner.desk.budget.borrow().left(),
            audit_dropped: self.audit_dropped(),
            ..self.inner.desk.journal.metrics()
        }
    }

    /// Forgets the token, in every tab: the user has logged out. Calls under way go on with what they have.
    pub fn drop_token(&self) {
        if let Origin::Rest(Rest { tokens: Some(tokens), .. }) = &self.inner.origin {
            tokens.drop_token();
        }
    }

    /// Records that a read was lost with the engine that this one replaces: `WASM_TRAP`. Its session, where that is known.
    ///
    /// ```
    /// use cognigy_session_debugger::Code;
    /// use cognigy_session_debugger::client::{DebuggerOptions, SessionDebugger};
    /// use cognigy_session_debugger::platform::VirtualPlatform;
    /// use std::rc::Rc;
    /// let options = DebuggerOptions { base_url: Some("https://tenant.example".into()), ..DebuggerOptions::default() };
    /// let sessions = SessionDebugger::new(options, Rc::new(VirtualPlatform::new(1)))?;
    /// sessions.note_breakdown(Some("sess_1"));
    /// assert_eq!(sessions.audit_trail()[0].outcome, Some(Code::WasmTrap));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn note_breakdown(&self, session: Option<&str>) {
        let (action, route) = match &self.inner.origin {
            Origin::Rest(rest) => (Action::Read, Rc::clone(&rest.route)),
            Origin::Host(_) => (Action::Source, "source".into()),
        };
        let error = Error::new(Code::WasmTrap, "The engine broke down.");
        let mut entry = self.inner.desk.journal.begin(action, &route, session.map(Rc::from).as_ref(), 1);
        entry.record.decided = Some(Decided::NEVER);
        entry.close(Some(&error));
    }

    /// The latest 10,000 records, oldest first.
    pub fn audit_trail(&self) -> Vec<AuditRecord> {
        self.inner.desk.journal.records()
    }

    /// Goes on with the audit trail and the counts of a debugger that this one replaces: the options of a debugger cannot change, its
    /// records must not be lost. What the other one still has under way is recorded here.
    ///
    /// # Errors
    /// `INPUT_INVALID` where this one has records of its own already.
    ///
    /// ```
    /// use cognigy_session_debugger::client::{DebuggerOptions, SessionDebugger};
    /// use cognigy_session_debugger::platform::VirtualPlatform;
    /// use cognigy_session_debugger::snapshot::IngestOptions;
    /// use std::rc::Rc;
    /// let tenant = |url: &str| {
    ///     let options = DebuggerOptions { base_url: Some(url.into()), ..DebuggerOptions::default() };
    ///     SessionDebugger::new(options, Rc::new(VirtualPlatform::new(1)))
    /// };
    /// let (before, after) = (tenant("https://one.example")?, tenant("https://two.example")?);
    /// let body = br#"{"variables":[]}"#;
    /// before.ingest(body.to_vec(), IngestOptions::default())?;
    /// after.continue_from(&before)?;
    /// after.ingest(body.to_vec(), IngestOptions::default())?;
    /// assert_eq!(after.audit_trail().iter().map(|record| record.seq).collect::<Vec<_>>(), [1, 2]);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn continue_from(&self, earlier: &SessionDebugger) -> Result<(), Error> {
        self.inner.desk.journal.continue_from(&earlier.inner.desk.journal)
    }

    /// What became of the latest 10,000 attempts at a delivery, of all webhooks and tabs of the origin, oldest first: each as JSON with
    /// `at`, the message's `id`, `attempt`, `status` and `outcome`. Written together with what the attempt changed, so that none is left out.
    /// Empty without a webhook.
    ///
    /// # Errors
    /// `STORAGE_UNAVAILABLE`.
    pub fn deliveries(&self) -> impl Future<Output = Result<Vec<String>, Error>> + use<> {
        let outbox = self.inner.outbox.clone();
        async move {
            match outbox {
                Some(outbox) => outbox.log().await,
                None => Ok(Vec::new()),
            }
        }
    }

    /// The audit trail that the origin's store keeps of all tabs, oldest first: each record as its JSON, which has besides
    /// `monoMs`, `tab`, `trail` and, in place of the session's id, `sessionRef`. Of one session only, where it is named.
    ///
    /// # Errors
    /// `CONFIG_INVALID` where the trail is not stored; `STORAGE_UNAVAILABLE`.
    pub fn stored_audit_trail(
        &self,
        session: Option<String>,
    ) -> impl Future<Output = Result<Vec<String>, Error>> + use<> {
        self.inner.desk.journal.stored_records(session)
    }

    /// How far the audit trail goes by now, for [`verify_audit`](super::verify_audit) later on.
    pub fn audit_checkpoint(&self) -> Checkpoint {
        self.inner.desk.journal.checkpoint()
    }

    /// How many older records the trail no longer holds.
    pub fn audit_dropped(&self) -> u64 {
        self.inner.desk.journal.dropped()
    }

    /// How the outbox of the webhook stands. `None` where the debugger has no webhook.
    ///
    /// # Errors
    /// `STORAGE_UNAVAILABLE` where the browser refuses to look.
    pub fn outbox(&self) -> impl Future<Output = Result<Option<OutboxStatus>, Error>> + use<> {
        let outbox = self.inner.outbox.clone();
        async move {
            match outbox {
                Some(outbox) => outbox.status().await.map(Some),
                None => Ok(None),
            }
        }
    }

    /// Gives the deliveries that were given up all their attempts again, tries a receiver that said it was gone (410)
    /// once more, and says how many deliveries came back.
    ///
    /// # Errors
    /// `STORAGE_UNAVAILABLE` where the browser refuses it.
    pub fn replay_outbox(&self) -> impl Future<Output = Result<usize, Error>> + use<> {
        let outbox = self.inner.outbox.clone();
        async move {
            match outbox {
                Some(outbox) => outbox.replay().await,
                None => Ok(0),
            }
        }
    }

    pub(super) fn reveals(&self) -> &Cell<RevealOptions> {
        &self.inner.reveals
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.inner.desk
    }

    pub(crate) fn max_concurrent(&self) -> usize {
        self.inner.options.max_concurrent
    }

    /// What the first request of a query counts as.
    pub(crate) fn cost_of(&self, query: &VariableQuery) -> usize {
        match &self.inner.origin {
            Origin::Rest(rest) => {
                let desk = self.desk();
                rest.endpoint.url(query).map_or(1, |url| desk.preflights.fresh_cost(&*desk.platform, &url))
            }
            Origin::Host(_) => 1,
        }
    }

    fn seed(&self) -> u64 {
        self.inner.desk.platform.unit().to_bits()
    }

    /// One read.
    pub(crate) fn read(
        &self,
        query: VariableQuery,
        options: CallOptions,
        manner: Manner,
    ) -> impl Future<Output = Result<Snapshot, Error>> + use<> {
        let debugger = self.clone();
        async move {
            let cancel = options.cancel.unwrap_or_default();
            let CallOptions { progress, first_rows, post, .. } = options;
            // Whatever waits for a future holds it twice: a hundred kilobytes in all, were it not elsewhere.
            let read = Box::pin(debugger.read_now(query, progress, first_rows, post, manner));
            cancel.race(read).await?
        }
    }

    async fn read_now(
        &self,
        query: VariableQuery,
        progress: Option<OnProgress>,
        first_rows: Option<OnFirstRows>,
        post: bool,
        manner: Manner,
    ) -> Result<Snapshot, Error> {
        let Inner { desk, options, .. } = &*self.inner;
        self.check(&query)?;
        let mut builder = SnapshotBuilder::new(IngestOptions {
            session_id: Some(query.session_id.clone()),
            policy: options.policy,
            precedence: options.precedence.clone(),
            types: Rc::clone(&options.types),
            limits: options.limits,
            filtered: match &self.inner.origin {
                Origin::Rest(rest) => rest.endpoint.filters(&query),
                Origin::Host(_) => query.is_filtered(),
            },
            names: query.name_filter(),
            without_system: query.include_system == Some(false),
            loaded_scope: query.scope.clone(),
            seed: self.seed(),
            ..IngestOptions::default()
        });
        let reporter = Reporter::new(progress, desk.policy.attempts);
        let call = Call::new(Rc::clone(desk), query, reporter, options.deadline_ms, manner);
        call.first_rows.set(first_rows);
        let missing = match &self.inner.origin {
            Origin::Rest(rest) => read_pages(rest, &call, &mut builder).await?,
            Origin::Host(source) => read_source(&**source, &call, &mut builder).await?,
        };
        let missing = missing.or_else(|| builder.falls_short().then(fewer_than_told));
        let metrics = wire_metrics(&desk.journal, &call.session);
        let taken = Taken { at_ms: desk.platform.wall_ms(), complete: missing.is_none(), metrics };
        call.tell(Phase::Done, |progress| {
            progress.bytes = builder.bytes();
            progress.variables = builder.variables();
            progress.missing = missing;
        });
        let snapshot = builder.finish(taken);
        if let Some(outbox) = self.inner.outbox.as_ref().filter(|_| post && snapshot.is_complete()) {
            outbox.post(&snapshot, &call.query, call.remaining_ms()).await;
        }
        Ok(snapshot)
    }

    fn check(&self, query: &VariableQuery) -> Result<(), Error> {
        query.check()?;
        match &self.inner.options.require_session_prefix {
            Some(prefix) if !query.session_id.starts_with(prefix.as_str()) => Err(Error::new(
                Code::InputInvalid,
                "The session id does not begin with the text that the option requireSessionPrefix demands.",
            )),
            _ => Ok(()),
        }
    }
}

/// Why a snapshot is not complete whose pages were all read.
#[cold]
fn fewer_than_told() -> Error {
    Error::new(
        Code::SchemaMismatch,
        "Fewer items came than the answer says there are in all, and it names no further page.",
    )
}
