//! What bodies of every shape become.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::{Limits, Shape};
use cognigy_session_debugger::query::NextPage;
use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ChangeKind, ExplainOptions, IngestOptions, Origin, Row, Snapshot, SnapshotBuilder, Status, Taken, Window,
};
use cognigy_session_debugger::value::{NoteCode, Policy, ValueType};
use serde_json::{Value as Json, json};

fn read_with(body: &str, options: IngestOptions) -> Result<Snapshot, cognigy_session_debugger::Error> {
    Snapshot::parse(body.as_bytes().to_vec(), options, 0.0)
}

fn read(body: &Json) -> Snapshot {
    read_with(&body.to_string(), IngestOptions::default()).unwrap()
}

fn shaped(body: &Json, shape: Shape) -> Result<Snapshot, cognigy_session_debugger::Error> {
    read_with(&body.to_string(), IngestOptions { shape: Some(shape), ..IngestOptions::default() })
}

fn rows(snapshot: &Snapshot) -> Vec<Row> {
    snapshot.rows(&Window { limit: 1_000, shadowed: true, ..Window::default() }).1
}

/// `scope/name=text` of every row that is not the platform's.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let own = rows(snapshot).into_iter().filter(|row| !row.is_system);
    own.map(|row| format!("{}/{}={}", row.scope, row.name, row.text)).collect()
}

fn system(snapshot: &Snapshot) -> Vec<String> {
    let platforms = rows(snapshot).into_iter().filter(|row| row.is_system);
    platforms.map(|row| format!("{}/{}", row.scope, row.name)).collect()
}

#[test]
fn every_shape_is_recognised() {
    let message = json!({"inputId": "i", "sessionId": "s", "inputText": "hi", "inputData": {}, "type": "input", "source": "user"});
    let contact =
        json!({"_id": "0123456789abcdef01234567", "profile": {"firstname": "Max"}, "contactIds": ["max@example.com"]});
    for (body, shape) in [
        (json!({"variables": []}), "variable-rows"),
        (
            json!({"input": {}, "context": {}, "profile": {}, "state": "default", "sessionId": "s", "userId": "u"}),
            "memory-bundle",
        ),
        (json!({"ci": {}, "cc": {}, "cp": {}}), "memory-bundle"),
        (json!({"cc": {"a": 1}}), "memory-bundle"),
        (json!({"sessionId": "s", "contextJson": "{\"a\":1}"}), "memory-bundle"),
        (json!({"context": {}, "state": "default", "sessionId": "s", "userId": "u"}), "memory-bundle"),
        (json!({"context": {}, "epoch": 3, "flowId": "f", "sessionId": "s"}), "session-state"),
        (json!({"context": "{}", "state": "default", "sessionId": "s"}), "session-state"),
        (json!({"context": {"a": 1}, "sessionId": "s"}), "debug-event"),
        (json!({"profile": {"a": 1}}), "debug-event"),
        (json!({"input": {"text": "hi"}, "sessionId": "s"}), "debug-event"),
        (contact.clone(), "contact-profile"),
        (json!({"items": [contact], "total": 1}), "profile-list"),
        (json!({"items": [7, contact], "nextCursor": null}), "profile-list"),
        (json!({"schema": {"firstname": "string"}, "details": []}), "profile-schema"),
        (json!({"items": [message], "total": 1}), "conversation"),
        (json!({"items": message, "total": 1}), "conversation"),
        (json!({"items": [], "total": 0}), "conversation"),
        (json!({"value": [message]}), "odata-rows"),
        (json!({"@odata.context": "x", "value": []}), "odata-rows"),
        (json!({"_embedded": {"logEntry": []}, "_links": {}}), "hal"),
        (json!({"_id": "x", "referenceId": "r", "name": "Main", "context": {}}), "flow"),
        (json!({"text": "hi", "data": {}, "source": "bot"}), "output"),
        (json!({"output": {"data": {"a": 1}}}), "output"),
        (json!({"text": "", "data": null, "outputStack": [], "userId": "u", "sessionId": "s"}), "output"),
    ] {
        assert_eq!(read(&body).shape().as_str(), shape, "{body}");
        assert_eq!(shaped(&body, Shape::parse(shape).unwrap()).unwrap().shape().as_str(), shape, "{body}");
    }
}

#[test]
fn what_has_no_shape_is_an_error_with_names_and_without_values() {
    for body in [
        json!({"items": ["secret"], "total": 1}),
        json!({"items": [{"secret": 1}]}),
        json!({"value": ["secret"]}),
        json!({"value": "secret"}),
        json!({"data": {"a": "secret"}}),
        json!({"profile": "secret", "a": 1}),
        json!({"context": "secret", "a": 1}),
        json!({"context": null, "a": 1}),
        json!({"a": "secret"}),
        json!({"output": "secret"}),
        json!({"_embedded": "secret"}),
        json!({}),
        json!(["secret"]),
        json!("secret"),
    ] {
        let error = read_with(&body.to_string(), IngestOptions::default()).unwrap_err();
        assert_eq!(error.code(), Code::ShapeUnknown, "{body}");
        assert!(!error.message().contains("secret"), "{body}: {}", error.message());
        for key in body.as_object().into_iter().flat_map(|object| object.keys()) {
            assert!(error.facts().members.contains(key), "{body}: {:?}", error.facts().members);
            assert!(key.len() < 5 || !error.message().contains(key), "no name is told in: {}", error.message());
        }
    }
}

#[test]
fn a_shape_that_was_asked_for_has_to_be_there() {
    let rows = json!({"variables": [{"name": "a", "value": "42", "scope": "user"}]});
    let bundle = json!({"context": {"a": 1}, "profile": {}});
    for (body, shape) in [(&rows, Shape::MemoryBundle), (&bundle, Shape::VariableRows), (&bundle, Shape::Conversation)]
    {
        let error = shaped(body, shape).unwrap_err();
        assert_eq!(error.code(), Code::SchemaMismatch, "{body}");
    }
    assert_eq!(shaped(&json!([1]), Shape::PlainObject).unwrap_err().code(), Code::ShapeUnknown);
    let plain = shaped(&json!({"variables": [1], "b": "42"}), Shape::PlainObject).unwrap();
    assert_eq!(told(&plain), ["context/b=42", "context/variables=[1]"]);
}

#[test]
fn namespaces_stand_side_by_side() {
    let body = json!({
        "input": {"text": "hi", "email": "i@example.com"},
        "context": {"email": "c@example.com", "order": {"id": 7}, "phone": "0049176", "count": 42},
        "profile": {"email": "p@example.com"},
        "state": "default", "sessionId": "s-1", "userId": "u", "inputId": "i"
    });
    let snapshot = read(&body);
    assert_eq!(
        told(&snapshot),
        [
            "input/email=i@example.com",
            "input/text=hi",
            "context/count=42",
            "context/email=c@example.com",
            "context/order={id}",
            "context/phone=0049176",
            "profile/email=p@example.com",
        ]
    );
    assert_eq!(system(&snapshot), ["session/inputId", "session/state", "session/userId"]);
    assert_eq!(snapshot.session_id(), "s-1");
    assert_eq!(snapshot.get("email", None).unwrap().scope, "input");
    assert_eq!(snapshot.get("email", Some("profile")).unwrap().raw, "p@example.com");
    let explanation = snapshot.explain("order", ExplainOptions::default()).unwrap();
    assert_eq!((explanation.rule, explanation.winner), ("side-by-side/one-per-scope", None));
    let status: Vec<_> = explanation.candidates.iter().map(|one| (one.scope.as_str(), one.status)).collect();
    assert_eq!(
        status,
        [
            ("input", Status::NotSet),
            ("context", Status::Shown),
            ("profile", Status::NotSet),
            ("default", Status::NotLoaded)
        ]
    );
    assert_eq!(snapshot.get("phone", None).unwrap().value_type, ValueType::String);
    assert!(snapshot.get("phone", None).unwrap().note.is_none());
}

#[test]
fn the_caller_may_choose_policy_and_precedence() {
    let body = json!({"context": {"n": "42"}, "profile": {"n": "43"}}).to_string();
    let options = IngestOptions {
        policy: Some(Policy::Lossless),
        precedence: Some(Precedence::custom(["context", "profile"])),
        ..IngestOptions::default()
    };
    let snapshot = read_with(&body, options).unwrap();
    let variable = snapshot.get("n", None).unwrap();
    assert_eq!((variable.scope.as_str(), variable.value_type), ("profile", ValueType::Integer));
    let side = IngestOptions { precedence: Some(Precedence::side_by_side()), ..IngestOptions::default() };
    assert_eq!(read_with(&body, side).unwrap().get("n", None).unwrap().scope, "context");
}

#[test]
fn a_context_in_a_text_is_opened() {
    let context = json!({"a\"b": {"n": [1, 2]}, "é😀": "x\n", "t": "42", "__proto__": 1});
    let body = json!({"_id": "x", "sessionId": "s", "userId": "u", "epoch": 4, "state": "default", "context": context.to_string(), "systemContext": {}});
    let snapshot = read(&body);
    assert_eq!(snapshot.shape(), Shape::SessionState);
    let wire: Json = serde_json::from_str(&snapshot.to_json_text()).unwrap();
    for (name, value) in context.as_object().unwrap() {
        assert_eq!(&wire["variables"][name]["value"], value, "{name}");
        assert_eq!(wire["variables"][name]["scope"], "context");
    }
    let from_object = json!({"sessionId": "s", "epoch": 4, "context": context});
    let diff = snapshot.diff(&read(&from_object));
    assert!(diff.changed.is_empty(), "{:?}", diff.changed);
    assert_eq!(diff.unchanged, 5, "the four and the epoch");
}

#[test]
fn one_bad_part_never_hides_the_others() {
    let body = r#"{"input":[1],"context":"{\"a\":1,","profile":{"good":1,"bad":"\ud83d","also":2},"sessionId":"s"}"#;
    let snapshot = read_with(body, IngestOptions::default()).unwrap();
    assert_eq!(told(&snapshot).len(), 5);
    assert_eq!(snapshot.names().collect::<Vec<_>>(), ["good", "also"]);
    let problems: Vec<_> =
        rows(&snapshot).into_iter().filter_map(|row| row.problem.map(|problem| (row.name, problem))).collect();
    let paths: Vec<_> = problems.iter().map(|(name, problem)| (name.as_str(), problem.path.as_str())).collect();
    assert_eq!(paths, [("input", "$.input"), ("context", "$.context"), ("bad", "$.profile.bad")]);
    assert_eq!(problems[0].1.offset, body.find("[1]").unwrap());
    assert_eq!(problems[1].1.offset, body.find("\"{\\").unwrap());
    assert_eq!(problems[1].1.reason, "The text does not hold a JSON object.");
}

#[test]
fn a_bad_text_inside_a_context_text_spoils_only_its_own_member() {
    let body = br#"{"epoch":1,"context":"{\"a\":\"\ud83d\",\"b\":\"\\ud83d\",\"c\":\"\ud83d\ude00\",\"d\":\"x\xff\",\"e\":1}"}"#;
    let mut bytes = Vec::new();
    // `\xff` in the raw text stands for the byte itself.
    for (place, part) in body.split(|byte| *byte == b'x').enumerate() {
        match (place, part.strip_prefix(b"ff")) {
            (0, _) => bytes.extend_from_slice(part),
            (_, Some(rest)) => {
                bytes.pop();
                bytes.push(0xff);
                bytes.extend_from_slice(rest);
            }
            _ => {
                bytes.push(b'x');
                bytes.extend_from_slice(part);
            }
        }
    }
    assert!(bytes.contains(&0xff));
    let snapshot = Snapshot::parse(bytes.clone(), IngestOptions::default(), 0.0).unwrap();
    assert_eq!(snapshot.get("c", None).unwrap().raw, "😀");
    assert_eq!(snapshot.get("e", None).unwrap().raw, "1");
    let string = bytes.windows(2).position(|two| two == b"\"{").unwrap();
    let problems: Vec<_> = rows(&snapshot).into_iter().filter_map(|row| row.problem).collect();
    assert_eq!(
        problems.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
        ["$.context.a", "$.context.b", "$.context.d"]
    );
    assert!(problems.iter().all(|one| one.offset == string));
    assert!(problems[0].reason.contains("surrogate") && problems[1].reason.contains("surrogate"));
    assert!(problems[2].reason.contains("UTF-8"));
}

#[test]
fn names_that_stand_twice_are_kept_and_the_last_counts() {
    let snapshot = read_with(r#"{"context":{"a":1,"b":2,"a":3}}"#, IngestOptions::default()).unwrap();
    assert_eq!(snapshot.get("a", None).unwrap().raw, "3");
    assert_eq!(snapshot.get("a", Some("context")).unwrap().raw, "3");
    assert_eq!(rows(&snapshot).iter().map(|row| row.hidden).collect::<Vec<_>>(), [true, false, false]);
    let status: Vec<_> = snapshot
        .explain("a", ExplainOptions::default())
        .unwrap()
        .candidates
        .iter()
        .filter(|one| one.entry.is_some())
        .map(|one| one.status)
        .collect();
    assert_eq!(status, [Status::Shown, Status::Duplicate]);
    let layered = IngestOptions { precedence: Some(Precedence::layered()), ..IngestOptions::default() };
    let snapshot = read_with(r#"{"context":{"a":1,"a":3}}"#, layered).unwrap();
    assert_eq!(snapshot.get("a", None).unwrap().raw, "3");
    assert!(snapshot.explain("a", ExplainOptions::default()).unwrap().sentence.contains("its last value is kept"));
}

#[test]
fn a_contact_has_its_fields_and_a_schema_declares_their_types() {
    let contact = json!({
        "profile": {"firstname": "Max", "age": "42", "vip": true}, "active": true, "contactIds": ["max@example.com"],
        "_id": "0123456789abcdef01234567", "lastChanged": 1_694_518_620
    });
    let snapshot = read(&contact);
    assert_eq!(told(&snapshot), ["profile/age=42", "profile/firstname=Max", "profile/vip=true"]);
    assert_eq!(system(&snapshot), ["contact/_id", "contact/active", "contact/contactIds", "contact/lastChanged"]);
    let mut with_schema = contact;
    with_schema["schema"] = json!({"age": "number", "vip": "string", "firstname": 7});
    let options = IngestOptions { policy: Some(Policy::Lossless), ..IngestOptions::default() };
    let snapshot = read_with(&with_schema.to_string(), options).unwrap();
    assert_eq!(snapshot.get("age", None).unwrap().value_type, ValueType::Integer);
    assert_eq!(snapshot.get("vip", None).unwrap().note.unwrap().code, NoteCode::DeclaredTypeNotMet);
    assert!(snapshot.get("firstname", None).unwrap().note.is_none());
    let schema = read(&json!({"schema": {"firstname": "string", "age": "number"}, "details": [{"internal": "age"}]}));
    let mut fields = told(&schema);
    fields.sort();
    assert_eq!(fields, ["profile-schema/age=number", "profile-schema/firstname=string"]);
}

#[test]
fn contacts_of_a_list_do_not_mix() {
    let contact = |id: &str, name: &str| json!({"_id": "x", "profile": {"firstname": name}, "contactIds": [id]});
    let one = read(&json!({"items": [contact("a", "Max")], "total": 1}));
    assert_eq!(told(&one), ["profile/firstname=Max"]);
    let several = read(
        &json!({"items": [contact("a", "Max"), contact("b", "Mia"), "odd", {"_id": "z"}, {"_id": "q", "profile": "text"}]}),
    );
    assert_eq!(told(&several)[..2], ["profile:a/firstname=Max", "profile:b/firstname=Mia"]);
    let problems: Vec<_> =
        rows(&several).into_iter().filter_map(|row| row.problem.map(|problem| problem.path)).collect();
    assert_eq!(problems, ["$.items[2]", "$.items[3]", "$.items[4].profile"]);
}

#[test]
fn transcripts_are_told_message_by_message() {
    let message = |source: &str, text: &str, data: Json| json!({"inputId": "i", "sessionId": "s-9", "inputText": text, "inputData": data, "type": if source == "user" {"input"} else {"output"}, "source": source});
    let body =
        json!({"items": [message("user", "42", json!({"a": 1})), 5, message("bot", "ok", Json::Null)], "total": 3});
    let snapshot = read(&body);
    assert_eq!(snapshot.session_id(), "s-9");
    assert_eq!(
        told(&snapshot),
        ["input/1.user.inputText=42", "input/1.user.inputData={a}", "/=5", "output/2.bot.inputText=ok"]
    );
    assert_eq!(system(&snapshot), ["input/1.user", "output/2.bot"]);
    assert_eq!(snapshot.get("1.user.inputText", None).unwrap().value_type, ValueType::String);
    let whole: Json = serde_json::from_str(&snapshot.get("2.bot", None).unwrap().raw).unwrap();
    assert_eq!(whole, body["items"][2]);
    let single = read(&json!({"items": message("agent", "hello", json!({})), "total": 1}));
    assert_eq!(told(&single), ["output/1.agent.inputText=hello", "output/1.agent.inputData={}"]);
}

#[test]
fn texts_that_hold_json_in_the_analytics_are_read() {
    let row = json!({
        "id": "7", "inputId": "i", "sessionId": "demo", "inputText": "7", "inputData": "{\"_cognigy\":{\"n\":1.10}}",
        "inputAttachments": "[]", "custom1": "42", "custom2": "007", "type": "output", "source": "bot", "rating": null
    });
    let body = json!({"value": [row]}).to_string();
    let snapshot = read_with(&body, IngestOptions::default()).unwrap();
    let kind = |name: &str| snapshot.get(&format!("1.bot.{name}"), None).unwrap();
    assert_eq!(kind("inputText").value_type, ValueType::String);
    assert_eq!(kind("inputData").value_type, ValueType::Object);
    assert_eq!(snapshot.children(kind("inputData").entry, &[0], 0, 9).unwrap().nodes[0].text, "1.10");
    assert_eq!(kind("inputAttachments").value_type, ValueType::Array);
    assert_eq!(kind("custom1").value_type, ValueType::Integer);
    assert_eq!((kind("custom2").value_type, kind("custom2").raw.as_str()), (ValueType::String, "007"));
    let none = IngestOptions { policy: Some(Policy::None), ..IngestOptions::default() };
    assert_eq!(read_with(&body, none).unwrap().get("1.bot.inputData", None).unwrap().value_type, ValueType::String);
}

#[test]
fn logs_are_told_entry_by_entry() {
    let body = json!({
        "_embedded": {"logEntry": [
            {"timestamp": "2023-11-07T05:31:56Z", "msg": "{\"a\":1}", "type": "debug", "meta": {"userId": "u"}, "traceId": "t"},
            {"msg": "plain", "meta": null}
        ]},
        "_links": {"next": {"href": "https://api.example/logs?next=65f0"}}
    });
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    builder.buffer().extend_from_slice(body.to_string().as_bytes());
    assert_eq!(builder.end_page().unwrap(), Some(NextPage::Link("https://api.example/logs?next=65f0".into())));
    let snapshot = builder.finish(Taken::at(0.0));
    assert_eq!(
        told(&snapshot),
        ["record/1.debug.msg={a}", "record/1.debug.meta={userId}", "record/2.logEntry.msg=plain"]
    );
}

#[test]
fn a_flow_has_the_context_that_sessions_begin_with() {
    let snapshot =
        read(&json!({"_id": "f", "referenceId": "r", "name": "Main", "context": {"lang": "de", "retries": 3}}));
    assert_eq!(told(&snapshot), ["default/lang=de", "default/retries=3"]);
    assert_eq!(system(&snapshot), ["flow/_id", "flow/name", "flow/referenceId"]);
}

#[test]
fn outputs_carry_data_and_debug_bundles() {
    let reply = json!({
        "text": "hi", "sessionId": "s", "userId": "u", "data": {"a": 1, "__debug": {"v": 1, "context": {"lang": "de"}, "profile": {"name": "Max"}}},
        "outputStack": [{"text": "hi", "data": {"a": 1}}, {"text": "there", "data": {"a": 2}}, 9, {"text": "x", "data": null}, {"data": 5}]
    });
    let snapshot = read(&reply);
    assert_eq!(snapshot.session_id(), "s");
    let mut own = told(&snapshot);
    own.sort();
    assert_eq!(
        own,
        ["/=9", "/data=5", "context/lang=de", "output.1/a=1", "output.2/a=2", "output/a=1", "profile/name=Max"]
    );
    assert_eq!(system(&snapshot), ["session/v", "reply/text", "reply/userId"]);
    let wrapped = read(&json!({"output": {"data": {"a": 1}, "text": ""}}));
    assert_eq!(told(&wrapped), ["output/a=1"]);
}

#[test]
fn values_that_the_platform_replaced_are_recognised() {
    let message = "Cannot add value to context for key big: exceeded maximum context size.";
    let snapshot = read(&json!({"context": {"iban": "*****", "big": {"error": message}, "star": "*", "fine": "x"}}));
    let origin = |name: &str| snapshot.get(name, None).unwrap().origin;
    assert_eq!(origin("iban"), Some(Origin::MaskedByPlatform));
    assert_eq!(origin("big"), Some(Origin::Overflow));
    assert_eq!((origin("star"), origin("fine")), (None, None));
    let by_row: Vec<_> = rows(&snapshot).into_iter().filter(|row| row.origin.is_some()).map(|row| row.name).collect();
    assert_eq!(by_row.len(), 2);
}

#[test]
fn lists_lead_from_page_to_page() {
    let next = |body: Json| {
        let mut builder = SnapshotBuilder::new(IngestOptions::default());
        builder.buffer().extend_from_slice(body.to_string().as_bytes());
        builder.end_page()
    };
    let cursor = "0123456789abcdef01234567";
    for (body, expected) in [
        (json!({"items": [], "nextCursor": cursor}), Some(NextPage::Cursor(cursor.into()))),
        (json!({"items": [], "next": cursor}), Some(NextPage::Cursor(cursor.into()))),
        (json!({"items": [], "next": "/p?page=2"}), Some(NextPage::Link("/p?page=2".into()))),
        (json!({"value": [], "@odata.nextLink": "/v?$skip=5"}), Some(NextPage::Link("/v?$skip=5".into()))),
        (json!({"items": [], "nextCursor": null, "next": null}), None),
        (json!({"context": {}, "next": 7}), None),
    ] {
        assert_eq!(next(body.clone()).unwrap(), expected, "{body}");
    }
    assert_eq!(next(json!({"items": [], "nextCursor": 7})).unwrap_err().code(), Code::SchemaMismatch);
}

#[test]
fn pages_of_a_list_join_and_have_one_shape() {
    let page = |text: &str| {
        json!({"items": [{"inputId": "i", "source": "user", "inputText": text}], "nextCursor": "c"}).to_string()
    };
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    for text in ["one", "two"] {
        builder.buffer().extend_from_slice(page(text).as_bytes());
        builder.end_page().unwrap();
    }
    let received = page("one").len() * 2;
    assert_eq!(builder.bytes(), received, "what was put behind the pages is not received");
    builder.buffer().extend_from_slice(br#"{"variables":[]}"#);
    assert_eq!(builder.end_page().unwrap_err().code(), Code::SchemaMismatch);
    builder.reset_page();
    let snapshot = builder.finish(Taken::at(0.0));
    assert_eq!(told(&snapshot), ["input/1.user.inputText=one", "input/2.user.inputText=two"]);
}

#[test]
fn a_page_that_is_asked_for_again_may_have_another_shape() {
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    builder.buffer().extend_from_slice(br#"{"context":{"a":1},"items":[],"nextCursor":7}"#);
    assert!(builder.end_page().is_err());
    builder.reset_page();
    builder.buffer().extend_from_slice(br#"{"variables":[{"name":"a","value":1,"scope":"bot"},{"name":"a","value":2,"scope":"user"},{"name":"a","value":3,"scope":"user"}]}"#);
    builder.end_page().unwrap();
    let snapshot = builder.finish(Taken::at(0.0));
    assert_eq!((snapshot.shape(), snapshot.get("a", None).unwrap().raw.as_str()), (Shape::VariableRows, "2"));
}

#[test]
fn limits_hold_for_every_shape() {
    let limits = Limits { body_bytes: 300, value_bytes: 60, variables: 3, depth: 2 };
    let parse = |body: Json| read_with(&body.to_string(), IngestOptions { limits, ..IngestOptions::default() });
    let long = "x".repeat(80);
    let value = parse(json!({"context": {"a": 1, "b": long}})).unwrap_err();
    assert_eq!((value.code(), value.facts().offset), (Code::ValueTooLarge, Some(22)));
    assert_eq!(parse(json!({"context": {"a": 1, "b": 2, "c": 3, "d": 4}})).unwrap_err().code(), Code::TooManyVariables);
    let inner = json!({"a": "x".repeat(50), "b": "x".repeat(50), "c": "x".repeat(50)}).to_string();
    assert_eq!(parse(json!({"epoch": 1, "context": inner})).unwrap_err().code(), Code::BodyTooLarge);
    let deep = parse(json!({"context": {"a": [[[1]]], "b": [[1]]}})).unwrap();
    assert_eq!(deep.get("a", None).unwrap().value_type, ValueType::String);
    assert_eq!(deep.get("b", None).unwrap().value_type, ValueType::Array);
    let text = read_with(
        r#"{"variables":[{"name":"a","value":"[[[1]]]","scope":"s"},{"name":"b","value":"[[1]]","scope":"s"}]}"#,
        IngestOptions { limits: Limits { depth: 2, ..Limits::default() }, ..IngestOptions::default() },
    )
    .unwrap();
    assert_eq!(text.get("a", None).unwrap().value_type, ValueType::String);
    assert_eq!(text.get("b", None).unwrap().value_type, ValueType::Array);
}

#[test]
fn a_namespace_may_be_larger_than_one_value() {
    let limits = Limits { value_bytes: 100, ..Limits::default() };
    let body = json!({"context": {"a": "x".repeat(60), "b": "x".repeat(60), "c": "x".repeat(60)}}).to_string();
    let mut builder = SnapshotBuilder::new(IngestOptions { limits, ..IngestOptions::default() });
    for slice in body.as_bytes().chunks(7) {
        builder.buffer().extend_from_slice(slice);
        builder.advance().unwrap();
    }
    builder.end_page().unwrap();
    assert_eq!(builder.finish(Taken::at(0.0)).len(), 3);
}

#[test]
fn turns_can_be_compared() {
    let before = read(&json!({"context": {"n": "5", "gone": 1}, "profile": {"n": 1}}));
    let after = read(&json!({"context": {"n": 5, "new": 1}, "profile": {"n": 1}}));
    let diff = after.diff(&before);
    assert_eq!((diff.added, diff.removed), (vec!["new".to_owned()], vec!["gone".to_owned()]));
    assert!(diff.changed[0].kinds.contains(&ChangeKind::Type));
}

#[test]
fn hostile_envelopes_cost_no_more_than_their_length() {
    let many = format!("{{{}\"context\":{{\"a\":1}}}}", "\"k\":1,".repeat(100_000));
    let snapshot = read_with(&many, IngestOptions::default()).unwrap();
    assert_eq!((snapshot.shape(), snapshot.entry_count()), (Shape::MemoryBundle, 100_001));
    let deep = format!("{{\"context\":{{\"a\":{}{}}}}}", "[".repeat(500_000), "]".repeat(500_000));
    assert_eq!(
        read_with(&deep, IngestOptions::default()).unwrap().get("a", None).unwrap().value_type,
        ValueType::String
    );
    let open = format!("{{\"context\":{}", "{\"a\":".repeat(500_000));
    assert_eq!(read_with(&open, IngestOptions::default()).unwrap_err().code(), Code::JsonSyntax);
}
