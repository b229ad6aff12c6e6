//! The team's receiver: what a snapshot is to it, and one attempt to deliver it, as Standard Webhooks says.

use super::audit_chain::{AuditHash, Checkpoint};
use super::calendar::rfc3339;
use super::hint::Hint;
use super::options::WebhookOptions;
use super::problem::words_of;
use super::retry::Class;
use super::timing::within;
use super::verdict::{Verdict, judge_status, judge_transport, timed_out};
use crate::error::{Code, Error};
use crate::platform::{Credentials, LocalFuture, Method, Platform, Request};
use crate::snapshot::{Hidden, Mask, Snapshot};
use crate::value::json::escape_into;
use std::rc::Rc;

/// One attempt at a delivery, as the receiver gets it.
#[derive(Clone)]
pub struct Delivery {
    /// The same with every attempt: `webhook-id`.
    pub id: String,
    /// Seconds since 1970 in digits, of this attempt: `webhook-timestamp`.
    pub timestamp: String,
    /// The body, byte for byte.
    pub body: String,
}

impl Delivery {
    /// What is signed.
    ///
    /// ```
    /// use cognigy_session_debugger::client::Delivery;
    /// let delivery = Delivery { id: "msg_1".into(), timestamp: "1767225600".into(), body: "{}".into() };
    /// assert_eq!(delivery.signed_text(), "msg_1.1767225600.{}");
    /// ```
    pub fn signed_text(&self) -> String {
        [self.id.as_str(), &self.timestamp, &self.body].join(".")
    }
}

/// Signs deliveries.
pub trait Signer {
    /// The header `webhook-signature`: one signature or more, with spaces between them.
    fn sign(&self, delivery: &Delivery) -> LocalFuture<Result<String, Error>>;
}

/// What became of an attempt.
pub(crate) struct Attempt {
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<Error>,
    /// What kind of failure it is.
    pub(crate) class: Option<Class>,
    /// How long the receiver asked to wait.
    pub(crate) hint: Option<Hint>,
    /// Nothing has left this computer, and it may well be able to send later.
    pub(crate) ours: bool,
}

pub(crate) struct Receiver {
    platform: Rc<dyn Platform>,
    options: WebhookOptions,
}

impl Receiver {
    pub(crate) fn new(platform: Rc<dyn Platform>, options: WebhookOptions) -> Receiver {
        Receiver { platform, options }
    }

    pub(crate) async fn deliver(&self, delivery: &Delivery) -> Attempt {
        let mut status = None;
        let verdict = match self.sign(delivery).await {
            Err(error) => Verdict::Fail(error),
            Ok(signature) => self.send(delivery, signature, &mut status).await,
        };
        let code = verdict.error().map(Error::code);
        let ours = matches!(code, Some(Code::Offline | Code::Aborted));
        let class = verdict.class();
        // Only those who are overloaded may say when to come back.
        let hint = match verdict {
            Verdict::Retry { hint, .. } if matches!(status, Some(429 | 502 | 503 | 504)) => hint,
            _ => None,
        };
        let error = verdict.map_error(in_words_of_the_webhook).error().cloned();
        Attempt { status, error, class, hint, ours }
    }

    async fn sign(&self, delivery: &Delivery) -> Result<Option<String>, Error> {
        let Some(signer) = &self.options.signer else { return Ok(None) };
        match within(&*self.platform, self.options.timeout_ms, signer.sign(delivery)).await {
            Some(signature) => signature.and_then(checked).map(Some),
            None => Err(Error::new(
                Code::SigningFailed,
                "The signature of a webhook did not come in time. See that webhook.sign answers, or raise webhook.timeoutMs.",
            )),
        }
    }

    async fn send(&self, delivery: &Delivery, signature: Option<String>, status: &mut Option<u16>) -> Verdict {
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            ("webhook-id", delivery.id.clone()),
            ("webhook-timestamp", delivery.timestamp.clone()),
        ];
        headers.extend(signature.map(|signature| ("webhook-signature", signature)));
        let request = Request {
            method: Method::Post,
            url: self.options.url.clone(),
            headers,
            body: Some(delivery.body.clone()),
            credentials: Credentials::Omit,
        };
        let limit_ms = self.options.timeout_ms;
        match within(&*self.platform, limit_ms, self.platform.send(request)).await {
            None => timed_out(limit_ms),
            Some(Err(error)) => judge_transport(error),
            Some(Ok(response)) => {
                *status = Some(response.status);
                let verdict = judge_status(response.status, &response.headers, self.platform.wall_ms());
                // Read in any case: a connection whose answer is left unread cannot be used again. Its status has said it all.
                let problem = words_of(&*self.platform, f64::INFINITY, response).await;
                verdict.map_error(|error| error.with(|facts| facts.problem = problem.text))
            }
        }
    }
}

/// A header that would not be sent, or would say nothing, is found before.
fn checked(signature: String) -> Result<String, Error> {
    if !signature.trim().is_empty() && signature.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Ok(signature);
    }
    Err(Error::new(Code::SigningFailed, "The signature of a webhook has to be a text of printable ASCII."))
}

/// The tutorial's payload, through the mask; its timestamp is in seconds.
pub(crate) fn payload(snapshot: &Snapshot, wall_ms: f64, mask: &Mask) -> String {
    let mut hidden = Hidden::default();
    let mut out = String::from("{\"event\":\"variable_snapshot\",\"session_id\":");
    escape_into(&mut out, &mask.cover_name(snapshot.session_id(), &mut hidden));
    let ms = wall_ms.max(0.0) as u64;
    out.push_str(&format!(",\"timestamp\":{}.{:03},\"data\":", ms / 1_000, ms % 1_000));
    out.push_str(&snapshot.variables_json(mask, &mut hidden));
    out.push('}');
    out
}

/// The names of a thin event take about so many bytes at most; its count tells of all.
const MOST_NAMES: usize = 16 * 1_024;

/// A thin event as Standard Webhooks advises: a receiver that wants more asks for it. The hash is of what the mask lets through,
/// so that no hidden value can be guessed from it. `changed` are names, where it is known what was posted before.
pub(crate) fn thin_payload(snapshot: &Snapshot, changed: Option<&[&str]>, wall_ms: f64, mask: &Mask) -> String {
    let mut hidden = Hidden::default();
    let mut out = String::from("{\"type\":\"variable_snapshot\",\"timestamp\":\"");
    out.push_str(&rfc3339(wall_ms));
    out.push_str("\",\"data\":{\"session_id\":");
    escape_into(&mut out, &mask.cover_name(snapshot.session_id(), &mut hidden));
    out.push_str(",\"count\":");
    out.push_str(&snapshot.len().to_string());
    write_changed(&mut out, changed, mask, &mut hidden);
    out.push_str(",\"hash\":\"");
    out.push_str(&AuditHash::of(snapshot.variables_json(mask, &mut hidden)).to_string());
    out.push_str("\"}}");
    out
}

/// How far the audit trail goes, for a receiver who keeps that where the page cannot change it.
pub(crate) fn checkpoint_payload(checkpoint: Checkpoint, wall_ms: f64) -> String {
    let Checkpoint { seq, hash, trail } = checkpoint;
    let trail = trail.map_or_else(String::new, |trail| format!(",\"trail\":\"{trail}\""));
    let at = rfc3339(wall_ms);
    format!(
        "{{\"type\":\"audit_checkpoint\",\"timestamp\":\"{at}\",\"data\":{{\"seq\":{seq},\"hash\":\"{hash}\"{trail}}}}}"
    )
}

fn write_changed(out: &mut String, changed: Option<&[&str]>, mask: &Mask, hidden: &mut Hidden) {
    let Some(changed) = changed else { return out.push_str(",\"changedCount\":null,\"changedNames\":null") };
    out.push_str(",\"changedCount\":");
    out.push_str(&changed.len().to_string());
    out.push_str(",\"changedNames\":[");
    let room = out.len() + MOST_NAMES;
    let mut separator = "";
    for name in changed {
        let name = mask.cover_variable_name(name, hidden);
        if out.len() + name.len() > room {
            break;
        }
        out.push_str(separator);
        escape_into(out, &name);
        separator = ",";
    }
    out.push(']');
}

fn in_words_of_the_webhook(error: Error) -> Error {
    // Of these nobody but this computer knows.
    if matches!(error.code(), Code::SigningFailed | Code::Offline) {
        return error;
    }
    let facts = error.facts().clone();
    let message = match facts.status {
        Some(410) => "The webhook receiver is gone (410). Nothing is sent to it until a replay.".into(),
        None if error.code() == Code::Timeout => {
            "The webhook receiver did not answer in time. Look at it, or raise webhook.timeoutMs.".into()
        }
        Some(status) => format!("The webhook receiver did not take the snapshot ({status})."),
        None if facts.problem.is_some() => "The webhook receiver did not answer. Check its URL.".into(),
        None => {
            "The webhook receiver did not answer, or the browser withheld its answer. Check its URL and CORS.".into()
        }
    };
    let code = if facts.status == Some(410) { Code::WebhookDisabled } else { Code::WebhookRejected };
    Error::new(code, message).with(|new| *new = facts)
}
