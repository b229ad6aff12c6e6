//! What the sessions are promised to hold.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use session_debugger_server::tenant::sessions::{Catalog, Item, LARGE_SIZE};

const STORIES: [&str; 3] = ["sess_shop_4711", "sess_claim_2093", "sess_travel_88"];

fn items(id: &str) -> Vec<Item> {
    Catalog::load().unwrap().get(id).unwrap().read(true).into_owned()
}

/// Values by name and scope.
fn values(id: &str) -> BTreeMap<(String, String), Value> {
    let parsed = items(id).into_iter().map(|item| {
        let json: Value =
            serde_json::from_str(&item.json).unwrap_or_else(|error| panic!("{id}: {error}: {}", item.json));
        ((item.name.unwrap(), item.scope.unwrap()), json["value"].clone())
    });
    parsed.collect()
}

fn texts(id: &str) -> Vec<String> {
    values(id).into_values().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

#[test]
fn stories_have_sixty_to_two_hundred_variables_in_all_scopes() {
    for id in STORIES {
        let (items, values) = (items(id), values(id));
        assert!((60..=200).contains(&items.len()), "{id}: {}", items.len());
        assert_eq!(values.len(), items.len(), "{id}: a name comes twice in one scope");
        for scope in ["global", "bot", "session", "user", "campaign"] {
            assert!(values.keys().any(|(_, held)| held == scope), "{id}: {scope}");
        }
        assert!(items.iter().filter(|item| item.is_system()).count() >= 5, "{id}");
    }
}

#[test]
fn stories_have_conflicts_in_value_and_in_type() {
    for id in STORIES {
        let mut by_name: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for ((name, _), value) in values(id) {
            by_name.entry(name).or_default().push(value);
        }
        let conflicts: Vec<_> = by_name.values().filter(|held| held.len() > 1).collect();
        assert!(conflicts.len() >= 4, "{id}: {}", conflicts.len());
        assert!(conflicts.iter().any(|held| held.len() >= 3), "{id}: one name in three scopes");
        assert!(
            conflicts.iter().any(|held| held.iter().any(Value::is_string) && !held.iter().all(Value::is_string)),
            "{id}: text against typed"
        );
    }
}

#[test]
fn stories_have_the_values_that_tools_get_wrong() {
    for id in STORIES {
        let texts = texts(id);
        let has = |what: &str, test: fn(&str) -> bool| assert!(texts.iter().any(|text| test(text)), "{id}: {what}");
        has("a phone number", |text| text.starts_with("+49"));
        has("a leading zero", |text| {
            text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
        });
        has("20 digits", |text| text.len() >= 20 && text.bytes().all(|b| b.is_ascii_digit()));
        has("a trailing zero", |text| text.ends_with('0') && text.contains('.') && text.parse::<f64>().is_ok());
        has("a date", |text| text.len() >= 10 && text.starts_with("20") && text.as_bytes()[4] == b'-');
        has("kilobytes", |text| text.len() > 2_000);
        has("emoji", |text| text.chars().any(|c| ('\u{1F300}'..'\u{1FAFF}').contains(&c) || c == '❄'));
        has("Arabic", |text| text.chars().any(|c| ('\u{600}'..'\u{6FF}').contains(&c)));
        has("Hebrew", |text| text.chars().any(|c| ('\u{590}'..'\u{5FF}').contains(&c)));
        has("combining characters", |text| text.chars().any(|c| ('\u{300}'..'\u{36F}').contains(&c)));
        has("HTML", |text| text.contains('<') && text.contains('>'));
        has("JSON in a text", |text| text.starts_with('{') && serde_json::from_str::<Value>(text).is_ok());
        has("a mask", |text| text == "*****");
    }
}

#[test]
fn stories_have_nothing_in_all_its_forms_side_by_side() {
    for id in STORIES {
        let held: Vec<Value> = values(id).into_values().collect();
        for form in [json!(null), json!(""), json!("null"), json!(false), json!(0), json!("0")] {
            assert!(held.contains(&form), "{id}: {form}");
        }
        let overflow = |value: &Value| value["error"].as_str().is_some_and(|text| text.contains("exceeded maximum"));
        assert!(held.iter().any(overflow), "{id}: the object that replaces what did not fit");
        assert!(held.iter().any(Value::is_object) && held.iter().any(Value::is_array), "{id}: typed JSON");
    }
}

#[test]
fn stories_have_names_that_are_hard_to_keep() {
    for id in STORIES {
        let names: BTreeSet<String> = values(id).into_keys().map(|(name, _)| name).collect();
        assert!(names.contains("__proto__") && names.contains("constructor"), "{id}");
        assert!(names.iter().any(|name| name.contains('.')), "{id}");
    }
    assert!(values("sess_claim_2093").contains_key(&(String::new(), "session".to_owned())), "the empty name");
    assert!(texts("sess_shop_4711").contains(&"007".to_owned()));
    assert!(texts("sess_shop_4711").contains(&"01067".to_owned()));
}

#[test]
fn numbers_keep_their_spelling() {
    let shop = items("sess_shop_4711").into_iter().map(|item| item.json).collect::<Vec<_>>().join("\n");
    for spelling in [r#""value":12345678901234567890123,"#, r#""value":1.10,"#, r#""value":1e-7,"#] {
        assert!(shop.contains(spelling), "{spelling}");
    }
}

#[test]
fn the_large_session_is_the_same_on_every_start() {
    let first = items("sess_large_10000");
    assert_eq!(first.len(), LARGE_SIZE);
    // A fingerprint (FNV-1a) of all of it: recordings and benchmarks of other days compare with this very session.
    let bytes = first.iter().flat_map(|item| item.json.bytes());
    let mark =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    assert_eq!(format!("{mark:016x}"), "58ee4566a59ae07d");
    let kinds: BTreeSet<&str> = values("sess_large_10000").values().map(kind).collect();
    assert_eq!(kinds, BTreeSet::from(["boolean", "null", "number", "object", "string"]));
    let names: BTreeSet<_> = first.iter().map(|item| item.name.clone()).collect();
    assert!(LARGE_SIZE - names.len() > 200, "conflicts: {}", LARGE_SIZE - names.len());
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn the_live_session_moves_with_every_read() {
    let catalog = Catalog::load().unwrap();
    let session = catalog.get("sess_live_1").unwrap();
    let read = || -> BTreeMap<String, Value> {
        let items = session.read(true).into_owned();
        items
            .into_iter()
            .map(|item| {
                (format!("{}/{}", item.scope.unwrap(), item.name.unwrap()), serde_json::from_str(&item.json).unwrap())
            })
            .collect()
    };
    let reads: Vec<_> = (0..12).map(|_| read()).collect();
    let value = |at: usize, name: &str| reads[at].get(name).map(|item| item["value"].clone());
    for (at, turn) in [(0, "1"), (1, "2"), (11, "12")] {
        assert_eq!(value(at, "session/turn"), Some(json!(turn)));
    }
    let statuses: Vec<_> = reads.iter().filter_map(|read| read["session/order_status"]["value"].as_str()).collect();
    assert_eq!((statuses[0], statuses[11]), ("draft", "delivered"));
    let cart =
        |at: usize| -> Value { serde_json::from_str(value(at, "session/cart").unwrap().as_str().unwrap()).unwrap() };
    assert_eq!((cart(0).as_array().unwrap().len(), cart(4).as_array().unwrap().len()), (1, 5));
    let pending: Vec<bool> = (0..4).map(|at| value(at, "session/pending_question").is_some()).collect();
    assert_eq!(pending, [false, true, false, false], "comes and goes");
    assert_eq!(
        (value(1, "session/delivery_slot"), value(3, "session/delivery_slot")),
        (Some(json!("3")), Some(json!(null)))
    );
    catalog.reset();
    assert_eq!(read()["session/turn"]["value"], "1");
}

#[test]
fn later_pages_of_one_read_show_the_same_moment() {
    let catalog = Catalog::load().unwrap();
    let session = catalog.get("sess_live_1").unwrap();
    let (first, rest) = (session.read(true).into_owned(), session.read(false).into_owned());
    assert!(first.iter().zip(&rest).all(|(a, b)| a.json == b.json));
}

#[test]
fn the_damaged_session_has_good_items_at_both_ends() {
    let items = items("sess_damaged_1");
    assert_eq!(items[0].name.as_deref(), Some("before"));
    assert!(items.iter().any(|item| item.name.as_deref() == Some("after")));
    let nameless = items.iter().filter(|item| item.name.is_none()).count();
    assert!(nameless >= 10, "{nameless}");
    let body = items.iter().map(|item| item.json.as_str()).collect::<Vec<_>>().join(",");
    let whole = format!("[{body}]");
    assert!(serde_json::from_str::<Vec<Box<serde_json::value::RawValue>>>(&whole).is_ok(), "still JSON as a whole");
}

#[test]
fn every_session_says_what_it_is_good_for() {
    for session in Catalog::load().unwrap().iter() {
        assert!(session.sentence.ends_with('.') && session.sentence.len() > 30, "{}", session.id);
    }
}
