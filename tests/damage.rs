//! What damage does to bodies of every shape: one bad part among good ones, cut off anywhere, arriving in any slices.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::ingest::{Limits, Shape};
use cognigy_session_debugger::snapshot::{IngestOptions, Row, Snapshot, SnapshotBuilder, Taken, Window};
use cognigy_session_debugger::{Code, Error};

/// A body in which `@` stands for a value and `%` for a name, the paths that become unreadable when they are bad, and
/// whether the part stands in a text.
struct Body {
    shape: &'static str,
    text: &'static str,
    paths: &'static [&'static str],
    in_text: bool,
}

const fn body(shape: &'static str, text: &'static str, paths: &'static [&'static str]) -> Body {
    Body { shape, text, paths, in_text: false }
}

const fn in_text(shape: &'static str, text: &'static str, paths: &'static [&'static str]) -> Body {
    Body { in_text: true, ..body(shape, text, paths) }
}

const BODIES: [Body; 27] = [
    body(
        "variable-rows",
        r#"{"variables":[{"name":"good","value":1,"scope":"user"},{"name":"%","value":@,"scope":"user"},{"name":"also","value":2,"scope":"user"}]}"#,
        &["$.variables[1].value"],
    ),
    body("memory-bundle", r#"{"input":{"good":1,"%":@},"context":{"also":2},"profile":{}}"#, &["$.input.bad"]),
    body("memory-bundle", r#"{"ci":{"good":1},"cc":{"%":@,"also":2},"cp":{}}"#, &["$.cc.bad"]),
    in_text("memory-bundle", r#"{"cp":{"good":1},"contextJson":"{'%':@,'also':2}"}"#, &["$.contextJson.bad"]),
    body("session-state", r#"{"context":{"good":1,"%":@,"also":2},"epoch":3}"#, &["$.context.bad"]),
    in_text("session-state", r#"{"good":1,"context":" {'%':@,'also':2}","epoch":3}"#, &["$.context.bad"]),
    body("debug-event", r#"{"profile":{"good":1,"%":@,"also":2},"sessionId":"s"}"#, &["$.profile.bad"]),
    body(
        "contact-profile",
        r#"{"profile":{"good":1,"%":@,"also":2},"contactIds":["c"],"_id":"i","schema":{"good":"number"}}"#,
        &["$.profile.bad"],
    ),
    body("contact-profile", r#"{"profile":{"good":1},"also":2,"%":@,"_id":"i"}"#, &["$.bad"]),
    body(
        "profile-list",
        r#"{"items":[{"profile":{"good":1}},{"profile":{"%":@,"also":2}}],"total":2}"#,
        &["$.items[1].profile.bad"],
    ),
    body("profile-schema", r#"{"schema":{"good":1,"%":@,"also":2}}"#, &["$.schema.bad"]),
    body(
        "conversation",
        r#"{"items":[{"inputId":"good"},{"inputData":@},{"inputId":"also"}]}"#,
        &["$.items[1]", "$.items[1].inputData"],
    ),
    body("conversation", r#"{"items":[{"inputId":"good"},{"inputId":"i","%":@},{"inputId":"also"}]}"#, &["$.items[1]"]),
    body(
        "odata-rows",
        r#"{"value":[{"inputText":"good"},{"inputText":"i","%":@},{"inputText":"also"}]}"#,
        &["$.value[1]"],
    ),
    body(
        "hal",
        r#"{"_embedded":{"profiles":[{"profile":{"good":1,"%":@,"also":2}}]}}"#,
        &["$._embedded.profiles[0].profile.bad"],
    ),
    body(
        "hal",
        r#"{"_embedded":{"logEntry":{"msg":"good","%":@},"more":[{"msg":"also"}]}}"#,
        &["$._embedded.logEntry"],
    ),
    body(
        "log-page",
        r#"{"items":[{"msg":"good","traceId":"t"},{"msg":"m","traceId":"t","%":@},{"msg":"also","meta":{}}]}"#,
        &["$.items[1]"],
    ),
    body("request-log", r#"{"meta":{"a":1},"request":{"good":1,"%":@},"response":{"also":2}}"#, &["$.request.bad"]),
    body("request-log", r#"{"meta":{},"request":{"good":1},"x":{"context":{"%":@,"also":2}}}"#, &["$.x.context.bad"]),
    body("output", r#"{"data":{"good":1,"__debug":{"profile":{"%":@,"also":2}}}}"#, &["$.data.__debug.profile.bad"]),
    body("flow", r#"{"context":{"good":1,"%":@},"referenceId":"r","also":2}"#, &["$.context.bad"]),
    body("output", r#"{"text":"good","data":{"%":@,"also":2},"outputStack":[]}"#, &["$.data.bad"]),
    body(
        "output",
        r#"{"text":"good","outputStack":[{"data":{"%":@}},{"data":{"__debug":{"context":{"also":2}}}}]}"#,
        &["$.outputStack[0].data.bad"],
    ),
    body(
        "snapshot",
        r#"{"variables":{"good":{"value":1,"scope":"a"},"%":{"value":@,"scope":"a"},"also":{"value":2,"scope":"a"}}}"#,
        &["$.variables.bad.value"],
    ),
    body(
        "snapshot",
        r#"{"event":"variable_snapshot","data":{"good":{"value":1,"scope":"a"},"%":{"value":@,"scope":"a"},"also":{"value":2,"scope":"a"}}}"#,
        &["$.data.bad.value"],
    ),
    body(
        "snapshot",
        r#"{"variables":{"good":{"value":"ä","scope":"a","others":[{"value":@,"scope":"b"},{"value":"also","scope":"c"}]}},"metrics":{}}"#,
        &["$.variables.good.others[0].value"],
    ),
    body("plain-object", r#"{"good":1,"%":@,"also":2}"#, &["$.bad"]),
];

const SURROGATE: &str = "surrogate";
const BYTES: &str = "UTF-8";

/// Values with something in them that is no text, where in them it stands, and a word of the reason.
const BAD_VALUES: [(&[u8], usize, &str); 6] = [
    (br#""\ud83d""#, 1, SURROGATE),
    (br#""\\\ud83d\ude00\ud83d\n""#, 15, SURROGATE),
    (br#"{"x":[1,"\ude00"]}"#, 9, SURROGATE),
    (br#"[{"a\ud83d":1}]"#, 4, SURROGATE),
    (b"\"ab\xff\"", 3, BYTES),
    (b"{\"\xc3\":\"\xc3\xa9\"}", 2, BYTES),
];

impl Body {
    /// The bytes with this value and this name, and where both stand.
    fn with(&self, name: &[u8], value: &[u8]) -> (Vec<u8>, usize, usize) {
        let (mut out, mut name_at, mut value_at) = (Vec::new(), 0, 0);
        for byte in self.text.bytes() {
            let part = match byte {
                b'%' => {
                    name_at = out.len();
                    name
                }
                b'@' => {
                    value_at = out.len();
                    value
                }
                b'\'' => br#"\""#,
                _ => {
                    out.push(byte);
                    continue;
                }
            };
            match byte {
                b'%' | b'@' if self.in_text => {
                    for byte in part {
                        if matches!(byte, b'"' | b'\\') {
                            out.push(b'\\');
                        }
                        out.push(*byte);
                    }
                }
                _ => out.extend_from_slice(part),
            }
        }
        (out, name_at, value_at)
    }

    fn options(&self) -> IngestOptions {
        IngestOptions { shape: Some(Shape::parse(self.shape).unwrap()), ..IngestOptions::default() }
    }

    /// Where the text begins that holds the part.
    fn text_at(&self, bytes: &[u8]) -> usize {
        bytes.windows(2).position(|two| matches!(two, b"\"{" | b"\" ")).unwrap()
    }
}

fn rows(snapshot: &Snapshot) -> Vec<Row> {
    snapshot.rows(&Window { limit: 1_000, shadowed: true, ..Window::default() }).1
}

fn paths(rows: &[Row]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.problem.as_ref()).map(|problem| problem.path.as_str()).collect()
}

/// Whether what stands beside the bad part can be read.
fn holds_the_others(snapshot: &Snapshot) -> bool {
    let read: Vec<_> = rows(snapshot).into_iter().filter(|row| row.problem.is_none()).collect();
    let whole = |row: &Row| snapshot.text(row.entry, &[], 0, usize::MAX).unwrap().text;
    ["good", "also"].iter().all(|word| read.iter().any(|row| row.name == *word || whole(row).contains(word)))
}

#[test]
fn a_bad_text_makes_its_own_part_unreadable_and_no_other() {
    for body in &BODIES {
        for (value, at, why) in BAD_VALUES {
            let (bytes, _, start) = body.with(b"bad", value);
            let told = String::from_utf8_lossy(&bytes).into_owned();
            let snapshot = Snapshot::parse(bytes.clone(), body.options(), 0.0).unwrap();
            let found = rows(&snapshot);
            assert_eq!(paths(&found), body.paths, "{told}");
            assert!(holds_the_others(&snapshot), "{told}");
            for row in found.iter().filter(|row| row.problem.is_some()) {
                let problem = row.problem.as_ref().unwrap();
                let place = if body.in_text { body.text_at(&bytes) } else { start + at };
                assert_eq!(problem.offset, place, "{told}");
                assert!(problem.reason.contains(why), "{told}: {}", problem.reason);
                assert!(!problem.path.contains("bad") || row.name == "bad", "{told}");
            }
        }
    }
}

#[test]
fn a_bad_name_makes_its_own_part_unreadable_and_no_other() {
    for body in BODIES.iter().filter(|body| body.text.contains('%')) {
        for (name, at, why) in [(&br"x\ud83d"[..], 1, SURROGATE), (b"\xe2\x82", 0, BYTES)] {
            let (bytes, start, _) = body.with(name, b"[1]");
            let told = String::from_utf8_lossy(&bytes).into_owned();
            let snapshot = Snapshot::parse(bytes.clone(), body.options(), 0.0).unwrap();
            let found = rows(&snapshot);
            for (path, wanted) in paths(&found).into_iter().zip(body.paths) {
                let parent = wanted.split(".bad").next().unwrap().trim_end_matches(".value");
                assert!(path.starts_with(parent) && !path.contains("bad"), "{told}: {path}");
                assert!(
                    body.shape == "variable-rows" || path == *wanted || path.contains('\u{fffd}'),
                    "{told}: {path}"
                );
            }
            assert!(holds_the_others(&snapshot), "{told}");
            let bad: Vec<_> = found.iter().filter_map(|row| row.problem.as_ref()).collect();
            assert_eq!(bad.len(), 1, "{told}");
            assert_eq!(bad[0].offset, if body.in_text { body.text_at(&bytes) } else { start + at }, "{told}");
            assert!(bad[0].reason.contains(why), "{told}: {}", bad[0].reason);
        }
    }
}

#[test]
fn a_row_says_which_member_is_bad() {
    let row = r#"{"name":"n","value":1,"scope":"s","type":"int","isSystem":false,"more":"x"}"#;
    let parse = |row: &[u8]| {
        let body = [br#"{"variables":["#, row, b"]}"].concat();
        let found = rows(&Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap());
        let problem = found[0].problem.clone().unwrap();
        (problem.path, problem.offset - r#"{"variables":["#.len(), found[0].name.clone())
    };
    let at = |word: &str| row.find(word).unwrap();
    for bad in [&br"\ud83d"[..], b"\xff"] {
        for (old, member, name) in [("n\",\"v", ".name", ""), ("s\",\"t", ".scope", "n"), ("int", ".type", "n")] {
            let spoilt = [&row.as_bytes()[..at(old)], bad, &row.as_bytes()[at(old)..]].concat();
            assert_eq!(parse(&spoilt), (format!("$.variables[0]{member}"), at(old), name.to_owned()), "{old}");
        }
    }
    // What has no meaning hurts nobody, whatever is in it, in rows that are alike and in others.
    for bad in [&br"\ud83d"[..], b"\xff"] {
        for old in ["x\"", "ore"] {
            let spoilt = [&row.as_bytes()[..at(old)], bad, &row.as_bytes()[at(old)..]].concat();
            let body = [br#"{"variables":["#, row.as_bytes(), b",", &spoilt, b",", &spoilt, b"]}"].concat();
            let found = rows(&Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap());
            let told: Vec<_> = found.iter().map(|row| (row.name.as_str(), row.text.as_str(), &row.problem)).collect();
            assert_eq!(told, [("n", "1", &None); 3], "{old}");
        }
    }
    let places =
        [("\"n\"", "null", ".name"), ("\"s\"", "7", ".scope"), ("\"int\"", "[]", ".type"), ("false", "0", ".isSystem")];
    for (old, new, member) in places {
        let told = parse(row.replace(old, new).as_bytes());
        assert_eq!((told.0, told.1), (format!("$.variables[0]{member}"), at(old)), "{old}");
    }
    for (member, twice) in [("name", "n"), ("value", "1"), ("scope", "s")] {
        let again = format!(r#","{member}":"{twice}"}}"#);
        let spoilt = row.replace('}', &again);
        assert_eq!(parse(spoilt.as_bytes()).0, format!("$.variables[0].{member}"));
    }
    for (gone, path) in [
        (r#""name":"n","#, "$.variables[0]"),
        (r#""value":1,"#, "$.variables[0]"),
        (r#","scope":"s""#, "$.variables[0]"),
    ] {
        assert_eq!(parse(row.replace(gone, "").as_bytes()).0, path, "{gone}");
    }
}

/// What `JSON.parse` keeps is read, and the rest is not hidden.
#[test]
fn a_part_that_stands_twice_is_read_once_and_the_other_is_told() {
    for (body, path) in [
        (r#"{"context":{"lost":1},"context":{"kept":2}}"#, "$.context"),
        (r#"{"cc":{"lost":1},"profile":{},"cc":{"kept":2}}"#, "$.cc"),
        (r#"{"epoch":1,"context":{"lost":1},"context":"{\"kept\":2}"}"#, "$.context"),
        (r#"{"context":{"lost":1},"referenceId":"r","context":{"kept":2}}"#, "$.context"),
        (r#"{"profile":{"lost":1},"profile":{"kept":2},"_id":"i"}"#, "$.profile"),
        (r#"{"schema":{"lost":"int"},"schema":{"kept":2}}"#, "$.schema"),
        (r#"{"items":[{"profile":{"lost":1},"profile":{"kept":2}}]}"#, "$.items[0].profile"),
        (r#"{"items":[{"inputId":"lost"}],"items":[{"inputId":"kept"}]}"#, "$.items"),
        (r#"{"value":[{"inputId":"lost"}],"value":[{"inputId":"kept"}]}"#, "$.value"),
        (r#"{"_embedded":{"a":[{"msg":"lost"}]},"_embedded":{"a":[{"msg":"kept"}]}}"#, "$._embedded"),
        (r#"{"text":"","data":{"lost":1},"data":{"kept":2}}"#, "$.data"),
        (r#"{"text":"","data":{"__debug":{"context":{"lost":1},"context":{"kept":2}}}}"#, "$.data.__debug.context"),
    ] {
        let snapshot = Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap();
        let found = rows(&snapshot);
        assert_eq!(paths(&found), [path], "{body}");
        let bad = found.iter().find(|row| row.problem.is_some()).unwrap();
        assert!(bad.text.contains("lost") && bad.problem.as_ref().unwrap().reason.contains("more than once"), "{body}");
        let kept =
            |row: &Row| row.name == "kept" || snapshot.text(row.entry, &[], 0, 99).unwrap().text.contains("kept");
        assert!(found.iter().any(|row| row.problem.is_none() && kept(row)), "{body}");
    }
}

/// A good body, and one with a bad part, of every shape.
fn samples() -> Vec<(Vec<u8>, IngestOptions)> {
    let good = BODIES
        .iter()
        .map(|body| (body.with("bäd".as_bytes(), br#"{"n":[1.10,"\u00e9\ud83d\ude00"]}"#).0, body.options()));
    let guessed = BODIES.iter().filter(|body| body.shape != "plain-object");
    let bad = guessed.map(|body| (body.with(b"bad", BAD_VALUES[2].0).0, IngestOptions::default()));
    good.chain(bad).collect()
}

fn in_slices<'a>(slices: impl Iterator<Item = &'a [u8]>, options: IngestOptions) -> Result<Snapshot, Error> {
    let mut builder = SnapshotBuilder::new(options);
    for slice in slices {
        builder.buffer().extend_from_slice(slice);
        builder.advance()?;
    }
    builder.end_page()?;
    Ok(builder.finish(Taken::at(0.0)))
}

#[test]
fn slices_change_nothing() {
    for (bytes, options) in samples() {
        let whole = rows(&in_slices([&bytes[..]].into_iter(), options.clone()).unwrap());
        for size in 1..bytes.len() {
            let (one, other) = bytes.split_at(size);
            for sliced in
                [in_slices(bytes.chunks(size), options.clone()), in_slices([one, other].into_iter(), options.clone())]
            {
                assert_eq!(rows(&sliced.unwrap()), whole, "slices of {size}");
            }
        }
    }
}

#[test]
fn a_body_that_is_cut_off_anywhere_is_no_json_and_says_where_it_ends() {
    for (bytes, options) in samples() {
        for length in 1..bytes.len() {
            let error = Snapshot::parse(bytes[..length].to_vec(), options.clone(), 0.0).unwrap_err();
            assert_eq!((error.code(), error.facts().offset), (Code::JsonSyntax, Some(length)), "{length}");
            let sliced = in_slices(bytes[..length].chunks(3), options.clone()).unwrap_err();
            assert_eq!(sliced, error, "{length}");
        }
    }
}

#[test]
fn a_body_without_content_is_empty() {
    for body in ["", " \n", "\u{feff}", "\u{feff}\r\n"] {
        let error = Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap_err();
        assert_eq!(error.code(), Code::BodyEmpty, "{body:?}");
    }
    let twice = "\u{feff}\u{feff}{}".as_bytes().to_vec();
    assert_eq!(Snapshot::parse(twice, IngestOptions::default(), 0.0).unwrap_err().facts().offset, Some(3));
}

#[test]
fn an_unknown_shape_tells_names_that_are_no_texts_as_well() {
    let body = b"{\"a\":1,\"b\\ud83d\":2,\"c\xff\":3}".to_vec();
    let error = Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap_err();
    assert_eq!(error.code(), Code::ShapeUnknown);
    assert_eq!(error.facts().members, ["a", "b\u{fffd}\u{fffd}\u{fffd}", "c\u{fffd}"]);
    assert!(error.message().contains("an object of 3 members, whose names are"), "{}", error.message());
    let error = Snapshot::parse(b"{\"a\":1}".to_vec(), IngestOptions::default(), 0.0).unwrap_err();
    assert!(error.message().contains("an object of one member, whose name is"), "{}", error.message());
}

/// A value of this many bytes is as large as it may be, wherever it stands.
#[test]
fn limits_of_values_are_exact_in_every_shape() {
    const LIMIT: usize = 200;
    for body in BODIES.iter().filter(|body| body.text.contains("\"%\":@") || body.shape == "variable-rows") {
        // A record is a value as well, and holds this one.
        if body.paths[0].ends_with(']') || body.paths[0].ends_with("logEntry") {
            continue;
        }
        for (more, fits) in [(0, true), (1, false)] {
            let value = format!("\"{}\"", "x".repeat(LIMIT - 2 + more));
            let limits = Limits { value_bytes: LIMIT, ..Limits::default() };
            let (bytes, _, start) = body.with(b"bad", value.as_bytes());
            for size in [1, 50, bytes.len()] {
                let found = in_slices(bytes.chunks(size), IngestOptions { limits, ..body.options() });
                let place = if body.in_text { body.text_at(&bytes) } else { start };
                match found {
                    Ok(found) => assert!(fits && holds_the_others(&found), "{}", body.text),
                    Err(error) => {
                        assert_eq!(
                            (error.code(), error.facts().offset),
                            (Code::ValueTooLarge, Some(place)),
                            "{}",
                            body.text
                        );
                        assert!(!fits, "{}", body.text);
                    }
                }
            }
        }
    }
}
