//! What a tab knows of itself and of the others.

use super::books::{Books, Wish};
use super::token_turn::Kept;
use crate::platform::{Channel, Lock};
use std::task::Waker;

/// What changes while a tab is open.
pub(super) struct State {
    pub(super) place: Place,
    pub(super) channel: Option<Box<dyn Channel>>,
    pub(super) books: Books,
    /// Whether the books hold what was before this tab came.
    pub(super) informed: bool,
    /// Wishes of this tab, and whether they are granted.
    pub(super) mine: Vec<(u64, bool)>,
    pub(super) last_id: u64,
    /// When the leader was last heard, on the monotonic clock.
    pub(super) heard_ms: f64,
    /// Whether nobody has been heard for so long that this tab goes on without a leader.
    pub(super) deserted: bool,
    /// When it last waited for one in vain.
    pub(super) alone_ms: f64,
    /// When the leader looks again.
    pub(super) look_ms: f64,
    /// Until when the tenant has asked to be left alone.
    pub(super) asked_until: f64,
    pub(super) wakers: Vec<Waker>,
    pub(super) drops: u64,
    pub(super) kept: Option<Kept>,
    /// Whether the user has logged out since this tab last asked the others for a token. Until it asks again it neither keeps nor
    /// hands on any: whatever comes was asked for before.
    pub(super) logged_out: bool,
}

/// How a tab stands to the others.
pub(super) enum Place {
    /// Not known yet, or behind another tab.
    Among,
    /// Hands out rights while it has the lock.
    Leads(#[allow(dead_code, reason = "held until dropped")] Lock),
    /// There are no others that it could hear of.
    Alone,
}

impl State {
    pub(super) fn new(books: Books, now_ms: f64) -> State {
        State {
            place: Place::Among,
            channel: None,
            books,
            informed: false,
            mine: Vec::new(),
            last_id: 0,
            heard_ms: now_ms,
            deserted: false,
            alone_ms: f64::NEG_INFINITY,
            look_ms: f64::INFINITY,
            asked_until: f64::NEG_INFINITY,
            wakers: Vec::new(),
            drops: 0,
            kept: None,
            logged_out: false,
        }
    }

    pub(super) fn is_granted(&self, id: u64) -> bool {
        self.mine.iter().any(|(mine, granted)| *mine == id && *granted)
    }

    /// `false` where it is not wanted any more.
    pub(super) fn grant_mine(&mut self, me: u64, wish: &Wish) -> bool {
        match self.mine.iter_mut().find(|(id, _)| *id == wish.id && wish.tab == me) {
            Some((_, granted)) => {
                *granted = true;
                true
            }
            None => false,
        }
    }
}
