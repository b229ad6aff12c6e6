//! What tests of shapes ask of a snapshot.

use cognigy_session_debugger::ingest::Shape;
use cognigy_session_debugger::snapshot::{IngestOptions, Row, Snapshot, Window};
use serde_json::Value as Json;

pub fn read_with(body: &str, options: IngestOptions) -> Result<Snapshot, cognigy_session_debugger::Error> {
    Snapshot::parse(body.as_bytes().to_vec(), options, 0.0)
}

pub fn read(body: &Json) -> Snapshot {
    read_with(&body.to_string(), IngestOptions::default()).unwrap()
}

pub fn shaped(body: &Json, shape: Shape) -> Result<Snapshot, cognigy_session_debugger::Error> {
    read_with(&body.to_string(), IngestOptions { shape: Some(shape), ..IngestOptions::default() })
}

pub fn rows(snapshot: &Snapshot) -> Vec<Row> {
    snapshot.rows(&Window { limit: 1_000, shadowed: true, ..Window::default() }).1
}

/// `scope/name=text` of every row that is not the platform's.
pub fn told(snapshot: &Snapshot) -> Vec<String> {
    let own = rows(snapshot).into_iter().filter(|row| !row.is_system);
    own.map(|row| format!("{}/{}={}", row.scope, row.name, row.text)).collect()
}

pub fn system(snapshot: &Snapshot) -> Vec<String> {
    let platforms = rows(snapshot).into_iter().filter(|row| row.is_system);
    platforms.map(|row| format!("{}/{}", row.scope, row.name)).collect()
}
