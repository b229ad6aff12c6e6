//! What a person has set up, as a text: it comes back as it was, tells nothing that is hidden, and takes nothing that is none.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/canary.rs"]
mod canary;

use canary::{CANARY, OWN_TOKEN, assert_nothing_sings, session};
use cognigy_session_debugger::Code;
use cognigy_session_debugger::snapshot::{
    Arrangement, Group, GroupKind, Grouping, Hidden, IngestOptions, Mask, MaskOptions, Pin, Place, Snapshot, Sort,
    Step, Window,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::rc::Rc;

fn snapshot(rows: &[(&str, &str, Json)]) -> Rc<Snapshot> {
    let rows: Vec<Json> =
        rows.iter().map(|(name, scope, value)| json!({"name": name, "scope": scope, "value": value})).collect();
    let body = json!({ "variables": rows }).to_string().into_bytes();
    Rc::new(Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap())
}

fn place(scope: Option<&str>, name: &str, path: &[Step]) -> Place {
    Place { name: name.into(), scope: scope.map(String::from), path: path.to_vec() }
}

fn pin(name: &str, scope: Option<&str>) -> Pin {
    Pin { name: name.into(), scope: scope.map(String::from) }
}

fn step(name: &str) -> Step {
    Step::Name(name.into())
}

fn text(of: &Arrangement, mask: &Mask) -> String {
    of.state_text(None, mask, &mut Hidden::default())
}

fn json_of(of: &Arrangement, at: Option<&Place>, mask: &Mask) -> Json {
    serde_json::from_str(&of.state_text(at, mask, &mut Hidden::default())).unwrap()
}

#[test]
fn a_view_comes_back_as_it_was() {
    let session = snapshot(&[
        ("cart", "user", json!({"items": [{"price": 1}, {"price": 2}], "a\"b": {"__proto__": []}})),
        ("cart", "bot", json!([1, 2])),
        ("lang", "x", json!("de")),
        ("", "user", json!([{}])),
    ]);
    let window = Window {
        filter: "-name:\"a \\ b\"".into(),
        sort: Sort::parse("-size").unwrap(),
        system: false,
        shadowed: true,
        ..Window::default()
    };
    let mut arrangement = Arrangement::default();
    arrangement.show(Rc::clone(&session), None, &window, Grouping::Scope, &Mask::off());
    arrangement.reveal(&place(Some("user"), "cart", &[step("items"), Step::Index(1), step("price")]));
    arrangement.expand(&place(Some("user"), "cart", &[step("a\"b")]));
    arrangement.expand(&place(Some("bot"), "cart", &[]));
    arrangement.expand(&place(Some("user"), "", &[]));
    // Closed, and what is open inside of it is remembered.
    arrangement.collapse(&place(Some("user"), "cart", &[step("items")]));
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "x".into() });
    arrangement.collapse_group(Group { kind: GroupKind::NoPrefix, label: String::new() });
    arrangement.pin(pin("lang", Some("x")));
    arrangement.pin(pin("gone", None));
    let at = place(None, "cart", &[step("items"), Step::Index(0)]);
    let state = arrangement.state_text(Some(&at), &Mask::standard(), &mut Hidden::default());

    let mut other = Arrangement::default();
    let restored = other.restore(&state).unwrap();
    assert_eq!((restored.window.clone(), restored.by, restored.place.clone()), (window, Grouping::Scope, Some(at)));
    other.show(Rc::clone(&session), None, &restored.window, restored.by, &Mask::off());
    assert!(other.len() > 8);
    assert_eq!((other.rows(0, 100), other.pins()), (arrangement.rows(0, 100), arrangement.pins()));
    for arrangement in [&mut arrangement, &mut other] {
        arrangement.expand(&place(Some("user"), "cart", &[step("items")]));
    }
    assert_eq!(other.rows(0, 100), arrangement.rows(0, 100));
    assert_eq!(other.state_text(restored.place.as_ref(), &Mask::standard(), &mut Hidden::default()), {
        arrangement.state_text(restored.place.as_ref(), &Mask::standard(), &mut Hidden::default())
    });
    // It takes the place of what was set up, also over a snapshot that is shown.
    let before = arrangement.rows(0, 100);
    assert_eq!(arrangement.restore(r#"{"view":1,"pins":[["gone"]]}"#).unwrap().window, Window::default());
    assert_eq!(arrangement.pins(), [pin("gone", None)]);
    assert!(arrangement.len() < before.len());
}

#[test]
fn the_text_is_short_and_the_same_for_the_same_view() {
    assert_eq!(text(&Arrangement::default(), &Mask::standard()), r#"{"view":1}"#);
    let mut arrangement = Arrangement::default();
    arrangement.show(
        snapshot(&[("b", "user", json!([1])), ("a", "bot", json!([[1]]))]),
        None,
        &Window::default(),
        Grouping::Prefix,
        &Mask::off(),
    );
    for name in ["b", "a"] {
        arrangement.expand(&place(None, name, &[]));
    }
    arrangement.expand(&place(None, "a", &[Step::Index(0)]));
    assert_eq!(
        text(&arrangement, &Mask::standard()),
        r#"{"view":1,"group":"prefix","open":[["a","bot",[],[0]],["b","user",[]]]}"#
    );
    arrangement.hide();
    assert_eq!(
        text(&arrangement, &Mask::standard()),
        r#"{"view":1,"open":[["a","bot",[],[0]],["b","user",[]]]}"#,
        "what was shown is not known any more, what was set up is"
    );
}

#[test]
fn what_is_hidden_is_left_out_and_counted() {
    let mail = "max@mail.example";
    let session = snapshot(&[
        (mail, "user", json!([1])),
        ("cart", "user", json!({mail: [1], "items": [1]})),
        ("clientSecret", "bot", json!({"maiden": [1]})),
        ("a", mail, json!([1])),
    ]);
    let mut arrangement = Arrangement::default();
    let window = Window { filter: "max@mail.example".into(), scope: Some(mail.into()), ..Window::default() };
    // A program may look at it unmasked; what is handed on is masked all the same.
    arrangement.show(session, None, &window, Grouping::Scope, &Mask::off());
    arrangement.pin(pin(mail, None));
    arrangement.pin(pin("a", Some(mail)));
    arrangement.pin(pin("cart", None));
    for (name, path) in [
        (mail, vec![]),
        ("cart", vec![]),
        ("cart", vec![step(mail)]),
        ("cart", vec![step("items")]),
        ("clientSecret", vec![]),
        ("clientSecret", vec![step("maiden")]),
        ("a", vec![]),
    ] {
        assert!(arrangement.expand(&place(None, name, &path)), "{name}");
    }
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: mail.into() });
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "user".into() });
    let mut hidden = Hidden::default();
    let at = place(None, "clientSecret", &[step("maiden")]);
    let state = arrangement.state_text(Some(&at), &Mask::standard(), &mut hidden);
    assert_eq!(
        serde_json::from_str::<Json>(&state).unwrap(),
        json!({
            "view": 1,
            "group": "scope",
            "pins": [["cart"]],
            "open": [["clientSecret", "bot", []], ["cart", "user", [], ["items"]]],
            "folded": [["scope", "user"]],
            "place": ["clientSecret", []],
        })
    );
    // Filter, scope, two pins, a name, a scope, a member and a group.
    assert_eq!(hidden.total(), 8);
    assert!(text(&arrangement, &Mask::off()).matches(mail).count() == 8);

    let only = |allow: &[&str]| {
        let allow = Some(allow.iter().map(|name| (*name).to_owned()).collect());
        Mask::new(MaskOptions { allow, ..MaskOptions::default() })
    };
    let listed = json!({
        "view": 1, "group": "scope", "pins": [["cart"]], "open": [["cart", "user", [], ["items"]]], "place": ["cart", ["items"]],
    });
    assert_eq!(json_of(&arrangement, Some(&place(None, "cart", &[step("items")])), &only(&["cart"])), listed);
    assert_eq!(json_of(&arrangement, Some(&at), &only(&[])), json!({"view": 1, "group": "scope"}));
    let scopes = Mask::new(MaskOptions { scopes: vec!["user".into()], ..MaskOptions::default() });
    let hidden = json_of(&arrangement, Some(&place(None, "cart", &[step("items")])), &scopes);
    assert_eq!((&hidden["open"][1], &hidden["place"]), (&json!(["cart", "user", []]), &json!(["cart", []])));
    // Nobody knows what scope this one had.
    arrangement.hide();
    let place = json_of(&arrangement, Some(&place(None, "cart", &[step("items")])), &scopes);
    assert_eq!(place["place"], json!(["cart", []]));
}

#[test]
fn a_folded_prefix_is_told_where_a_name_that_is_not_hidden_has_it() {
    let names = ["max@mail.example", "4111-1111-1111-1111", "cart.items", "api.key", "203.0.113.9", "203.x"];
    let rows: Vec<_> = names.iter().map(|name| (*name, "user", json!(1))).collect();
    let mut arrangement = Arrangement::default();
    arrangement.show(snapshot(&rows), None, &Window::default(), Grouping::Prefix, &Mask::off());
    for label in ["max@mail", "4111", "cart", "api", "203", "long ago"] {
        arrangement.collapse_group(Group { kind: GroupKind::Prefix, label: label.into() });
    }
    let folded = |arrangement: &Arrangement, mask: &Mask| json_of(arrangement, None, mask)["folded"].clone();
    let open = json!([["prefix", "203"], ["prefix", "api"], ["prefix", "cart"]]);
    assert_eq!(folded(&arrangement, &Mask::standard()), open);
    assert_eq!(folded(&arrangement, &Mask::off()).as_array().unwrap().len(), 6);
    arrangement.hide();
    assert_eq!(folded(&arrangement, &Mask::standard()), Json::Null, "of what is not there nothing can be said");
}

#[test]
fn a_name_goes_by_itself_and_not_by_the_number_that_a_mask_gave_it() {
    let session = snapshot(&[("max@mail.example", "user", json!([[1]])), ("max", "user", json!([1]))]);
    let mut arrangement = Arrangement::default();
    let mask = Mask::standard();
    let window = Window { filter: "\"[masked:email#1]\"".into(), ..Window::default() };
    arrangement.show(session, None, &Window::default(), Grouping::None, &mask);
    assert!(arrangement.rows(0, 1).iter().any(|row| format!("{row:?}").contains("[masked:email#1]")));
    arrangement.show(snapshot(&[]), None, &window, Grouping::None, &mask);
    arrangement.expand(&place(Some("user"), "[masked:email#1]", &[]));
    arrangement.pin(pin("[masked:email#1]", None));
    arrangement.pin(pin("[masked:email#7]", None));
    let at = place(None, "[masked:email#1]", &[Step::Index(0)]);
    // Another mask would call something else by these numbers.
    assert_eq!(json_of(&arrangement, Some(&at), &mask), json!({"view": 1}));
    let open = json_of(&arrangement, Some(&at), &Mask::off());
    assert_eq!(open["pins"], json!([["max@mail.example"]]));
    assert_eq!((&open["open"][0][0], &open["place"][0]), (&json!("max@mail.example"), &json!("max@mail.example")));
}

#[test]
fn no_secret_is_in_the_text_whatever_was_set_up() {
    Mask::know(OWN_TOKEN);
    let later = session(2);
    let (mut sung, mut open) = (String::new(), String::new());
    for by in [Grouping::None, Grouping::Scope, Grouping::Prefix] {
        let mut arrangement = Arrangement::default();
        let window = Window { shadowed: true, ..Window::default() };
        arrangement.show(Rc::clone(&later), Some(session(1)), &window, by, &Mask::off());
        for _ in 0..6 {
            (0..arrangement.len()).for_each(|row| {
                arrangement.expand_siblings(row);
            });
        }
        for row in later.rows(&Window { limit: 1_000, ..window.clone() }).1 {
            let name = (row.name.as_str(), Some(row.scope.as_str()));
            arrangement.pin(pin(name.0, name.1));
            for label in [&row.name, &row.scope] {
                arrangement.collapse_group(Group { kind: GroupKind::Prefix, label: label.clone() });
            }
            for path in
                [vec![], vec![step("a"), Step::Index(1), step(&row.text), step("password")], vec![step(&row.name)]]
            {
                let at = place(name.1, name.0, &path);
                sung += &arrangement.state_text(Some(&at), &Mask::standard(), &mut Hidden::default());
                open += &arrangement.state_text(Some(&at), &Mask::off(), &mut Hidden::default());
            }
            // Whoever is asked for a filter may have been asked for a secret.
            let window = Window { filter: row.name.clone(), scope: Some(row.scope), ..window.clone() };
            arrangement.show(Rc::clone(&later), None, &window, by, &Mask::off());
        }
    }
    assert_nothing_sings("the text of a view", &sung);
    assert!(sung.contains(r#"["nested","user",[],["a"],["a",1]"#));
    assert!(open.matches(CANARY).count() > 1_000);
    Mask::forget_tokens();
}

#[test]
fn what_is_no_text_of_a_view_is_refused_and_changes_nothing() {
    let session = snapshot(&[("cart", "user", json!({"items": [1]}))]);
    let mut arrangement = Arrangement::default();
    arrangement.show(session, None, &Window::default(), Grouping::Scope, &Mask::off());
    arrangement.expand(&place(None, "cart", &[]));
    arrangement.pin(pin("cart", None));
    let (rows, state) = (arrangement.rows(0, 100), text(&arrangement, &Mask::standard()));
    let mut refused = |text: &str| {
        let code = arrangement.restore(text).unwrap_err().code();
        assert_eq!(arrangement.rows(0, 100), rows, "{text}");
        code
    };
    for newer in [r#"{"view":2}"#, r#"{"open":{},"view":99,"filter":7}"#] {
        assert_eq!(refused(newer), Code::FileTooNew, "{newer}");
    }
    for bad in [
        "",
        "x",
        "1",
        "[]",
        "{}",
        r#""view""#,
        r#"{"view":0}"#,
        r#"{"view":"1"}"#,
        r#"{"view":1.0}"#,
        r#"{"view":1} x"#,
        r#"{"view":1,"filter":7}"#,
        r#"{"view":1,"filter":"\ud800"}"#,
        r#"{"view":1,"sort":"colour"}"#,
        r#"{"view":1,"group":"type"}"#,
        r#"{"view":1,"scope":null}"#,
        r#"{"view":1,"system":"no"}"#,
        r#"{"view":1,"shadowed":1}"#,
        r#"{"view":1,"pins":["cart"]}"#,
        r#"{"view":1,"pins":[[]]}"#,
        r#"{"view":1,"pins":[["cart",1]]}"#,
        r#"{"view":1,"pins":{"0":["cart"]}}"#,
        r#"{"view":1,"open":[["cart",[]]]}"#,
        r#"{"view":1,"open":[["cart","user",{}]]}"#,
        r#"{"view":1,"open":[["cart","user",[-1]]]}"#,
        r#"{"view":1,"open":[["cart","user",[1.5]]]}"#,
        r#"{"view":1,"open":[["cart","user",[[]]]]}"#,
        r#"{"view":1,"folded":[["colour","red"]]}"#,
        r#"{"view":1,"folded":[["scope"]]}"#,
        r#"{"view":1,"place":["cart"]}"#,
        r#"{"view":1,"place":[["items"]]}"#,
    ] {
        assert_eq!(refused(bad), Code::FileInvalid, "{bad}");
    }
    // Cut off anywhere, it is none.
    for end in 0..state.len() {
        assert_eq!(refused(state.get(..end).unwrap()), Code::FileInvalid);
    }
    assert!(refused(&"[".repeat(1_000_000)) == Code::FileInvalid);
    // What a later version adds to it is passed over.
    assert!(arrangement.restore(r#" {"view":1,"colour":["red"]} "#).is_ok());
    assert_eq!(arrangement.pins(), []);
    assert!(arrangement.restore(r#"{"view":1,"pins":[["a"],["a"],["a","user"]]}"#).is_ok());
    assert_eq!(arrangement.pins(), [pin("a", None), pin("a", Some("user"))], "nothing is pinned twice");
}

#[test]
fn more_than_anybody_opens_is_neither_written_nor_read() {
    let mut arrangement = Arrangement::default();
    for n in 0..11_000 {
        arrangement.expand(&place(Some("user"), &format!("v{n}"), &[]));
    }
    arrangement.collapse_group(Group { kind: GroupKind::Scope, label: "user".into() });
    let state = text(&arrangement, &Mask::standard());
    assert_eq!(state.matches("\"user\"").count(), 10_000);
    let mut other = Arrangement::default();
    other.restore(&state).unwrap();
    assert_eq!(text(&other, &Mask::standard()), state);
    let longer = state.replace("]]]}", "],[1]]]}");
    assert_eq!(other.restore(&longer).unwrap_err().code(), Code::FileInvalid);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever names, paths and labels there are, and however odd, all of it comes back.
    #[test]
    fn any_view_comes_back(
        open in prop::collection::vec(("\\PC{0,6}", "\\PC{0,6}", prop::collection::vec(prop_oneof![any::<String>().prop_map(Step::Name), any::<usize>().prop_map(Step::Index)], 0..4)), 0..8),
        pins in prop::collection::vec((any::<String>(), prop::option::of("\\PC{0,6}")), 0..5),
        folded in prop::collection::vec((0_usize..4, any::<String>()), 0..5),
    ) {
        let mut arrangement = Arrangement::default();
        for (scope, name, path) in &open {
            arrangement.expand(&place(Some(scope), name, path));
        }
        for (name, scope) in &pins {
            arrangement.pin(pin(name, scope.as_deref()));
        }
        for (kind, label) in folded {
            let kind = [GroupKind::Scope, GroupKind::Prefix, GroupKind::NoPrefix, GroupKind::Unreadable][kind];
            arrangement.collapse_group(Group { kind, label });
        }
        let state = text(&arrangement, &Mask::off());
        let mut other = Arrangement::default();
        other.restore(&state).unwrap();
        prop_assert_eq!(text(&other, &Mask::off()), state);
        prop_assert_eq!(other.pins(), arrangement.pins());
        for (scope, name, path) in &open {
            prop_assert!(!other.expand(&place(Some(scope), name, path)), "it is open already");
        }
    }
}
