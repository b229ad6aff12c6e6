//! Counts of what a debugger has done.

use super::audit::{Action, AuditRecord};
use super::histogram::{Histogram, Latency};
use crate::error::Code;

/// Counts since the debugger was made.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Metrics {
    /// Requests for variables that were sent.
    pub requests: u64,
    /// Of those, the ones whose answer was read to its end.
    pub succeeded: u64,
    /// Of those, all others.
    pub failed: u64,
    /// Of those, the ones after the first attempt.
    pub retried: u64,
    /// Answers that asked for fewer requests.
    pub rate_limited: u64,
    /// Tokens asked for.
    pub token_requests: u64,
    /// Bytes of all bodies.
    pub bytes: u64,
    /// Variables of all answers that were read.
    pub variables: u64,
    /// From sending to the last byte, where an answer came.
    pub network: Latency,
    /// The same of failed attempts alone.
    pub failed_network: Latency,
    /// Waiting for a free slot, the rate limit or a retry.
    pub wait: Latency,
    /// Waiting for a token, where one was needed.
    pub token: Latency,
    /// From sending to the head of the answer.
    pub first_byte: Latency,
    /// From there to the last byte, of bodies that were read to their end.
    pub body: Latency,
    /// Reading bodies that were read to their end.
    pub parse: Latency,
    /// Failed attempts at anything, by class: throttle, transient, auth, never.
    pub failures: [u64; 4],
    /// What is left of the budget for retries, of 500.
    pub retry_budget: u32,
    /// Requests that count in the current window.
    pub requests_used: usize,
    /// How many a window allows.
    pub requests_allowed: usize,
    /// Older records that the audit trail no longer holds.
    pub audit_dropped: u64,
}

/// Counts attempts as they end.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    totals: Metrics,
    network: Histogram,
    failed_network: Histogram,
    wait: Histogram,
    token: Histogram,
    first_byte: Histogram,
    body: Histogram,
    parse: Histogram,
}

impl Counters {
    pub(crate) fn count(&mut self, record: &AuditRecord, sent: bool) {
        let totals = &mut self.totals;
        if let Some(decided) = record.decided
            && let Some(count) = totals.failures.get_mut(decided.class as usize)
        {
            *count += 1;
        }
        if record.action == Action::Token {
            totals.token_requests += 1;
        }
        if !matches!(record.action, Action::Read | Action::Source) || !sent {
            return;
        }
        totals.requests += 1;
        totals.retried += u64::from(record.attempt > 1);
        totals.rate_limited += u64::from(record.outcome == Some(Code::RateLimited));
        totals.bytes += record.bytes as u64;
        if record.outcome.is_none() {
            totals.succeeded += 1;
            totals.variables += record.count.unwrap_or(0) as u64;
        } else {
            totals.failed += 1;
        }
        self.wait.record(record.wait_ms);
        let is_whole = record.outcome.is_none();
        let parsed = record.parse_ms.filter(|_| is_whole);
        let body = record.first_byte_ms.filter(|_| is_whole).map(|head_ms| record.network_ms - head_ms);
        let failed = (!is_whole && record.status.is_some()).then_some(record.network_ms);
        let parts = [
            (&mut self.token, record.token_ms),
            (&mut self.first_byte, record.first_byte_ms),
            (&mut self.body, body),
            (&mut self.failed_network, failed),
            (&mut self.parse, parsed),
        ];
        for (histogram, ms) in parts {
            ms.into_iter().for_each(|ms| histogram.record(ms));
        }
        if record.outcome.is_none() || record.status.is_some() {
            self.network.record(record.network_ms);
        }
    }

    pub(crate) fn metrics(&self) -> Metrics {
        Metrics {
            network: self.network.latency(),
            failed_network: self.failed_network.latency(),
            wait: self.wait.latency(),
            token: self.token.latency(),
            first_byte: self.first_byte.latency(),
            body: self.body.latency(),
            parse: self.parse.latency(),
            ..self.totals
        }
    }
}
