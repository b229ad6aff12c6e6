//! The search box: words, fields, and what cannot be read.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::query::{NameFilter, NameMatch};
use cognigy_session_debugger::snapshot::{
    ExportFormat, Expression, Hidden, IngestOptions, Lens, Mask, MaskOptions, RowChange, Snapshot, Sort, Window,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn read(rows: &Json) -> Snapshot {
    Snapshot::parse(json!({ "variables": rows }).to_string().into_bytes(), IngestOptions::default(), 0.0).unwrap()
}

fn sample() -> Snapshot {
    read(&json!([
        { "name": "lang", "value": "de", "scope": "session" },
        { "name": "lang", "value": "en", "scope": "bot" },
        { "name": "cart", "value": { "items": [{ "price": 1.50, "sku": "A-1" }, { "price": 20 }], "note": "gift wrap" }, "scope": "user" },
        { "name": "total", "value": "21.5", "scope": "user" },
        { "name": "zip", "value": "01067", "scope": "user" },
        { "name": "_debug", "value": true, "scope": "global" },
        { "name": "order status", "value": "open | late", "scope": "session" },
        { "name": "password", "value": "hunter2", "scope": "user" },
        { "name": "empty", "value": null, "scope": "user" },
        { "name": "bad", "scope": 5, "value": "broken" },
    ]))
}

fn through(snapshot: &Snapshot, filter: &str, lens: Lens<'_>) -> Vec<String> {
    let window = Window { filter: filter.into(), shadowed: true, ..Window::default() };
    snapshot.rows_through(&window, lens).1.into_iter().map(|row| format!("{}@{}", row.name, row.scope)).collect()
}

fn found(filter: &str) -> Vec<String> {
    through(&sample(), filter, Lens { earlier: None, mask: &Mask::off() })
}

/// The names alone, without the scopes.
fn names(filter: &str) -> String {
    let names: Vec<String> = found(filter).iter().map(|row| row.split('@').next().unwrap().to_owned()).collect();
    names.join(" ")
}

#[test]
fn words_are_looked_for_in_names_and_values_and_all_have_to_be_there() {
    assert_eq!(names("GIFT"), "cart");
    assert_eq!(names("gift cart"), "cart");
    assert_eq!(names("gift lang"), "");
    assert_eq!(names(r#""gift wrap""#), "cart");
    assert_eq!(names("order status open"), "order status");
    assert_eq!(names("de -lang"), "_debug order status");
    assert_eq!(names("de -lang -\"order status\""), "_debug");
    assert_eq!(names("  "), names(""));
    assert_eq!(names("-"), names(r#""-""#));
}

#[test]
fn the_path_of_what_cannot_be_read_is_its_name_however_that_is_spelled() {
    let body =
        br#"{"variables":[{"name":"gr\u00f6\u00dfe","scope":5,"value":1},{"name":"x","scope":"user","value":1}]}"#;
    let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0).unwrap();
    let lens = Lens { earlier: None, mask: &Mask::off() };
    assert_eq!(snapshot.unreadable_count(), 1);
    for (filter, rows) in [("path:größe", 1), ("path:GRÖßE", 1), ("path:groesse", 0), ("path:x", 1)] {
        assert_eq!(through(&snapshot, filter, lens).len(), rows, "{filter}");
    }
}

#[test]
fn fields_ask_for_a_part() {
    assert_eq!(found("scope:bot"), ["lang@bot"]);
    assert_eq!(found("lang scope:bot|session"), ["lang@session", "lang@bot"]);
    assert_eq!(found("lang scope!=bot"), ["lang@session"]);
    assert_eq!(names("scope:sess"), "", "a scope is a whole word");
    assert_eq!(names("scope~s*n"), "lang order status");
    assert_eq!(names("name:status"), "order status");
    assert_eq!(names(r#"name="Order Status""#), "order status");
    assert_eq!(names("name=status"), "");
    assert_eq!(names("name~o*er*s"), "order status");
    assert_eq!(names(r#"name:"order status"|zip"#), "zip order status");
    assert_eq!(names("value:21"), "total");
    assert_eq!(names("value=21.50"), "total");
    assert_eq!(names(r#"value:"open | late""#), "order status");
    assert_eq!(names("type:object"), "cart");
    assert_eq!(names("type:number|bool"), "total _debug");
    assert_eq!(names("-type:string scope:user"), "cart total empty");
    assert_eq!(names("size>40"), "cart bad");
    assert_eq!(names("size>=0.04kb"), "cart bad");
    assert_eq!(names("note:leading"), "zip");
    assert_eq!(names("note:yes"), "zip");
    assert_eq!(names("unreadable:yes"), "bad");
    assert_eq!(names("system:yes"), "_debug");
    assert_eq!(found("shadowed:yes"), ["lang@bot"]);
    assert_eq!(names("value>21"), "total");
    assert_eq!(names("value<=21.5"), "total");
    assert_eq!(names("value>21.5"), "");
    assert_eq!(names("value<21.50"), "");
    assert_eq!(names("value>=21.5"), "total");
    assert_eq!(names("value~op*te"), "order status");
    assert_eq!(names("scope:user value!=21.5"), "cart zip password empty");
    assert_eq!(names("scope:user type!=string"), "cart total empty");
    assert_eq!(names("-path!=cart.note"), "cart");
    assert_eq!(names("note=leading-zero"), "zip");
    assert_eq!(names("note~*zero"), "zip");
    assert_eq!(names("scope:user size<6"), "empty");
    assert_eq!(names("scope:user size<=6"), "total empty");
    assert_eq!(names("size=0.007kB"), "zip");
    for flag in ["system", "shadowed", "masked", "changed", "added", "removed", "unreadable", "note"] {
        let searches = [format!("{flag}!=yes"), format!("{flag}:no"), format!("-{flag}:yes")];
        let [one, other, third] = searches.map(|search| found(&search));
        assert!(one == other && other == third, "{flag}");
    }
}

#[test]
fn paths_lead_into_values() {
    assert_eq!(names("path:items[1].price"), "cart");
    assert_eq!(names("path:cart.items[0].sku"), "cart");
    assert_eq!(names("path=cart.note"), "cart");
    assert_eq!(names("path~cart.*.price"), "cart");
    assert_eq!(names("path~cart.*.price.*"), "");
    assert_eq!(names("path~cart.*[*].price"), "cart");
    assert_eq!(names("path:items[2]"), "");
    assert_eq!(names("path:lang"), "lang lang");
    assert_eq!(names("path:gift"), "", "values are no paths");
}

/// Whatever the search knows beforehand: every row is looked at alone.
#[test]
fn paths_are_found_whatever_they_are_spelled_with() {
    let body = r#"{"variables":[
        {"name":"a","value":{"Items":[{"x.y":1}],"\u0069tems2":{"k":[]}},"scope":"user"},
        {"name":"items","value":"x","scope":"user"},
        {"name":"text","value":"{\"it\\u0065ms\":[0]}","scope":"user"},
        {"name":"max@mail.example","value":{"items":["masked"]},"scope":"user"},
        {"name":"pin","value":{"items":1},"scope":"user"},
        {"name":"no","value":["items"],"scope":"user"},
        {"name":"items","scope":7,"value":1}]}"#;
    let snapshot = Snapshot::parse(body.as_bytes().to_vec(), IngestOptions::default(), 0.0).unwrap();
    let (off, on) = (Mask::off(), Mask::standard());
    let find = |filter: &str, mask| through(&snapshot, filter, Lens { earlier: None, mask }).join(" ");
    for (filter, open, masked) in [
        ("path:items", "a@user items@user text@user max@mail.example@user pin@user items@", None),
        ("path:ITEMS[0]", "a@user text@user max@mail.example@user", None),
        ("path:items[0].x.y", "a@user", Some("a@user")),
        ("path:items2.k", "a@user", Some("a@user")),
        ("path:[0]", "a@user text@user max@mail.example@user no@user", None),
        ("path:.", "a@user text@user max@mail.example@user pin@user", None),
        ("path:email", "", Some("[masked:email#1]@user")),
        ("path:masked:email#1].items", "", Some("[masked:email#1]@user")),
        ("path:max@", "max@mail.example@user", Some("")),
        ("path:pin.items", "pin@user", Some("")),
    ] {
        assert_eq!(find(filter, &off), open, "{filter}");
        let masked = masked.map_or_else(
            || open.replace("max@mail.example", "[masked:email#1]").replace(" pin@user", ""),
            String::from,
        );
        assert_eq!(find(filter, &on), masked, "{filter}, masked");
    }
}

/// Of a mask nothing may be left over from one question to the next.
#[test]
fn a_search_through_a_mask_finds_what_its_rows_show() {
    let rows: Vec<Json> = (0..60)
        .map(|n| match n % 6 {
            0 => json!({ "name": format!("n{n}"), "value": format!("x{n}"), "scope": "user" }),
            1 => json!({ "name": format!("n{n}"), "value": { "password": "x", "note": format!("x{n}") }, "scope": "user" }),
            2 => json!({ "name": format!("pin{n}"), "value": 4711, "scope": "user" }),
            3 => json!({ "name": format!("u{n}@mail.example"), "value": "0815", "scope": "user" }),
            4 => json!({ "name": format!("long{n}"), "value": [format!("x{}", "y".repeat(2_000)), "a@mail.example"], "scope": "user" }),
            _ => json!({ "name": format!("f{n}"), "value": 4711.5, "scope": "bot" }),
        })
        .collect();
    let snapshot = read(&json!(rows));
    let masks = [
        Mask::standard(),
        Mask::off(),
        Mask::new(MaskOptions { scopes: vec!["bot".into()], ..MaskOptions::default() }),
    ];
    for round in 0..2 {
        for mask in &masks {
            let shown = snapshot.export(ExportFormat::Ndjson, mask, &mut Hidden::default());
            let shown: Vec<Json> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let count = |is: &dyn Fn(&Json, &str, &str) -> bool| {
                let raw = |row: &Json| row["value"].as_str().map_or_else(|| row["value"].to_string(), String::from);
                shown.iter().filter(|row| is(row, row["name"].as_str().unwrap(), &raw(row))).count()
            };
            let found = |filter: &str| through(&snapshot, filter, Lens { earlier: None, mask }).len();
            for text in ["4711", "x1", "n1", "password", "mail", "0815", "yyy", "zz"] {
                let expected = count(&|_, name, raw| name.contains(text) || raw.contains(text));
                assert_eq!(found(text), expected, "{text}, round {round}");
                assert_eq!(found(&format!("value:{text}")), count(&|_, _, raw| raw.contains(text)), "value:{text}");
                assert_eq!(found(&format!("value={text}")), count(&|_, _, raw| raw == text), "value={text}");
            }
            assert_eq!(found("value>4000"), count(&|row, _, _| row["value"].as_f64().is_some_and(|n| n > 4000.0)));
            assert_eq!((found("type:integer"), found("type:number"), found("type:array")), (10, 20, 10));
            assert_eq!(found("note:yes"), 10);
        }
    }
}

#[test]
fn words_that_look_like_paths_are_looked_for_in_paths_too() {
    assert_eq!(names("CART.items"), "cart");
    assert_eq!(names("items[1].pri"), "cart");
    assert_eq!(names("-items[1].price scope:user"), "total zip password empty");
    assert_eq!(names("items[2]"), "");
    assert_eq!(names(r#""items[1].price""#), "", "what is quoted is a text");
    let body = br#"{"variables":[{"name":"Big","value":"{\"\\u00dcber\":[{\"x\":1}]}","scope":"user"}]}"#.to_vec();
    let escaped = Snapshot::parse(body, IngestOptions::default(), 0.0).unwrap();
    let open = Lens { earlier: None, mask: &Mask::off() };
    for word in ["\u{fc}ber[0].x", "BIG.\u{fc}", "big.\u{dc}ber[0]"] {
        assert_eq!(through(&escaped, word, open), ["Big@user"], "{word}");
    }
    // No number, and nothing behind a mask.
    assert_eq!(names("1.5"), "cart total");
    let hidden = read(&json!([{ "name": "login", "value": { "password": { "old": "x" } }, "scope": "user" }]));
    let lens = Lens { earlier: None, mask: &Mask::standard() };
    assert_eq!(through(&hidden, "password.old", lens), [""; 0]);
    assert_eq!(through(&hidden, "password.old", Lens { mask: &Mask::off(), ..lens }), ["login@user"]);
}

#[test]
fn what_cannot_be_read_is_a_text_and_is_told() {
    for (search, at, hits) in [
        ("size>large", 0..10, ""),
        ("cart type:thing", 5..15, ""),
        ("system>yes", 0..10, ""),
        (r#"name:"gift"#, 0..10, ""),
        ("value>abc", 0..9, ""),
        ("name>a", 0..6, ""),
    ] {
        assert_eq!(Expression::from(search).misread().first().map(|misread| misread.at.clone()), Some(at), "{search}");
        assert_eq!(names(search), hits, "{search}");
    }
    // What people look for, and no fields at all.
    for search in ["https://host.example", "a=b", "12:30", "x:y", "=1", ":", "->", "\"\"", "a|b", "C:\\dir"] {
        assert!(Expression::from(search).misread().is_empty(), "{search}");
    }
    let snapshot =
        read(&json!([{ "name": "url", "value": "see https://host.example/?size>large now", "scope": "user" }]));
    let lens = Lens { earlier: None, mask: &Mask::off() };
    assert_eq!(through(&snapshot, "size>large https://host.example", lens).len(), 1);
}

#[test]
fn what_changed_is_told_by_the_snapshot_before() {
    let earlier = read(&json!([
        { "name": "same", "value": "1.50", "scope": "user" },
        { "name": "other", "value": "old", "scope": "user" },
        { "name": "gone", "value": "x", "scope": "user" },
    ]));
    let later = read(&json!([
        { "name": "same", "value": "1.50", "scope": "user" },
        { "name": "other", "value": "new", "scope": "user" },
        { "name": "new", "value": "x", "scope": "user" },
    ]));
    let lens = Lens { earlier: Some(&earlier), mask: &Mask::off() };
    assert_eq!(through(&later, "changed:yes", lens), ["other@user"]);
    assert_eq!(through(&later, "added:yes", lens), ["new@user"]);
    assert_eq!(through(&later, "-changed:yes added:no", lens), ["same@user"]);
    // What is gone stands in the snapshot before, and is one of its rows.
    for filter in ["removed:yes", "-removed:no", "value=x REMOVED:yes", "removed:yes name:on"] {
        assert_eq!(through(&later, filter, lens), ["gone@user"], "{filter}");
    }
    assert_eq!(through(&later, "removed:yes name:same", lens), [""; 0]);
    assert_eq!(through(&later, "removed:no", lens).len(), 3);
    assert_eq!(through(&later, "removed:yes", Lens { earlier: None, mask: &Mask::off() }), [""; 0]);
    let window = Window { filter: "removed:yes".into(), ..Window::default() };
    let (_, rows) = later.rows_through(&window, lens);
    assert_eq!(
        (rows[0].change, earlier.row(rows[0].entry).unwrap().name),
        (Some(RowChange::Removed), "gone".to_owned())
    );
    assert_eq!(through(&later, "changed:yes", Lens { earlier: None, mask: &Mask::off() }), [""; 0]);
    assert_eq!(through(&later, "changed:yes", Lens { earlier: Some(&later), mask: &Mask::off() }), [""; 0]);
}

#[test]
fn only_what_is_surely_gone_is_told_to_be() {
    let earlier = read(&json!([
        { "name": "max@mail.example", "value": "x", "scope": "user" },
        { "name": "lang", "value": "de", "scope": "bot" },
        { "name": "pin", "value": "4711", "scope": "bot" },
        { "name": "lang", "value": "en", "scope": "user" },
    ]));
    let asked = |names: Option<NameFilter>, scope: Option<&str>, rows: &Json| {
        let options = IngestOptions { names, loaded_scope: scope.map(String::from), ..IngestOptions::default() };
        Snapshot::parse(json!({ "variables": rows }).to_string().into_bytes(), options, 0.0).unwrap()
    };
    let later = |scope: Option<&str>, rows: &Json| asked(None, scope, rows);
    let gone = |of: &Snapshot, filter: &str, mask: &Mask| through(of, filter, Lens { earlier: Some(&earlier), mask });
    let off = Mask::off();
    let all = later(None, &json!([{ "name": "lang", "value": "en", "scope": "user" }]));
    assert_eq!(gone(&all, "removed:yes", &off), ["max@mail.example@user", "pin@bot"]);
    // A scope that was not asked for may have it still.
    let of_user = later(Some("user"), &json!([]));
    assert_eq!(gone(&of_user, "removed:yes", &off), ["max@mail.example@user", "lang@user"]);
    // So may a name that was not asked for.
    let of_p = asked(Some(NameFilter::new("p", NameMatch::Prefix)), None, &json!([]));
    assert_eq!(gone(&of_p, "removed:yes", &off), ["pin@bot"]);
    // The mask is over what is gone, too.
    let mask = Mask::standard();
    assert_eq!(gone(&all, "removed:yes", &mask), ["[masked:email#1]@user", "pin@bot"]);
    assert_eq!(gone(&all, "removed:yes value=4711", &mask).len() + gone(&all, "removed:yes max", &mask).len(), 0);
}

#[test]
fn nothing_is_found_behind_the_mask() {
    let snapshot = read(&json!([
        { "name": "password", "value": "hunter2", "scope": "user" },
        { "name": "doc", "value": { "token": "hunter2", "open": "hunter" }, "scope": "user" },
        { "name": "text", "value": "{\"pin\":\"hunter2\",\"n\":7}", "scope": "user" },
        { "name": "hunter2 Bearer abcdefghijklmnopqrstuv", "value": 1, "scope": "user" },
    ]));
    let (off, mask) = (Mask::off(), Mask::standard());
    let (open, masked) = (Lens { earlier: None, mask: &off }, Lens { earlier: None, mask: &mask });
    assert_eq!(through(&snapshot, "hunter2", open).len(), 4);
    for search in ["hunter2", "value:hunter2", "value=hunter2", "value~hunt*", "name:hunter2", "path:hunter2"] {
        let hits = through(&snapshot, search, masked);
        assert_eq!(hits, [""; 0], "{search}");
    }
    assert_eq!(through(&snapshot, "hunter", masked), ["doc@user"]);
    assert_eq!(through(&snapshot, "password", masked), ["password@user"]);
    assert_eq!(through(&snapshot, "masked:yes", masked).len(), 4);
    assert_eq!(through(&snapshot, "masked:yes", open).len(), 0);
}

#[test]
fn a_row_has_a_position_among_all_that_pass() {
    let snapshot = sample();
    let lens = Lens { earlier: None, mask: &Mask::off() };
    let window =
        Window { filter: "scope:user".into(), sort: Sort::parse("-name").unwrap(), offset: 3, ..Window::default() };
    let all = snapshot.rows(&Window { offset: 0, ..window.clone() }).1;
    for (place, row) in all.iter().enumerate() {
        assert_eq!(snapshot.position(row.entry, &window, lens), Some(place));
    }
    assert_eq!(snapshot.position(snapshot.entry("lang", None).unwrap(), &window, lens), None);
    assert_eq!(snapshot.entry("lang", Some("user")), None);
}

proptest! {
    /// Whatever is typed, quoted as the documentation says it is the text itself.
    #[test]
    fn what_is_quoted_is_a_text(text in "[a-c:|\\\\\"<>=~ -]{1,6}") {
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let snapshot = read(&json!([
            { "name": "x", "value": format!("before {text} after"), "scope": "user" },
            { "name": "y", "value": "before after", "scope": "user" },
        ]));
        let lens = Lens { earlier: None, mask: &Mask::off() };
        prop_assert!(Expression::from(quoted.as_str()).misread().is_empty());
        prop_assert!(through(&snapshot, &quoted, lens).contains(&"x@user".to_owned()), "{}", quoted);
    }

    /// And whatever is typed is read as something.
    #[test]
    fn nothing_that_is_typed_fails(search in "[a-z:|\\\\\"<>=~! -]{0,24}") {
        let _ = names(&search);
        for misread in Expression::from(search.as_str()).misread() {
            prop_assert!(search.get(misread.at.clone()).is_some_and(|part| !part.is_empty()));
        }
    }
}
