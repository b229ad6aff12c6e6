//! What the mask finds, and what it leaves alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use cognigy_session_debugger::snapshot::{Characters, Mask, MaskOptions, ValueRule};

fn by_value(mask: &Mask, text: &str) -> Option<String> {
    mask.variable("note", "user").text(text).map(|rule| mask.rule(rule).to_owned())
}

fn by_name(mask: &Mask, name: &str) -> Option<String> {
    mask.variable(name, "user").text("harmless").map(|rule| mask.rule(rule).to_owned())
}

/// RFC 7519 3.1, RFC 6750 2.1, RFC 7468 10, RFC 3986 3.2.1 and the networks' published test numbers.
#[test]
fn the_frozen_list_is_found_in_full() {
    let mask = Mask::standard();
    mask.know("opaque-token-of-ours");
    for (text, rule) in [
        ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODB9.dBjftJeZ4CVP", "jwt"),
        ("Bearer mF_9.B5f-4.1JqM", "bearer"),
        ("-----BEGIN PRIVATE KEY-----\nMIGEAgEAMBAGByqGSM49\n-----END PRIVATE KEY-----", "private-key"),
        ("ftp://max:pw@host.example/", "url-password"),
        ("4111 1111 1111 1111", "card"),
        ("378282246310005", "card"),
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
        allow: None,
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
