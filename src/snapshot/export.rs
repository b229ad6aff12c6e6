//! The variables as a document: JSON, NDJSON or CSV, hidden variables included.

use super::snapshot::Snapshot;
use super::store::Entry;
use crate::value::json::escape_into;

/// A format that a snapshot can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The wire snapshot.
    Json,
    /// One object a line and variable.
    Ndjson,
    /// RFC 4180, with a line of headings.
    Csv,
}

impl ExportFormat {
    /// The format with this name in the JavaScript contract.
    pub fn parse(name: &str) -> Option<ExportFormat> {
        match name {
            "json" => Some(ExportFormat::Json),
            "ndjson" => Some(ExportFormat::Ndjson),
            "csv" => Some(ExportFormat::Csv),
            _ => None,
        }
    }
}

impl Snapshot {
    /// The variables in a format.
    pub fn export(&self, format: ExportFormat) -> String {
        let mut out = String::new();
        match format {
            ExportFormat::Json => return self.to_json_text(),
            ExportFormat::Ndjson => self.readable(|entry, hidden| self.write_line(&mut out, entry, hidden)),
            ExportFormat::Csv => {
                out.push_str("name,scope,type,raw,hidden,is_system\r\n");
                self.readable(|entry, hidden| self.write_record(&mut out, entry, hidden));
            }
        }
        out
    }

    /// Every readable variable, and whether another one hides it.
    fn readable(&self, mut each: impl FnMut(Entry, bool)) {
        let columns = &self.store.columns;
        for (id, entry) in columns.all().filter(|(_, entry)| !entry.is_unreadable()) {
            each(entry, columns.is_hidden(id, entry));
        }
    }

    fn write_line(&self, out: &mut String, entry: Entry, hidden: bool) {
        out.push_str("{\"name\":");
        escape_into(out, &self.store.name(entry.name));
        out.push(',');
        let start = out.len();
        self.write_entry(out, entry);
        // Line breaks between the tokens of a value would end the line; inside texts JSON has none.
        if out.get(start..).is_some_and(|written| written.contains(['\n', '\r'])) {
            let written = out.split_off(start);
            out.push_str(&written.replace(['\n', '\r'], " "));
        }
        out.push_str(if hidden { ",\"hidden\":true}\n" } else { ",\"hidden\":false}\n" });
    }

    fn write_record(&self, out: &mut String, entry: Entry, hidden: bool) {
        let word = |flag| if flag { "true" } else { "false" };
        self.look(entry, |view| {
            let cells = [
                &self.store.name(entry.name),
                self.store.columns.scope(entry),
                self.type_word(view.value_type()),
                view.raw,
                word(hidden),
                word(entry.is_system()),
            ];
            for (place, cell) in cells.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_cell(out, cell);
            }
        });
        out.push_str("\r\n");
    }
}

/// A cell that no spreadsheet takes for a formula: what would begin one gets an apostrophe in front (OWASP ASVS 1.2.10).
fn write_cell(out: &mut String, cell: &str) {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
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
