//! The tutorial's wire format, whose field names receivers depend on.

use super::mask::{Hidden, Mask};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::value::json::escape_into;
use crate::value::{Policy, ValueType};

/// What the wire format tells of the reads of a session.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WireMetrics {
    /// Mean of the last ten reads in seconds; absent where there was none.
    pub avg_latency_s: Option<f64>,
    /// The last five records of this session.
    pub audit: Vec<WireAudit>,
}

/// One record of the audit trail.
#[derive(Debug, Clone, PartialEq)]
pub struct WireAudit {
    /// RFC 3339 in UTC.
    pub timestamp: String,
    /// The session.
    pub session_id: String,
    /// `SUCCESS` or an error code.
    pub status: String,
    /// Seconds.
    pub latency_s: f64,
    /// Variables that were read.
    pub count: Option<u64>,
    /// What went wrong, in our own words.
    pub error: Option<String>,
}

impl Snapshot {
    /// The snapshot as JSON text, every number in its own spelling:
    /// `{"session_id","variables":{name:{"value","scope","type","is_system"}},"metrics":{…}}`.
    ///
    /// A value that JSON cannot hold (NaN and infinities, under `reference`) is written as the text that came. Side by
    /// side a name's first variable stands in its place, and the others in its member `others`.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
    /// let body = br#"{"variables":[{"name":"n","value":{"a":1.10},"scope":"user"}]}"#;
    /// let json = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?.to_json_text();
    /// assert!(json.contains(r#""n":{"value":{"a":1.10},"scope":"user","type":"object","is_system":false}"#));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn to_json_text(&self) -> String {
        self.to_masked_json_text(&Mask::off(), &mut Hidden::default())
    }

    /// The same through a mask. `hidden` counts what it hid.
    pub fn to_masked_json_text(&self, mask: &Mask, hidden: &mut Hidden) -> String {
        self.wire_of(&|_| true, mask, hidden)
    }

    /// The same of the entries that are wanted.
    pub(super) fn wire_of(&self, wanted: &dyn Fn(EntryId) -> bool, mask: &Mask, hidden: &mut Hidden) -> String {
        let mut out = String::from("{\"session_id\":");
        escape_into(&mut out, &mask.cover_name(self.session_id(), hidden));
        out.push_str(",\"variables\":");
        self.write_variables(&mut out, wanted, mask, hidden);
        out.push_str(",\"metrics\":");
        self.write_metrics(&mut out, mask, hidden);
        out.push('}');
        out
    }

    /// The `variables` member alone, which is the `data` of a webhook, through a mask.
    pub fn variables_json(&self, mask: &Mask, hidden: &mut Hidden) -> String {
        let mut out = String::new();
        self.write_variables(&mut out, &|_| true, mask, hidden);
        out
    }

    fn write_variables(&self, out: &mut String, wanted: &dyn Fn(EntryId) -> bool, mask: &Mask, hidden: &mut Hidden) {
        let columns = &self.store.columns;
        let is_side_by_side = columns.precedence().is_side_by_side();
        out.push('{');
        let mut first = true;
        for name in self.name_ids() {
            let winner = columns.winner(name).filter(|id| wanted(*id));
            let mut beside = columns.chain(name).filter(|(id, entry)| !entry.is_duplicate() && wanted(*id));
            let shown = match winner {
                Some(id) => columns.entry(id).map(|entry| (id, entry)),
                None if is_side_by_side => beside.next(),
                None => None,
            };
            let Some((id, entry)) = shown else { continue };
            separate(out, &mut first);
            escape_into(out, &mask.cover_variable_name(&self.store.name(name), hidden));
            out.push_str(":{");
            self.write_entry(out, entry, mask, hidden);
            if is_side_by_side {
                let mut first = true;
                for (_, other) in beside.filter(|(other, _)| *other != id) {
                    out.push_str(if first { ",\"others\":[{" } else { ",{" });
                    first = false;
                    self.write_entry(out, other, mask, hidden);
                    out.push('}');
                }
                if !first {
                    out.push(']');
                }
            }
            out.push('}');
        }
        out.push('}');
    }

    /// `"value":…,"scope":…,"type":…,"is_system":…`
    pub(super) fn write_entry(&self, out: &mut String, entry: Entry, mask: &Mask, hidden: &mut Hidden) {
        let scope = self.store.columns.scope(entry);
        self.look(entry, |view| {
            out.push_str("\"value\":");
            mask.write_value(out, &view.value, view.raw, &mask.variable(&self.store.name(entry.name), scope), hidden);
            out.push_str(",\"scope\":");
            escape_into(out, &mask.cover_scope(scope, &self.store.name(entry.name), hidden));
            out.push_str(",\"type\":");
            escape_into(out, self.type_word(view.value_type()));
        });
        out.push_str(",\"is_system\":");
        out.push_str(if entry.is_system() { "true" } else { "false" });
    }

    /// Python's words under the `reference` policy, since its receivers expect them.
    pub(super) fn type_word(&self, value_type: ValueType) -> &'static str {
        if self.policy == Policy::Reference { value_type.python_name() } else { value_type.as_str() }
    }

    fn write_metrics(&self, out: &mut String, mask: &Mask, hidden: &mut Hidden) {
        let metrics = &self.taken.metrics;
        out.push_str("{\"avg_latency\":");
        match metrics.avg_latency_s {
            Some(seconds) => write_seconds(out, seconds),
            None => out.push_str("null"),
        }
        out.push_str(&format!(",\"total_retrieved\":{},\"audit_trail\":[", self.len()));
        let mut first = true;
        for record in &metrics.audit {
            separate(out, &mut first);
            write_audit(out, record, &mask.cover_name(&record.session_id, hidden));
        }
        out.push_str("]}");
    }
}

fn separate(out: &mut String, first: &mut bool) {
    if !*first {
        out.push(',');
    }
    *first = false;
}

/// Seconds with microseconds. Durations are small and positive; anything else is 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn write_seconds(out: &mut String, seconds: f64) {
    let micros = (seconds * 1e6).round() as u64;
    out.push_str(&format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000));
}

fn write_audit(out: &mut String, record: &WireAudit, session_id: &str) {
    out.push_str("{\"timestamp\":");
    escape_into(out, &record.timestamp);
    out.push_str(",\"session_id\":");
    escape_into(out, session_id);
    out.push_str(",\"status\":");
    escape_into(out, &record.status);
    out.push_str(",\"latency\":");
    write_seconds(out, record.latency_s);
    if let Some(count) = record.count {
        out.push_str(&format!(",\"count\":{count}"));
    }
    if let Some(error) = &record.error {
        out.push_str(",\"error\":");
        escape_into(out, error);
    }
    out.push('}');
}
