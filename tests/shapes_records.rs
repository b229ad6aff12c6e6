//! What the platform keeps in lists and envelopes becomes: contacts, transcripts, logs, flows and outputs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, unreachable_pub)]

#[path = "support/shapes.rs"]
#[allow(dead_code)]
mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::ingest::{Limits, Shape};
use cognigy_session_debugger::query::NextPage;
use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Mask, Snapshot, SnapshotBuilder, Taken};
use cognigy_session_debugger::value::{NoteCode, Policy, ValueType};
use serde_json::{Value as Json, json};
use support::{read, read_with, rows, system, told};

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

/// The platform answers a profile schema and contacts by two requests.
#[test]
fn the_types_of_another_body_are_those_of_variables_that_declare_none() {
    let schema = read(&json!({"schema": {"age": "number", "vip": "boolean", "mail": "e-mail", "unset": "string"}}));
    let types: Vec<_> = schema.names().map(|name| (name.to_string(), schema.get(&name, None).unwrap().raw)).collect();
    let read = |body: &Json, types: &[(String, String)]| {
        let options = IngestOptions { types: types.into(), ..IngestOptions::default() };
        read_with(&body.to_string(), options).unwrap()
    };
    let note = |snapshot: &Snapshot, name: &str, scope: &str| {
        let variable = snapshot.get(name, Some(scope)).unwrap();
        variable.note.map(|note| note.code)
    };
    let contact = |id: &str, age: Json| json!({"profile": {"age": age, "vip": true, "mail": "m", "other": 1}, "contactIds": [id]});
    let one = read(&contact("a", json!("forty")), &types);
    assert_eq!(note(&one, "age", "profile"), Some(NoteCode::DeclaredTypeNotMet));
    assert_eq!(one.get("age", None).unwrap().raw, "forty");
    assert_eq!([note(&one, "vip", "profile"), note(&one, "other", "profile")], [None, None]);
    assert_eq!(note(&one, "mail", "profile"), Some(NoteCode::DeclaredTypeUnknown));
    // Each contact of a list, and whatever else has the name.
    let list = read(&json!({"items": [contact("a", json!(42)), contact("b", json!([]))]}), &types);
    assert_eq!(note(&list, "age", "profile:a"), None);
    assert_eq!(note(&list, "age", "profile:b"), Some(NoteCode::DeclaredTypeNotMet));
    let bundle =
        read(&json!({"input": {"age": true}, "context": {}, "profile": {"age": 1.5}, "sessionId": "s"}), &types);
    assert_eq!(note(&bundle, "age", "input"), Some(NoteCode::DeclaredTypeNotMet));
    assert_eq!(note(&bundle, "age", "profile"), None);
    // What the data declares goes first, and of two types of one name the last one.
    let rows = json!({"variables": [
        {"name": "age", "value": "42", "scope": "user", "type": "string"}, {"name": "age", "value": "42", "scope": "bot"}]});
    let twice = [("age", "boolean"), ("age", "integer"), ("nobody", "string")];
    let snapshot = read(&rows, &twice.map(|(name, word)| (name.to_owned(), word.to_owned())));
    let kind = |scope| snapshot.get("age", Some(scope)).unwrap().value_type;
    assert_eq!((kind("user"), kind("bot")), (ValueType::String, ValueType::Integer));
    // A saved snapshot has them, too.
    let file = one.to_file(&Mask::off(), &mut Hidden::default());
    let again = Snapshot::open(file.into_bytes(), Limits::default(), 0).unwrap();
    assert_eq!(note(&again, "age", "profile"), Some(NoteCode::DeclaredTypeNotMet));
}

#[test]
fn contacts_of_a_list_do_not_mix() {
    let contact = |id: &str, name: &str| json!({"_id": "x", "profile": {"firstname": name}, "contactIds": [id]});
    let one = read(&json!({"items": [contact("a", "Max")], "total": 1}));
    assert_eq!(told(&one), ["profile/firstname=Max"]);
    let beside = read(&json!({"items": [contact("a", "Max")], "schema": {"firstname": "string"}}));
    assert_eq!(told(&beside), told(&one), "a schema takes no contact's place");
    let several = read(
        &json!({"items": [contact("a", "Max"), contact("b", "Mia"), "odd", {"_id": "z"}, {"_id": "q", "profile": "text"}]}),
    );
    assert_eq!(told(&several)[..2], ["profile:a/firstname=Max", "profile:b/firstname=Mia"]);
    assert_eq!(system(&one), ["contact/_id", "contact/contactIds"]);
    assert_eq!(system(&several)[..2], ["contact:a/_id", "contact:a/contactIds"]);
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
fn a_log_as_plain_json_reads_as_it_does_as_hypertext() {
    let entry = |msg: &str, kind: &str| {
        json!({
            "_id": "65f0", "timestamp": "2023-11-07T05:31:56Z", "msg": msg, "type": kind, "traceId": "api--f84324f4",
            "meta": {"flowId": "f", "entrypoint": "e", "userId": "u"}
        })
    };
    let entries = [entry("{\"n\":1.10}", "debug"), entry("started", "info")];
    let plain = read(&json!({"items": entries, "total": 120, "nextCursor": null, "previousCursor": null}));
    assert_eq!(
        told(&plain),
        [
            "record/1.debug.msg={n}",
            "record/1.debug.meta={entrypoint, flowId, userId}",
            "record/2.info.msg=started",
            "record/2.info.meta={entrypoint, flowId, userId}"
        ]
    );
    assert_eq!(system(&plain), ["record/1.debug", "record/2.info"]);
    let hypertext = read(&json!({"_embedded": {"logEntry": entries}}));
    assert_eq!((told(&plain), system(&plain)), (told(&hypertext), system(&hypertext)));
    let odd = read(&json!({"items": [7, {"msg": "a", "traceId": "t"}, {"odd": true}]}));
    assert_eq!(told(&odd), ["/=7", "record/1.entry.msg=a"]);
    assert_eq!(system(&odd), ["record/1.entry", "record/2.entry"]);
}

#[test]
fn a_page_of_any_list_may_be_empty() {
    for (first, shape) in [
        (json!({"items": [{"_id": "x", "profile": {}, "contactIds": []}], "nextCursor": "c"}), Shape::ProfileList),
        (json!({"items": [{"inputId": "i"}], "nextCursor": "c"}), Shape::Conversation),
        (json!({"items": [{"msg": "m", "traceId": "t"}], "nextCursor": "c"}), Shape::LogPage),
    ] {
        let mut builder = SnapshotBuilder::new(IngestOptions::default());
        for page in [&first, &json!({"items": [], "nextCursor": null})] {
            builder.buffer().extend_from_slice(page.to_string().as_bytes());
            builder.end_page().unwrap();
        }
        assert_eq!(builder.finish(Taken::at(0.0)).shape(), shape);
    }
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
    assert_eq!(
        system(&snapshot),
        ["session/v", "reply.1/text", "reply.2/text", "reply.4/text", "reply/text", "reply/userId"]
    );
    let wrapped = read(&json!({"output": {"data": {"a": 1}, "text": ""}, "turn": 3}));
    assert_eq!(
        (told(&wrapped), system(&wrapped)),
        (vec!["output/a=1".into()], vec!["reply/text".into(), "reply/turn".into()])
    );
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
fn a_page_that_says_there_are_more_is_not_complete() {
    let row = |name: &str| json!({"name": name, "value": 1, "scope": "user"});
    let message = json!({"inputId": "i", "inputText": "hi"});
    for (body, complete) in [
        (json!({"items": [message, message], "total": 2}), true),
        (json!({"items": [message, message], "total": 120}), false),
        (json!({"items": [message, 7], "total": 2}), true),
        (json!({"items": message, "total": 1}), true),
        (json!({"items": [message, message], "total": 1}), true),
        (json!({"items": [message], "total": "120"}), true),
        (json!({"items": [], "total": 3}), false),
        (json!({"items": [{"_id": "x", "profile": {"a": 1}}], "total": 2}), false),
        (json!({"items": [{"msg": "m", "traceId": "t"}], "total": 2}), false),
        (json!({"value": [message], "@odata.count": 2}), false),
        (json!({"value": [message], "@odata.count": 1}), true),
        (json!({"variables": [row("a"), row("b")], "pagination": {"total": 120}}), false),
        (json!({"variables": [row("a"), row("b")], "pagination": {"total": 2}}), true),
        (json!({"variables": [row("a"), row("a")], "total": 2}), true),
        (json!({"variables": [], "total": 1}), false),
        (json!({"context": {"a": 1}, "total": 9}), true),
    ] {
        assert_eq!(read(&body).is_complete(), complete, "{body}");
    }
    let mut builder = SnapshotBuilder::new(IngestOptions::default());
    for names in [["a", "b"], ["c", "d"]] {
        let body = json!({"variables": names.map(row), "pagination": {"total": 4, "nextCursor": "c"}});
        builder.buffer().extend_from_slice(body.to_string().as_bytes());
        builder.end_page().unwrap();
    }
    assert!(builder.finish(Taken::at(0.0)).is_complete());
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
fn what_a_flow_puts_into_data_to_be_looked_at_needs_no_text_beside_it() {
    let debug = json!({"v": 1, "inputId": "i", "execution": 3, "sessionId": "s", "context": {"lang": "de"}, "profile": {"name": "Max"}});
    for held in [debug.clone(), Json::String(debug.to_string())] {
        let snapshot = read(&json!({"data": {"__debug": held, "a": 1}}));
        assert_eq!(snapshot.session_id(), "s");
        let mut own = told(&snapshot);
        own.sort();
        assert_eq!(own, ["context/lang=de", "output/a=1", "profile/name=Max"]);
        assert_eq!(system(&snapshot), ["session/execution", "session/inputId", "session/v"]);
    }
    let no_bundle = read(&json!({"text": "", "data": {"__debug": "{\"context\":1"}}));
    assert_eq!(no_bundle.get("__debug", Some("output")).unwrap().raw, "{\"context\":1");
}

#[test]
fn what_a_model_was_asked_is_read_and_what_was_logged_with_it() {
    let custom = json!({"context": {"lang": "de", "zip": "01067"}, "profile": {"name": "Max"}});
    let envelope = json!({
        "meta": {"timestamp": "2026-09-23T14:28:11.678Z", "status": "success", "traceId": "t", "sessionId": "s-3", "userId": "u", "inputId": "i"},
        "request": {"body": {"messages": [{"role": "user", "content": "hi"}], "input": "{\"a\":1}", "model": "m"}, "baseParams": {}},
        "response": {"result": "42", "finishReason": "stop", "toolCalls": [], "tokenUsage": {"inputTokens": 7}}
    });
    let plain = read(&envelope);
    assert_eq!(plain.session_id(), "s-3");
    let own = |snapshot: &Snapshot| {
        let mut own = told(snapshot);
        own.sort();
        own
    };
    let request = ["request/baseParams={}", "request/body={input, messages, model}"];
    let response = [
        "response/finishReason=stop",
        "response/result=42",
        "response/tokenUsage={inputTokens}",
        "response/toolCalls=[]",
    ];
    assert_eq!(own(&plain), [&request[..], &response].concat());
    assert_eq!(system(&plain), ["meta/inputId", "meta/status", "meta/timestamp", "meta/traceId", "meta/userId"]);
    assert_eq!(plain.get("result", None).unwrap().value_type, ValueType::String);
    let namespaces = ["context/lang=de", "context/zip=01067", "profile/name=Max"];
    for place in ["", "/meta", "/request", "/response"] {
        for logged in [custom.clone(), Json::String(custom.to_string())] {
            let mut body = envelope.clone();
            body.pointer_mut(place).unwrap()["logged"] = logged;
            let snapshot = read(&body);
            assert_eq!(own(&snapshot), [&namespaces[..], &request, &response].concat(), "{body}");
        }
    }
    let mut other = envelope.clone();
    other["note"] = json!("{\"a\":1}");
    other["response"] = Json::Null;
    assert_eq!(own(&read(&other)), [&["custom/note={a}"], &request[..]].concat());
    other["response"] = json!("none");
    let problems: Vec<_> =
        rows(&read(&other)).into_iter().filter_map(|row| row.problem.map(|problem| problem.path)).collect();
    assert_eq!(problems, ["$.response"]);
}

#[test]
fn a_fault_in_a_bundle_in_a_text_stands_where_the_text_does() {
    let inner = r#"{\"context\":{\"good\":1,\"bad\":\"\\ud83d\",\"also\":2},\"profile\":7}"#;
    for (body, path) in [
        (format!(r#"{{"meta":{{}},"request":{{}},"logged":"{inner}"}}"#), "$.logged"),
        (format!(r#"{{"data":{{"__debug":"{inner}"}}}}"#), "$.data.__debug"),
    ] {
        let snapshot = read_with(&body, IngestOptions::default()).unwrap();
        let problems: Vec<_> = rows(&snapshot).into_iter().filter_map(|row| row.problem).collect();
        let told: Vec<_> = problems.iter().map(|one| one.path.clone()).collect();
        assert_eq!(told, [format!("{path}.context.bad"), format!("{path}.profile")], "{body}");
        let text = body.find(r#""{\"#).unwrap();
        assert_eq!(problems.iter().map(|one| one.offset).collect::<Vec<_>>(), [text, text], "{body}");
        assert_eq!(snapshot.names().collect::<Vec<_>>(), ["good", "also"]);
    }
}
