//! A tenant with a limit, in three manners of counting, at the far end of a slow network.

use super::BASE;
use cognigy_session_debugger::platform::{
    Credentials, Method, Random, Reply, Request, Server, Sleep, Spawn, Transport, VirtualPlatform,
};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// How a tenant counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Counting {
    Sliding,
    Fixed,
    Bucket,
}

pub(crate) const COUNTINGS: [Counting; 3] = [Counting::Sliding, Counting::Fixed, Counting::Bucket];

/// What a tenant has seen. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    pub(crate) served: Rc<Cell<usize>>,
    /// When requests were refused, in ms.
    pub(crate) refused: Rc<RefCell<Vec<f64>>>,
    /// When the latest one was served, in ms.
    pub(crate) last_ms: Rc<Cell<f64>>,
}

/// A tenant that refuses what is too much.
pub(crate) struct Tenant {
    pub(crate) counting: Counting,
    pub(crate) limit: usize,
    pub(crate) window_ms: f64,
    /// Each way of the network takes so long in ms, from and to.
    pub(crate) travel_ms: (f64, f64),
    /// A body comes in two halves, in so many ms after its head.
    pub(crate) body_ms: f64,
    /// Whether a refusal says when to come back.
    pub(crate) hints: bool,
    /// Whether every answer tells the limit.
    pub(crate) tells_policy: bool,
    /// Whether the `OPTIONS` ahead of a request counts.
    pub(crate) counts_preflights: bool,
    /// When the first fixed window began, in ms.
    phase_ms: f64,
    arrivals: RefCell<VecDeque<f64>>,
    window: Cell<(f64, usize)>,
    bucket: Cell<(f64, f64)>,
    known: RefCell<HashMap<String, f64>>,
    dice: VirtualPlatform,
    pub(crate) tally: Tally,
}

impl Tenant {
    pub(crate) fn new(counting: Counting, limit: usize, window_ms: f64, seed: u64) -> Tenant {
        let dice = VirtualPlatform::new(seed ^ 0x5eed);
        Tenant {
            counting,
            limit,
            window_ms,
            travel_ms: (10.0, 250.0),
            body_ms: 0.0,
            hints: true,
            tells_policy: false,
            counts_preflights: false,
            phase_ms: -dice.unit() * window_ms,
            arrivals: RefCell::default(),
            window: Cell::new((f64::NAN, 0)),
            bucket: Cell::new((limit as f64, 0.0)),
            known: RefCell::default(),
            dice,
            tally: Tally::default(),
        }
    }

    fn way(&self, unit: f64) -> f64 {
        self.travel_ms.0 + unit * (self.travel_ms.1 - self.travel_ms.0)
    }

    /// `None` where one more fits, else how long it takes until one does, in ms.
    fn refuses(&self, now: f64) -> Option<f64> {
        match self.counting {
            Counting::Sliding => {
                let mut arrivals = self.arrivals.borrow_mut();
                while arrivals.front().is_some_and(|arrival| now - arrival >= self.window_ms) {
                    arrivals.pop_front();
                }
                if arrivals.len() >= self.limit {
                    return arrivals.front().map(|oldest| oldest + self.window_ms - now);
                }
                arrivals.push_back(now);
                None
            }
            Counting::Fixed => {
                let (window, used) = self.window.get();
                let current = ((now - self.phase_ms) / self.window_ms).floor();
                let used = if window == current { used } else { 0 };
                self.window.set((current, used + 1));
                (used >= self.limit).then_some(self.phase_ms + (current + 1.0) * self.window_ms - now)
            }
            Counting::Bucket => {
                let (level, since) = self.bucket.get();
                let rate = self.limit as f64 / self.window_ms;
                let level = (level + (now - since) * rate).min(self.limit as f64);
                let full = level < 1.0;
                self.bucket.set((if full { level } else { level - 1.0 }, now));
                full.then(|| (1.0 - level) / rate)
            }
        }
    }

    /// Whether a browser asks for permission first: it keeps one for 5 s, and needs none without a token.
    fn is_preflighted(&self, request: &Request, now: f64) -> bool {
        let before = self.known.borrow_mut().insert(request.url.clone(), now);
        let has_token = super::header(request, "authorization").is_some();
        self.counts_preflights && has_token && before.is_none_or(|before| now - before > 5_000.0)
    }
}

impl Server for Tenant {
    fn travel_ms(&self, _: &Request, unit: f64) -> f64 {
        self.way(unit)
    }

    fn answer(&self, request: &Request, now: f64) -> Reply {
        if request.url == super::TOKEN_URL {
            return super::token_json("t", 86_400);
        }
        let back = self.way(self.dice.unit());
        let refused = match self.is_preflighted(request, now) {
            true => self.refuses(now).or_else(|| self.refuses(now)),
            false => self.refuses(now),
        };
        let told = |reply: Reply| match self.tells_policy {
            true => {
                reply.header("RateLimit-Policy", format!("\"all\";q={};w={}", self.limit, self.window_ms / 1_000.0))
            }
            false => reply,
        };
        let Some(wait_ms) = refused else {
            self.tally.served.set(self.tally.served.get() + 1);
            self.tally.last_ms.set(now);
            let body = super::body(&["a"]);
            let half = body.len().div_ceil(2);
            let reply = Reply::json(body).after(back);
            return told(if self.body_ms > 0.0 { reply.pieces(half, self.body_ms / 2.0) } else { reply });
        };
        self.tally.refused.borrow_mut().push(now);
        let reply = told(Reply::status(429).after(back));
        match self.hints {
            true => reply.header("Retry-After", format!("{}", (wait_ms / 1_000.0).ceil())),
            false => reply,
        }
    }
}

/// Somebody of whom nobody knows sends now and then for so long.
pub(crate) fn stranger(platform: &VirtualPlatform, for_ms: f64, each_ms: f64) {
    let stranger = platform.clone();
    platform.spawn(Box::pin(async move {
        for number in 0..(for_ms / each_ms) as usize {
            let url = format!("{BASE}/stranger/{number}");
            let headers = Vec::new();
            let request = Request { method: Method::Get, url, headers, body: None, credentials: Credentials::Omit };
            let sent = stranger.send(request);
            stranger.spawn(Box::pin(async move { drop(sent.await) }));
            stranger.sleep(each_ms).await;
        }
    }));
}

/// What was served and what was refused in the time that follows.
pub(crate) fn during(platform: &VirtualPlatform, tally: &Tally, ms: f64) -> (usize, usize) {
    let before = (tally.served.get(), tally.refused.borrow().len());
    platform.run_for(ms);
    (tally.served.get() - before.0, tally.refused.borrow().len() - before.1)
}
