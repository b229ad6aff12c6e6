//! The kinds of fault that virtual time can have, and what the client makes of each.

use super::{body, page};
use Then::{Dies, Ends, Goes, Passes, Renews};
use cognigy_session_debugger::Code;
use cognigy_session_debugger::platform::{Ending, Reply, TransportError};

/// What the client makes of a fault, by the table of classes in the reference.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Then {
    /// The call ends with this code.
    Ends(Code),
    /// It is tried again; four times in all.
    Passes(Code),
    /// The token is renewed, once.
    Renews,
    /// No fault for this call.
    Goes,
    /// Its tab is no more; nobody hears of it.
    Dies,
}

/// Where a fault happens.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    Tenant(fn() -> Reply),
    /// When a token is asked for. Where the client has one, the tenant refuses that first.
    Token(fn() -> Reply),
    /// Of the wall clock, in ms.
    Clock(f64),
    /// No write to the store of the webhook's outbox succeeds from now on.
    Store,
    /// The tab is killed while it waits for an answer.
    Tab,
}

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) fault: Fault,
    pub(crate) then: Then,
    /// So long the client has been asked, or has promised, not to come again: what it does in that time is not asked.
    pub(crate) pause_ms: f64,
}

/// A pause that a tenant asks for is never kept longer, with the part that keeps clients from coming back together.
const LONGEST_GATE_MS: f64 = 3_601_000.0;
/// After the second failure in a row, a source of tokens is left alone for so long at most.
const TOKEN_PAUSE_MS: f64 = 2_000.0;

impl Kind {
    const fn pause(mut self, ms: f64) -> Kind {
        self.pause_ms = ms;
        self
    }

    /// What the record of an attempt that met it says.
    pub(crate) fn code(&self) -> Option<Code> {
        match self.then {
            Ends(code) | Passes(code) => Some(code),
            Renews => Some(Code::Unauthenticated),
            Dies => Some(Code::Aborted),
            Goes => None,
        }
    }
}

const fn kind(name: &'static str, then: Then, fault: Fault) -> Kind {
    Kind { name, fault, then, pause_ms: 0.0 }
}

const fn tenant(name: &'static str, then: Then, reply: fn() -> Reply) -> Kind {
    kind(name, then, Fault::Tenant(reply))
}

const fn token(name: &'static str, code: Code, reply: fn() -> Reply) -> Kind {
    kind(name, Ends(code), Fault::Token(reply)).pause(TOKEN_PAUSE_MS)
}

pub(crate) fn good() -> Reply {
    Reply::json(body(&["good", "b"])).after(5.0)
}

pub(crate) static KINDS: [Kind; 40] = [
    // A name that is not known, a refusal, a reset, and an answer without CORS are the same to a page.
    tenant("no answer", Passes(Code::NetworkOrCors), || Reply::error(TransportError::Network).after(20.0)),
    tenant("offline", Passes(Code::Offline), || Reply::error(TransportError::Offline)),
    tenant("leaving the page", Ends(Code::Aborted), || Reply::error(TransportError::Aborted)),
    tenant("redirect, told", Ends(Code::RedirectRefused), || Reply::error(TransportError::Redirect)),
    tenant("silence", Passes(Code::Timeout), Reply::silence),
    tenant("stall", Passes(Code::Timeout), || good().cut(20, Ending::Stalled)),
    tenant("broken body", Passes(Code::BodyTruncated), || good().cut(30, Ending::Broken)),
    tenant("short body", Passes(Code::BodyTruncated), || good().cut(40, Ending::Short)),
    tenant("short body, unannounced", Passes(Code::BodyTruncated), || good().cut(50, Ending::Short).unannounced()),
    tenant("HTML", Ends(Code::BadContentType), || Reply::status(200).header("Content-Type", "text/html").body("<p>")),
    tenant("HTML as JSON", Ends(Code::JsonSyntax), || Reply::json("<!doctype html>")),
    tenant("204", Ends(Code::BodyEmpty), || Reply::status(204)),
    tenant("302", Ends(Code::RedirectRefused), || Reply::status(302)),
    tenant("400", Ends(Code::RequestRejected), || Reply::status(400)),
    tenant("401", Renews, || Reply::status(401)),
    tenant("403", Ends(Code::Forbidden), || Reply::status(403)),
    tenant("404", Ends(Code::NotFound), || Reply::status(404)),
    tenant("408", Passes(Code::ServerError), || Reply::status(408)),
    tenant("410", Ends(Code::NotFound), || Reply::status(410)),
    tenant("413", Ends(Code::RequestRejected), || Reply::status(413)),
    tenant("425", Passes(Code::ServerError), || Reply::status(425)),
    tenant("429", Passes(Code::RateLimited), || Reply::status(429)),
    tenant("429, come back tomorrow", Ends(Code::RateLimited), || Reply::status(429).header("Retry-After", "86400"))
        .pause(LONGEST_GATE_MS),
    tenant("500", Passes(Code::ServerError), || Reply::status(500)),
    tenant("501", Ends(Code::ServerError), || Reply::status(501)),
    tenant("502 with HTML", Passes(Code::ServerError), || Reply::status(502).body("<html>")),
    tenant("503", Passes(Code::ServerError), || Reply::status(503)),
    tenant("503 with a hint", Passes(Code::ServerError), || Reply::status(503).header("Retry-After", "1")),
    tenant("504", Passes(Code::ServerError), || Reply::status(504)),
    tenant("bad UTF-8", Ends(Code::JsonSyntax), || Reply::json(b"{\"variables\":\xff}".to_vec())),
    tenant("more than the limit", Ends(Code::BodyTooLarge), || Reply::json(vec![b' '; 70_000])),
    tenant("a bomb", Ends(Code::BodyTooLarge), || Reply::json(vec![b' '; 70_000]).unannounced().pieces(999, 0.0)),
    tenant("sixty thousand brackets", Ends(Code::JsonTooDeep), || {
        Reply::json([br#"{"data":"#.to_vec(), vec![b'['; 30_000], vec![b']'; 30_000], b"}".to_vec()].concat())
    }),
    tenant("no shape", Ends(Code::ShapeUnknown), || Reply::json("[]")),
    tenant("pages elsewhere", Ends(Code::SchemaMismatch), || {
        Reply::json(page(&["a"], r#"{"next":"https://elsewhere.example/"}"#))
    }),
    tenant("pages in a circle", Ends(Code::PageLoop), || {
        Reply::json(page(&["a"], r#"{"next":"/api/v2/botsessions/s/variables"}"#))
    }),
    token("token endpoint down", Code::TokenProviderFailed, || Reply::error(TransportError::Network)),
    token("token of another kind", Code::TokenInvalid, || {
        Reply::json(r#"{"access_token":"secret","token_type":"mac"}"#)
    }),
    kind("clock set back an hour", Goes, Fault::Clock(-3_600_000.0)),
    kind("clock set ten years ahead", Goes, Fault::Clock(315_360_000_000.0)),
];

/// Beyond the forty: what becomes of the page and not of its requests.
pub(crate) static PAGE_KINDS: [Kind; 2] =
    [kind("store fails", Goes, Fault::Store), kind("tab killed", Dies, Fault::Tab)];
