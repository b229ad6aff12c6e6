//! What a snapshot tells of the reads of its own session, and of no other.

use super::audit::{Action, AuditRecord, Journal};
use crate::error::Code;
use crate::snapshot::{WireAudit, WireMetrics};

/// Reads that the mean latency is made of.
const LATEST_READS: usize = 10;
/// Records that a snapshot carries.
const LATEST_RECORDS: usize = 5;

/// The mean of the session's last ten successful reads, and its last five records, oldest first.
pub(crate) fn wire_metrics(journal: &Journal, session_id: &str) -> WireMetrics {
    let mut latencies = Vec::new();
    let mut audit = Vec::new();
    journal.of_session(session_id, |record| {
        if audit.len() < LATEST_RECORDS {
            audit.push(wire_audit(record, session_id));
        }
        if record.outcome.is_none() && matches!(record.action, Action::Read | Action::Source) {
            latencies.push(record.network_ms / 1_000.0);
        }
        latencies.len() < LATEST_READS
    });
    audit.reverse();
    let mean = latencies.iter().sum::<f64>() / latencies.len() as f64;
    WireMetrics { avg_latency_s: (!latencies.is_empty()).then_some(mean), audit }
}

fn wire_audit(record: &AuditRecord, session_id: &str) -> WireAudit {
    WireAudit {
        timestamp: record.at(),
        session_id: session_id.to_owned(),
        status: record.outcome.map_or("SUCCESS", Code::as_str).to_owned(),
        latency_s: record.network_ms / 1_000.0,
        count: record.count.map(|count| count as u64),
        error: record.message.clone(),
    }
}
