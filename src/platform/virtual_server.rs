//! The scripted far end of the virtual network: what a test answers, how fast, and how it breaks.

use super::traits::{Request, TransportError};

/// A test's server. Also implemented by closures over the request and the time of its arrival.
pub trait Server {
    /// How long a request travels before the server sees it, in ms; `unit` is random in `[0, 1)`.
    fn travel_ms(&self, _request: &Request, _unit: f64) -> f64 {
        0.0
    }

    /// Answers a request that arrived at `now_ms` of the monotonic clock.
    fn answer(&self, request: &Request, now_ms: f64) -> Reply;
}

impl<F: Fn(&Request, f64) -> Reply> Server for F {
    fn answer(&self, request: &Request, now_ms: f64) -> Reply {
        self(request, now_ms)
    }
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As announced.
    Whole,
    /// The connection breaks.
    Broken,
    /// The connection is closed early, and nothing says so.
    Short,
    /// Nothing more ever comes.
    Stalled,
}

/// An answer of the scripted server.
#[derive(Debug, Clone)]
pub struct Reply {
    /// From arrival of the request to arrival of the head, in ms.
    pub delay_ms: f64,
    /// Instead of an answer.
    pub error: Option<TransportError>,
    /// HTTP status.
    pub status: u16,
    /// As sent.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// Bytes of one piece; 0 is everything at once.
    pub piece: usize,
    /// Before each piece, in ms.
    pub piece_ms: f64,
    /// So many bytes arrive before the ending.
    pub arrives: usize,
    /// What happens then.
    pub ending: Ending,
    /// Whether the length of the body is announced.
    pub announced: bool,
}

impl Reply {
    /// An answer without a body.
    pub fn status(status: u16) -> Reply {
        Reply {
            delay_ms: 0.0,
            error: None,
            status,
            headers: Vec::new(),
            body: Vec::new(),
            piece: 0,
            piece_ms: 0.0,
            arrives: usize::MAX,
            ending: Ending::Whole,
            announced: true,
        }
    }

    /// 200 with a JSON body.
    pub fn json(body: impl Into<Vec<u8>>) -> Reply {
        Reply::status(200).header("Content-Type", "application/json").body(body)
    }

    /// No answer but an error.
    pub fn error(error: TransportError) -> Reply {
        Reply { error: Some(error), ..Reply::status(0) }
    }

    /// Neither an answer nor an error, ever.
    pub fn silence() -> Reply {
        Reply::status(0).after(f64::INFINITY)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Reply {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Reply {
        self.body = body.into();
        self
    }

    /// The head arrives so many ms after the request.
    #[must_use]
    pub fn after(mut self, ms: f64) -> Reply {
        self.delay_ms = ms;
        self
    }

    /// The body arrives in pieces of `bytes`, `ms` before each.
    #[must_use]
    pub fn pieces(mut self, bytes: usize, ms: f64) -> Reply {
        self.piece = bytes;
        self.piece_ms = ms;
        self
    }

    /// Only `bytes` of the body arrive.
    #[must_use]
    pub fn cut(mut self, bytes: usize, ending: Ending) -> Reply {
        self.arrives = bytes;
        self.ending = ending;
        self
    }

    /// The length of the body is not announced.
    #[must_use]
    pub fn unannounced(mut self) -> Reply {
        self.announced = false;
        self
    }
}
