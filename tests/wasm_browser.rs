//! The session debugger as JavaScript sees it, in Chromium: real streams, real signals, real timers.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use cognigy_session_debugger::bindings::{SessionDebugger, Snapshot};
use js_sys::{Array, Error, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{AbortController, Response};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = "
export function serve(answer) {
  const real = globalThis.fetch;
  const seen = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    seen.push({ url: request.url, method: request.method, credentials: request.credentials, cache: request.cache,
      redirect: request.redirect, referrer: request.referrerPolicy, accept: request.headers.get('accept'),
      authorization: request.headers.get('authorization'), signal: request.signal });
    return answer(request, seen.length);
  };
  return { seen, restore: () => { globalThis.fetch = real; } };
}
export function answer(body, status, headers) {
  return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers } });
}
export function slices(texts, type) {
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  const pull = (controller) => {
    if (bytes.length) return controller.enqueue(bytes.shift());
    controller.close();
    controller.byobRequest?.respond(0);
  };
  return new ReadableStream({ pull, ...(type && { type }) });
}
export function endless(signal) {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
export async function collect(iterator, most) {
  iterator[Symbol.asyncIterator] = function () { return this; };
  const items = [];
  for await (const item of iterator) { items.push(item); if (items.length >= most) break; }
  return items;
}
")]
extern "C" {
    type Stage;
    fn serve(answer: &Function) -> Stage;
    #[wasm_bindgen(method, getter)]
    fn seen(this: &Stage) -> Array;
    #[wasm_bindgen(method)]
    fn restore(this: &Stage);
    fn answer(body: &JsValue, status: u16, headers: &JsValue) -> Response;
    fn slices(texts: &Array, kind: Option<&str>) -> JsValue;
    fn endless(signal: &JsValue) -> Promise;
    fn collect(iterator: &JsValue, most: u32) -> Promise;
}

const ROWS: &str =
    r#"{"variables":[{"name":"age","value":"42","scope":"user"},{"name":"agent","value":"007","scope":"bot"}]}"#;

fn js(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |at, step| Reflect::get(&at, &step.into()).unwrap())
}

fn text(object: &JsValue, path: &str) -> String {
    get(object, path).as_string().unwrap()
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

/// Replaces `fetch` for as long as it lives.
struct Tenant {
    stage: Stage,
    _answer: Closure<dyn FnMut(JsValue, u32) -> JsValue>,
}

impl Tenant {
    fn new(answer: impl FnMut(JsValue, u32) -> JsValue + 'static) -> Tenant {
        let answer = Closure::<dyn FnMut(JsValue, u32) -> JsValue>::new(answer);
        Tenant { stage: serve(answer.as_ref().unchecked_ref()), _answer: answer }
    }

    fn seen(&self) -> Vec<JsValue> {
        self.stage.seen().iter().collect()
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        self.stage.restore();
    }
}

fn rows() -> JsValue {
    answer(&ROWS.into(), 200, &JsValue::UNDEFINED).into()
}

fn debugger(options: &str) -> SessionDebugger {
    let options = js(options);
    set(&options, "baseUrl", &"https://tenant.example".into());
    SessionDebugger::new(&options).unwrap()
}

async fn read(sessions: &SessionDebugger) -> Result<JsValue, JsValue> {
    JsFuture::from(sessions.snapshot(&js(r#"{"sessionId":"s 1"}"#), &JsValue::UNDEFINED)).await
}

fn code(error: &JsValue) -> String {
    assert!(error.is_instance_of::<Error>());
    text(error, "code")
}

fn value_of(snapshot: &JsValue, name: &str) -> JsValue {
    let get_method: Function = get(snapshot, "get").unchecked_into();
    get(&get_method.call1(snapshot, &name.into()).unwrap(), "value")
}

#[wasm_bindgen_test]
async fn the_request_that_leaves_carries_a_token_and_nothing_else() {
    let tenant = Tenant::new(|request, _| {
        let token = text(&request, "url").ends_with("/token");
        if token {
            answer(&r#"{"access_token":"t1","token_type":"Bearer","expires_in":900}"#.into(), 200, &JsValue::UNDEFINED)
                .into()
        } else {
            rows()
        }
    });
    let sessions = debugger(r#"{"token":"/debug/token"}"#);
    let snapshot = read(&sessions).await.unwrap();
    assert_eq!(value_of(&snapshot, "age").as_f64(), Some(42.0));
    assert_eq!(value_of(&snapshot, "agent").as_string().as_deref(), Some("007"));
    read(&sessions).await.unwrap();
    let seen = tenant.seen();
    assert_eq!(seen.len(), 3, "one token serves both reads");
    assert_eq!((text(&seen[0], "method"), text(&seen[0], "credentials")), ("POST".into(), "same-origin".into()));
    let request = &seen[1];
    assert_eq!(text(request, "url"), "https://tenant.example/api/v2/botsessions/s%201/variables");
    for (field, value) in [
        ("method", "GET"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("redirect", "error"),
        ("referrer", "no-referrer"),
        ("accept", "application/json"),
        ("authorization", "Bearer t1"),
    ] {
        assert_eq!(text(request, field), value, "{field}");
    }
}

#[wasm_bindgen_test]
async fn bodies_stream_in_slices_that_cut_anything() {
    // Streams that take room for their bytes, as those of the network do, and streams that do not.
    for kind in [Some("bytes"), None] {
        for (long, slice) in [(0, 7), (700_000, 300_000), (700_000, 1_000_000)] {
            let tenant = Tenant::new(move |_, _| {
                let body = ROWS.replace("007", &format!("007{}", "x".repeat(long)));
                let slices_of = body.as_bytes().chunks(slice);
                let parts: Array =
                    slices_of.map(|part| JsValue::from_str(std::str::from_utf8(part).unwrap())).collect();
                if kind.is_none() {
                    parts.splice(1, 0, &"".into());
                }
                answer(&slices(&parts, kind), 200, &JsValue::UNDEFINED).into()
            });
            let snapshot = read(&debugger("{}")).await.unwrap();
            assert_eq!(value_of(&snapshot, "agent").as_string().unwrap().len(), 3 + long, "{kind:?} {slice}");
            assert_eq!(value_of(&snapshot, "age").as_f64(), Some(42.0));
            drop(tenant);
        }
    }
}

#[wasm_bindgen_test]
async fn a_refused_request_is_tried_again_with_what_the_server_asks() {
    let tenant = Tenant::new(|_, count| match count {
        1 => answer(&"{}".into(), 429, &js(r#"{"retry-after":"0"}"#)).into(),
        2 => answer(&"busy".into(), 503, &JsValue::UNDEFINED).into(),
        _ => rows(),
    });
    let sessions = debugger(r#"{"retry":{"throttleDelayMs":1,"baseDelayMs":1}}"#);
    read(&sessions).await.unwrap();
    assert_eq!(tenant.seen().len(), 3);
    let trail: Array = sessions.audit_trail().unchecked_into();
    let outcomes: Vec<String> = trail.iter().map(|record| text(&record, "outcome")).collect();
    assert_eq!(outcomes, ["RATE_LIMITED", "SERVER_ERROR", "OK"]);
    assert_eq!(get(&sessions.metrics(), "retried").as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_signals_own_reason_and_stops_the_request() {
    let tenant = Tenant::new(|request, _| endless(&get(&request, "signal")).into());
    let controller = AbortController::new().unwrap();
    let options: JsValue = Object::new().into();
    set(&options, "signal", &controller.signal());
    let read = debugger("{}").snapshot(&js(r#"{"sessionId":"s"}"#), &options);
    // Let the request leave.
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
    }
    controller.abort_with_reason(&"user went away".into());
    assert_eq!(JsFuture::from(read).await.unwrap_err(), JsValue::from("user went away"));
    let seen = tenant.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(get(&seen[0], "signal.aborted").as_bool(), Some(true));
    let again = debugger("{}").snapshot(&js(r#"{"sessionId":"s"}"#), &options);
    assert_eq!(JsFuture::from(again).await.unwrap_err(), JsValue::from("user went away"));
    assert_eq!(tenant.seen().len(), 1, "an aborted signal lets nothing begin");
}

#[wasm_bindgen_test]
async fn failures_are_errors_with_codes() {
    let tenant = Tenant::new(|_, count| match count {
        1 => answer(&r#"{"detail":"Not for you"}"#.into(), 403, &JsValue::UNDEFINED).into(),
        2 => answer(&"{}".into(), 404, &JsValue::UNDEFINED).into(),
        3 => answer(&"<html>".into(), 200, &js(r#"{"content-type":"text/html"}"#)).into(),
        4 => answer(&"".into(), 200, &JsValue::UNDEFINED).into(),
        _ => Promise::reject(&js_sys::TypeError::new("Failed to fetch")).into(),
    });
    let sessions = debugger(r#"{"retry":{"attempts":1}}"#);
    let mut codes = Vec::new();
    for _ in 0..5 {
        codes.push(code(&read(&sessions).await.unwrap_err()));
    }
    assert_eq!(codes, ["FORBIDDEN", "NOT_FOUND", "BAD_CONTENT_TYPE", "BODY_EMPTY", "NETWORK_OR_CORS"]);
    drop(tenant);
    let refused = sessions.snapshot(&js(r#"{"sessionId":".."}"#), &JsValue::UNDEFINED);
    assert_eq!(code(&JsFuture::from(refused).await.unwrap_err()), "INPUT_INVALID");
    let typo = sessions.snapshot(&js(r#"{"sessionId":"s"}"#), &js(r#"{"onprogress":1}"#));
    assert_eq!(code(&JsFuture::from(typo).await.unwrap_err()), "INPUT_INVALID");
    assert_eq!(code(&SessionDebugger::new(&js(r#"{"baseUrl":"http://a.example"}"#)).err().unwrap()), "CONFIG_INVALID");
    assert_eq!(code(&SessionDebugger::new(&js(r#"{"baseurl":"https://a.example"}"#)).err().unwrap()), "CONFIG_INVALID");
}

#[wasm_bindgen_test]
async fn callbacks_of_the_host_give_tokens_and_bodies() {
    let source = Closure::<dyn FnMut(JsValue) -> JsValue>::new(|query: JsValue| {
        assert_eq!(text(&query, "sessionId"), "s 1");
        assert_eq!(get(&query, "signal.aborted").as_bool(), Some(false));
        js(ROWS)
    });
    let options: JsValue = Object::new().into();
    set(&options, "source", source.as_ref());
    let snapshot = read(&SessionDebugger::new(&options).unwrap()).await.unwrap();
    assert_eq!(value_of(&snapshot, "age").as_f64(), Some(42.0));

    let failing = Closure::<dyn FnMut(JsValue) -> JsValue>::new(|_| Promise::reject(&"my own error".into()).into());
    set(&options, "source", failing.as_ref());
    let error = read(&SessionDebugger::new(&options).unwrap()).await.unwrap_err();
    assert_eq!((code(&error), text(&error, "cause")), ("SOURCE_FAILED".into(), "my own error".into()));

    let tenant = Tenant::new(|_, _| rows());
    let token = Closure::<dyn FnMut(JsValue) -> JsValue>::new(|request: JsValue| {
        assert_eq!(text(&request, "reason"), "initial");
        Promise::resolve(&JsValue::from("t0")).into()
    });
    let options = js(r#"{"baseUrl":"https://tenant.example"}"#);
    set(&options, "token", token.as_ref());
    read(&SessionDebugger::new(&options).unwrap()).await.unwrap();
    assert_eq!(text(&tenant.seen()[0], "authorization"), "Bearer t0");
}

#[wasm_bindgen_test]
async fn many_sessions_come_as_an_asynchronous_iterator() {
    let tenant = Tenant::new(|request, _| {
        if text(&request, "url").contains("bad") {
            answer(&"{}".into(), 404, &JsValue::UNDEFINED).into()
        } else {
            rows()
        }
    });
    let sessions = debugger("{}");
    let queries = js(r#"[{"sessionId":"a"},{"sessionId":"bad"},{"sessionId":"c"}]"#);
    let outcomes: Array =
        JsFuture::from(collect(&sessions.snapshots(&queries, &JsValue::UNDEFINED).unwrap().into(), 9))
            .await
            .unwrap()
            .unchecked_into();
    assert_eq!(outcomes.length(), 3);
    let failed: Vec<JsValue> = outcomes.iter().filter(|outcome| get(outcome, "snapshot").is_undefined()).collect();
    assert_eq!(
        (text(&failed[0], "query.sessionId"), code(&get(&failed[0], "error"))),
        ("bad".into(), "NOT_FOUND".into())
    );
    drop(tenant);
}

#[wasm_bindgen_test]
async fn watching_goes_on_until_it_is_left() {
    let tenant = Tenant::new(|_, _| rows());
    let sessions = debugger("{}");
    let controller = AbortController::new().unwrap();
    let options = js(r#"{"intervalMs":1}"#);
    set(&options, "signal", &controller.signal());
    let watch: JsValue = sessions.watch(&js(r#"{"sessionId":"a"}"#), &options).unwrap().into();
    let readings: Array = JsFuture::from(collect(&watch, 3)).await.unwrap().unchecked_into();
    assert_eq!(readings.length(), 3);
    assert_eq!(tenant.seen().len(), 3, "two reads of one session never overlap, and none follows the last");
    assert_eq!(code(&sessions.watch(&js(r#"{"sessionId":"a"}"#), &js("{}")).err().unwrap()), "INPUT_INVALID");
}

#[wasm_bindgen_test]
async fn progress_is_told_and_freeing_during_a_call_is_safe() {
    let tenant = Tenant::new(|_, _| rows());
    let phases = Array::new();
    let told = phases.clone();
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |progress: JsValue| {
        told.push(&get(&progress, "phase"));
    });
    let options: JsValue = Object::new().into();
    set(&options, "onProgress", listener.as_ref());
    let sessions = debugger("{}");
    let read = sessions.snapshot(&js(r#"{"sessionId":"s"}"#), &options);
    drop(sessions);
    assert_eq!(get(&JsFuture::from(read).await.unwrap(), "size").as_f64(), Some(2.0));
    let phases: Vec<String> = phases.iter().filter_map(|phase| phase.as_string()).collect();
    assert!(phases.contains(&"request".to_owned()) && phases.last().is_some_and(|last| last == "done"), "{phases:?}");
    drop(tenant);
}

#[wasm_bindgen_test]
fn data_of_the_host_is_taken_in() {
    let sessions = debugger(r#"{"policy":"none"}"#);
    let snapshot: Snapshot = sessions.ingest(&js(ROWS), &JsValue::UNDEFINED).unwrap();
    assert_eq!(text(&snapshot.get(&"age".into(), &JsValue::NULL, &JsValue::UNDEFINED).unwrap(), "value"), "42");
    assert_eq!(code(&sessions.ingest(&JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap_err()), "INPUT_INVALID");
    let trail: Array = sessions.audit_trail().unchecked_into();
    assert_eq!(text(&trail.get(0), "action"), "ingest");
}
