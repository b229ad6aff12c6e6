//! The variables as a document: JSON, NDJSON, CSV or Markdown. The last three hold hidden variables and unreadable items too.

use super::find::Lens;
use super::markdown;
use super::mask::{Hidden, Mask, Spot};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use super::unreadable::Told;
use super::view::Window;
use crate::value::json::{JsonKind, escape_into};
use std::borrow::Cow;

/// A format that a snapshot can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The wire snapshot.
    Json,
    /// One object a line and variable.
    Ndjson,
    /// RFC 4180, with a line of headings.
    Csv,
    /// A table, for people.
    Markdown,
}

impl ExportFormat {
    /// The format with this name in the JavaScript contract.
    pub fn parse(name: &str) -> Option<ExportFormat> {
        match name {
            "json" => Some(ExportFormat::Json),
            "ndjson" => Some(ExportFormat::Ndjson),
            "csv" => Some(ExportFormat::Csv),
            "markdown" => Some(ExportFormat::Markdown),
            _ => None,
        }
    }
}

/// The columns of a table.
const HEADINGS: [&str; 7] = ["name", "scope", "type", "raw", "hidden", "is_system", "problem"];

impl Snapshot {
    /// The variables in a format, through a mask. `hidden` counts what it hid.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{ExportFormat, Hidden, IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"apiKey","value":"k-4711","scope":"bot"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let mut hidden = Hidden::default();
    /// let text = snapshot.export(ExportFormat::Ndjson, &Mask::standard(), &mut hidden);
    /// assert!(text.contains("[masked:api-key]") && !text.contains("4711"));
    /// assert_eq!(hidden.total(), 1);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn export(&self, format: ExportFormat, mask: &Mask, hidden: &mut Hidden) -> String {
        let window = Window { shadowed: true, ..Window::default() };
        self.export_rows(format, &window, Lens { earlier: None, mask }, hidden)
    }

    /// The same of all rows of a window, wherever it begins and ends. Tables and lines have them in their order; JSON has its
    /// variables in the session's, and of those that are not resolved side by side only the winners.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{ExportFormat, Hidden, IngestOptions, Lens, Mask, Snapshot, Window};
    /// let body = br#"{"variables":[{"name":"a","value":1,"scope":"bot"},{"name":"b","value":2,"scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let (window, mask) = (Window { filter: "scope:user".into(), ..Window::default() }, Mask::standard());
    /// let lens = Lens { earlier: None, mask: &mask };
    /// let text = snapshot.export_rows(ExportFormat::Ndjson, &window, lens, &mut Hidden::default());
    /// assert!(text.starts_with(r#"{"name":"b""#) && text.lines().count() == 1);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn export_rows(&self, format: ExportFormat, window: &Window, lens: Lens<'_>, hidden: &mut Hidden) -> String {
        let rows = self.select(window, lens);
        let (rows, mask, mut out) = (self.entries(&rows), lens.mask, String::new());
        match format {
            ExportFormat::Json => {
                let mut wanted = vec![false; self.store.columns.all().len()];
                rows.for_each(|(id, _)| wanted.get_mut(id as usize).into_iter().for_each(|slot| *slot = true));
                return self.wire_of(&|id| wanted.get(id as usize) == Some(&true), mask, hidden);
            }
            ExportFormat::Ndjson => {
                for (id, entry) in rows {
                    match self.told(id, entry, mask, hidden) {
                        Some(told) => write_told(&mut out, &told),
                        None => self.write_line(&mut out, entry, mask, hidden),
                    }
                }
            }
            ExportFormat::Csv => {
                out.push_str(&HEADINGS.join(","));
                out.push_str("\r\n");
                for row in rows {
                    for (place, cell) in self.cells(row, mask, hidden).iter().enumerate() {
                        if place > 0 {
                            out.push(',');
                        }
                        write_cell(&mut out, cell);
                    }
                    out.push_str("\r\n");
                }
            }
            ExportFormat::Markdown => {
                out.push_str("| ");
                out.push_str(&HEADINGS.join(" | "));
                out.push_str(" |\n|");
                out.push_str(&"---|".repeat(HEADINGS.len()));
                out.push('\n');
                for row in rows {
                    for cell in self.cells(row, mask, hidden) {
                        out.push_str("| ");
                        markdown::write_cell(&mut out, &cell);
                        out.push(' ');
                    }
                    out.push_str("|\n");
                }
            }
        }
        out
    }

    fn entries<'a>(&'a self, ids: &'a [EntryId]) -> impl Iterator<Item = (EntryId, Entry)> + 'a {
        ids.iter().filter_map(|id| Some((*id, self.store.columns.entry(*id)?)))
    }

    fn write_line(&self, out: &mut String, entry: Entry, mask: &Mask, hidden: &mut Hidden) {
        out.push_str("{\"name\":");
        escape_into(out, &mask.cover_variable_name(&self.store.name(entry.name), hidden));
        out.push(',');
        let start = out.len();
        self.write_entry(out, entry, mask, hidden);
        // Line breaks between the tokens of a value would end the line; inside texts JSON has none.
        if out.get(start..).is_some_and(|written| written.contains(['\n', '\r'])) {
            let written = out.split_off(start);
            out.push_str(&written.replace(['\n', '\r'], " "));
        }
        out.push_str(if self.store.columns.is_hidden(entry) { ",\"hidden\":true}\n" } else { ",\"hidden\":false}\n" });
    }

    /// What a table has of an entry; what could not be read is a row too, so that no document seems to be all there was.
    fn cells(&self, (id, entry): (EntryId, Entry), mask: &Mask, hidden: &mut Hidden) -> [String; HEADINGS.len()] {
        if let Some(told) = self.told(id, entry, mask, hidden) {
            return told_cells(&told);
        }
        let (name, scope) = (self.store.name(entry.name), self.store.columns.scope(entry));
        self.look(entry, |view| {
            [
                mask.cover_variable_name(&name, hidden).into_owned(),
                mask.cover_scope(scope, &name, hidden).into_owned(),
                self.type_word(view.value_type()).to_owned(),
                cover((view.raw, view.raw_is_text), mask, &mask.variable(&name, scope), hidden).into_owned(),
                word(self.store.columns.is_hidden(entry)),
                word(entry.is_system()),
                String::new(),
            ]
        })
    }
}

impl Snapshot {
    /// What came of an entry, or what the mask leaves of it. Of an unreadable item that is the whole item.
    pub(super) fn covered_raw(&self, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> String {
        if entry.is_unreadable() {
            // What its names lead to cannot be told.
            return if mask.is_off() { self.store.source(entry).into_owned() } else { mask.cover_unreadable(hidden) };
        }
        let is_text = entry.kind == JsonKind::String && !entry.is_too_deep();
        self.with_raw(entry, |raw| cover((raw, is_text), mask, &self.spot(entry, mask), hidden).into_owned())
    }
}

fn word(flag: bool) -> String {
    String::from(if flag { "true" } else { "false" })
}

/// What a table has of an item that could not be read.
fn told_cells(told: &Told<'_>) -> [String; HEADINGS.len()] {
    let problem = format!("{} at {}, byte {} of page {}", told.reason, told.path, told.offset, told.page);
    [
        told.name.clone().unwrap_or_default(),
        String::new(),
        String::from("unreadable"),
        told.source.shown().into_owned(),
        word(false),
        word(false),
        problem,
    ]
}

/// A line that nobody can take for a variable: it has no name of its own.
fn write_told(out: &mut String, told: &Told<'_>) {
    out.push_str("{\"unreadable\":{\"reason\":");
    escape_into(out, told.reason);
    out.push_str(",\"path\":");
    escape_into(out, &told.path);
    out.push_str(&format!(",\"offset\":{},\"page\":{}", told.offset, told.page));
    if let Some(name) = &told.name {
        out.push_str(",\"name\":");
        escape_into(out, name);
    }
    out.push_str(",\"source\":");
    escape_into(out, &told.source.shown());
    out.push_str("}}\n");
}

/// What came, or what the mask leaves of it.
fn cover<'a>((raw, is_text): (&'a str, bool), mask: &Mask, spot: &Spot<'_>, hidden: &mut Hidden) -> Cow<'a, str> {
    if is_text {
        return mask.cover_text(raw, spot, hidden);
    }
    let mut out = String::new();
    mask.write_json(&mut out, raw, spot, hidden);
    Cow::Owned(out)
}

/// A cell that no spreadsheet takes for a formula: what would begin one gets an apostrophe in front (OWASP ASVS 1.2.10).
fn write_cell(out: &mut String, cell: &str) {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    out.push('"');
    if risky {
        out.push('\'');
    }
    for c in cell.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}
