//! One record of a list that the platform keeps: a message of a transcript, an entry of a log.
//!
//! Records have no names, so they are given one: the position from 1 and who it came from. `3.bot` is the whole record, a
//! system variable; `3.bot.inputText` and its like are what people look for in it. What a user sent has the scope `input`,
//! any other message `output`, and what is no message `record`.

use crate::error::Error;
use crate::ingest::sink::{Item, Label};
use crate::ingest::top::{key_text, string, text};
use crate::ingest::walk::{Span, Walk};
use crate::value::json::{Child, Children, JsonKind, Scanned};

/// Told by themselves, in this order. `true`: the platform writes typed values as texts here.
const FIELDS: [(&str, bool); 17] = [
    ("inputText", false),
    ("inputData", true),
    ("inputAttachments", true),
    ("msg", true),
    ("meta", false),
    ("intent", false),
    ("state", false),
    ("custom1", true),
    ("custom2", true),
    ("custom3", true),
    ("custom4", true),
    ("custom5", true),
    ("custom6", true),
    ("custom7", true),
    ("custom8", true),
    ("custom9", true),
    ("custom10", true),
];

#[derive(Default)]
struct Record {
    fields: [Option<Scanned>; FIELDS.len()],
    source: Option<Scanned>,
    kind: Option<Scanned>,
    session: Option<Scanned>,
    message: bool,
}

impl Record {
    fn of(body: &[u8], object: Scanned) -> Record {
        let mut record = Record::default();
        for child in Children::new(body, object.start).filter_map(Result::ok) {
            record.take(body, &child);
        }
        record
    }

    fn take(&mut self, body: &[u8], child: &Child) {
        let Some(name) = key_text(child).and_then(|key| text(body, key)) else { return };
        if let Some(slot) = FIELDS.iter().position(|(field, _)| *field == name).and_then(|at| self.fields.get_mut(at)) {
            *slot = Some(child.value).filter(|value| value.kind != JsonKind::Null);
        }
        match name.as_ref() {
            "source" => self.source = Some(child.value),
            "type" => self.kind = Some(child.value),
            "sessionId" => self.session = Some(child.value),
            "inputId" | "outputId" | "inputText" | "inputData" => self.message = true,
            _ => {}
        }
    }

    fn scope(&self, body: &[u8]) -> &'static str {
        if !self.message {
            return "record";
        }
        let says = |value: Option<Scanned>| value.and_then(|value| string(body, value));
        match (says(self.kind).as_deref(), says(self.source).as_deref()) {
            (Some("output"), _) => "output",
            (Some("input" | "user"), _) | (_, Some("user") | None) => "input",
            _ => "output",
        }
    }

    /// Who it came from, in a word.
    fn label(&self, body: &[u8], otherwise: &str) -> String {
        const MOST_CHARS: usize = 40;
        let word = |value: Option<Scanned>| value.and_then(|value| string(body, value)).filter(|word| !word.is_empty());
        let word = word(self.source).or_else(|| word(self.kind));
        word.map_or_else(|| otherwise.to_owned(), |word| word.chars().take(MOST_CHARS).collect())
    }
}

/// Whether an object is a message of a transcript or of the analytics.
pub(super) fn is_message(body: &[u8], object: Scanned) -> bool {
    let record = Record::of(body, object);
    record.message || record.session.is_some() && record.fields.iter().any(Option::is_some)
}

/// Reads the record at `path`; `otherwise` names one that does not say who it came from.
pub(super) fn read(walk: &mut Walk<'_>, object: Scanned, path: &str, otherwise: &str) -> Result<(), Error> {
    walk.records += 1;
    let record = Record::of(walk.body, object);
    if walk.session.is_none() {
        walk.session = record.session.and_then(|value| string(walk.body, value)).filter(|id| !id.is_empty());
    }
    let scope = Label::Fixed(record.scope(walk.body));
    let name = format!("{}.{}", walk.records, record.label(walk.body, otherwise));
    let whole = Item {
        name: walk.append(&name)?,
        value: object,
        scope,
        declared: None,
        system: Some(true),
        stringified: false,
    };
    walk.put_at(&whole, Span::of_value(object), path)?;
    for ((field, stringified), value) in FIELDS.into_iter().zip(record.fields) {
        let Some(value) = value else { continue };
        let name = walk.append(&format!("{name}.{field}"))?;
        let item = Item { name, value, scope, declared: None, system: None, stringified };
        walk.put_at(&item, Span::of_value(value), &format!("{path}.{field}"))?;
    }
    Ok(())
}
