//! A session with secrets in every field.
#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic)]

use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
use serde_json::{Value as Json, json};
use std::rc::Rc;

/// Is in every secret, and in nothing else.
pub(crate) const CANARY: &str = "c4n4ry";
/// What the engine sends as its token: nothing in it looks like a secret, but its holder knows it.
pub(crate) const OWN_TOKEN: &str = "own.c4n4ry/token.plain";

/// A body, in versions that differ in nearly all of its variables.
pub(crate) fn body(version: u32) -> String {
    let bearer = format!("Bearer {CANARY}-{CANARY}-{version}-{CANARY}");
    let within = |secret: &str| json!({ "a": [1, { secret: secret, "deep": [[secret]], "password": { "any": CANARY, "n": version } }] });
    let (nested, own) = (within(&bearer), within(OWN_TOKEN));
    let mail = format!("{CANARY}@mail.example");
    let mut wrapped = json!({ "token": CANARY });
    for _ in 0..7 {
        wrapped = json!({ "in": wrapped.to_string() });
    }
    let mut rows = json!([
        { "name": "value", "value": bearer, "scope": "user" },
        { "name": "value", "value": bearer, "scope": "bot" },
        { "name": bearer, "value": "x", "scope": "user" },
        { "name": mail, "value": [version], "scope": "user" },
        { "name": mail.to_uppercase(), "value": 1, "scope": "user" },
        { "name": "scope", "value": "x", "scope": bearer },
        { "name": "scope", "value": "y", "scope": "bot" },
        { "name": "nested", "value": nested, "scope": "user" },
        { "name": "text", "value": Json::from(nested.to_string()).to_string(), "scope": "user" },
        { "name": "wrapped", "value": wrapped, "scope": "user" },
        { "name": "typed", "value": "x", "type": bearer, "scope": "user" },
        { "name": "typed", "value": bearer, "type": "number", "scope": "bot" },
        { "name": "clientSecret", "value": { "id": CANARY, "n": version }, "scope": "session" },
        { "name": "accessToken", "value": format!("007{CANARY}"), "scope": "session" },
        { "name": "password", "value": CANARY, "scpoe": "user", "n": version },
        { "name": bearer, "value": bearer },
        { "name": "own", "value": OWN_TOKEN, "scope": "user" },
        { "name": "own-in-url", "value": format!("/?a={}&n={version}", OWN_TOKEN.replace('/', "%2F")), "scope": "user" },
        { "name": OWN_TOKEN, "value": version, "scope": OWN_TOKEN },
        { "name": "own-nested", "value": own, "scope": "user" },
        { "name": "own-text", "value": own.to_string(), "scope": "user" },
        { "name": "own-typed", "value": version, "type": OWN_TOKEN, "scope": "user" },
        { "name": OWN_TOKEN, "value": OWN_TOKEN },
        { OWN_TOKEN: [OWN_TOKEN] },
        OWN_TOKEN,
    ]);
    // Wherever a text is shortened, a secret stands across the place.
    for before in (20..300).step_by(41).chain([1_000, 4_090, 10_000]) {
        for (kind, secret) in [("shape", bearer.as_str()), ("own", OWN_TOKEN)] {
            let text = format!("{}{version} {secret} after", ".".repeat(before));
            let row =
                json!({ "name": format!("{kind}{before}"), "value": [text.clone(), { "in": text }], "scope": "user" });
            let plain = json!({ "name": format!("{}{before}", text), "value": text, "scope": "user" });
            rows.as_array_mut().unwrap().extend([row, plain]);
        }
    }
    json!({ "session_id": OWN_TOKEN, "variables": rows }).to_string()
}

/// The same as a snapshot; the session is what its bytes say.
pub(crate) fn session(version: u32) -> Rc<Snapshot> {
    Rc::new(Snapshot::parse(body(version).into_bytes(), IngestOptions::default(), 0.0).unwrap())
}

/// Fails where the canary is in a text, and shows what is around it.
pub(crate) fn assert_nothing_sings(what: &str, text: &str) {
    if let Some(at) = text.to_lowercase().find(CANARY) {
        let from = (0..=at.saturating_sub(300)).rev().find(|from| text.is_char_boundary(*from)).unwrap_or(0);
        let around: String = text.get(from..).unwrap_or(text).chars().take(400).collect();
        panic!("{what}: …{around}…");
    }
}
