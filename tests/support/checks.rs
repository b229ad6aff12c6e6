//! What has to hold for any bytes at all. Shared with the fuzz target.

use cognigy_session_debugger::snapshot::{ExplainOptions, IngestOptions, Snapshot, SnapshotBuilder, Taken, Window};
use cognigy_session_debugger::value::json::validate;
use cognigy_session_debugger::{Code, Error};

/// Both [`whole`] and [`sliced`].
#[allow(dead_code, reason = "the test that makes its bodies itself takes turns")]
pub fn check(body: &[u8], slice: usize) -> Result<usize, Code> {
    sliced(body, slice).and_then(|_| whole(body))
}

/// Reads a body, asks everything of it, and says whether it could be read.
///
/// # Panics
/// Where something does not hold.
pub fn whole(body: &[u8]) -> Result<usize, Code> {
    let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0).map_err(|error| code(body, &error))?;
    ask(&snapshot);
    Ok(count(&snapshot))
}

/// Reads a body at once and in slices of `slice` bytes, and says whether it could be read.
///
/// # Panics
/// Where that makes a difference.
pub fn sliced(body: &[u8], slice: usize) -> Result<usize, Code> {
    let whole = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0);
    match (whole, in_slices(body, slice.max(1))) {
        (Ok(whole), Ok(sliced)) => {
            assert_eq!(whole.to_json_text(), sliced.to_json_text(), "slices change nothing");
            // Rows take longer than all the rest: one body in sixteen shows its own.
            if (body.len() + slice).is_multiple_of(16) {
                let window = Window { limit: 8, shadowed: true, ..Window::default() };
                assert_eq!(whole.rows(&window), sliced.rows(&window), "slices change no row");
            }
            Ok(count(&whole))
        }
        (Err(one), Err(other)) => {
            assert_eq!(one, other, "slices change no error");
            Err(code(body, &one))
        }
        (one, other) => panic!("{:?} whole, {:?} in slices", one.map(|_| ()), other.map(|_| ())),
    }
}

fn code(body: &[u8], error: &Error) -> Code {
    assert!(error.facts().offset.is_none_or(|offset| offset <= body.len()));
    error.code()
}

fn count(snapshot: &Snapshot) -> usize {
    snapshot.entry_count() + snapshot.unreadable_count()
}

fn in_slices(body: &[u8], slice: usize) -> Result<Snapshot, Error> {
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    for part in body.chunks(slice) {
        builder.buffer().extend_from_slice(part);
        builder.advance()?;
    }
    builder.end_page()?;
    Ok(builder.finish(Taken::at(0.0)))
}

/// Looks at rows, trees, texts, explanations and the wire text.
fn ask(snapshot: &Snapshot) {
    let window = Window { limit: 4, shadowed: true, ..Window::default() };
    let (total, rows) = snapshot.rows(&window);
    assert_eq!(total, count(snapshot));
    assert_eq!(rows.len(), total.min(4));
    for row in &rows {
        assert_eq!(row.problem.is_some(), row.value_type.is_none());
        let page = snapshot.children(row.entry, &[], 0, 3).ok();
        for node in page.iter().flat_map(|page| &page.nodes) {
            assert!(snapshot.text(row.entry, &[node.ordinal], 0, 8).is_ok());
        }
        assert_eq!(row.problem.is_none(), snapshot.variable(row.entry).is_some());
    }
    if let Some(row) = rows.last().filter(|row| row.problem.is_none()) {
        let explanation = snapshot.explain(&row.name, ExplainOptions::default());
        assert!(explanation.is_some_and(|one| one.candidates.iter().any(|one| one.entry == Some(row.entry))));
        assert!(snapshot.get(&row.name, Some(&row.scope)).is_some_and(|variable| variable.name == row.name));
    }
    let text = snapshot.to_json_text();
    assert!(validate(text.as_bytes(), usize::MAX).is_ok(), "the wire text is JSON");
}
