//! One tab asks for a token at a time and, where the host lets tokens travel, takes one that another tab has.

use super::service::Inner;
use super::words::whole;
use crate::client::fnv::fnv1a;
use crate::client::timing::within;
use crate::platform::{Lock, Platform, SharedToken, TokenTurn};
use std::rc::Rc;

/// Nobody waits longer for the others, in ms: an endpoint that one of them waits for may be silent.
const TURN_MS: f64 = 10_000.0;
/// A token that another tab has comes within so many ms.
const ANSWER_MS: f64 = 80.0;
/// One that ends sooner is not worth the way, in ms.
const LEAST_LIFE_MS: f64 = 5_000.0;

/// A token that travels between tabs.
#[derive(Clone)]
pub(super) struct Kept {
    token: Rc<str>,
    life_ms: f64,
    /// On both clocks.
    since: (f64, f64),
}

impl Kept {
    pub(super) fn new(platform: &dyn Platform, token: &str, life_ms: f64) -> Option<Kept> {
        let since = (platform.monotonic_ms(), platform.wall_ms());
        Some(Kept { token: token.into(), life_ms, since }).filter(|_| life_ms >= LEAST_LIFE_MS)
    }

    /// What is left of it. A wall clock that was set back says nothing, and nothing is left.
    fn left_ms(&self, platform: &dyn Platform) -> f64 {
        let wall = platform.wall_ms() - self.since.1;
        let age = (platform.monotonic_ms() - self.since.0).max(wall);
        if wall < 0.0 { 0.0 } else { self.life_ms - age }
    }
}

/// What is told of a token that was refused: nothing that it could be guessed from. 0 is none.
pub(super) fn mark(token: &str) -> u64 {
    fnv1a(token.as_bytes())
}

impl Inner {
    /// Another tab wants a token, and not the one that was refused.
    pub(super) fn hand_on(&self, refused: u64) {
        let Some(kept) = self.kept() else { return };
        let left_ms = kept.left_ms(&*self.platform);
        if mark(&kept.token) == refused || left_ms < LEAST_LIFE_MS {
            return self.keep(None);
        }
        self.say_text(&["token ", &whole(left_ms.floor()).to_string(), " ", &kept.token].concat());
    }
}

/// The right to ask for a token.
pub(super) struct Turn {
    inner: Rc<Inner>,
    _lock: Option<Lock>,
    given: Option<SharedToken>,
}

impl Turn {
    pub(super) async fn take(inner: Rc<Inner>, refused: u64) -> Box<dyn TokenTurn> {
        let name = ["token:", &inner.name].concat();
        let lock = within(&*inner.platform, TURN_MS, inner.platform.lock(&name)).await.flatten();
        let mut turn = Turn { inner, _lock: lock, given: None };
        if turn.inner.share_token && turn._lock.is_some() {
            turn.given = turn.ask(refused).await;
        }
        Box::new(turn)
    }

    async fn ask(&self, refused: u64) -> Option<SharedToken> {
        let inner = &self.inner;
        inner.keep(None);
        inner.say("want", &[refused]);
        let end = inner.platform.monotonic_ms() + ANSWER_MS;
        loop {
            if let Some(kept) = inner.kept() {
                let life_ms = kept.left_ms(&*inner.platform);
                return Some(SharedToken { access_token: kept.token.to_string(), life_ms })
                    .filter(|_| mark(&kept.token) != refused);
            }
            let left = end - inner.platform.monotonic_ms();
            if left <= 0.0 {
                return None;
            }
            inner.change(left).await;
        }
    }
}

impl TokenTurn for Turn {
    fn given(&mut self) -> Option<SharedToken> {
        self.given.take()
    }

    fn share(&mut self, token: &SharedToken) {
        if self.inner.share_token {
            self.inner.keep(Kept::new(&*self.inner.platform, &token.access_token, token.life_ms));
        }
    }
}
