//! The browser's platform against a real server, in Node: timers, clocks, and what `fetch` makes of good and bad answers.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, SessionDebugger, TokenOption};
use cognigy_session_debugger::platform::{
    BrowserPlatform, Clock, Credentials, Method, Random, Request, Response, Sleep, Spawn, Transport, TransportError,
};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, JSON, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// Answers by path, and notes what it saw as `method path` and `closed path`.
const SERVER: &str = r#"
const http = process.getBuiltinModule("node:http");
const zlib = process.getBuiltinModule("node:zlib");
const seen = [];
const heads = [];
const json = { "content-type": "application/json" };
const server = http.createServer((request, response) => {
  const path = request.url;
  seen.push(`${request.method} ${path}`);
  heads.push(JSON.stringify(request.headers));
  response.on("close", () => response.writableFinished || seen.push(`closed ${path}`));
  if (path === "/redirect") return response.writeHead(302, { location: "/json" }).end();
  if (path === "/silent") return;
  if (path === "/empty") return response.writeHead(204).end();
  if (path === "/gzip") return response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(zlib.gzipSync("{}"));
  if (path === "/token") return response.writeHead(200, json).end('{"access_token":"abc","token_type":"Bearer"}');
  if (path.startsWith("/api/")) {
    const good = request.headers.authorization === "Bearer abc";
    const body = '{"variables":[{"name":"age","value":"42","scope":"user"}]}';
    return response.writeHead(good ? 200 : 401, json).end(good ? body : "{}");
  }
  if (path === "/busy") return response.writeHead(429, { ...json, "Retry-After": "7" }).end("{}");
  response.writeHead(200, { ...json, "content-length": "12" });
  response.write("first,");
  if (path === "/stalled") return;
  if (path === "/broken") return setTimeout(() => response.destroy(), 20);
  setTimeout(() => response.end("second"), 20);
});
return new Promise((resolve) =>
  server.listen(0, "127.0.0.1", () => {
    server.unref();
    resolve([`http://127.0.0.1:${server.address().port}`, seen, heads]);
  }),
);
"#;

struct Server {
    base: String,
    seen: Array,
    heads: Array,
}

impl Server {
    async fn start() -> Server {
        let promise = Function::new_no_args(SERVER).call0(&JsValue::NULL).unwrap();
        let parts: Array = JsFuture::from(Promise::resolve(&promise)).await.unwrap().unchecked_into();
        Server {
            base: parts.get(0).as_string().unwrap(),
            seen: parts.get(1).unchecked_into(),
            heads: parts.get(2).unchecked_into(),
        }
    }

    fn get(&self, path: &str) -> Request {
        let url = format!("{}{path}", self.base);
        let headers = vec![("accept", "application/json".to_owned())];
        Request { method: Method::Get, url, headers, body: None, credentials: Credentials::Omit }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.iter().map(|line| line.as_string().unwrap()).collect()
    }

    /// Waits until the server has noticed something.
    async fn sees(&self, line: &str) {
        let platform = BrowserPlatform::new();
        for _ in 0..200 {
            if self.seen().iter().any(|seen| seen == line) {
                return;
            }
            platform.sleep(5.0).await;
        }
        panic!("the server did not see {line}, but {:?}", self.seen());
    }
}

async fn pieces(response: &mut Response) -> Result<Vec<Vec<u8>>, TransportError> {
    let mut pieces = Vec::new();
    loop {
        let mut piece = b"before ".to_vec();
        match response.body.read_into(&mut piece).await? {
            0 => return Ok(pieces),
            bytes => {
                assert_eq!(bytes + 7, piece.len());
                pieces.push(piece);
            }
        }
    }
}

#[wasm_bindgen_test]
async fn bodies_arrive_piece_by_piece_behind_what_is_there() {
    let server = Server::start().await;
    let mut response = BrowserPlatform::new().send(server.get("/json")).await.unwrap();
    assert_eq!((response.status, response.body.content_length()), (200, Some(12)));
    assert_eq!(response.headers.get("Content-Type"), Some("application/json"));
    assert_eq!(pieces(&mut response).await.unwrap(), [b"before first,".to_vec(), b"before second".to_vec()]);
    let mut response = BrowserPlatform::new().send(server.get("/gzip")).await.unwrap();
    assert_eq!(response.body.content_length(), None);
    assert_eq!(pieces(&mut response).await.unwrap(), [b"before {}".to_vec()]);
    let mut response = BrowserPlatform::new().send(server.get("/empty")).await.unwrap();
    assert_eq!((response.status, pieces(&mut response).await.unwrap().len()), (204, 0));
    let response = BrowserPlatform::new().send(server.get("/busy")).await.unwrap();
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("7")));
}

#[wasm_bindgen_test]
async fn a_post_carries_its_body_and_nothing_carries_a_referrer() {
    let server = Server::start().await;
    let post = Request { method: Method::Post, body: Some("{\"ü\":1}".into()), ..server.get("/json") };
    BrowserPlatform::new().send(post).await.unwrap();
    assert_eq!(server.seen(), ["POST /json"]);
    let head = JSON::parse(&server.heads.get(0).as_string().unwrap()).unwrap();
    let header = |name: &str| Reflect::get(&head, &name.into()).unwrap().as_string();
    assert_eq!(
        (header("content-length").as_deref(), header("accept").as_deref()),
        (Some("8"), Some("application/json"))
    );
    assert_eq!((header("referer"), header("cookie")), (None, None));
}

/// A broken network, with a reason where the platform tells one.
fn is_network(error: &TransportError) -> bool {
    matches!(error, TransportError::Network | TransportError::Unreachable(_))
}

#[wasm_bindgen_test]
async fn redirects_and_broken_lines_are_errors() {
    let server = Server::start().await;
    let platform = BrowserPlatform::new();
    assert!(is_network(&platform.send(server.get("/redirect")).await.unwrap_err()));
    assert_eq!(server.seen(), ["GET /redirect"], "the redirect was not followed");
    let nobody = Request { url: "http://127.0.0.1:1/".into(), ..server.get("/") };
    assert!(is_network(&platform.send(nobody).await.unwrap_err()));
    let nonsense = Request { url: "no url".into(), ..server.get("/") };
    assert!(is_network(&platform.send(nonsense).await.unwrap_err()));
    let mut broken = platform.send(server.get("/broken")).await.unwrap();
    assert!(is_network(&pieces(&mut broken).await.unwrap_err()));
}

#[wasm_bindgen_test]
async fn dropping_a_request_or_a_body_aborts_it() {
    let server = Server::start().await;
    let platform = BrowserPlatform::new();
    match select(platform.send(server.get("/silent")), platform.sleep(50.0)).await {
        Either::Left(_) => panic!("the server is silent"),
        Either::Right(((), request)) => drop(request),
    }
    server.sees("closed /silent").await;
    let mut response = platform.send(server.get("/stalled")).await.unwrap();
    let mut bytes = Vec::new();
    assert_eq!(response.body.read_into(&mut bytes).await, Ok(6));
    {
        let next = response.body.read_into(&mut bytes);
        assert!(matches!(select(next, platform.sleep(30.0)).await, Either::Right(_)));
    }
    drop(response);
    server.sees("closed /stalled").await;
}

/// Replaces a property of the global object while something runs.
async fn with_global<T>(name: &str, value: &JsValue, run: impl Future<Output = T>) -> T {
    let define = Function::new_with_args(
        "name, value",
        "const old = Object.getOwnPropertyDescriptor(globalThis, name);
         Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
         return () => old ? Object.defineProperty(globalThis, name, old) : delete globalThis[name];",
    );
    let restore: Function = define.call2(&JsValue::NULL, &name.into(), value).unwrap().unchecked_into();
    let result = run.await;
    restore.call0(&JsValue::NULL).unwrap();
    result
}

#[wasm_bindgen_test]
async fn a_fetch_that_somebody_has_wrapped_cannot_trap_the_engine() {
    let server = Server::start().await;
    let platform = BrowserPlatform::new();
    for wrapped in [
        "return Promise.reject('a text')",
        "return Promise.reject(undefined)",
        "return Promise.reject({ name: 7 })",
        "throw 'at once'",
        "return undefined",
        "return Promise.resolve(null)",
        "return 7",
    ] {
        let result = with_global("fetch", &Function::new_no_args(wrapped), platform.send(server.get("/json"))).await;
        assert_eq!(result.unwrap_err(), TransportError::Network, "{wrapped}");
    }
    for (error, wanted) in [
        (
            "{ cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' } }",
            "connect ECONNREFUSED 127.0.0.1:1",
        ),
        ("{ cause: { code: 'UND_ERR_SOCKET', message: 'other side closed' } }", "UND_ERR_SOCKET: other side closed"),
        ("{ cause: { code: 'ECONNREFUSED', message: '' } }", "ECONNREFUSED"),
        ("{ cause: new Error('self-signed certificate') }", "self-signed certificate"),
        ("{ cause: 'a text' }", ""),
        ("{ get cause() { throw 1 } }", ""),
    ] {
        let refuse = Function::new_no_args(&format!("return Promise.reject({error})"));
        let error = with_global("fetch", &refuse, platform.send(server.get("/json"))).await.unwrap_err();
        let told = if let TransportError::Unreachable(why) = &error { why.as_str() } else { "" };
        assert_eq!(told, wanted, "{error:?}");
    }
    let without = with_global("fetch", &JsValue::UNDEFINED, platform.send(server.get("/json"))).await;
    assert_eq!(without.unwrap_err(), TransportError::Network);
    let offline = JSON::parse(r#"{"onLine":false}"#).unwrap();
    let refuse = Function::new_no_args("return Promise.reject(new TypeError('Failed to fetch'))");
    let send = with_global("fetch", &refuse, platform.send(server.get("/json")));
    assert_eq!(with_global("navigator", &offline, send).await.unwrap_err(), TransportError::Offline);
    assert!(server.seen().is_empty());
}

#[wasm_bindgen_test]
async fn timers_and_clocks_run() {
    let platform = BrowserPlatform::new();
    let (monotonic, wall) = (platform.monotonic_ms(), platform.wall_ms());
    assert!(wall > 1.7e12 && monotonic >= 0.0 && monotonic < wall);
    platform.sleep(20.0).await;
    assert!(platform.monotonic_ms() - monotonic >= 19.0 && platform.wall_ms() - wall >= 19.0);
    for at_once in [0.0, -5.0, f64::NAN, f64::NEG_INFINITY] {
        platform.sleep(at_once).await;
    }
    // A timer of 2^31 ms or more would fire at once.
    for long in [2_147_483_648.0, 4_294_967_296.0, 9e15, f64::INFINITY] {
        assert!(matches!(select(platform.sleep(long), platform.sleep(10.0)).await, Either::Right(_)), "{long}");
    }
    assert!((0..1_000).all(|_| (0.0..1.0).contains(&platform.unit())));
    let ran = Rc::new(Cell::new(false));
    let task = Rc::clone(&ran);
    platform.spawn(Box::pin(async move { task.set(true) }));
    platform.sleep(1.0).await;
    assert!(ran.get());
}

#[wasm_bindgen_test]
async fn a_session_is_read_with_a_token_from_an_endpoint() {
    let server = Server::start().await;
    let options = DebuggerOptions {
        base_url: Some(server.base.clone()),
        token: TokenOption::Endpoint(format!("{}/token", server.base)),
        ..DebuggerOptions::default()
    };
    let debugger = SessionDebugger::new(options, Rc::new(BrowserPlatform::new())).unwrap();
    let snapshot = debugger.snapshot(VariableQuery::session("s"), CallOptions::default()).await.unwrap();
    assert_eq!(snapshot.names().collect::<Vec<_>>(), ["age"]);
    assert_eq!(server.seen(), ["POST /token", "GET /api/v2/botsessions/s/variables"]);
    assert_eq!(debugger.metrics().network.count, 1);
}
