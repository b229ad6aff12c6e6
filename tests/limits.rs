//! The limits of a body at their edge: what just fits, and one more.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::{Limits, Shape};
use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot, SnapshotBuilder, Taken};
use cognigy_session_debugger::value::{NoteCode, ValueType};

const MIB: usize = 1 << 20;
const OPEN: &str = r#"{"variables":["#;
const CLOSE: &str = "]}";

fn read(body: &str, limits: Limits) -> Result<Snapshot, Code> {
    let options = IngestOptions { limits, ..IngestOptions::default() };
    Snapshot::parse(body.as_bytes().to_vec(), options, 0.0).map_err(|error| error.code())
}

fn row(name: usize, value: &str) -> String {
    format!(r#"{{"name":"n{name}","value":{value},"scope":"user"}}"#)
}

/// A text that takes so many bytes as JSON.
fn text(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes - 2))
}

/// A body of exactly so many bytes, with values of at most 8 MiB.
fn body_of(bytes: usize) -> String {
    let mut body = OPEN.to_owned();
    for name in 0.. {
        let rest = bytes - body.len() - CLOSE.len() - row(name, "").len();
        let last = rest <= 8 * MIB;
        // What is left must be long enough for a row.
        body += &row(name, &text(if last { rest } else { rest.min(8 * MIB) - 100 }));
        if last {
            break;
        }
        body.push(',');
    }
    body + CLOSE
}

#[test]
fn a_body_of_64_mib_is_read_and_not_one_byte_more() {
    let mut body = body_of(64 * MIB);
    assert_eq!(body.len(), 64 * MIB);
    assert!(read(&body, Limits::default()).unwrap().len() >= 8);
    body.push('\n');
    assert_eq!(read(&body, Limits::default()).unwrap_err(), Code::BodyTooLarge);
    assert!(read(&body, Limits { body_bytes: 64 * MIB + 1, ..Limits::default() }).is_ok());
}

#[test]
fn the_limit_of_a_body_is_that_of_all_its_bytes_and_of_what_is_announced() {
    let lower = Limits { body_bytes: 1_000, ..Limits::default() };
    assert!(read(&body_of(1_000), lower).is_ok());
    assert_eq!(read(&body_of(1_001), lower).unwrap_err(), Code::BodyTooLarge);
    let reserve = |limits, bytes| {
        let mut builder = SnapshotBuilder::new(IngestOptions { limits, ..IngestOptions::default() });
        builder.reserve(bytes).map_err(|error| error.code())
    };
    assert_eq!(reserve(Limits::default(), 64 * MIB), Ok(()));
    assert_eq!(reserve(Limits::default(), 64 * MIB + 1), Err(Code::BodyTooLarge));
    let most = Limits { body_bytes: Limits::MAX_BODY_BYTES, ..Limits::default() };
    assert_eq!(reserve(most, 1024 * MIB), Ok(()));
    let beyond = Limits { body_bytes: usize::MAX, ..Limits::default() };
    assert_eq!(reserve(beyond, 1024 * MIB + 1), Err(Code::BodyTooLarge), "nobody lifts the engine's own");
}

#[test]
fn a_value_of_16_mib_is_read_and_not_one_byte_more() {
    let body = |bytes| [OPEN, &row(0, &text(bytes)), CLOSE].concat();
    let raw = |snapshot: &Snapshot| snapshot.get("n0", None).unwrap().raw.len();
    assert_eq!(raw(&read(&body(16 * MIB), Limits::default()).unwrap()), 16 * MIB - 2);
    let more = body(16 * MIB + 1);
    assert_eq!(read(&more, Limits::default()).unwrap_err(), Code::ValueTooLarge);
    let higher = Limits { value_bytes: 16 * MIB + 1, ..Limits::default() };
    assert_eq!(raw(&read(&more, higher).unwrap()), 16 * MIB - 1);
    let lower = Limits { value_bytes: 10, ..Limits::default() };
    assert_eq!(raw(&read(&body(10), lower).unwrap()), 8);
    assert_eq!(read(&body(11), lower).unwrap_err(), Code::ValueTooLarge);
}

#[test]
fn there_are_200_000_variables_and_not_one_more() {
    let rows = |count| [OPEN, &(0..count).map(|name| row(name, "1")).collect::<Vec<_>>().join(","), CLOSE].concat();
    assert_eq!(read(&rows(200_000), Limits::default()).unwrap().entry_count(), 200_000);
    let more = rows(200_001);
    assert_eq!(read(&more, Limits::default()).unwrap_err(), Code::TooManyVariables);
    let higher = Limits { variables: 200_001, ..Limits::default() };
    assert_eq!(read(&more, higher).unwrap().entry_count(), 200_001);
    let lower = Limits { variables: 3, ..Limits::default() };
    assert_eq!(read(&rows(3), lower).unwrap().entry_count(), 3);
    assert_eq!(read(&rows(4), lower).unwrap_err(), Code::TooManyVariables);
}

/// What pages of these bytes come to, one after the other.
fn read_pages(pages: &[String], limits: Limits) -> Result<Snapshot, Code> {
    let mut builder = SnapshotBuilder::new(IngestOptions { limits, ..IngestOptions::default() });
    for page in pages {
        builder.buffer().extend_from_slice(page.as_bytes());
        builder.end_page().map_err(|error| error.code())?;
    }
    Ok(builder.finish(Taken::at(0.0)))
}

#[test]
fn bytes_and_variables_are_those_of_all_pages_together() {
    let page = |rows: std::ops::Range<usize>| {
        [OPEN, &rows.map(|name| row(name, "1")).collect::<Vec<_>>().join(","), CLOSE].concat()
    };
    let pages = [page(0..3), page(3..5), page(5..6)];
    let bytes: usize = pages.iter().map(String::len).sum();
    let within = |body_bytes, variables| Limits { body_bytes, variables, ..Limits::default() };
    assert_eq!(read_pages(&pages, within(bytes, 6)).unwrap().entry_count(), 6);
    assert_eq!(read_pages(&pages, within(bytes - 1, 6)).unwrap_err(), Code::BodyTooLarge);
    assert_eq!(read_pages(&pages, within(bytes, 5)).unwrap_err(), Code::TooManyVariables);
    // Documents in texts are unescaped behind their page; room is asked for as if nothing were escaped.
    let document = r#"{\"a\":1}"#;
    let body = &format!(r#"{{"context":"{document}","profile":{{}},"sessionId":"s"}}"#);
    let most = body.len() + document.len();
    assert!(read(body, within(most, 6)).is_ok());
    assert_eq!(read(body, within(most - 1, 6)).unwrap_err(), Code::BodyTooLarge);
}

#[test]
fn a_value_of_512_levels_is_a_value_and_a_deeper_one_stays_a_text() {
    let nested = |levels| ["[".repeat(levels), "]".repeat(levels)].concat();
    let kind = |levels, depth| {
        let body = [OPEN, &row(0, &nested(levels)), CLOSE].concat();
        let snapshot = read(&body, Limits { depth, ..Limits::default() }).unwrap();
        let variable = snapshot.get("n0", None).unwrap();
        assert_eq!(variable.raw, nested(levels), "its text is kept either way");
        let note = variable.note.map(|note| note.code);
        assert_eq!(note.is_some(), variable.value_type == ValueType::String, "and a text says why it is one");
        assert!(note.is_none_or(|note| note == NoteCode::TooDeep));
        variable.value_type
    };
    assert_eq!(Limits::default().depth, Limits::MAX_DEPTH);
    assert_eq!((kind(512, 512), kind(513, 512)), (ValueType::Array, ValueType::String));
    assert_eq!((kind(3, 3), kind(4, 3)), (ValueType::Array, ValueType::String));
    assert_eq!(kind(513, usize::MAX), ValueType::String, "nobody lifts the engine's own");
}

#[test]
fn a_body_without_variables_that_is_nested_too_deeply_says_so() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let refusal = |body: &str, limits| {
        let options = IngestOptions { limits, ..IngestOptions::default() };
        let error = Snapshot::parse(body.as_bytes().to_vec(), options, 0.0).unwrap_err();
        (error.code(), error.facts().offset)
    };
    let within = |levels| format!(r#"{{"a":1,"b":{}}}"#, nested(levels));
    let limits = Limits::default();
    assert_eq!(refusal(&nested(512), limits), (Code::ShapeUnknown, None));
    assert_eq!(refusal(&nested(513), limits), (Code::JsonTooDeep, Some(0)));
    assert_eq!(refusal(&nested(1_000_000), limits), (Code::JsonTooDeep, Some(0)));
    assert_eq!(refusal(&within(511), limits), (Code::ShapeUnknown, None));
    assert_eq!(refusal(&within(512), limits), (Code::JsonTooDeep, Some(11)));
    let lower = Limits { depth: 3, ..limits };
    assert_eq!(refusal(&nested(3), lower), (Code::ShapeUnknown, None));
    assert_eq!(refusal(&nested(4), lower), (Code::JsonTooDeep, Some(0)));
    let beyond = Limits { depth: usize::MAX, ..limits };
    assert_eq!(refusal(&within(512), beyond), (Code::JsonTooDeep, Some(11)), "nobody lifts the engine's own");
    // What ends too early is no JSON, however deep it is.
    assert_eq!(refusal(&"[".repeat(1_000_000), limits).0, Code::JsonSyntax);
    // What has no meaning beside variables hurts nobody, and another shape than the one that is asked for is that.
    let beside = format!(r#"{{"variables":[{}],"junk":{}}}"#, row(0, "1"), nested(600));
    assert_eq!(read(&beside, limits).unwrap().len(), 1);
    let options = IngestOptions { shape: Some(Shape::Flow), ..IngestOptions::default() };
    let context = format!(r#"{{"context":{{"a":{}}},"sessionId":"s"}}"#, nested(600));
    let error = Snapshot::parse(context.into_bytes(), options, 0.0).unwrap_err();
    assert_eq!(error.code(), Code::SchemaMismatch);
}

/// What is no list of rows is read by another reader.
#[test]
fn members_of_an_object_have_the_same_limits() {
    let read = |body: String, limits| {
        let options = IngestOptions { shape: Some(Shape::PlainObject), limits, ..IngestOptions::default() };
        Snapshot::parse(body.into_bytes(), options, 0.0).map_err(|error| error.code())
    };
    let value = |bytes| format!(r#"{{"a":{}}}"#, text(bytes));
    assert!(read(value(16 * MIB), Limits::default()).is_ok());
    assert_eq!(read(value(16 * MIB + 1), Limits::default()).unwrap_err(), Code::ValueTooLarge);
    let members = |count: usize| {
        let members: Vec<String> = (0..count).map(|name| format!("\"n{name}\":1")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert_eq!(read(members(200_000), Limits::default()).unwrap().entry_count(), 200_000);
    assert_eq!(read(members(200_001), Limits::default()).unwrap_err(), Code::TooManyVariables);
    let nested = |levels| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let kind = |levels| read(nested(levels), Limits::default()).unwrap().get("a", None).unwrap().value_type;
    assert_eq!((kind(512), kind(513)), (ValueType::Array, ValueType::String));
}
