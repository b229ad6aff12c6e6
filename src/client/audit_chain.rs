//! The chain through the audit trail: each record holds the hash of the one before it, so that a later change shows.

use super::audit::{AuditRecord, MAX_RECORDS};
use sha2::{Digest, Sha256};
use std::fmt;

/// A SHA-256. The default, all zeros, stands before the first record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    pub(super) fn of(bytes: impl AsRef<[u8]>) -> AuditHash {
        AuditHash(Sha256::digest(bytes).into())
    }
}

/// In 64 small hexadecimal digits, as JavaScript sees it.
impl fmt::Display for AuditHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex(&self.0))
    }
}

/// The name of a trail in a store: by chance, so that one that was begun anew is not taken for the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailId(pub [u8; 16]);

/// In 32 small hexadecimal digits, as JavaScript sees it.
impl fmt::Display for TrailId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex(&self.0))
    }
}

/// Two small digits for each byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes again; `None` for another length or other digits.
pub(super) fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    if digits.len() != 2 * N || !digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(out)
}

/// How far the trail went at one moment. It proves something only where it is kept out of reach of whoever can change the
/// trail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The number of the newest record; 0 where there is none.
    pub seq: u64,
    /// Its hash.
    pub hash: AuditHash,
    /// The stored trail that it is of; `None` for a debugger's own.
    pub trail: Option<TrailId>,
}

/// What a record has in the store beside what it has in memory.
pub(super) struct InStore<'a> {
    /// When the attempt ended, on the clock of its tab, in ms.
    pub(super) monotonic_ms: f64,
    /// The member that names its session, or nothing. Stands for the session's id of the record.
    pub(super) session: &'a str,
    pub(super) tab: &'a str,
    pub(super) trail: TrailId,
}

/// The hash that a record must have: that of its canonical JSON (RFC 8785) with all its members but `hash`.
pub(super) fn seal(record: &AuditRecord) -> AuditHash {
    AuditHash::of(canonical(record, None))
}

/// A record as it is stored: its JSON, and the hash in it.
pub(super) fn seal_stored(record: &AuditRecord, place: &InStore<'_>) -> (String, AuditHash) {
    let mut line = canonical(record, Some(place));
    let hash = AuditHash::of(&line);
    line.pop();
    text(&mut line, ",\"hash\":", &hash.to_string());
    line.push('}');
    (plain(&line), hash)
}

/// The same JSON with what a terminal or an editor would obey written as escapes: controls, and what turns the direction.
pub(super) fn plain(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                out.push_str(&escaped(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// Looks for the first record that was changed, left out, moved or put in, and gives its number; `None` where all is well.
///
/// A trail may begin late only when it is full, since only a full one drops its oldest records. Records after the newest
/// checkpoint can be cut off, or all be written anew, without a trace. A checkpoint of a stored trail is none of these records.
///
/// ```
/// use cognigy_session_debugger::client::{Checkpoint, verify_audit};
/// assert_eq!(verify_audit(&[], &[]), None);
/// let checkpoint = Checkpoint { seq: 3, ..Checkpoint::default() };
/// assert_eq!(verify_audit(&[], &[checkpoint]), Some(1), "three records are gone");
/// ```
pub fn verify_audit(records: &[AuditRecord], checkpoints: &[Checkpoint]) -> Option<u64> {
    let first = records.first().map_or(1, |record| record.seq);
    if first != 1 && records.len() < MAX_RECORDS {
        return Some(1);
    }
    let mut before = (first == 1).then(AuditHash::default);
    let mut next = first;
    for record in records {
        let follows = record.seq == next && before.is_none_or(|hash| hash == record.prev);
        let agrees = |checkpoint: &Checkpoint| {
            checkpoint.trail.is_none()
                && (checkpoint.seq != record.seq || checkpoint.hash == record.hash)
                && (checkpoint.seq.checked_add(1) != Some(record.seq) || checkpoint.hash == record.prev)
        };
        if !follows || seal(record) != record.hash || !checkpoints.iter().all(agrees) {
            return Some(next);
        }
        before = Some(record.hash);
        next = next.saturating_add(1);
    }
    checkpoints.iter().any(|checkpoint| checkpoint.seq >= next || checkpoint.trail.is_some()).then_some(next)
}

/// Members in the order of their names, as RFC 8785 asks.
fn canonical(record: &AuditRecord, place: Option<&InStore<'_>>) -> String {
    let mut out = String::with_capacity(384);
    text(&mut out, "{\"action\":", record.action.as_str());
    if let Some(actor) = &record.actor {
        text(&mut out, ",\"actor\":", actor);
    }
    text(&mut out, ",\"at\":", &record.at());
    number(&mut out, ",\"attempt\":", u64::from(record.attempt));
    number(&mut out, ",\"bytes\":", record.bytes as u64);
    if let Some(decided) = record.decided {
        text(&mut out, ",\"class\":", decided.class.as_str());
    }
    if let Some(count) = record.count {
        number(&mut out, ",\"count\":", count as u64);
    }
    if let Some(decided) = record.decided {
        if let Some(delay_ms) = decided.delay_ms {
            milliseconds(&mut out, ",\"delayMs\":", delay_ms);
        }
        if let Some(source) = decided.source {
            text(&mut out, ",\"delaySource\":", source.as_str());
        }
    }
    if let Some(first_byte_ms) = record.first_byte_ms {
        milliseconds(&mut out, ",\"firstByteMs\":", first_byte_ms);
    }
    if let Some(message) = &record.message {
        text(&mut out, ",\"message\":", message);
    }
    if let Some(place) = place {
        milliseconds(&mut out, ",\"monoMs\":", place.monotonic_ms);
    }
    milliseconds(&mut out, ",\"networkMs\":", record.network_ms);
    text(&mut out, ",\"outcome\":", record.outcome_text());
    if let Some(page) = record.page {
        number(&mut out, ",\"page\":", u64::from(page));
    }
    if let Some(parse_ms) = record.parse_ms {
        milliseconds(&mut out, ",\"parseMs\":", parse_ms);
    }
    let note = record.reveal.as_ref();
    let mut some_text = |member, told: Option<&str>| {
        if let Some(told) = told {
            text(&mut out, member, told);
        }
    };
    some_text(",\"path\":", note.and_then(|note| note.path.as_deref()));
    some_text(",\"prev\":", Some(&record.prev.to_string()));
    some_text(",\"reason\":", note.and_then(|note| note.reason.as_deref()));
    some_text(",\"requestId\":", record.request_id.as_deref());
    some_text(",\"route\":", Some(&record.route));
    some_text(",\"rule\":", note.map(|note| note.rule.as_str()));
    number(&mut out, ",\"seq\":", record.seq);
    if let Some(session_id) = &record.session_id {
        text(&mut out, ",\"sessionId\":", session_id);
    }
    out.push_str(place.map_or("", |place| place.session));
    if let Some(status) = record.status {
        number(&mut out, ",\"status\":", u64::from(status));
    }
    if let Some(place) = place {
        text(&mut out, ",\"tab\":", place.tab);
    }
    if let Some(token_ms) = record.token_ms {
        milliseconds(&mut out, ",\"tokenMs\":", token_ms);
    }
    if let Some(place) = place {
        text(&mut out, ",\"trail\":", &place.trail.to_string());
    }
    milliseconds(&mut out, ",\"waitMs\":", record.wait_ms);
    out.push('}');
    out
}

pub(super) fn text(out: &mut String, member: &str, text: &str) {
    out.push_str(member);
    out.push('"');
    for c in text.chars() {
        // Nothing else is escaped in canonical JSON, so that every language comes to the same bytes.
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => out.push_str(&escaped(c)),
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn escaped(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

fn number(out: &mut String, member: &str, number: u64) {
    out.push_str(member);
    out.push_str(&number.to_string());
}

/// Whole microseconds, so that every language writes the number alike.
fn milliseconds(out: &mut String, member: &str, ms: f64) {
    let micros = micros(ms);
    number(out, member, micros / 1_000);
    if !micros.is_multiple_of(1_000) {
        let digits = (1_000 + micros % 1_000).to_string();
        out.push('.');
        out.push_str(digits.get(1..).unwrap_or_default().trim_end_matches('0'));
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn micros(ms: f64) -> u64 {
    (ms * 1e3).round().clamp(0.0, 9e15) as u64
}

/// A duration as the trail keeps it: in ms, not negative, to the microsecond.
#[allow(clippy::cast_precision_loss)]
pub(super) fn kept(ms: f64) -> f64 {
    micros(ms) as f64 / 1e3
}
