//! One tab asks for a token at a time and, where the host lets tokens travel, takes one that another tab has.

use super::service::Inner;
use super::words::whole;
use crate::client::age::Moment;
use crate::client::fnv::fnv1a;
use crate::client::timing::turn;
use crate::platform::{Lock, Platform, SharedToken, TokenTurn};
use std::rc::Rc;

/// A token that another tab has comes within so many ms.
const ANSWER_MS: f64 = 80.0;
/// And so many where there are others for sure, since one has just asked for a token or leads: they may have much else to do.
const LATEST_MS: f64 = 500.0;
/// One that ends sooner is not worth the way, in ms.
const LEAST_LIFE_MS: f64 = 5_000.0;

/// A token that travels between tabs.
#[derive(Clone)]
pub(super) struct Kept {
    token: Rc<str>,
    life_ms: f64,
    since: Moment,
}

impl Kept {
    pub(super) fn new(platform: &dyn Platform, token: &str, life_ms: f64) -> Option<Kept> {
        Some(Kept { token: token.into(), life_ms, since: Moment::now(platform) }).filter(|_| life_ms >= LEAST_LIFE_MS)
    }

    /// What is left of it.
    fn left_ms(&self, platform: &dyn Platform) -> f64 {
        self.life_ms - self.since.age_ms(Moment::now(platform))
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

    /// Asks the others for a token.
    fn want(&self, refused: u64) {
        self.keep(None);
        self.set_logged_out(false);
        self.say("want", &[refused]);
    }
}

/// The right to ask for a token.
pub(super) struct Turn {
    inner: Rc<Inner>,
    lock: Option<Lock>,
    given: Option<SharedToken>,
}

impl Turn {
    pub(super) async fn take(inner: Rc<Inner>, refused: u64) -> Box<dyn TokenTurn> {
        let name = ["token:", &inner.name].concat();
        let lock = turn(&*inner.platform, &name).await;
        let mut turn = Turn { inner, lock, given: None };
        if turn.inner.share_token && turn.lock.is_some() {
            turn.given = turn.ask(refused).await;
        }
        Box::new(turn)
    }

    async fn ask(&self, refused: u64) -> Option<SharedToken> {
        let inner = &self.inner;
        let usable = || {
            let kept = inner.kept().filter(|kept| mark(&kept.token) != refused)?;
            let life_ms = kept.left_ms(&*inner.platform);
            (life_ms >= LEAST_LIFE_MS).then(|| SharedToken { access_token: kept.token.to_string(), life_ms })
        };
        if usable().is_none() {
            inner.want(refused);
        }
        let waited = self.lock.as_ref().is_some_and(|lock| lock.waited);
        let has_others = waited || inner.is_led();
        let end = inner.platform.monotonic_ms() + if has_others { LATEST_MS } else { ANSWER_MS };
        loop {
            if let Some(token) = usable() {
                return Some(token);
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
        let logged_out = self.inner.has_logged_out();
        if logged_out
            || !self.inner.share_token
            || self.inner.kept().is_some_and(|kept| *kept.token == *token.access_token)
        {
            return;
        }
        self.inner.keep(Kept::new(&*self.inner.platform, &token.access_token, token.life_ms));
        // Before the turn passes on: a tab that has much to do answers whoever is next too late.
        self.inner.hand_on(0);
    }
}
