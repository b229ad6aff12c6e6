//! Writes the file.

use super::{FORMAT, VERSION};
use crate::snapshot::Snapshot;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::store::{Entry, EntryId};
use crate::snapshot::unreadable::Source;
use crate::value::json::escape_into;
use std::borrow::Cow;
use std::fmt::Write as _;

impl Snapshot {
    /// The snapshot as the text of a file, which [`Snapshot::open`] makes the same snapshot of: names, scopes, what came of every
    /// variable, numbers as they were spelled, what could not be read, and what is known of the whole. The time is kept to the
    /// millisecond.
    ///
    /// What the mask hides is not in it. Of items that could not be read, which nothing can judge, a mask then leaves the reason
    /// and the place. `hidden` counts what it hid.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"total","value":1.10,"scope":"user"},{"name":"apiKey","value":"k-4711","scope":"bot"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let mut hidden = Hidden::default();
    /// let file = snapshot.to_file(&Mask::standard(), &mut hidden);
    /// assert!(!file.contains("4711") && hidden.total() == 1);
    /// let again = Snapshot::open(file.into_bytes(), Snapshot::FILE_LIMITS, 0)?;
    /// assert_eq!(again.get("total", None).unwrap().raw, "1.10");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn to_file(&self, mask: &Mask, hidden: &mut Hidden) -> String {
        let out = String::with_capacity(self.store.body.len() + self.store.body.len() / 8);
        let mut writer = Writer { snapshot: self, mask, hidden, names: Covers::new(), scopes: Covers::new(), out };
        writer.file();
        writer.out
    }
}

struct Writer<'a> {
    snapshot: &'a Snapshot,
    mask: &'a Mask,
    hidden: &'a mut Hidden,
    /// What stands for names and scopes that are hidden, by their number: always the same, or what goes together would come apart.
    names: Covers,
    scopes: Covers,
    out: String,
}

type Covers = Vec<Option<String>>;

impl Writer<'_> {
    fn file(&mut self) {
        let snapshot = self.snapshot;
        let columns = &snapshot.store.columns;
        self.out.push('{');
        self.text("format", FORMAT);
        self.number("version", VERSION);
        self.flag("masked", !self.mask.is_off());
        self.covered("sessionId", snapshot.session_id());
        self.number("takenAt", whole(snapshot.taken_at_ms()));
        self.flag("complete", snapshot.is_complete());
        self.text("shape", snapshot.shape.as_str());
        self.text("policy", snapshot.policy.as_str());
        self.text("stringifiedPolicy", snapshot.stringified_policy.as_str());
        match columns.precedence().name() {
            Some(name) => self.text("precedence", name),
            None => {
                let mut order: Vec<String> = columns.precedence().highest_first().map(String::from).collect();
                order.reverse();
                self.covered_list("precedence", &order);
            }
        }
        self.number("depth", columns.max_depth() as u64);
        if let Some(scope) = &snapshot.loaded_scope {
            self.covered("loadedScope", scope);
        }
        if let Some(names) = &snapshot.loaded_names {
            self.open("loadedNames", '{');
            self.covered("name", names.text());
            self.text("match", names.rule().as_str());
            self.out.push('}');
        }
        if let Some(left_out) = snapshot.left_out {
            self.text("systemLeftOut", left_out.as_str());
        }
        if let Some(loaded) = &snapshot.loaded {
            self.covered_list("loaded", loaded);
        }
        self.open("pages", '[');
        for end in &snapshot.page_ends {
            self.element();
            self.digits(u64::from(*end));
        }
        self.out.push(']');
        self.open("stringified", '[');
        for (id, _) in columns.all().filter(|(_, entry)| entry.is_stringified()) {
            self.element();
            self.digits(u64::from(id));
        }
        self.out.push(']');
        self.metrics();
        self.open("variables", '[');
        for (id, entry) in columns.all() {
            self.element();
            self.out.push('{');
            if entry.is_unreadable() {
                self.unreadable(id, entry)
            } else {
                self.variable(entry)
            }
            self.out.push('}');
        }
        self.out.push_str("]}");
    }

    fn metrics(&mut self) {
        let metrics = &self.snapshot.taken.metrics;
        self.open("metrics", '{');
        if let Some(seconds) = metrics.avg_latency_s {
            self.number("averageUs", micros(seconds));
        }
        self.open("audit", '[');
        for record in &metrics.audit {
            self.element();
            self.out.push('{');
            self.text("at", &record.timestamp);
            self.covered("sessionId", &record.session_id);
            self.text("status", &record.status);
            self.number("latencyUs", micros(record.latency_s));
            if let Some(count) = record.count {
                self.number("count", count);
            }
            if let Some(error) = &record.error {
                self.text("error", error);
            }
            self.out.push('}');
        }
        self.out.push_str("]}");
    }

    fn variable(&mut self, entry: Entry) {
        let snapshot = self.snapshot;
        let columns = &snapshot.store.columns;
        let name = snapshot.store.name(entry.name);
        let (mask, hidden) = (self.mask, &mut *self.hidden);
        let shown = once(&mut self.names, entry.name, &mut || mask.cover_variable_name(&name, hidden));
        self.text("name", &shown);
        self.key("value");
        self.value(entry, &name);
        let scope = match mask.cover_unlisted(&name, self.hidden) {
            Some(covered) => Cow::Owned(covered),
            None => {
                let hidden = &mut *self.hidden;
                once(&mut self.scopes, entry.scope_number(), &mut || mask.cover_name(columns.scope(entry), hidden))
            }
        };
        self.text("scope", &scope);
        if let Some(declared) = columns.declared(entry) {
            self.text("type", declared);
        }
        // Without a word of the data the name says it, which may be hidden.
        if entry.system_is_declared() || entry.is_system() != shown.starts_with('_') {
            self.flag("isSystem", entry.is_system());
        }
    }

    fn value(&mut self, entry: Entry, name: &str) {
        let (mask, source) = (self.mask, self.snapshot.store.source(entry));
        if mask.is_off() {
            return self.out.push_str(&source);
        }
        let spot = mask.variable(name, self.snapshot.store.columns.scope(entry));
        self.snapshot.look(entry, |view| {
            if !view.raw_is_text {
                return mask.write_json(&mut self.out, view.raw, &spot, self.hidden);
            }
            let covered = mask.cover_text(view.raw, &spot, self.hidden);
            // What stays, stays in its own spelling.
            if covered == view.raw { self.out.push_str(&source) } else { escape_into(&mut self.out, &covered) }
        });
    }

    /// Not a row that anybody could take for a variable: it has no name.
    fn unreadable(&mut self, id: EntryId, entry: Entry) {
        let Some(told) = self.snapshot.told(id, entry, self.mask, self.hidden) else { return };
        self.open("unreadable", '{');
        self.text("reason", told.reason);
        self.text("path", &told.path);
        self.number("offset", told.offset as u64);
        self.number("page", told.page as u64);
        if let Some(name) = &told.name {
            self.text("name", name);
        }
        match told.source {
            Source::Masked(text) => self.text("source", &text),
            Source::Text(text) => self.text("source", text),
            // A character for each byte.
            Source::Bytes(bytes) => self.text("bytes", &bytes.iter().copied().map(char::from).collect::<String>()),
        }
        self.out.push('}');
    }

    /// Begins a member; its value follows.
    fn key(&mut self, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    fn open(&mut self, name: &str, bracket: char) {
        self.key(name);
        self.out.push(bracket);
    }

    /// Begins an element; its value follows.
    fn element(&mut self) {
        if !self.out.ends_with('[') {
            self.out.push(',');
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.key(name);
        escape_into(&mut self.out, text);
    }

    fn covered(&mut self, name: &str, text: &str) {
        let covered = self.mask.cover_name(text, self.hidden);
        self.text(name, &covered);
    }

    fn covered_list(&mut self, name: &str, texts: &[String]) {
        self.open(name, '[');
        for text in texts {
            self.element();
            let covered = self.mask.cover_name(text, self.hidden);
            escape_into(&mut self.out, &covered);
        }
        self.out.push(']');
    }

    fn flag(&mut self, name: &str, flag: bool) {
        self.key(name);
        self.out.push_str(if flag { "true" } else { "false" });
    }

    fn number(&mut self, name: &str, number: u64) {
        self.key(name);
        self.digits(number);
    }

    fn digits(&mut self, number: u64) {
        let _ = write!(self.out, "{number}");
    }
}

/// What was found to stand for a text; once something does, it always does.
fn once<'t>(covers: &mut Covers, id: u32, cover: &mut dyn FnMut() -> Cow<'t, str>) -> Cow<'t, str> {
    let id = id as usize;
    if let Some(Some(known)) = covers.get(id) {
        return Cow::Owned(known.clone());
    }
    let shown = cover();
    if let Cow::Owned(covered) = &shown {
        covers.resize(covers.len().max(id + 1), None);
        if let Some(slot) = covers.get_mut(id) {
            *slot = Some(covered.clone());
        }
    }
    shown
}

/// Times and durations are positive; anything else is 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

fn micros(seconds: f64) -> u64 {
    whole(seconds * 1e6)
}
