//! What goes onto a clipboard: parts of values and the ways to them.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use cognigy_session_debugger::Code;
use cognigy_session_debugger::snapshot::{
    CopyForm, Hidden, IngestOptions, Mask, MaskOptions, PathDialect, Snapshot, Step,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn parse(body: &Json) -> Snapshot {
    Snapshot::parse(body.to_string().into_bytes(), IngestOptions::default(), 0.0).unwrap()
}

fn sample() -> Snapshot {
    let body = r#"{"variables":[
        {"name":"cart","value":"{\"items\":[{\"price\":1.10,\"note\":\"caf\\u00e9\"}],\"a\":1,\"a\":2}","scope":"context"},
        {"name":"login","value":{"password":{"old":"hunter2","tries":3},"mail":"max@mail.example"},"scope":"user"},
        {"name":"max@mail.example","value":"1","scope":"user"},
        {"name":"password","value":"hunter2","scope":5}]}"#;
    Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap()
}

/// The text, and how much of it is hidden.
fn copy(entry: u32, path: &[usize], form: &str, mask: &Mask) -> (Option<String>, usize) {
    let mut hidden = Hidden::default();
    let text = sample().copy_text(entry, path, CopyForm::parse(form).unwrap(), mask, &mut hidden).unwrap();
    (text, hidden.total())
}

#[test]
fn parts_are_copied_exactly() {
    let part = |path: &[usize], form| copy(0, path, form, &Mask::standard()).0;
    assert_eq!(part(&[0, 0, 0], "value").as_deref(), Some("1.10"));
    assert_eq!(part(&[0, 0, 1], "value").as_deref(), Some("café"));
    assert_eq!(part(&[0, 0, 0], "json-pointer").as_deref(), Some("/items/0/price"));
    assert_eq!(part(&[0, 0, 0], "json-path").as_deref(), Some("$['items'][0]['price']"));
    assert_eq!(part(&[0, 0, 0], "javascript").as_deref(), Some("cart.items[0].price"));
    assert_eq!(part(&[0, 0, 0], "expression").as_deref(), Some("{{context.cart.items[0].price}}"));
    assert_eq!(part(&[], "expression").as_deref(), Some("{{context.cart}}"));
    assert!(part(&[], "value").unwrap().contains(r#""price":1.10"#));
    assert_eq!(copy(1, &[], "expression", &Mask::off()).0, None, "no flow reads this scope");
    assert_eq!(part(&[2], "javascript").as_deref(), Some("cart.a"));
    assert_eq!(part(&[1], "javascript"), None, "the way leads to the later one");
    assert_eq!(part(&[1], "value").as_deref(), Some("1"));
}

#[test]
fn what_is_hidden_is_not_copied() {
    let masked = Mask::standard();
    assert_eq!(copy(1, &[0, 0], "value", &masked), (Some("[masked:password]".into()), 1));
    assert_eq!(copy(1, &[0, 0], "value", &Mask::off()), (Some("hunter2".into()), 0));
    let (whole, hidden) = copy(1, &[], "value", &masked);
    assert!(hidden > 0 && !whole.as_ref().unwrap().contains("hunter2") && !whole.unwrap().contains("max@"));
    assert!(!copy(1, &[0], "value", &masked).0.unwrap().contains("hunter2"));
    assert_eq!(copy(1, &[0, 0], "json-pointer", &masked), (Some("/password/old".into()), 0));
    for form in ["javascript", "expression"] {
        assert!(!copy(2, &[], form, &masked).0.unwrap_or_default().contains("max@"));
    }
    assert_eq!(copy(3, &[], "value", &masked).1, 1);
    assert!(!copy(3, &[], "value", &masked).0.unwrap().contains("hunter2"));
    assert!(copy(3, &[], "value", &Mask::off()).0.unwrap().contains("hunter2"));
    assert_eq!(copy(3, &[], "javascript", &masked), (None, 0));
    let nothing = Mask::new(MaskOptions { allow: Some(vec![]), ..MaskOptions::default() });
    assert!(!copy(0, &[0], "value", &nothing).0.unwrap().contains("1.10"));
    assert!(!copy(0, &[], "javascript", &nothing).0.unwrap().contains("cart"));
}

#[test]
fn what_is_no_place_is_an_error() {
    for (entry, path) in [(9, &[][..]), (0, &[7]), (0, &[1, 0]), (2, &[0]), (3, &[0])] {
        for form in [CopyForm::Value, CopyForm::Path(PathDialect::JavaScript)] {
            let error = sample().copy_text(entry, path, form, &Mask::off(), &mut Hidden::default()).unwrap_err();
            assert_eq!(error.code(), Code::InputInvalid, "{entry} {path:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_part_is_what_stands_at_its_names(key in any::<String>(), text in any::<String>(), number in any::<i64>()) {
        let list = json!([number, { (&key): text }]);
        let snapshot = parse(&json!({ "variables": [{ "name": "v", "value": list, "scope": "input" }] }));
        let part = snapshot.at("v", None, &[Step::Index(1), Step::Name(key)]).unwrap();
        let copied = snapshot.copy_text(0, &part.ordinals, CopyForm::Value, &Mask::off(), &mut Hidden::default()).unwrap();
        prop_assert_eq!(copied, Some(text));
    }
}
