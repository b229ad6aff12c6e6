//! Posts snapshots to the team's receiver, one after the other, without holding up anybody.

use super::audit::Action;
use super::call::Desk;
use super::options::WebhookOptions;
use super::problem::{MAX_BYTES, problem_of};
use super::retry::RetryBudget;
use super::timing::within;
use super::token_endpoint::read_up_to;
use super::turns::Turns;
use super::verdict::{Verdict, judge_status, judge_transport, timed_out};
use crate::error::{Code, Error};
use crate::platform::{Credentials, Method, Request};
use crate::snapshot::{Hidden, Mask, Snapshot};
use crate::value::json::escape_into;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// So many snapshots may wait for the receiver; more are refused, which the audit records.
const MAX_WAITING: usize = 1_000;
/// And so many bytes of them; one snapshot is always taken.
const MAX_WAITING_BYTES: usize = 32 << 20;
/// One delivery with all its attempts takes no longer, in ms.
const DEADLINE_MS: f64 = 300_000.0;
/// The body of the receiver's answer is waited for no longer, in ms: its status has said it all.
const ANSWER_MS: f64 = 1_000.0;

/// Snapshots on their way out. Clones share the queue.
#[derive(Clone)]
pub(crate) struct Outbox {
    inner: Rc<Inner>,
}

struct Inner {
    desk: Rc<Desk>,
    options: WebhookOptions,
    route: Rc<str>,
    queue: RefCell<Queue>,
    budget: Rc<RefCell<RetryBudget>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Delivery>,
    bytes: usize,
    running: bool,
}

struct Delivery {
    session: Rc<str>,
    payload: String,
}

impl Outbox {
    pub(crate) fn new(desk: Rc<Desk>, options: WebhookOptions) -> Outbox {
        Outbox {
            inner: Rc::new(Inner {
                desk,
                options,
                route: "webhook".into(),
                queue: RefCell::default(),
                budget: Rc::default(),
            }),
        }
    }

    /// Takes a snapshot's payload and comes back at once.
    pub(crate) fn post(&self, snapshot: &Snapshot) {
        let inner = &self.inner;
        let session: Rc<str> = snapshot.session_id().into();
        let mut queue = inner.queue.borrow_mut();
        if queue.waiting.len() >= MAX_WAITING || queue.bytes >= MAX_WAITING_BYTES {
            drop(queue);
            let full =
                Error::new(Code::QueueFull, "1,000 snapshots or 32 MiB of them are waiting for the webhook already.");
            return inner.desk.journal.begin(Action::Webhook, &inner.route, Some(&session), 1).close(Some(&full));
        }
        let payload = payload(snapshot, inner.desk.platform.wall_ms(), &inner.options.mask);
        queue.bytes += payload.len();
        queue.waiting.push_back(Delivery { session, payload });
        if std::mem::replace(&mut queue.running, true) {
            return;
        }
        drop(queue);
        let draining = Rc::clone(inner);
        inner.desk.platform.spawn(Box::pin(async move {
            while let Some(delivery) = draining.take() {
                draining.deliver(delivery).await;
            }
        }));
    }
}

impl Inner {
    fn take(&self) -> Option<Delivery> {
        let mut queue = self.queue.borrow_mut();
        let next = queue.waiting.pop_front();
        queue.running = next.is_some();
        queue.bytes -= next.as_ref().map_or(0, |delivery| delivery.payload.len());
        next
    }

    /// Attempts until one succeeds or none is left.
    async fn deliver(&self, delivery: Delivery) {
        let platform = &self.desk.platform;
        let deadline = platform.monotonic_ms() + DEADLINE_MS;
        let mut turns = Turns::new(&self.budget);
        let mut pause_ms = 0.0;
        loop {
            let mut entry =
                self.desk.journal.begin(Action::Webhook, &self.route, Some(&delivery.session), turns.attempt);
            if pause_ms > 0.0 {
                platform.sleep(pause_ms).await;
            }
            entry.admitted();
            entry.sent();
            entry.record.bytes = delivery.payload.len();
            let limit_ms = self.options.timeout_ms;
            let sent = self.send(&delivery, &mut entry.record.status);
            let verdict = within(&**platform, limit_ms, sent).await.unwrap_or_else(|| timed_out(limit_ms));
            let verdict = verdict.map_error(in_words_of_the_webhook);
            entry.close(verdict.error());
            if verdict == Verdict::Ok {
                return turns.won();
            }
            match turns.lost(&self.desk, verdict, deadline - platform.monotonic_ms(), false) {
                Ok(pause) => pause_ms = pause.map_or(0.0, |pause| pause.ms),
                Err(_) => return,
            }
        }
    }

    async fn send(&self, delivery: &Delivery, status: &mut Option<u16>) -> Verdict {
        let request = Request {
            method: Method::Post,
            url: self.options.url.clone(),
            headers: vec![("content-type", "application/json".to_owned())],
            body: Some(delivery.payload.clone()),
            credentials: Credentials::Omit,
        };
        let platform = &self.desk.platform;
        match platform.send(request).await {
            Err(error) => judge_transport(error),
            Ok(response) => {
                *status = Some(response.status);
                let verdict = judge_status(response.status, &response.headers, platform.wall_ms());
                // Read in any case: a connection whose answer is left unread cannot be used again.
                let body = within(&**platform, ANSWER_MS, read_up_to(response, MAX_BYTES)).await;
                let problem = body.and_then(Result::ok).map(|body| problem_of(&body)).unwrap_or_default();
                verdict.map_error(|error| error.with(|facts| facts.problem = problem.text))
            }
        }
    }
}

/// The tutorial's payload, through the mask; its timestamp is in seconds.
fn payload(snapshot: &Snapshot, wall_ms: f64, mask: &Mask) -> String {
    let mut hidden = Hidden::default();
    let mut out = String::from("{\"event\":\"variable_snapshot\",\"session_id\":");
    escape_into(&mut out, &mask.cover_name(snapshot.session_id(), &mut hidden));
    out.push_str(&format!(",\"timestamp\":{:.3},\"data\":", wall_ms / 1_000.0));
    out.push_str(&snapshot.variables_json(mask, &mut hidden));
    out.push('}');
    out
}

fn in_words_of_the_webhook(error: Error) -> Error {
    let facts = error.facts().clone();
    let message = match facts.status {
        Some(status) => format!("The webhook receiver did not take the snapshot ({status})."),
        None => {
            "The webhook receiver did not answer, or the browser withheld its answer. Check its URL and CORS.".into()
        }
    };
    Error::new(Code::WebhookRejected, message).with(|new| *new = facts)
}
