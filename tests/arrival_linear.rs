//! A body that arrives slice by slice takes as long as it is, wherever white space stands in it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, unreachable_pub)]

#[path = "support/linear.rs"]
mod linear;

use cognigy_session_debugger::snapshot::{IngestOptions, SnapshotBuilder, Taken};
use std::time::Duration;

const SHORT: usize = 256 << 10;
const TIMES: usize = 16;
/// Sixteen times as much takes sixteen times as long; what grew with the square would take 256 times.
const MOST: u32 = 64;
const SLICE: usize = 16 << 10;

/// Bodies with white space where `~` stands, and how many variables each has.
const BODIES: [(&str, usize); 15] = [
    (r#"~{"variables":[{"name":"a","value":1,"scope":"user"}]}"#, 1),
    ("\u{feff}~{\"variables\":[]}", 0),
    (r#"{~"variables":[]}"#, 0),
    (r#"{"variables"~:[]}"#, 0),
    (r#"{"variables":~[]}"#, 0),
    (r#"{"variables":[~]}"#, 0),
    (r#"{"variables":[{"name":"a",~"value":1,"scope":"user"}]}"#, 1),
    (r#"{"variables":[{"name":"a","value":[1,~2],"scope":"user"}]}"#, 1),
    (r#"{"variables":[{"name":"a","value":1,"scope":"user"}~,{"name":"b","value":1,"scope":"user"}]}"#, 2),
    (r#"{"variables":[{"name":"a","value":1,"scope":"user"},~{"name":"b","value":1,"scope":"user"}]}"#, 2),
    (r#"{"variables":[{"name":"a","value":1,"scope":"user"}~]}"#, 1),
    (r#"{"variables":[]~,"total":0}"#, 0),
    (r#"{"variables":[],~"total":0~}"#, 0),
    (r#"{"context":{"a":1},~"profile":{~"b":2}}"#, 2),
    (r#"{"variables":[]}~"#, 0),
];

fn time(body: &[u8], variables: usize) -> Duration {
    linear::time(|| {
        let mut builder = SnapshotBuilder::new(IngestOptions::default());
        for slice in body.chunks(SLICE) {
            builder.buffer().extend_from_slice(slice);
            builder.advance().unwrap();
        }
        builder.end_page().unwrap();
        assert_eq!(builder.finish(Taken::at(0.0)).len(), variables);
    })
}

#[test]
fn white_space_is_walked_once() {
    let mut slow = Vec::new();
    for (body, variables) in BODIES {
        let [short, long] = [SHORT, SHORT * TIMES].map(|many| body.replace('~', &" \n\r\t".repeat(many / 4)));
        let (short, long) = (|| time(short.as_bytes(), variables), || time(long.as_bytes(), variables));
        if !linear::grows_at_most(MOST, short, long) {
            slow.push(body);
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
