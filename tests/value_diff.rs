//! Differences inside of values: what kind, where on both sides, how lists were matched, and the same as a patch.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::scope::Precedence;
use cognigy_session_debugger::snapshot::{
    ChangeKind, DiffOptions, IngestOptions, Mask, MaskOptions, PathDialect, Snapshot, Step, ValueChange, ValueDiff,
    path_text,
};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

fn read(rows: &Json, side_by_side: bool) -> Snapshot {
    let precedence = Some(if side_by_side { Precedence::side_by_side() } else { Precedence::default() });
    let options = IngestOptions { precedence, ..IngestOptions::default() };
    Snapshot::parse(json!({ "variables": rows }).to_string().into_bytes(), options, 0.0).unwrap()
}

fn of(value: &str) -> Snapshot {
    let body = format!(r#"{{"variables":[{{"name":"v","value":{value},"scope":"user"}}]}}"#);
    Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0).unwrap()
}

fn diff_with(before: &str, after: &str, options: &DiffOptions) -> ValueDiff {
    of(after).diff_value(&of(before), "v", None, options).unwrap()
}

/// One line a change: kinds, pointer and source before, pointer and source after.
fn line(change: &ValueChange) -> String {
    let kinds: Vec<_> = change.kinds.iter().map(|kind| kind.as_str()).collect();
    let side = |side: &Option<cognigy_session_debugger::snapshot::DiffSide>| {
        side.as_ref().map_or(String::from("-"), |side| {
            format!("{}={}", path_text(PathDialect::JsonPointer, "", "", &side.path).unwrap(), side.raw)
        })
    };
    format!("{} {} {}", kinds.join("+"), side(&change.before), side(&change.after))
}

fn lines(before: &str, after: &str) -> Vec<String> {
    diff_with(before, after, &DiffOptions::default()).changes.iter().map(line).collect()
}

#[test]
fn each_container_tells_what_is_gone_what_changed_and_what_is_new() {
    assert_eq!(
        lines(
            r#"{"gone":1,"same":{"a":[1,2]},"in":{"x":"old","y":2.50,"t":1}}"#,
            r#"{"same":{"a":[1,2]},"in":{"x":"new","y":2.5,"t":"1"},"new":null}"#
        ),
        [
            " /gone=1 -",
            r#"value /in/x="old" /in/x="new""#,
            "raw /in/y=2.50 /in/y=2.5",
            r#"value+type /in/t=1 /in/t="1""#,
            " - /new=null",
        ]
    );
}

#[test]
fn another_type_is_told_as_a_whole_and_spacing_only_of_the_variable() {
    assert_eq!(lines("[1]", r#"{"0":1}"#), [r#"value+type =[1] ={"0":1}"#]);
    let spaced = diff_with(r#"{"a": 1}"#, r#"{"a":1}"#, &DiffOptions::default());
    assert_eq!((spaced.kinds, spaced.changes.len()), (vec![ChangeKind::Raw], 0));
    let hidden = diff_with(r#"{"a":0,"a":1}"#, r#"{"a":1}"#, &DiffOptions::default());
    assert_eq!((hidden.kinds, hidden.changes.len()), (vec![ChangeKind::Raw], 0));
    assert_eq!(lines(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3}"#), ["value /a=2 /a=3"], "the last counts");
}

#[test]
fn another_order_of_members_is_no_other_value() {
    let diff = diff_with(r#"{"o":{"a":1,"b":2}}"#, r#"{"o":{"b":2,"a":1}}"#, &DiffOptions::default());
    assert_eq!(diff.kinds, [ChangeKind::Order]);
    assert_eq!(diff.changes.iter().map(line).collect::<Vec<_>>(), [r#"order /o={"a":1,"b":2} /o={"b":2,"a":1}"#]);
    assert_eq!(diff_with(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":3}"#, &DiffOptions::default()).kinds, [ChangeKind::Value]);
}

#[test]
fn lists_are_matched_by_the_first_key_that_tells_all_elements_apart() {
    let before = r#"{"l":[{"id":1,"n":"a"},{"id":2,"n":"b"},{"id":"1","n":"c"}]}"#;
    let after = r#"{"l":[{"id":"1","n":"c"},{"id":1,"n":"A"},{"id":3,"n":"d"}]}"#;
    let diff = diff_with(before, after, &DiffOptions::default());
    let list = &diff.lists[0];
    assert_eq!((list.path.as_slice(), list.key.as_deref()), (&[Step::Name("l".into())][..], Some("id")));
    assert_eq!(
        diff.changes.iter().map(line).collect::<Vec<_>>(),
        [
            r#" /l/1={"id":2,"n":"b"} -"#,
            r#"order /l/2={"id":"1","n":"c"} /l/0={"id":"1","n":"c"}"#,
            r#"value /l/0/n="a" /l/1/n="A""#,
            r#" - /l/2={"id":3,"n":"d"}"#,
        ]
    );
    let moved =
        diff_with(r#"[{"id":1},{"id":2},{"id":3}]"#, r#"[{"id":3},{"id":1},{"id":2}]"#, &DiffOptions::default());
    assert_eq!((moved.kinds, moved.changes.len()), (vec![ChangeKind::Order], 1), "one moves and the others stay");
}

#[test]
fn lists_without_such_a_key_are_matched_by_position_and_say_so() {
    for (before, after) in [
        (r#"[{"id":1},{"id":1}]"#, r#"[{"id":1},{"id":2}]"#),
        (r#"[{"id":null}]"#, r#"[{"id":2}]"#),
        (r#"[{"id":1}]"#, r#"[{"id":1.5}]"#),
        ("[1]", "[2]"),
        ("[]", r#"[{"id":1}]"#),
    ] {
        assert_eq!(diff_with(before, after, &DiffOptions::default()).lists[0].key, None, "{before} {after}");
    }
    assert_eq!(lines(r#"["b","c"]"#, r#"["a","b","c"]"#), [r#" - /0="a""#], "what follows is the same");
    assert_eq!(lines("[1,2,3,4]", "[1,4]"), [" /1=2 -", " /2=3 -"]);
    assert_eq!(lines("[1,2,3]", "[1,5,6,3]"), ["value /1=2 /1=5", " - /2=6"]);
    let options = DiffOptions { list_keys: Some(vec!["sku".into()]), ..DiffOptions::default() };
    let (before, after) = (r#"[{"id":1,"sku":"x"}]"#, r#"[{"id":2,"sku":"y"},{"id":1,"sku":"x"}]"#);
    assert_eq!(diff_with(before, after, &options).lists[0].key.as_deref(), Some("sku"));
    let options = DiffOptions { list_keys: Some(Vec::new()), ..DiffOptions::default() };
    assert_eq!(diff_with(before, after, &options).lists[0].key, None);
}

#[test]
fn a_limit_is_told_and_depth_is_no_trap() {
    let list = |n: usize| format!("[{}]", (0..n).map(|at| at.to_string()).collect::<Vec<_>>().join(","));
    let options = DiffOptions { limit: 3, ..DiffOptions::default() };
    let diff = diff_with("[]", &list(10), &options);
    assert_eq!((diff.changes.len(), diff.complete), (3, false));
    assert!(diff_with("[]", &list(3), &options).complete);
    let deep = |leaf: &str| format!("{}{leaf}{}", r#"{"a":["#.repeat(250), "]}".repeat(250));
    let diff = diff_with(&deep("1"), &deep("2"), &DiffOptions::default());
    assert_eq!((diff.changes.len(), diff.changes[0].after.as_ref().unwrap().path.len()), (1, 500));
    // Long and deep: each level would be read again.
    let wide = |leaf: &str| deep(&format!("{leaf},{}", list(200_000)));
    let diff = diff_with(&wide("1"), &wide("2"), &DiffOptions::default());
    assert!(!diff.changes.is_empty() || !diff.complete, "told as a whole, or as too much");
    let many = diff_with(&list(300_000), &list(300_001), &DiffOptions::default());
    assert_eq!((many.changes.len(), many.lists.len()), (1, 0), "so many are told as a whole");
    // Every level in another order.
    let swapped = |one: &str, other: &str| {
        (0..200).fold(String::from("1"), |inner, _| format!(r#"{{"{one}":0,"{other}":{inner}}}"#))
    };
    let turned = swapped("a", "b").replace(r#""a":0,"#, "").replace('}', r#","a":0}"#);
    assert_eq!(diff_with(&swapped("a", "b"), &turned, &DiffOptions::default()).changes.len(), 200);
}

#[test]
fn what_is_new_or_gone_as_a_whole_has_one_side() {
    let (with, without) = (of("[1]"), read(&json!([]), false));
    let diff = |later: &Snapshot, earlier: &Snapshot| {
        later
            .diff_value(earlier, "v", None, &DiffOptions::default())
            .map(|diff| diff.changes.iter().map(line).collect())
    };
    assert_eq!(diff(&with, &without), Some(vec![" - =[1]".to_owned()]));
    assert_eq!(diff(&without, &with), Some(vec![" =[1] -".to_owned()]));
    assert_eq!(diff(&without, &without), None::<Vec<String>>);
}

#[test]
fn what_a_mask_hides_is_in_neither_side() {
    let (before, after) = (r#"{"password":"canary-1","n":1}"#, r#"{"password":"canary-2","n":2}"#);
    let options = DiffOptions { mask: Mask::standard(), ..DiffOptions::default() };
    let diff = diff_with(before, after, &options);
    assert_eq!(diff.kinds, [ChangeKind::Value]);
    let mark = r#"/password="[masked:password]""#;
    assert_eq!(
        diff.changes.iter().map(line).collect::<Vec<_>>(),
        [format!("value {mark} {mark}"), "value /n=1 /n=2".to_owned()]
    );
    assert!(!of(after).patch(&of(before), &Mask::standard()).contains("canary"));
    assert!(!of(after).patch(&read(&json!([]), false), &Mask::standard()).contains("canary"));
}

#[test]
fn a_patch_tells_no_scope_of_a_variable_that_an_allow_list_leaves_out() {
    let variable = json!([{"name": "card", "value": 1, "scope": "canary"}]);
    let mask = Mask::new(MaskOptions { allow: Some(Vec::new()), ..MaskOptions::default() });
    let patch = read(&variable, true).patch(&read(&json!([]), true), &mask);
    assert!(patch.contains("\"/[masked:not-listed]/") && !patch.contains("canary"), "{patch}");
}

#[test]
fn what_changed_and_is_hidden_is_told_as_that() {
    let options = DiffOptions { mask: Mask::standard(), ..DiffOptions::default() };
    let lines = |before: &str, after: &str| -> Vec<String> {
        diff_with(before, after, &options).changes.iter().map(line).collect()
    };
    // Hidden as a whole: neither how much differs in it nor the names in it are told.
    let (one, other) =
        (r#"{"clientSecret":{"canary":[1,2],"k":1},"n":1}"#, r#"{"clientSecret":{"canary":[3],"l":1},"n":1}"#);
    assert_eq!(lines(one, other), [r#"value /clientSecret="[masked:secret]" /clientSecret="[masked:secret]""#]);
    assert!(diff_with(one, other, &options).lists.is_empty());
    assert_eq!(lines(one, one), Vec::<String>::new());
    // Another spelling is no other value, hidden or not.
    assert_eq!(
        lines(r#"{"pin":{"a":1.0}}"#, r#"{"pin":{"a":1.00}}"#),
        [r#"raw /pin="[masked:one-time-code]" /pin="[masked:one-time-code]""#]
    );
    // Of a text, a part of which is hidden, the rest is shown.
    let mail =
        |name: &str| json!({ "log": json!({ "to": format!("{name}@mail.example"), "n": 1 }).to_string() }).to_string();
    let told = lines(&mail("max"), &mail("eva"));
    assert!(
        told.len() == 1 && told[0].starts_with("value /log=") && told[0].matches("[masked:email]").count() == 2,
        "{told:?}"
    );
    assert!(!told[0].contains("max") && !told[0].contains("eva"));
    // The types stay told, of a whole variable too.
    let of = |pin: &Json| read(&json!([{ "name": "pin", "value": pin, "scope": "user" }]), false);
    let diff = of(&json!({ "a": 1 })).diff_value(&of(&json!(4711)), "pin", None, &options).unwrap();
    let change = &diff.changes[0];
    let side = |side: &Option<cognigy_session_debugger::snapshot::DiffSide>| {
        side.as_ref().map(|side| (side.value_type.as_str(), side.raw.clone())).unwrap()
    };
    assert_eq!(change.kinds, [ChangeKind::Value, ChangeKind::Type]);
    let mark = r#""[masked:one-time-code]""#.to_owned();
    assert_eq!((side(&change.before), side(&change.after)), (("integer", mark.clone()), ("object", mark)));
}

#[test]
fn two_sessions_compare_however_each_is_resolved() {
    let rows = json!([
        {"name": "lang", "value": "de", "scope": "user"},
        {"name": "lang", "value": "en", "scope": "bot"},
        {"name": "only", "value": 1, "scope": "bot"},
    ]);
    let (layered, beside) = (read(&rows, false), read(&rows, true));
    for (later, earlier) in [(&layered, &beside), (&beside, &layered)] {
        let diff = later.diff(earlier);
        assert_eq!((diff.added.len(), diff.removed.len(), diff.unchanged + diff.changed.len()), (0, 0, 2));
    }
    let other = read(
        &json!([{"name": "lang", "value": "fr", "scope": "user"}, {"name": "x", "value": 1, "scope": "bot"}]),
        false,
    );
    let diff = other.diff(&layered);
    assert_eq!((diff.added, diff.removed), (vec!["x".to_owned()], vec!["only".to_owned()]));
    assert_eq!((diff.changed.len(), diff.changed[0].before.raw.as_str()), (1, "de"));
}

const SCOPES: [&str; 2] = ["bot", "user"];

/// The values of a snapshot as the document that a patch is for, made of what came.
fn document(rows: &[(String, usize, Json)], by_scope: bool) -> Json {
    let mut out = Map::new();
    for (name, scope, value) in rows {
        let scope_word = SCOPES[*scope];
        if by_scope {
            let inner = out.entry(scope_word).or_insert_with(|| json!({}));
            inner.as_object_mut().unwrap().entry(name.clone()).or_insert_with(|| value.clone());
        } else if *scope == 1 || !rows.iter().any(|(other, rank, _)| other == name && *rank == 1) {
            out.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    Json::Object(out)
}

fn values() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3..4_i32).prop_map(Json::from),
        "[a~/é\"]{0,2}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec(("[ab~/]{0,2}", inner), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn rows() -> impl Strategy<Value = Vec<(String, usize, Json)>> {
    // Typed values only: a text such as `1` would be read as a number.
    let typed = values().prop_filter("a text is read", |value| !value.is_string());
    proptest::collection::vec(("[ab/~]{0,2}", 0..2_usize, typed), 0..6)
}

fn snapshot(rows: &[(String, usize, Json)], by_scope: bool) -> Snapshot {
    let rows: Vec<Json> = rows
        .iter()
        .map(|(name, scope, value)| json!({"name": name, "value": value, "scope": SCOPES[*scope]}))
        .collect();
    read(&Json::from(rows), by_scope)
}

proptest! {
    /// A peer applies the patch.
    #[test]
    fn patches_make_one_document_the_other(before in rows(), after in rows(), by_scope in any::<bool>()) {
        let patch = snapshot(&after, by_scope).patch(&snapshot(&before, by_scope), &Mask::off());
        let mut document_before = document(&before, by_scope);
        json_patch::patch(&mut document_before, &serde_json::from_str::<json_patch::Patch>(&patch).unwrap()).unwrap();
        prop_assert_eq!(document_before, document(&after, by_scope), "{}", patch);
    }

    #[test]
    fn patches_of_one_value_make_it_the_other(before in values(), after in values()) {
        let (earlier, later) = (of(&json!([before.clone()]).to_string()), of(&json!([after.clone()]).to_string()));
        let patch = later.patch_value(&earlier, "v", None, &Mask::off()).unwrap();
        let mut document = json!([before]);
        json_patch::patch(&mut document, &serde_json::from_str::<json_patch::Patch>(&patch).unwrap()).unwrap();
        prop_assert_eq!(document, json!([after]));
    }

    /// Both paths of a difference lead to what it tells, by another way.
    #[test]
    fn paths_lead_to_what_is_told(before in values(), after in values()) {
        let (earlier, later) = (of(&json!([before]).to_string()), of(&json!([after]).to_string()));
        let diff = later.diff_value(&earlier, "v", None, &DiffOptions::default()).unwrap();
        for change in &diff.changes {
            for (side, snapshot) in [(&change.before, &earlier), (&change.after, &later)] {
                if let Some(side) = side {
                    prop_assert_eq!(&snapshot.at("v", None, &side.path).unwrap().raw, &side.raw);
                }
            }
        }
        prop_assert_eq!(diff.changes.is_empty(), diff.kinds.is_empty());
    }
}
