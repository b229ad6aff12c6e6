//! The Markdown table, read by a renderer that knows nothing of it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use cognigy_session_debugger::snapshot::{ExportFormat, Hidden, IngestOptions, Mask, Snapshot};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

/// The texts of the table's cells; fails on anything that is no text.
fn cells(markdown: &str) -> Vec<String> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH | Options::ENABLE_WIKILINKS;
    let mut cells = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::TableCell) => cells.push(String::new()),
            Event::Text(text) => cells.last_mut().unwrap().push_str(&text),
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow)
            | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell) => {}
            other => panic!("{other:?} in {markdown}"),
        }
    }
    cells
}

proptest! {
    #[test]
    fn every_value_is_a_cell_and_no_markup(text in r#"[ -~\né]{0,40}|[|`*_<>&\[\]()!#~$@:/.\\w-]{0,20}"#) {
        let body = json!({ "variables": [{ "name": "a", "value": text, "scope": "user" }, { "name": "b", "value": "1", "scope": "bot" }] });
        let snapshot = Snapshot::parse(body.to_string().into_bytes(), IngestOptions::default(), 0.0).unwrap();
        let markdown = snapshot.export(ExportFormat::Markdown, &Mask::off(), &mut Hidden::default());
        let cells = cells(&markdown);
        prop_assert_eq!(cells.len(), 21, "{}", markdown);
        let shown = text.replace('\n', "↵");
        prop_assert_eq!(cells[10].trim(), shown.trim(), "{}", markdown);
        prop_assert_eq!(&cells[14..], ["b", "bot", "integer", "1", "false", "false", ""]);
    }
}
