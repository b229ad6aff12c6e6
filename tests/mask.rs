//! What the mask finds, and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use cognigy_session_debugger::snapshot::{
    Characters, ExportFormat, Hidden, IngestOptions, Mask, MaskOptions, Snapshot, ValueRule,
};
use serde_json::{Value as Json, json};

fn by_value(mask: &Mask, text: &str) -> Option<String> {
    mask.variable("note", "user").text(text).map(|rule| mask.rule(rule).to_owned())
}

fn by_name(mask: &Mask, name: &str) -> Option<String> {
    mask.variable(name, "user").text("harmless").map(|rule| mask.rule(rule).to_owned())
}

/// RFC 7519 3.1, RFC 6750 2.1, RFC 7468 10, RFC 3986 3.2.1, the networks' published test numbers, and the examples of the
/// registry of IBANs (ISO 13616).
#[test]
fn the_frozen_list_is_found_in_full() {
    let mask = Mask::standard();
    Mask::know("opaque-token-of-ours");
    for (text, rule) in [
        ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODB9.dBjftJeZ4CVP", "jwt"),
        ("Bearer mF_9.B5f-4.1JqM", "bearer"),
        ("-----BEGIN PRIVATE KEY-----\nMIGEAgEAMBAGByqGSM49\n-----END PRIVATE KEY-----", "private-key"),
        ("ftp://max:pw@host.example/", "url-password"),
        ("4111 1111 1111 1111", "card"),
        ("378282246310005", "card"),
        ("GB29NWBK60161331926819", "iban"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("NO9386011117947", "iban"),
        ("MT84MALT011000012345MTLCAST001S", "iban"),
        ("the tenant said opaque-token-of-ours", "own-token"),
    ] {
        assert_eq!(by_value(&mask, text).as_deref(), Some(rule), "{text}");
        assert!(by_value(&mask, &format!("before {text} after")).is_some(), "{text}");
    }
}

#[test]
fn names_promise_secrets_however_they_are_written() {
    let mask = Mask::standard();
    for name in [
        "password",
        "userPassword",
        "DB_PASSWORD",
        "userpassword",
        "OPENAI_API_KEY",
        "x-api-key",
        "clientSecret",
        "access_token",
        "authToken",
        "csrf-token",
        "user.credentials",
        "Set-Cookie",
        "sessionId",
        "2fa",
        "cvv2",
        "ssn",
        "dateOfBirth",
        "customer_iban",
        "ＰＩＮ",
        "pin_code",
        "pinCode",
        "pincode",
        "pin2",
        "card_pin_1",
        "password_reset",
    ] {
        assert!(by_name(&mask, name).is_some(), "{name}");
    }
    for name in [
        "author",
        "tokens_used",
        "token_count",
        "session_count",
        "maxTokens",
        "tokenType",
        "pinned",
        "secretary",
        "passenger",
        "passwordChangedAt",
        "compass",
        "company",
        "authority",
        "wildcard",
        "shopping_cart",
        "spinner",
        "username",
        "pin_count",
        "mapping2",
        "postcode",
        "",
    ] {
        assert_eq!(by_name(&mask, name), None, "{name}");
    }
}

#[test]
fn objects_of_a_secret_name_are_hidden_and_others_are_looked_into() {
    let mask = Mask::standard();
    assert!(mask.variable("credentials", "bot").member("anything").element().text("x").is_some());
    let session = mask.variable("session", "bot");
    assert!(session.whole().is_none() && session.member("id").text("x").is_some());
    assert!(session.member("language").text("de").is_none());
    // A name tells no secret of what is empty, true or null.
    assert!(mask.variable("password", "bot").text("").is_none() && mask.variable("password", "bot").word().is_none());
}

#[test]
fn the_host_adds_spares_and_lists() {
    let rule = ValueRule {
        rule: "policy-number".into(),
        prefix: "POL-".into(),
        characters: Characters::Digits,
        least: 6,
        most: 8,
    };
    let mask = Mask::new(MaskOptions {
        names: vec!["customer number".into()],
        safe_names: vec!["public_token".into()],
        scopes: vec!["vault".into()],
        values: vec![rule],
        phone: true,
        ..MaskOptions::default()
    });
    assert_eq!(by_name(&mask, "customerNumber").as_deref(), Some("name"));
    assert_eq!(by_name(&mask, "publicToken"), None);
    assert_eq!(by_value(&mask, "it is POL-123456.").as_deref(), Some("policy-number"));
    assert_eq!(by_value(&mask, "it is POL-123456789."), None);
    assert_eq!(by_value(&mask, "call +49 151 2345678").as_deref(), Some("phone"));
    assert!(mask.variable("x", "vault").word().is_some());

    let listed = Mask::new(MaskOptions { allow: Some(vec!["lang".into()]), ..MaskOptions::default() });
    assert!(listed.variable("lang", "user").text("de").is_none());
    assert!(listed.variable("other", "user").text("de").is_some() && listed.variable("other", "user").word().is_some());
    let nothing = Mask::new(MaskOptions { allow: Some(vec![]), ..MaskOptions::default() });
    assert!(nothing.variable("lang", "user").text("").is_some());
    assert!(Mask::off().variable("password", "user").text("x").is_none());
}

fn covered(body: &str, mask: &Mask) -> (String, Hidden) {
    let snapshot = Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap();
    let (mut all, mut hidden) = (String::new(), Hidden::default());
    for format in [ExportFormat::Json, ExportFormat::Ndjson, ExportFormat::Csv, ExportFormat::Markdown] {
        all += &snapshot.export(format, mask, &mut hidden);
    }
    all += &snapshot.variables_json(mask, &mut hidden);
    (all, hidden)
}

/// What was a document once and is none now: a name says what its value is, and no shape does.
#[test]
fn secrets_of_broken_documents_are_hidden() {
    let mask = Mask::standard();
    let document = json!({ "user": "max", "vault": { "password": "c4n4ry" } }).to_string();
    let encoded = Json::from(document.clone()).to_string();
    let deep = format!("{}{document}{}", "[".repeat(600), "]".repeat(600));
    for text in [
        document.get(..document.len() - 3).unwrap().to_owned(),
        document.replace("}}", "},}"),
        format!("\u{feff}{document}"),
        format!("the answer was {document}"),
        format!("{document}\n{document}"),
        document.replace('"', "'").replace(':', ": "),
        encoded.clone(),
        encoded.get(..encoded.len() - 4).unwrap().to_owned(),
        Json::from(encoded.clone()).to_string(),
        format!("log {encoded}"),
        deep,
        "vault:\n  password: c4n4ry\n".into(),
        "vault.password = c4n4ry".into(),
        format!("see password: {}, please", "c4n4ry".repeat(1_000)),
    ] {
        let mut hidden = Hidden::default();
        let shown = mask.cover_text(&text, &mask.variable("note", "user"), &mut hidden);
        assert!(!shown.contains("c4n4ry") && hidden.total() > 0, "{text} -> {shown}");
        let row = json!({ "variables": [{ "name": "note", "value": text, "scope": "user" }] }).to_string();
        let (documents, _) = covered(&row, &mask);
        assert!(!documents.contains("c4n4ry"), "{text} -> {documents}");
    }
    for text in
        ["[Agent] hello, {name}", "{name}", "[1] a source", "\"quoted\"", "[]", "{ }", "\u{feff}{\"a\":1}", "\"{}\""]
    {
        let shown = mask.cover_text(text, &mask.variable("note", "user"), &mut Hidden::default());
        assert_eq!(shown, text);
    }
}

/// Half a surrogate pair is no Unicode, so nobody can judge the text that it stands in, nor what goes by it as a name.
#[test]
fn half_a_surrogate_pair_hides_no_secret_from_the_mask() {
    for value in [
        r#"{"a":"\ud800 Be\u0061rer c4n4ry-c4n4ry-c4n4ry-c4n4ry"}"#,
        r#"{"p\u0061ssword\ud800":"c4n4ry"}"#,
        r#"["\u0042earer c4n4ry-c4n4ry-c4n4ry-c4n4ry\udc00"]"#,
    ] {
        let body = json!({ "variables": [{ "name": "note", "value": value, "scope": "user" }] }).to_string();
        let (documents, _) = covered(&body, &Mask::standard());
        assert!(!documents.contains("c4n4ry"), "{documents}");
        assert!(covered(&body, &Mask::off()).0.contains("c4n4ry"), "{value}");
    }
}

#[test]
fn what_no_rule_hides_keeps_its_spelling_and_the_rest_stays_json() {
    let body = r#"{"variables":[{"name":"cart","value":"{ \"n\": 1.10, \"mail\":\"max@mail.example\", \"\\u0061\":[true,null,1e3] }","scope":"user"}]}"#;
    let snapshot = Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap();
    let json = snapshot.to_masked_json_text(&Mask::standard(), &mut Hidden::default());
    assert!(json.contains(r#"{ "n": 1.10, "mail":"[masked:email]", "\u0061":[true,null,1e3] }"#), "{json}");
    serde_json::from_str::<Json>(&json).unwrap();
}

#[test]
fn an_empty_list_of_names_lets_no_value_pass() {
    let mask = Mask::new(MaskOptions { allow: Some(Vec::new()), ..MaskOptions::default() });
    let body = json!({ "variables": [
        { "name": "v4lue-a", "value": "v4lue", "scope": "user" },
        { "name": "v4lue-b", "value": { "c": ["v4lue", 7_777_777, true] }, "scope": "v4lue" },
        { "name": "v4lue-a", "value": "v4lue", "scope": "v4lue" },
        { "name": "v4lue-d", "value": "v4lue" },
        "v4lue",
    ] });
    let (documents, _) = covered(&body.to_string(), &mask);
    assert!(!documents.contains("v4lue") && !documents.contains("7777777"), "{documents}");
    let one = Mask::new(MaskOptions { allow: Some(vec!["v4lue-b".into()]), ..MaskOptions::default() });
    let (documents, _) = covered(&body.to_string(), &one);
    assert!(documents.contains("v4lue-b") && !documents.contains("v4lue-a") && !documents.contains("v4lue-d"));
}

#[test]
fn hidden_names_stay_apart() {
    let body = json!({ "variables": [
        { "name": "max@mail.example", "value": "1", "scope": "user" },
        { "name": "eva@mail.example", "value": "2", "scope": "user" },
    ] });
    let snapshot = Snapshot::parse(body.to_string().into_bytes(), IngestOptions::default(), 0.0).unwrap();
    let json: Json =
        serde_json::from_str(&snapshot.to_masked_json_text(&Mask::standard(), &mut Hidden::default())).unwrap();
    assert_eq!(json["variables"].as_object().unwrap().len(), 2);
}

#[test]
fn text_that_is_no_document_is_hidden_whole() {
    let (mask, mut hidden, mut out) = (Mask::standard(), Hidden::default(), String::new());
    mask.write_json(&mut out, r#"{"a": tru"#, &mask.variable("a", "user"), &mut hidden);
    assert_eq!(out, r#""[masked:unreadable]""#);
}
