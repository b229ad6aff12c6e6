//! The engine as JavaScript sees it, in Node.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use cognigy_session_debugger::bindings::{History, Snapshot, build_variables_url, coerce, diff_text};
use cognigy_session_debugger::value::json::not_utf8_at;
use js_sys::{Array, BigInt, Error, Function, JSON, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |at, step| Reflect::get(&at, &step.into()).unwrap())
}

fn text(object: &JsValue, path: &str) -> String {
    get(object, path).as_string().unwrap()
}

fn parse(body: &str) -> Snapshot {
    Snapshot::parse(&body.into(), &JsValue::UNDEFINED).unwrap()
}

fn read(body: &str, name: &str) -> JsValue {
    get(&parse(body).get(&name.into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap(), "value")
}

fn code(error: JsValue) -> String {
    assert!(error.is_instance_of::<Error>(), "what is thrown is a real error");
    assert_eq!(text(&error, "name"), "DebuggerError");
    text(&error, "code")
}

#[wasm_bindgen_test]
fn numbers_are_exact() {
    let body = r#"{"variables":[{"name":"a","value":9007199254740991,"scope":"s"},{"name":"b","value":9007199254740992,"scope":"s"},
        {"name":"c","value":"123456789012345678901234567890","scope":"s"},{"name":"d","value":1.5,"scope":"s"},
        {"name":"e","value":{"n":[9007199254740993,1],"m":-0.5},"scope":"s"},{"name":"f","value":"007","scope":"s"}]}"#;
    assert_eq!(read(body, "a").as_f64(), Some(9_007_199_254_740_991.0));
    let big = |digits: &str| BigInt::new(&digits.into()).unwrap();
    assert_eq!(read(body, "b"), JsValue::from(big("9007199254740992")));
    assert_eq!(read(body, "c"), JsValue::from(big("123456789012345678901234567890")));
    assert_eq!(read(body, "d").as_f64(), Some(1.5));
    assert_eq!(get(&read(body, "e"), "n.0"), JsValue::from(big("9007199254740993")));
    assert_eq!(get(&read(body, "e"), "n.1").as_f64(), Some(1.0));
    assert_eq!(get(&read(body, "e"), "m").as_f64(), Some(-0.5));
    assert_eq!(read(body, "f").as_string().as_deref(), Some("007"));
}

#[wasm_bindgen_test]
fn no_name_reaches_a_prototype() {
    for number in ["1", "12345678901234567890"] {
        let body = format!(
            r#"{{"variables":[{{"name":"__proto__","value":{{"__proto__":{{"polluted":{number}}},"constructor":2}},"scope":"user"}}]}}"#
        );
        let snapshot = parse(&body);
        assert_eq!(snapshot.names(), ["__proto__"]);
        let value = read(&body, "__proto__");
        assert_eq!(Object::keys(value.unchecked_ref::<Object>()).length(), 2);
        assert!(get(&value, "polluted").is_undefined());
        assert!(get(&Object::new().into(), "polluted").is_undefined());
        let wire = js(&snapshot.to_json_text(&JsValue::UNDEFINED).unwrap());
        assert_eq!(Object::keys(get(&wire, "variables").unchecked_ref::<Object>()).length(), 1);
    }
}

#[wasm_bindgen_test]
fn errors_are_real_errors_with_codes() {
    let error = |body: &str| Snapshot::parse(&body.into(), &JsValue::UNDEFINED).unwrap_err();
    assert_eq!(code(error("")), "BODY_EMPTY");
    let syntax = error("{\"variables\":[}");
    assert_eq!(get(&syntax, "offset").as_f64(), Some(14.0));
    assert_eq!(get(&syntax, "retryable").as_bool(), Some(false));
    assert!(get(&syntax, "status").is_undefined());
    assert_eq!(code(syntax), "JSON_SYNTAX");
    assert_eq!(code(Snapshot::parse(&7.into(), &JsValue::UNDEFINED).unwrap_err()), "INPUT_INVALID");
    for options in [r#"{"polcy":"none"}"#, r#"{"policy":"maybe"}"#, r#"{"policy":7}"#, r#"{"precedence":[1]}"#, "7"] {
        assert_eq!(code(Snapshot::parse(&"{}".into(), &js(options)).unwrap_err()), "INPUT_INVALID", "{options}");
    }
}

#[wasm_bindgen_test]
fn bytes_and_texts_give_the_same_snapshot() {
    let body = r#"{"session_id":"s","variables":[{"name":"a","value":"é","scope":"user"}]}"#;
    let bytes = Uint8Array::from(body.as_bytes());
    for value in [JsValue::from(body), bytes.clone().into(), bytes.buffer().into()] {
        let snapshot = Snapshot::parse(&value, &JsValue::NULL).unwrap();
        assert_eq!(text(&snapshot.get(&"a".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "raw"), "é");
        assert_eq!(snapshot.session_id(), "s");
        assert!(snapshot.taken_at() > 1.6e12);
    }
}

#[wasm_bindgen_test]
fn a_window_of_rows_crosses() {
    let body =
        r#"{"variables":[{"name":"a","value":"42","scope":"user"},{"name":"a","value":"1.10","scope":"bot"},7]}"#;
    let rows = parse(body).rows(&js(r#"{"limit":10,"shadowed":true}"#)).unwrap();
    assert_eq!(get(&rows, "total").as_f64(), Some(3.0));
    assert_eq!(text(&rows, "rows.0.type"), "integer");
    assert_eq!(get(&rows, "rows.0.hides").as_f64(), Some(1.0));
    assert_eq!(text(&rows, "rows.1.note.code"), "trailing-zero");
    assert_eq!(text(&rows, "rows.2.type"), "unreadable");
    assert_eq!(text(&rows, "rows.2.problem.path"), "$.variables[2]");
    assert_eq!(code(parse(body).rows(&js(r#"{"limit":-1}"#)).unwrap_err()), "INPUT_INVALID");
    assert_eq!(code(parse(body).rows(&js(r#"{"sort":"colour"}"#)).unwrap_err()), "INPUT_INVALID");
}

#[wasm_bindgen_test]
fn explanations_trees_and_differences_cross() {
    let body = r#"{"variables":[{"name":"a","value":{"k":[1,{"m":2.50}]},"scope":"user"},{"name":"a","value":"x","scope":"bot"}]}"#;
    let snapshot = parse(body);
    let explanation = snapshot.explain(&"a".into(), &JsValue::UNDEFINED).unwrap();
    assert_eq!(text(&explanation, "winner.scope"), "user");
    assert_eq!(get(&explanation, "candidates").unchecked_into::<Array>().length(), 4);
    let tree = snapshot.children(&0.into(), &js("[0,1]"), &JsValue::UNDEFINED).unwrap();
    assert_eq!((text(&tree, "nodes.0.key"), text(&tree, "nodes.0.text")), ("m".into(), "2.50".into()));
    assert_eq!(text(&snapshot.text(&0.into(), &js("[0]"), &js(r#"{"limit":3}"#)).unwrap(), "text"), "[1,");
    assert_eq!(code(snapshot.children(&0.into(), &js("[9]"), &JsValue::UNDEFINED).unwrap_err()), "INPUT_INVALID");
    let later = parse(&body.replace("2.50", "2.5"));
    assert_eq!(text(&later.diff(&snapshot, &JsValue::UNDEFINED).unwrap(), "changed.0.kinds.0"), "raw");
}

#[wasm_bindgen_test]
fn explanations_try_other_rules_and_look_back() {
    let earlier = parse(r#"{"variables":[{"name":"a","value":1,"scope":"bot"}]}"#);
    // Written with a ligature, which is two letters in the form NFKC.
    let body = r#"{"variables":[{"name":"a","value":1,"scope":"bot"},{"name":"a","value":2,"scope":"user"},
        {"name":"final","value":1,"scope":"bot"},{"name":"\ufb01nal","value":1,"scope":"bot"}]}"#;
    let snapshot = parse(body);
    let explained = |name: &str, options: &JsValue| snapshot.explain(&name.into(), options);
    let options = js(r#"{"precedence":["user","bot"]}"#);
    let held = JsValue::from(earlier);
    Reflect::set(&options, &"earlier".into(), &held).unwrap();
    let explanation = explained("a", &options).unwrap();
    assert_eq!((text(&explanation, "winner.scope"), get(&explanation, "whatIf")), ("bot".into(), JsValue::TRUE));
    assert_eq!((text(&explanation, "order.0"), text(&explanation, "values")), ("bot".into(), "different".into()));
    assert_eq!(text(&explanation, "candidates.1.hiddenBy"), "bot");
    assert_eq!(get(&explanation, "candidates.1.provenance.position").as_f64(), Some(1.0));
    Reflect::set(&options, &"precedence".into(), &JsValue::UNDEFINED).unwrap();
    let explanation = explained("a", &options).unwrap();
    assert_eq!(text(&explanation, "warnings.0.code"), "winner-changed");
    assert_eq!(text(&explanation, "warnings.0.scopes.0"), "bot");
    assert_eq!(
        text(&explained("a", &options).unwrap(), "winner.scope"),
        "user",
        "the earlier one is still its owner's"
    );
    assert_eq!(text(&explained("final", &JsValue::UNDEFINED).unwrap(), "warnings.0.names.0"), "\u{fb01}nal");
    let free: Function = get(&held, "free").unchecked_into();
    free.call0(&held).unwrap();
    assert_eq!(code(explained("a", &options).unwrap_err()), "INPUT_INVALID");
    for wrong in [r#"{"earlier":7}"#, r#"{"earlier":{}}"#, r#"{"precedence":"newest"}"#, r#"{"before":1}"#] {
        assert_eq!(code(explained("a", &js(wrong)).unwrap_err()), "INPUT_INVALID", "{wrong}");
    }
}

#[wasm_bindgen_test]
fn functions_answer_or_throw() {
    let reading = coerce(&"007".into(), &JsValue::UNDEFINED).unwrap();
    assert_eq!((text(&reading, "value"), text(&reading, "note.wouldBe.text")), ("007".into(), "7".into()));
    let reference = coerce(&"inf".into(), &js(r#"{"policy":"reference"}"#)).unwrap();
    assert_eq!(get(&reference, "value").as_f64(), Some(f64::INFINITY));
    assert_eq!(code(coerce(&"1".into(), &js(r#"{"policy":"x"}"#)).unwrap_err()), "INPUT_INVALID");
    let url =
        build_variables_url(&"https://a.example".into(), &js(r#"{"sessionId":"a/b"}"#), &JsValue::UNDEFINED).unwrap();
    assert_eq!(url, "https://a.example/api/v2/botsessions/a%2Fb/variables");
    let refused = build_variables_url(&"https://a.example".into(), &js(r#"{"sessionId":".."}"#), &JsValue::UNDEFINED);
    assert_eq!(code(refused.unwrap_err()), "INPUT_INVALID");
    let config = build_variables_url(&"http://a.example".into(), &js(r#"{"sessionId":"s"}"#), &JsValue::UNDEFINED);
    assert_eq!(code(config.unwrap_err()), "CONFIG_INVALID");
}

#[wasm_bindgen_test]
fn shapes_and_limits_are_options() {
    let body = r#"{"context":{"a":"42","b":"*****"},"profile":{"a":[[1]]},"sessionId":"s"}"#;
    let snapshot = parse(body);
    assert_eq!((snapshot.shape(), snapshot.session_id()), ("memory-bundle".into(), "s".into()));
    assert_eq!(text(&snapshot.get(&"a".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "scope"), "context");
    assert_eq!(
        text(&snapshot.get(&"b".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "origin"),
        "masked-by-platform"
    );
    assert!(get(&snapshot.get(&"a".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "origin").is_undefined());
    let with = |options: &str| Snapshot::parse(&body.into(), &js(options));
    assert_eq!(code(with(r#"{"shape":"conversation"}"#).unwrap_err()), "SCHEMA_MISMATCH");
    assert_eq!(code(with(r#"{"shape":"colour"}"#).unwrap_err()), "INPUT_INVALID");
    assert_eq!(with(r#"{"shape":"plain-object"}"#).unwrap().names(), ["context", "profile", "sessionId"]);
    assert_eq!(code(with(r#"{"limits":{"bodyBytes":10}}"#).unwrap_err()), "BODY_TOO_LARGE");
    assert_eq!(code(with(r#"{"limits":{"valueBytes":4}}"#).unwrap_err()), "VALUE_TOO_LARGE");
    assert_eq!(code(with(r#"{"limits":{"variables":2}}"#).unwrap_err()), "TOO_MANY_VARIABLES");
    let shallow = with(r#"{"limits":{"depth":1}}"#).unwrap();
    assert_eq!(text(&shallow.get(&"a".into(), &"profile".into(), &JsValue::UNDEFINED).unwrap(), "type"), "string");
    for limits in [r#"{"depth":513}"#, r#"{"bodyBytes":2147483648}"#, r#"{"variables":1.5}"#, r#"{"bytes":1}"#, "7"] {
        let error = with(&format!(r#"{{"limits":{limits}}}"#)).unwrap_err();
        assert_eq!(code(error), "INPUT_INVALID", "{limits}");
    }
}

#[wasm_bindgen_test]
fn a_caller_may_map_a_body_to_rows() {
    let options = |function: &str| {
        let options = Object::new();
        Reflect::set(&options, &"map".into(), &Function::new_with_args("body", function)).unwrap();
        JsValue::from(options)
    };
    let body: JsValue = r#"{"vars":{"n":12345678901234567890,"t":"007","o":{"k":[9007199254740993,"x"]}}}"#.into();
    let rows = "return Object.entries(body.vars).map(([name, value]) => ({ name, value, scope: 'session' }))";
    let snapshot = Snapshot::parse(&body, &options(rows)).unwrap();
    assert_eq!(snapshot.shape(), "variable-rows");
    assert_eq!(
        text(&snapshot.get(&"n".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "raw"),
        "12345678901234567890"
    );
    assert_eq!(
        text(&snapshot.get(&"t".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "note.code"),
        "leading-zero"
    );
    assert_eq!(
        text(&snapshot.get(&"o".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "raw"),
        r#"{"k":[9007199254740993,"x"]}"#
    );
    let failed = |function: &str| code(Snapshot::parse(&body, &options(function)).unwrap_err());
    assert_eq!(failed("throw new Error('own')"), "SOURCE_FAILED");
    assert_eq!(failed("return 7"), "INPUT_INVALID");
    assert_eq!(failed("return 'rows'"), "INPUT_INVALID");
    let syntax = Snapshot::parse(&"\u{feff} [1,]".into(), &options("return []")).unwrap_err();
    assert_eq!(get(&syntax, "offset").as_f64(), Some(7.0));
    let nested = |depth: usize| JsValue::from(["[".repeat(depth), "]".repeat(depth)].concat());
    assert!(Snapshot::parse(&nested(512), &options("return []")).is_ok());
    // What the caller makes of it is judged row by row.
    let deep = options("return [{ name: 'a', value: body, scope: 's' }]");
    let deep = Snapshot::parse(&nested(513), &deep).unwrap();
    assert_eq!(text(&deep.get(&"a".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "note.code"), "too-deep");
    assert_eq!(Snapshot::parse(&body, &options("return [7]")).unwrap().unreadable_count(), 1);
}

/// The tests run once more without vectors, and would show nothing if they did so with them.
#[wasm_bindgen_test]
fn the_engine_is_built_as_the_run_asks() {
    assert_eq!(cfg!(target_feature = "simd128"), option_env!("ENGINE_WITHOUT_SIMD").is_none());
}

/// Natively blocks of a string are asked in another way than with WebAssembly's vectors.
#[wasm_bindgen_test]
fn strings_end_where_json_parse_ends_them() {
    let parts: Vec<String> = (0..=0xff_u8).map(|byte| char::from(byte).to_string()).collect();
    let more =
        [r"\\", r"\\\\", r#"\""#, r"\n\t\/\b\f\r", r"\u00e9", r"\ud83d\ude00", r"\x", r"\q", "\\\n", r"\u12g4", "😀"];
    for part in parts.iter().map(String::as_str).chain(more) {
        for before in 0..70 {
            let value = format!("\"{}{part}{}\"", "x".repeat(before), "y".repeat(before % 20));
            let body = format!(r#"{{"variables":[{{"name":"a","value":{value},"scope":"s"}}]}}"#);
            let ours = Snapshot::parse(&body.as_str().into(), &JsValue::UNDEFINED).map(|snapshot| {
                get(&snapshot.get(&"a".into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap(), "raw")
            });
            let theirs = JSON::parse(&body).map(|parsed| get(&parsed, "variables.0.value"));
            assert_eq!(ours.ok(), theirs.ok(), "{value}");
        }
    }
}

#[wasm_bindgen_test]
fn utf8_is_judged_as_the_standard_library_judges_it() {
    // Whole characters of every length, and what comes of them where bytes are cut off, doubled or out of range.
    const PARTS: [&[u8]; 24] = [
        b"plain",
        b"x",
        b"\0",
        b"\x7f",
        b"\xc3\xa9",
        b"\xdf\xbf",
        b"\xe0\xa0\x80",
        b"\xed\x9f\xbf",
        b"\xee\x80\x80",
        b"\xef\xbf\xbf",
        b"\xf0\x90\x80\x80",
        b"\xf4\x8f\xbf\xbf",
        b"\x80",
        b"\xbf",
        b"\xc3",
        b"\xc0\x80",
        b"\xc1\xbf",
        b"\xe0\x9f\xbf",
        b"\xed\xa0\x80",
        b"\xf0\x8f\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xe2\x82",
        b"\xff",
    ];
    const GOOD: usize = 12;
    let mut chance = 7_u64;
    let mut below = |limit: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(chance >> 33).unwrap() % limit
    };
    let mut good = 0;
    for round in 0..200_000 {
        let mut bytes = vec![b'.'; below(40)];
        for _ in 0..below(14) {
            bytes.extend_from_slice(PARTS.get(below(GOOD)).unwrap());
        }
        if round % 2 == 0 {
            bytes.extend_from_slice(PARTS.get(below(PARTS.len())).unwrap());
        }
        bytes.extend(std::iter::repeat_n(b'.', below(20)));
        if round % 3 == 0 {
            bytes.truncate(below(bytes.len() + 1));
        }
        let expected = std::str::from_utf8(&bytes).err().map(|fault| fault.valid_up_to());
        assert_eq!(not_utf8_at(&bytes), expected, "{bytes:x?}");
        good += usize::from(expected.is_none());
    }
    assert!((50_000..180_000).contains(&good), "both kinds are there: {good}");
}

#[wasm_bindgen_test]
fn a_file_is_opened_again() {
    let body = r#"{"session_id":"s","variables":[{"name":"n","value":{"a":1.10},"scope":"user"},{"name":"apiKey","value":"k-4711","scope":"bot"},7]}"#;
    let snapshot = parse(body);
    let all = js(r#"{"mask":false}"#);
    let file = snapshot.to_file(&all).unwrap();
    for given in [JsValue::from(file.as_str()), Uint8Array::from(file.as_bytes()).into()] {
        let again = Snapshot::open(&given, &JsValue::UNDEFINED).unwrap();
        assert_eq!(again.to_file(&all).unwrap(), file);
        assert_eq!((again.taken_at(), again.unreadable_count()), (snapshot.taken_at(), 1));
    }
    let masked = snapshot.to_file(&JsValue::UNDEFINED).unwrap();
    assert!(!masked.contains("4711") && masked.contains("1.10"));
    assert_eq!(code(snapshot.to_file(&js(r#"{"masked":true}"#)).unwrap_err()), "INPUT_INVALID");
    assert_eq!(code(Snapshot::open(&7.into(), &JsValue::UNDEFINED).unwrap_err()), "INPUT_INVALID");
    assert_eq!(code(Snapshot::open(&body.into(), &JsValue::UNDEFINED).unwrap_err()), "FILE_INVALID");
    let newer = r#"{"format":"cognigy-session-debugger","version":2}"#;
    assert_eq!(code(Snapshot::open(&newer.into(), &JsValue::UNDEFINED).unwrap_err()), "FILE_TOO_NEW");
    let few = js(r#"{"limits":{"variables":2}}"#);
    assert_eq!(code(Snapshot::open(&file.as_str().into(), &few).unwrap_err()), "TOO_MANY_VARIABLES");
    assert_eq!(code(Snapshot::open(&file.as_str().into(), &all).unwrap_err()), "INPUT_INVALID");
    let cut = Snapshot::open(&file.get(..40).unwrap().into(), &JsValue::UNDEFINED).unwrap_err();
    assert_eq!(get(&cut, "offset").as_f64(), Some(40.0));
}

#[wasm_bindgen_test]
fn texts_of_all_lengths_are_found_by_what_stands_in_them() {
    let mut chance = 3_u64;
    let mut below = |limit: usize| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(chance >> 33).unwrap() % limit
    };
    // Some letters of all, so that others are missing.
    let mut made = |length: usize| {
        let letters: Vec<char> = (0..6).map(|_| char::from(b' ' + u8::try_from(below(95)).unwrap())).collect();
        (0..length).map(|_| *letters.get(below(6)).unwrap()).collect::<String>()
    };
    let values: Vec<String> = (0..130).map(&mut made).collect();
    let rows: Vec<String> = (0x4e00..)
        .filter_map(char::from_u32)
        .zip(&values)
        .map(|(name, value)| {
            format!(r#"{{"name":"{name}","value":{},"scope":"s"}}"#, serde_json::to_string(value).unwrap())
        })
        .collect();
    let snapshot = parse(&format!(r#"{{"variables":[{}]}}"#, rows.join(",")));
    let texts = values.iter().flat_map(|value| [value.get(..1), value.get(1..3), value.get(2..7)]).flatten();
    for text in texts {
        let quoted = text.replace('\\', r"\\").replace('"', "\\\"");
        let options = Object::new();
        Reflect::set(&options, &"filter".into(), &format!("\"{quoted}\"").into()).unwrap();
        let expected =
            values.iter().filter(|value| value.to_ascii_lowercase().contains(&text.to_ascii_lowercase())).count();
        let found = get(&snapshot.rows(&options).unwrap(), "total").as_f64().unwrap();
        assert!((found - f64::from(u32::try_from(expected).unwrap())).abs() < 0.5, "{text:?}: {found} of {expected}");
    }
}

#[wasm_bindgen_test]
fn what_is_copied_is_masked() {
    let body = r#"{"variables":[{"name":"login","value":{"password":"hunter2","n":1.10},"scope":"context"}]}"#;
    let snapshot = parse(body);
    let copy =
        |path: &str, form: &str, options: &str| snapshot.copy_text(&0.into(), &js(path), &form.into(), &js(options));
    let masked = copy("[0]", "value", "null").unwrap();
    assert_eq!((text(&masked, "text").as_str(), get(&masked, "masked").as_bool()), ("[masked:password]", Some(true)));
    assert_eq!(text(&copy("[0]", "value", r#"{"mask":false}"#).unwrap(), "text"), "hunter2");
    assert_eq!(text(&copy("[1]", "expression", "null").unwrap(), "text"), "{{context.login.n}}");
    assert_eq!(code(copy("[2]", "value", "null").unwrap_err()), "INPUT_INVALID");
    assert_eq!(code(copy("[0]", "xpath", "null").unwrap_err()), "INPUT_INVALID");
    let other = parse(r#"{"variables":[{"name":"a","value":1,"scope":"user"}]}"#);
    assert!(other.copy_text(&0.into(), &js("[]"), &"expression".into(), &js("null")).unwrap().is_undefined());
}

#[wasm_bindgen_test]
fn hits_cross_in_slices() {
    let body = r#"{"variables":[{"name":"cart","value":{"a":["cart",1]},"scope":"user"},{"name":"b","value":"CART","scope":"bot"}]}"#;
    let snapshot = parse(body);
    let ask = |options: &str| snapshot.hits(&"cart".into(), &js(options)).unwrap();
    let all = ask("{}");
    assert_eq!(get(&all, "count").as_f64(), Some(3.0));
    assert!(get(&all, "rest").is_undefined());
    assert_eq!(text(&all, "hits.1.where"), "value");
    assert_eq!(String::from(JSON::stringify(&get(&all, "hits.1.steps")).unwrap()), "[0,0]");
    let next = ask(r#"{"limit":1,"after":{"row":0,"hit":1}}"#);
    assert_eq!(get(&next, "hits.0.entry").as_f64(), Some(1.0));
    let before = ask(r#"{"limit":1,"before":{"row":1,"hit":0}}"#);
    assert_eq!((get(&before, "hits.0.hit").as_f64(), get(&before, "rest.row").as_f64()), (Some(1.0), Some(0.0)));
    assert_eq!(get(&ask(r#"{"limit":0,"scope":"bot"}"#), "count").as_f64(), Some(1.0));
    for wrong in [
        r#"{"offset":1}"#,
        r#"{"filter":"a"}"#,
        r#"{"after":{"row":0}}"#,
        r#"{"after":{"row":0,"hit":0},"before":{"row":0,"hit":0}}"#,
    ] {
        assert_eq!(code(snapshot.hits(&"cart".into(), &js(wrong)).unwrap_err()), "INPUT_INVALID", "{wrong}");
    }
}

#[wasm_bindgen_test]
fn differences_inside_values_and_patches_cross() {
    let earlier = parse(r#"{"variables":[{"name":"a","value":{"k":[{"id":1,"m":2.50}]},"scope":"user"}]}"#);
    let later = parse(r#"{"variables":[{"name":"a","value":{"k":[{"id":1,"m":3}]},"scope":"user"}]}"#);
    let diff = later.diff_value(&earlier, &"a".into(), &JsValue::UNDEFINED).unwrap();
    assert_eq!((text(&diff, "lists.0.by"), text(&diff, "lists.0.key")), ("key".into(), "id".into()));
    assert_eq!((text(&diff, "changes.0.before.raw"), text(&diff, "changes.0.kinds.1")), ("2.50".into(), "type".into()));
    assert_eq!(code(later.diff_value(&earlier, &"a".into(), &js(r#"{"by":1}"#)).unwrap_err()), "INPUT_INVALID");
    let patch = later.patch(&earlier, &JsValue::UNDEFINED).unwrap().unwrap();
    assert_eq!(patch, r#"[{"op":"replace","path":"/a/k/0/m","value":3}]"#);
}

#[wasm_bindgen_test]
fn a_history_keeps_snapshots_and_tells_of_a_variable() {
    let turn = |total: &str| {
        JsValue::from(parse(&format!(r#"{{"variables":[{{"name":"n","value":{total},"scope":"user"}}]}}"#)))
    };
    let mut history = History::new(&js(r#"{"count":2}"#)).unwrap();
    for total in ["1", "1.50", "2"] {
        history.push(&turn(total), &js(r#"{"turn":"t"}"#)).unwrap();
    }
    assert_eq!((history.length(), history.evicted(), history.snapshot(1).is_none()), (2, 1, true));
    let kept = history.snapshot(2).unwrap();
    assert_eq!(text(&kept.get(&"n".into(), &JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap(), "raw"), "1.50");
    let told = history.variable(&"n".into(), &JsValue::UNDEFINED).unwrap();
    assert_eq!((text(&told, "1.kinds.0"), text(&told, "1.variable.raw")), ("value".into(), "2".into()));
    assert_eq!(text(&history.moments(&JsValue::UNDEFINED).unwrap(), "0.turn"), "t");
    assert_eq!(code(History::new(&js(r#"{"count":0}"#)).unwrap_err()), "INPUT_INVALID");
}

#[wasm_bindgen_test]
fn texts_are_compared_word_by_word() {
    let pieces = diff_text(&"pay now".into(), &"pay later".into()).unwrap();
    assert_eq!((text(&pieces, "1.kind"), text(&pieces, "2.text")), ("removed".into(), "later".into()));
    assert_eq!(code(diff_text(&"a".into(), &JsValue::NULL).unwrap_err()), "INPUT_INVALID");
}
