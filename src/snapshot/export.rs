//! The variables as a document: JSON, NDJSON, CSV or Markdown, hidden variables included.

use super::entry::View;
use super::markdown;
use super::mask::{Hidden, Mask, Spot};
use super::snapshot::Snapshot;
use super::store::Entry;
use crate::value::json::escape_into;
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
        let mut out = String::new();
        match format {
            ExportFormat::Json => return self.to_masked_json_text(mask, hidden),
            ExportFormat::Ndjson => {
                self.readable(|entry, shadowed| self.write_line(&mut out, entry, shadowed, mask, hidden));
            }
            ExportFormat::Csv => {
                out.push_str("name,scope,type,raw,hidden,is_system\r\n");
                self.readable(|entry, shadowed| {
                    for (place, cell) in self.cells(entry, shadowed, mask, hidden).iter().enumerate() {
                        if place > 0 {
                            out.push(',');
                        }
                        write_cell(&mut out, cell);
                    }
                    out.push_str("\r\n");
                });
            }
            ExportFormat::Markdown => {
                out.push_str("| name | scope | type | raw | hidden | is_system |\n|---|---|---|---|---|---|\n");
                self.readable(|entry, shadowed| {
                    for cell in &self.cells(entry, shadowed, mask, hidden) {
                        out.push_str("| ");
                        markdown::write_cell(&mut out, cell);
                        out.push(' ');
                    }
                    out.push_str("|\n");
                });
            }
        }
        out
    }

    /// Every readable variable, and whether another one hides it.
    fn readable(&self, mut each: impl FnMut(Entry, bool)) {
        let columns = &self.store.columns;
        for (_, entry) in columns.all().filter(|(_, entry)| !entry.is_unreadable()) {
            each(entry, columns.is_hidden(entry));
        }
    }

    fn write_line(&self, out: &mut String, entry: Entry, shadowed: bool, mask: &Mask, hidden: &mut Hidden) {
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
        out.push_str(if shadowed { ",\"hidden\":true}\n" } else { ",\"hidden\":false}\n" });
    }

    /// What a table has of a variable.
    fn cells(&self, entry: Entry, shadowed: bool, mask: &Mask, hidden: &mut Hidden) -> [String; 6] {
        let word = |flag| String::from(if flag { "true" } else { "false" });
        let (name, scope) = (self.store.name(entry.name), self.store.columns.scope(entry));
        self.look(entry, |view| {
            [
                mask.cover_variable_name(&name, hidden).into_owned(),
                mask.cover_scope(scope, &name, hidden).into_owned(),
                self.type_word(view.value_type()).to_owned(),
                raw(&view, mask, &mask.variable(&name, scope), hidden).into_owned(),
                word(shadowed),
                word(entry.is_system()),
            ]
        })
    }
}

impl Snapshot {
    /// What came of an entry, or what the mask leaves of it. Of an unreadable item that is the whole item.
    pub(super) fn covered_raw(&self, entry: Entry, mask: &Mask, hidden: &mut Hidden) -> String {
        let name = if entry.is_unreadable() { Cow::Borrowed("") } else { self.store.name(entry.name) };
        let scope = if entry.is_unreadable() { "" } else { self.store.columns.scope(entry) };
        self.look(entry, |view| raw(&view, mask, &mask.variable(&name, scope), hidden).into_owned())
    }
}

/// What came, or what the mask leaves of it.
fn raw<'a>(view: &View<'a>, mask: &Mask, spot: &Spot<'_>, hidden: &mut Hidden) -> Cow<'a, str> {
    if view.raw_is_text {
        return mask.cover_text(view.raw, spot, hidden);
    }
    let mut out = String::new();
    mask.write_json(&mut out, view.raw, spot, hidden);
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
