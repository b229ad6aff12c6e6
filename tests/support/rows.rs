//! Bodies of rows, and what tests ask of them.

use cognigy_session_debugger::snapshot::{IngestOptions, Row, Snapshot};
use serde_json::{Value as Json, json};

pub fn parse_with(body: &str, options: IngestOptions) -> Snapshot {
    Snapshot::parse(body.as_bytes().to_vec(), options, 1_700_000_000_000.0).unwrap()
}

pub fn parse(body: &str) -> Snapshot {
    parse_with(body, IngestOptions::default())
}

pub fn rows_body(rows: &[Json]) -> String {
    json!({ "variables": rows }).to_string()
}

pub fn variable(name: &str, value: Json, scope: &str) -> Json {
    json!({ "name": name, "value": value, "scope": scope })
}

pub fn names(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

pub fn sample() -> Snapshot {
    parse(&rows_body(&[
        variable("lang", json!("de"), "bot"),
        variable("phone", json!("+4915112345678"), "user"),
        variable("agent", json!("007"), "session"),
        variable("lang", json!("ar"), "user"),
        variable("age", json!("42"), "user"),
        variable("cart", json!("{\"items\":[1.10,2],\"items\":[3]}"), "session"),
        variable("_turn", json!(3), "session"),
        variable("lang", json!("en"), "campaign"),
        variable("empty", json!(""), "user"),
        variable("nothing", Json::Null, "user"),
    ]))
}
