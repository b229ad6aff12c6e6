//! What the tabs of one origin do together: they share what the tenant allows, and ask for one token.
//!
//! The client asks through these traits; a debugger without a coordinator goes on alone.

use super::traits::LocalFuture;

/// The other tabs, as one tab sees them.
pub trait Coordinator {
    /// Waits until all tabs together may send `cost` more requests; what is not `bulk` goes first. Dropping the future withdraws the
    /// wish.
    fn grant(&self, cost: usize, bulk: bool) -> LocalFuture<Box<dyn Grant>>;

    /// The tenant has refused a request of this tab: no tab sends for `ms` milliseconds. `asked`: the tenant has named that time. `too_many_ms`: because there were too
    /// many, and so long ago it was sent.
    fn keep_away(&self, ms: f64, asked: bool, too_many_ms: Option<f64>);

    /// The tenant has told policies: so many requests in so many ms. All of them hold, for all tabs together.
    fn heed(&self, _policies: &[(usize, f64)]) {}

    /// Whether all tabs together learn what a tenant allows that has not told it. Then a tab does not learn by itself.
    fn learns(&self) -> bool {
        false
    }

    /// A request of this tab was let through that was sent `age_ms` ago.
    fn let_through(&self, _age_ms: f64) {}

    /// A request of this tab was one too many, sent `age_ms` ago; `hint_ms` is when the tenant wants to be asked again. Where it names
    /// no time, gives when that is worth it by what is known, in ms from now.
    fn refused(&self, _age_ms: f64, _hint_ms: Option<f64>) -> Option<NextTry> {
        None
    }

    /// How all tabs stand to what they have learnt, and when so many requests more have been let go; `None` where a tab learns by
    /// itself.
    fn budget(&self, _requests: usize) -> Option<Budget> {
        None
    }

    /// How long the tenant has asked all tabs to send nothing, in ms.
    fn asked_ms(&self) -> f64;

    /// Waits until no other tab asks for a token. `refused` is a token that the tenant does not take any more: the others
    /// must not hand it on.
    fn token_turn(&self, refused: Option<&str>) -> LocalFuture<Box<dyn TokenTurn>>;

    /// The user has logged out in this tab: every tab forgets its token.
    fn drop_token(&self);

    /// How often another tab has said so. A token that was held before a change is not used after it.
    fn token_drops(&self) -> u64;
}

/// When it is worth asking a tenant again that has refused and named no time, in ms from now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NextTry {
    /// Not later.
    By(f64),
    /// Not sooner.
    At(f64),
}

/// How all tabs stand to a limit that they learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Requests that count now.
    pub used: usize,
    /// How many a window allows; `usize::MAX` while that is not known.
    pub allowed: usize,
    /// By the limit, in ms from now.
    pub eta_ms: f64,
}

/// The right to send, given back when dropped.
pub trait Grant {
    /// The request leaves: from now on it counts against the limit. Without this, nothing was used.
    fn mark_sent(&mut self);

    /// When the request has reached the server at the latest, in ms from now: before, where the head of its answer is long here;
    /// later, where nobody waits for its answer any longer. Without this, when it is given back.
    fn reached_in(&mut self, ms: f64);
}

/// The right to ask for a token, given back when dropped.
pub trait TokenTurn {
    /// A token that another tab shares, where the host has allowed tokens to travel between tabs.
    fn given(&mut self) -> Option<SharedToken>;

    /// What this tab got; passed on only where the host has allowed it.
    fn share(&mut self, token: &SharedToken);
}

/// A token on its way between tabs. Not to be printed, so it has no `Debug`.
#[derive(Clone)]
pub struct SharedToken {
    /// The token.
    pub access_token: String,
    /// How long it lives from now on, in ms.
    pub life_ms: f64,
}
