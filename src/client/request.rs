//! One page: attempts until one succeeds or none is left.

use super::audit::{Action, Entry};
use super::body::{Broken, read_body, while_warming_up};
use super::call::{Call, Desk};
use super::hint::{DelaySource, Hint};
use super::limiter::Slot;
use super::problem::words_of;
use super::progress::{Phase, WaitFor};
use super::timing::{GivenUp, watched};
use super::token::Token;
use super::token_cache::TokenCache;
use super::turns::{Pause, Turns};
use super::verdict::{
    Verdict, deadline_exceeded, judge_status, judge_transport, offline, reason, stalled, timed_out, without_token,
};
use crate::error::{Code, Error};
use crate::platform::{Credentials, Headers, Method, Request, Response, TransportError};
use crate::query::{Endpoint, NextPage};
use crate::snapshot::Mask;
use crate::snapshot::SnapshotBuilder;
use std::cell::Cell;
use std::rc::Rc;

/// The tenant, and the tokens for it.
pub(crate) struct Rest {
    pub(crate) endpoint: Endpoint,
    pub(crate) route: Rc<str>,
    pub(crate) tokens: Option<TokenCache>,
}

/// Reads one page into `ingest`, and gives the URL of the next as `follow` makes it. An attempt that is
/// repeated leaves nothing behind in it.
pub(crate) async fn read_page(
    rest: &Rest,
    call: &Call,
    ingest: &mut SnapshotBuilder,
    url: &str,
    page: u32,
    follow: &dyn Fn(&NextPage) -> Result<String, Error>,
) -> Result<Option<String>, Error> {
    let mut turns = Turns::new(&call.desk.budget).patient(call.is_patient());
    let mut pause = None;
    loop {
        call.reporter.set(|progress| {
            progress.page = page;
            progress.page_bytes = None;
            progress.attempt = turns.attempt;
            progress.attempts = call.desk.policy.attempts.max(turns.attempt);
        });
        let mut entry = call.begin(Action::Read, &rest.route, turns.attempt);
        entry.record.page = Some(page);
        let mut attempt = Attempt {
            rest,
            call,
            turns: &turns,
            ingest: &mut *ingest,
            entry: &mut entry,
            slot: None,
            token: None,
            sent_ms: None,
            limit_ms: 0.0,
        };
        let result = attempt.run(url, pause.take()).await;
        let (mut slot, token, sent_ms) = (attempt.slot.take(), attempt.token.take(), attempt.sent_ms);
        slot.iter_mut().for_each(Slot::finish);
        if let Some(sent_ms) = sent_ms {
            // Where the page leads is another question than whether the tenant has answered.
            let answered = entry.record.status.is_some();
            call.desk.report(sent_ms, result.as_ref().err().unwrap_or(&Verdict::Ok), answered);
        }
        // Nobody is let go before a refusal is known, in this tab and in others.
        drop(slot);
        let next = result.and_then(|next| next.as_ref().map(follow).transpose().map_err(Verdict::Fail));
        let (next, verdict) = match next {
            Ok(next) => (next, Verdict::Ok),
            Err(verdict) => (None, verdict),
        };
        let Some(error) = verdict.error().cloned() else {
            entry.close(None);
            turns.won();
            return Ok(next);
        };
        ingest.reset_page();
        if let (Verdict::Renew(_), Some(token), Some(tokens)) = (&verdict, &token, &rest.tokens) {
            tokens.reject(token.generation);
        }
        let next = turns.lost(&call.desk, verdict, call.remaining_ms(), token.is_some());
        entry.record.decided = turns.decided();
        entry.close(Some(&error));
        pause = next?;
    }
}

/// One attempt at one page.
struct Attempt<'a> {
    rest: &'a Rest,
    call: &'a Call,
    turns: &'a Turns,
    ingest: &'a mut SnapshotBuilder,
    entry: &'a mut Entry,
    /// The right to send, as long as it is held.
    slot: Option<Slot>,
    /// The token that was sent.
    token: Option<Token>,
    /// When the request left, on the monotonic clock.
    sent_ms: Option<f64>,
    /// How long it may take from then on.
    limit_ms: f64,
}

impl Attempt<'_> {
    async fn run(&mut self, url: &str, mut pause: Option<Pause>) -> Result<Option<NextPage>, Verdict> {
        let call = self.call;
        let Desk { platform, preflights, stall_ms, .. } = &*call.desk;
        loop {
            if let Some(pause) = pause.take() {
                self.rest_for(pause).await.map_err(Verdict::Fail)?;
            }
            self.slot = Some(call.slot(preflights.cost(&**platform, url)).await.map_err(Verdict::Fail)?);
            self.entry.admitted();
            let Some(tokens) = &self.rest.tokens else { break };
            call.tell(Phase::Token, |_| {});
            let began = platform.monotonic_ms();
            match call.in_time(tokens.get()).await.and_then(|token| token) {
                Ok(token) => {
                    Mask::know(token.text());
                    self.token = Some(token);
                    self.entry.has_token();
                    break;
                }
                // One of many calls outlasts a source of tokens that is away for a while, and holds no right meanwhile.
                Err(error) => match tokens.patience_ms(&error).filter(|_| call.is_patient()) {
                    Some(ms) => {
                        self.slot = None;
                        call.excuse(platform.monotonic_ms() - began);
                        pause = Some(Pause { ms, for_whom: WaitFor::Server });
                    }
                    None => return Err(Verdict::Fail(error)),
                },
            }
        }
        let (limit_ms, is_deadline) = call.attempt_limit().map_err(Verdict::Fail)?;
        self.slot.iter_mut().for_each(Slot::mark_sent);
        self.turns.left();
        self.entry.sent();
        (self.sent_ms, self.limit_ms) = (Some(platform.monotonic_ms()), limit_ms);
        preflights.sent(&**platform, url);
        call.tell(Phase::Request, |_| {});
        let alive = Cell::new(f64::NAN);
        match watched(&**platform, limit_ms, *stall_ms, &alive, self.exchange(url, &alive)).await {
            Ok(result) => result,
            Err(GivenUp::Stalled) => Err(stalled(*stall_ms)),
            Err(GivenUp::Over) => {
                // It may still be on its way, as one that is cancelled.
                self.slot.iter_mut().for_each(Slot::abandon);
                Err(if is_deadline { Verdict::Fail(deadline_exceeded()) } else { timed_out(limit_ms) })
            }
        }
    }

    /// The pause before an attempt.
    async fn rest_for(&self, pause: Pause) -> Result<(), Error> {
        let call = self.call;
        let wait_ms = (pause.for_whom != WaitFor::Online).then_some(pause.ms);
        call.tell(Phase::Waiting, |progress| {
            progress.wait_ms = wait_ms;
            progress.wait_for = Some(pause.for_whom);
        });
        if wait_ms.is_none() {
            let platform = &call.desk.platform;
            let began = platform.monotonic_ms();
            let online = call.desk.within(pause.ms, platform.online()).await;
            call.excuse(platform.monotonic_ms() - began);
            return online.ok_or_else(offline);
        }
        if pause.for_whom == WaitFor::Server {
            call.excuse(pause.ms);
        }
        call.in_time(call.desk.platform.sleep(pause.ms)).await
    }

    async fn exchange(&mut self, url: &str, alive: &Cell<f64>) -> Result<Option<NextPage>, Verdict> {
        let platform = &self.call.desk.platform;
        let response = while_warming_up(self.call, platform.send(self.request(url))).await.map_err(judge_transport)?;
        alive.set(platform.monotonic_ms());
        self.entry.answered(response.status, &response.headers);
        self.call.desk.limiter.heed(&response.headers);
        match judge_status(response.status, &response.headers, platform.wall_ms()) {
            Verdict::Ok => {}
            verdict if self.token.is_none() => {
                return Err(self.with_problem(verdict.map_error(without_token), response).await);
            }
            verdict => return Err(self.with_problem(verdict, response).await),
        }
        self.slot.iter_mut().for_each(Slot::mark_passed);
        check_content_type(&response.headers).map_err(Verdict::Fail)?;
        self.receive(response, alive).await
    }

    fn request(&self, url: &str) -> Request {
        let mut headers = vec![("accept", "application/json".to_owned())];
        headers.extend(self.token.as_ref().map(|token| ("authorization", token.header())));
        Request { method: Method::Get, url: url.to_owned(), headers, body: None, credentials: Credentials::Omit }
    }

    /// Adds the server's own words, where it has some.
    async fn with_problem(&self, verdict: Verdict, response: Response) -> Verdict {
        let Desk { platform, stall_ms, .. } = &*self.call.desk;
        let left_ms = self.sent_ms.unwrap_or_default() + self.limit_ms - platform.monotonic_ms();
        // The failure has to be told before the time is up.
        let problem = words_of(&**platform, left_ms.min(*stall_ms) * 0.5, response).await;
        let hint = problem.retry_after_ms.map(|ms| Hint { ms, source: DelaySource::Body });
        verdict.with_hint(hint).map_error(|error| {
            error.with(|facts| {
                facts.problem = problem.text.or(facts.problem.take());
                facts.request_id = facts.request_id.take().or(problem.trace);
            })
        })
    }

    async fn receive(&mut self, mut response: Response, alive: &Cell<f64>) -> Result<Option<NextPage>, Verdict> {
        let before = self.ingest.variables();
        let mut received = 0;
        let arrived = |bytes| {
            received = bytes;
            alive.set(self.call.desk.platform.monotonic_ms());
            self.entry.record.bytes = bytes;
        };
        let parsing = Cell::new(0.0);
        let read = read_body(&mut response, self.call, self.ingest, &parsing, arrived).await;
        let now = || self.call.desk.platform.monotonic_ms();
        let began = now();
        let next = read.map(|_| self.ingest.end_page());
        self.entry.record.parse_ms = Some(parsing.get() + now() - began);
        let next = next.map_err(|broken| match broken {
            Broken::Refused(error) => Verdict::Fail(error),
            Broken::Lost(error) => broken_off(error),
        })?;
        let next = next.map_err(|error| truncated_or_wrong(error, received))?;
        self.entry.record.count = Some(self.ingest.variables().saturating_sub(before));
        Ok(next)
    }
}

/// JSON that is right as far as it goes has been cut off on its way, which may pass by itself; other JSON is wrong.
fn truncated_or_wrong(error: Error, received: usize) -> Verdict {
    let cut = error.code() == Code::JsonSyntax && error.facts().offset == Some(received);
    if cut { Verdict::transient(truncated()) } else { Verdict::Fail(error) }
}

/// A fault of the network after the head of the answer is none of CORS: a browser has let the answer through.
fn broken_off(error: TransportError) -> Verdict {
    match error {
        TransportError::Network => Verdict::transient(truncated()),
        TransportError::Unreachable(why) => Verdict::transient(truncated().with(|facts| facts.problem = reason(&why))),
        other => judge_transport(other),
    }
}

fn truncated() -> Error {
    Error::new(
        Code::BodyTruncated,
        "The answer broke off before its end. Try again; if it stays so, look at the tenant or at what lies between.",
    )
}

/// `application/json`, or a type that is built on it (RFC 6839); an answer that does not say is given the benefit.
fn check_content_type(headers: &Headers) -> Result<(), Error> {
    let Some(value) = headers.get("content-type") else { return Ok(()) };
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.is_empty() || kind == "application/json" || kind.ends_with("+json") {
        return Ok(());
    }
    Err(Error::new(
        Code::BadContentType,
        "The answer is not declared as JSON; it may be a sign-in or error page. Check baseUrl and path.",
    ))
}
