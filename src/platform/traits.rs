//! What the engine asks of the platform that it runs on.

use super::origin::Origin;
use super::page::Page;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// A future of one thread. Dropping it cancels what it does: the request is aborted, the timer cleared.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Two clocks, since neither is enough: the monotonic one may stand still while a computer sleeps, and the wall clock
/// may be set.
pub trait Clock {
    /// Milliseconds since some moment; never goes back.
    fn monotonic_ms(&self) -> f64;
    /// Milliseconds since 1970 in UTC.
    fn wall_ms(&self) -> f64;
}

/// Waiting.
pub trait Sleep {
    /// Ends `ms` milliseconds from now, by whichever clock gets there first: a computer that slept, or whose clock was set
    /// forward, does not wait on. Any number is allowed; a negative one or NaN is 0.
    fn sleep(&self, ms: f64) -> LocalFuture<()>;

    /// Ends when whatever waits for this thread has had its turn. Default: nothing waits for it.
    fn breathe(&self) -> LocalFuture<()> {
        Box::pin(std::future::ready(()))
    }
}

/// Randomness.
pub trait Random {
    /// A number in `[0, 1)` that spreads load. Not for secrets.
    fn unit(&self) -> f64;

    /// 128 bits that nobody can guess.
    fn secret(&self) -> [u8; 16];
}

/// Tasks that nobody waits for.
pub trait Spawn {
    /// Runs a task to its end.
    fn spawn(&self, task: LocalFuture<()>);
}

/// Requests.
pub trait Transport {
    /// Sends a request and waits for the head of its answer. Redirects are not followed and nothing is cached.
    fn send(&self, request: Request) -> LocalFuture<Result<Response, TransportError>>;
}

/// All of it. Implemented by whatever implements the parts.
pub trait Platform: Clock + Sleep + Random + Spawn + Transport + Origin + Page {}

impl<T: Clock + Sleep + Random + Spawn + Transport + Origin + Page> Platform for T {}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Sends a body.
    Post,
}

impl Method {
    /// The method's name in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Whether cookies travel with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin.
    SameOrigin,
}

/// A request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// GET or POST.
    pub method: Method,
    /// An absolute URL, or a path of the page's own origin.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Option<String>,
    /// Whether cookies travel.
    pub credentials: Credentials,
}

impl fmt::Debug for Request {
    /// Headers, URL and body can hold what must not be told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The headers of an answer that the engine reads; a platform need not carry others. Across origins a browser shows
/// them only where the server lists them in `Access-Control-Expose-Headers`.
pub const READ_HEADERS: [&str; 11] = [
    "age",
    "content-type",
    "content-length",
    "content-encoding",
    "retry-after",
    "date",
    "ratelimit",
    "ratelimit-policy",
    "www-authenticate",
    "x-request-id",
    "request-id",
];

/// Headers of an answer. Names are compared without regard to letter case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No headers.
    pub fn new() -> Headers {
        Headers::default()
    }

    /// Adds a header.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The first header of that name.
    ///
    /// ```
    /// use cognigy_session_debugger::platform::Headers;
    /// let mut headers = Headers::new();
    /// headers.push("Retry-After", "2");
    /// assert_eq!(headers.get("retry-after"), Some("2"));
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The head of an answer, and its body to come.
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// As far as the platform shows them.
    pub headers: Headers,
    /// What follows.
    pub body: Box<dyn Body>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The body of an answer, read piece by piece.
pub trait Body {
    /// How many bytes there will be, where the server says so. A hint: of a compressed body a browser across origins
    /// shows the length but not that it is compressed.
    fn content_length(&self) -> Option<usize>;

    /// Appends the next piece to `into` and says how many bytes it has; 0 is the end.
    fn read_into<'a>(
        &'a mut self,
        into: &'a mut Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Result<usize, TransportError>> + 'a>>;
}

/// Why there is no answer, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// Refused, reset, unknown host, or withheld for want of CORS headers. In browsers also a redirect: `fetch` does not
    /// tell them apart.
    Network,
    /// The same where the platform tells why, in its own words: Node does, for example with `connect ECONNREFUSED`.
    Unreachable(String),
    /// The browser says that it is offline.
    Offline,
    /// The server answered with a redirect, where the platform can tell.
    Redirect,
    /// Cancelled by somebody other than us, for example by leaving the page.
    Aborted,
}
