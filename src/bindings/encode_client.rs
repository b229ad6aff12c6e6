//! What the client tells, as JavaScript objects.

use super::encode::{list, object, put, put_some};
use crate::client::hint::DelaySource;
use crate::client::retry::Class;
use crate::client::{AuditRecord, BulkProgress, Checkpoint, Latency, Metrics, OutboxStatus, Progress};
use crate::error::Error;
use wasm_bindgen::JsValue;

/// Counts: JavaScript has one kind of number.
#[allow(clippy::cast_precision_loss)]
fn count(number: u64) -> f64 {
    number as f64
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn size(number: usize) -> f64 {
    number as f64
}

/// A limit that is not known allows everything.
fn allowed(number: usize) -> f64 {
    if number == usize::MAX { f64::INFINITY } else { size(number) }
}

pub(super) fn watch_error(error: &Error, pause_ms: f64) -> JsValue {
    let out = object();
    put(&out, "error", error.clone());
    put(&out, "retryInMs", pause_ms);
    out
}

pub(super) fn bulk_progress(progress: &BulkProgress) -> JsValue {
    let out = object();
    for (field, number) in [
        ("total", progress.total),
        ("done", progress.done),
        ("failed", progress.failed),
        ("running", progress.running),
        ("waiting", progress.waiting),
    ] {
        put(&out, field, size(number));
    }
    put(&out, "leftMs", progress.left_ms);
    out
}

pub(super) fn progress(progress: &Progress) -> JsValue {
    let out = object();
    put(&out, "phase", progress.phase.as_str());
    put(&out, "page", progress.page);
    put_some(&out, "pages", progress.pages.map(count));
    put(&out, "variables", size(progress.variables));
    put(&out, "bytes", size(progress.bytes));
    put_some(&out, "pageBytes", progress.page_bytes.map(size));
    put(&out, "attempt", progress.attempt);
    put(&out, "attempts", progress.attempts);
    put_some(&out, "waitMs", progress.wait_ms);
    put_some(&out, "waitFor", progress.wait_for.map(|wait_for| wait_for.as_str()));
    put_some(&out, "ahead", progress.ahead.map(size));
    put(&out, "requestsUsed", size(progress.requests_used));
    put(&out, "requestsAllowed", allowed(progress.requests_allowed));
    put_some(&out, "missing", progress.missing.clone());
    out
}

/// `undefined` where there is no outbox.
pub(super) fn outbox(status: Option<OutboxStatus>) -> JsValue {
    let Some(status) = status else { return JsValue::UNDEFINED };
    let out = object();
    put(&out, "waiting", size(status.waiting));
    put(&out, "dead", size(status.dead));
    put(&out, "durable", status.durable);
    put(&out, "refused", size(status.refused));
    put(&out, "disabled", status.disabled);
    out
}

pub(super) fn metrics(metrics: &Metrics) -> JsValue {
    let out = object();
    for (field, number) in [
        ("requests", metrics.requests),
        ("succeeded", metrics.succeeded),
        ("failed", metrics.failed),
        ("retried", metrics.retried),
        ("rateLimited", metrics.rate_limited),
        ("tokenRequests", metrics.token_requests),
        ("bytes", metrics.bytes),
        ("variables", metrics.variables),
        ("auditDropped", metrics.audit_dropped),
    ] {
        put(&out, field, count(number));
    }
    put(&out, "network", latency(&metrics.network));
    put(&out, "wait", latency(&metrics.wait));
    put(&out, "token", latency(&metrics.token));
    put(&out, "failedNetwork", latency(&metrics.failed_network));
    put(&out, "firstByte", latency(&metrics.first_byte));
    put(&out, "body", latency(&metrics.body));
    put(&out, "parse", latency(&metrics.parse));
    put(&out, "requestsUsed", size(metrics.requests_used));
    put(&out, "requestsAllowed", allowed(metrics.requests_allowed));
    let failures = object();
    for (class, number) in Class::ALL.into_iter().zip(metrics.failures) {
        put(&failures, class.as_str(), count(number));
    }
    put(&out, "failures", failures);
    put(&out, "retryBudget", metrics.retry_budget);
    out
}

fn latency(latency: &Latency) -> JsValue {
    let out = object();
    put(&out, "count", count(latency.count));
    put_some(&out, "p50", latency.p50);
    put_some(&out, "p95", latency.p95);
    put_some(&out, "p99", latency.p99);
    put_some(&out, "max", latency.max);
    out
}

pub(super) fn checkpoint(checkpoint: Checkpoint) -> JsValue {
    let out = object();
    put(&out, "seq", count(checkpoint.seq));
    put(&out, "hash", checkpoint.hash.to_string());
    put_some(&out, "trail", checkpoint.trail.map(|trail| trail.to_string()));
    out
}

/// Records that are JSON already; for what is none any more an empty one.
pub(super) fn stored(lines: &[String]) -> JsValue {
    list(lines, |line| js_sys::JSON::parse(line).ok().filter(JsValue::is_object).unwrap_or_else(object))
}

pub(super) fn audit_trail(records: &[AuditRecord]) -> JsValue {
    list(records, audit_record)
}

fn audit_record(record: &AuditRecord) -> JsValue {
    let out = object();
    put(&out, "seq", count(record.seq));
    put(&out, "at", record.at());
    put(&out, "action", record.action.as_str());
    put(&out, "route", &*record.route);
    put_some(&out, "actor", record.actor.as_deref());
    put_some(&out, "sessionId", record.session_id.as_deref());
    put(&out, "outcome", record.outcome_text());
    put_some(&out, "message", record.message.as_deref());
    put_some(&out, "status", record.status.map(u32::from));
    put(&out, "attempt", record.attempt);
    put_some(&out, "page", record.page);
    put(&out, "waitMs", record.wait_ms);
    put_some(&out, "tokenMs", record.token_ms);
    put(&out, "networkMs", record.network_ms);
    put_some(&out, "firstByteMs", record.first_byte_ms);
    put_some(&out, "parseMs", record.parse_ms);
    put_some(&out, "requestId", record.request_id.as_deref());
    put(&out, "bytes", size(record.bytes));
    put_some(&out, "count", record.count.map(size));
    if let Some(decided) = record.decided {
        put(&out, "class", decided.class.as_str());
        put_some(&out, "delayMs", decided.delay_ms);
        put_some(&out, "delaySource", decided.source.map(DelaySource::as_str));
    }
    if let Some(note) = &record.reveal {
        put(&out, "rule", note.rule.as_str());
        put_some(&out, "path", note.path.as_deref());
        put_some(&out, "reason", note.reason.as_deref());
    }
    put(&out, "prev", record.prev.to_string());
    put(&out, "hash", record.hash.to_string());
    out
}
