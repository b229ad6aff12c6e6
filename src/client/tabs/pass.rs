//! The right to send, as a debugger asks for it and gives it back.

use super::books::Wish;
use super::service::{Inner, Tabs};
use super::token_turn::{Turn, mark};
use super::words::whole;
use crate::platform::{Budget, Coordinator, Grant, LocalFuture, NextTry, TokenTurn};
use std::rc::Rc;

/// A wish that has been or will be fulfilled; withdrawn or given back when dropped.
struct Pass {
    inner: Rc<Inner>,
    wish: Wish,
    sent: bool,
    reached_ms: f64,
}

impl Grant for Pass {
    fn mark_sent(&mut self) {
        self.sent = true;
    }

    fn reached_in(&mut self, ms: f64) {
        self.reached_ms = ms;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.inner.end_wish(self.wish, self.sent.then_some(self.reached_ms));
    }
}

impl Coordinator for Tabs {
    fn grant(&self, cost: usize, bulk: bool) -> LocalFuture<Box<dyn Grant>> {
        let inner = Rc::clone(&self.inner);
        let pass = Pass { wish: inner.new_wish(cost, bulk), inner, sent: false, reached_ms: 0.0 };
        Box::pin(async move {
            pass.inner.obtain(pass.wish).await;
            Box::new(pass) as Box<dyn Grant>
        })
    }

    fn keep_away(&self, ms: f64, asked: bool, too_many_ms: Option<f64>) {
        let age_ms = too_many_ms.unwrap_or(0.0);
        self.inner.close_gate(ms, asked, too_many_ms.is_some(), age_ms);
        self.inner.say("gate", &[whole(ms), u64::from(too_many_ms.is_some()), whole(age_ms), u64::from(asked)]);
    }

    fn heed(&self, policies: &[(usize, f64)]) {
        self.inner.heed(policies);
    }

    fn learns(&self) -> bool {
        self.inner.learns()
    }

    fn let_through(&self, age_ms: f64) {
        // Rounded down, as below: what went alone was sent after it was let go.
        self.inner.let_through(age_ms);
        self.inner.say("passed", &[whole(age_ms.floor())]);
    }

    fn refused(&self, age_ms: f64, hint_ms: Option<f64>) -> Option<NextTry> {
        let hint = hint_ms.map_or(0, |ms| whole(ms).saturating_add(1));
        self.inner.say("refused", &[whole(age_ms.floor()), hint]);
        self.inner.refused(age_ms, hint_ms)
    }

    fn budget(&self, requests: usize) -> Option<Budget> {
        self.inner.budget(requests)
    }

    fn asked_ms(&self) -> f64 {
        self.inner.asked_ms()
    }

    fn token_turn(&self, refused: Option<&str>) -> LocalFuture<Box<dyn TokenTurn>> {
        Box::pin(Turn::take(Rc::clone(&self.inner), refused.map_or(0, mark)))
    }

    fn drop_token(&self) {
        self.inner.forget();
        self.inner.say("forget", &[]);
    }

    fn token_drops(&self) -> u64 {
        self.inner.drops()
    }
}
