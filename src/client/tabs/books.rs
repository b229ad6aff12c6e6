//! The books of all tabs together: what counts, who holds a grant, and who waits. Pure; the time is passed in.

use crate::client::ledger::{Admission, Ledger, MAX_POLICIES, RateLimit};
use crate::client::queue::InARow;
use crate::client::rate_fields::Policy;
use crate::platform::{Budget, NextTry};
use std::collections::VecDeque;

/// More wishes or grants than that are no longer believed.
const MOST: usize = 10_000;
/// All tabs together have a tenth of what a window allows under way, or so many where that is less: all of it may be refused at once.
const MOST_AT_ONCE: usize = 6;
/// No window that was learnt is shorter, in ms.
const LEAST_WINDOW_MS: f64 = 100.0;
/// No request counts for more.
const MOST_COST: usize = 100;

/// Who wants what, or has got it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wish {
    pub(super) tab: u64,
    pub(super) id: u64,
    pub(super) cost: usize,
    /// One of many: those that somebody waits for go first.
    pub(super) bulk: bool,
}

/// Kept alike by every tab, but only the leader's waiting list leads to something.
pub(super) struct Books {
    ledger: Ledger,
    rate: RateLimit,
    /// A grant that is not given back is taken as used after so long, in ms.
    lease_ms: f64,
    /// With when they were granted.
    leases: Vec<(Wish, f64)>,
    wishes: VecDeque<Wish>,
    in_a_row: InARow,
    /// What the tenant says of its limit.
    policies: Vec<Policy>,
    /// Limits of other tabs, where they have others.
    of_tabs: Vec<Policy>,
    /// Refusals of which the grant has not come back yet.
    refused: usize,
    /// Number of the latest grant.
    pub(super) latest: u64,
}

impl Books {
    pub(super) fn new(rate: RateLimit, lease_ms: f64) -> Books {
        let ledger = Ledger::new(rate, at_once(rate.requests));
        Books {
            ledger,
            rate,
            lease_ms,
            leases: Vec::new(),
            wishes: VecDeque::new(),
            in_a_row: InARow::default(),
            policies: Vec::new(),
            of_tabs: Vec::new(),
            refused: 0,
            latest: 0,
        }
    }

    /// Puts a wish at the end, unless it is there or fulfilled already. `true` where it is new.
    pub(super) fn ask(&mut self, mut wish: Wish) -> bool {
        wish.cost = wish.cost.clamp(1, MOST_COST);
        let same = |other: &Wish| (other.tab, other.id) == (wish.tab, wish.id);
        let known = self.wishes.iter().any(same) || self.leases.iter().any(|(lease, _)| same(lease));
        if !known && self.wishes.len() < MOST {
            self.wishes.push_back(wish);
        }
        !known
    }

    /// The tenant has told these policies, in any tab. `false` where they are known.
    pub(super) fn heed(&mut self, mut policies: Vec<Policy>) -> bool {
        // As many as a word tells: tabs that keep different ones would tell them for ever.
        policies.truncate(MAX_POLICIES);
        let is_new = !policies.is_empty() && policies.iter().all(is_policy) && policies != self.policies;
        if is_new {
            self.policies = policies;
            self.keep_policies();
        }
        is_new
    }

    /// Another tab has this limit, which may be lower.
    pub(super) fn heed_tab(&mut self, limit: Policy) {
        let known = RateLimit::from(&limit) == self.rate || self.of_tabs.contains(&limit);
        if !known && is_policy(&limit) && self.of_tabs.len() < MAX_POLICIES {
            self.of_tabs.push(limit);
            self.keep_policies();
        }
    }

    fn keep_policies(&mut self) {
        let all: Vec<Policy> = self.policies.iter().chain(&self.of_tabs).copied().collect();
        self.ledger.heed_policies(&all);
    }

    pub(super) fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The next wish that may be fulfilled at `now`, or when to look again; infinity is when something else happens.
    pub(super) fn next(&mut self, now: f64) -> Result<Wish, f64> {
        self.expire(now);
        let bulk = self.in_a_row.is_long();
        let place = self.wishes.iter().position(|wish| wish.bulk == bulk).unwrap_or(0);
        let wish = *self.wishes.get(place).ok_or(f64::INFINITY)?;
        match self.ledger.admission(now, wish.cost) {
            // What has fallen to a part may be refused with all that is under way.
            Admission::Now
                if self.leases.len() < at_once(self.ledger.allowed(now)) || self.rate == RateLimit::UNKNOWN =>
            {
                self.wishes.remove(place);
                let held_up = !wish.bulk && self.wishes.iter().any(|other| other.bulk);
                self.in_a_row.went(held_up);
                self.latest += 1;
                self.grant(now, wish);
                Ok(wish)
            }
            Admission::At(at) => Err(at),
            _ => Err(self.leases.iter().map(|(_, since)| since + self.lease_ms).fold(f64::INFINITY, f64::min)),
        }
    }

    /// Somebody may send.
    pub(super) fn grant(&mut self, now: f64, mut wish: Wish) {
        // A tab that was alone has granted itself what the one that leads is asked for when it is back.
        let is_granted = self.leases.iter().any(|(lease, _)| (lease.tab, lease.id) == (wish.tab, wish.id));
        if self.leases.len() < MOST && !is_granted {
            wish.cost = wish.cost.clamp(1, MOST_COST);
            self.ledger.start(now, wish.cost);
            self.leases.push((wish, now));
        }
    }

    /// A grant is given back, or a wish withdrawn. What was sent without a grant that we know of counts all the same; whether it was
    /// so.
    pub(super) fn done(&mut self, now: f64, wish: Wish, reached: Option<f64>) -> bool {
        let same = |other: &Wish| (other.tab, other.id) == (wish.tab, wish.id);
        self.wishes.retain(|other| !same(other));
        let at = self.leases.iter().position(|(lease, _)| same(lease));
        match (at, reached) {
            (Some(at), _) => {
                let (lease, since) = self.leases.swap_remove(at);
                self.ledger.finish_by(now, lease.cost, reached);
                if reached.is_some() && self.refused > 0 {
                    self.refused -= 1;
                    self.ledger.take_back(now);
                }
                if reached.is_some() {
                    self.ledger.end_probe(since);
                }
            }
            (None, Some(reached)) => self.ledger.count(now, wish.cost.min(MOST_COST), reached),
            (None, None) => {}
        }
        at.is_none() && reached.is_some()
    }

    /// The tenant has refused a request that was sent at `sent`.
    pub(super) fn close_gate(&mut self, now: f64, ms: f64, over_limit: bool, sent: f64) {
        if over_limit && self.rate != RateLimit::UNKNOWN {
            self.ledger.refused(now, sent, None);
        }
        self.ledger.close_gate(now, now + ms);
    }

    /// A request that was sent at `sent` was let through: one of any tab, as also below.
    pub(super) fn let_through(&mut self, now: f64, sent: f64) {
        self.ledger.let_through(now, sent);
        // What was learnt may be more.
        self.keep_policies();
    }

    /// A request that was sent at `sent` was one too many for a limit that nobody has told.
    pub(super) fn refused(&mut self, now: f64, sent: f64, hint_ms: Option<f64>) -> Option<NextTry> {
        self.refused = (self.refused + 1).min(self.leases.len());
        self.ledger.refused(now, sent, hint_ms);
        self.ledger.next_try(now)
    }

    /// Tabs have sent without a leader, and told nobody what became of it.
    pub(super) fn interrupt(&mut self) {
        self.ledger.interrupt();
    }

    /// How all tabs stand to the limit.
    pub(super) fn budget(&mut self, now: f64, requests: usize) -> Budget {
        let (used, allowed) = (self.ledger.used(now), self.ledger.allowed(now));
        Budget { used, allowed, eta_ms: self.ledger.eta_ms(now, requests) }
    }

    /// What was learnt, for a tab that comes.
    pub(super) fn learned(&self) -> Option<Learned> {
        self.ledger.learned().map(|limit| Learned { limit, is_guess: self.ledger.is_guess() })
    }

    pub(super) fn gate_ms(&self, now: f64) -> f64 {
        self.ledger.gate_ms(now)
    }

    /// Nobody knows what was used: all of it.
    pub(super) fn fill(&mut self, now: f64) {
        if self.rate != RateLimit::UNKNOWN {
            self.ledger.count(now, self.rate.requests, now);
        }
    }

    /// How old everything is that counts, in ms, oldest first. What is under way is as young as can be.
    pub(super) fn ages(&mut self, now: f64) -> Vec<f64> {
        self.expire(now);
        let under_way: usize = self.leases.iter().map(|(lease, _)| lease.cost).sum();
        self.ledger.ages(now).chain(std::iter::repeat_n(0.0, under_way)).collect()
    }

    /// Begins anew with what somebody else has counted, and learnt where nobody told it.
    pub(super) fn take_over(
        &mut self,
        now: f64,
        latest: u64,
        gate_ms: f64,
        learned: Learned,
        ages: impl Iterator<Item = f64>,
    ) {
        let most = if self.rate == RateLimit::UNKNOWN { MOST } else { self.rate.requests };
        let before = std::mem::replace(self, Books::new(self.rate, self.lease_ms));
        (self.latest, self.wishes) = (latest, before.wishes);
        (self.policies, self.of_tabs) = (before.policies, before.of_tabs);
        if self.rate == RateLimit::UNKNOWN && is_likely(learned.limit) {
            self.ledger.take_learned(now, learned.limit, learned.is_guess);
        }
        self.keep_policies();
        for age in ages.take(most) {
            self.ledger.count(now - age, 1, now - age);
        }
        if gate_ms > 0.0 {
            self.ledger.close_gate(now, now + gate_ms);
        }
    }

    /// A tab that dies gives nothing back.
    fn expire(&mut self, now: f64) {
        while let Some(at) = self.leases.iter().position(|(_, since)| since + self.lease_ms <= now) {
            let (lease, since) = self.leases.swap_remove(at);
            self.ledger.finish(now, lease.cost, true);
            self.ledger.end_probe(since);
        }
    }
}

/// A limit that tabs have learnt together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Learned {
    pub(super) limit: RateLimit,
    /// What is seen from now on may correct it.
    pub(super) is_guess: bool,
}

fn at_once(allowed: usize) -> usize {
    (allowed / 10).max(MOST_AT_ONCE)
}

fn is_policy(policy: &Policy) -> bool {
    policy.quota > 0 && policy.window_ms >= 1.0
}

/// What a tenant may have for a limit.
fn is_likely(limit: RateLimit) -> bool {
    (1..=MOST).contains(&limit.requests) && (LEAST_WINDOW_MS..=RateLimit::UNKNOWN.window_ms).contains(&limit.window_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Learned = Learned { limit: RateLimit { requests: 0, window_ms: 0.0 }, is_guess: false };
    const TWO: RateLimit = RateLimit { requests: 2, window_ms: 1_000.0 };

    fn wish(id: u64) -> Wish {
        Wish { tab: 1, id, cost: 1, bulk: false }
    }

    #[test]
    fn a_grant_that_is_never_given_back_counts_as_used() {
        let mut books = Books::new(TWO, 500.0);
        (1..=3).for_each(|id| assert!(books.ask(wish(id))));
        assert!(!books.ask(wish(1)), "asked twice");
        assert_eq!((books.next(0.0), books.next(0.0)), (Ok(wish(1)), Ok(wish(2))));
        assert!(!books.ask(wish(1)), "fulfilled already");
        books.done(100.0, wish(2), None);
        assert_eq!(books.next(100.0), Ok(wish(3)));
        books.ask(wish(4));
        assert_eq!(books.next(100.0), Err(500.0));
        assert_eq!(books.next(500.0), Err(1_501.0));
        assert_eq!(books.next(1_501.0), Ok(wish(4)));
    }

    #[test]
    fn whoever_takes_over_counts_as_much() {
        let (mut one, mut other) = (Books::new(TWO, 500.0), Books::new(TWO, 500.0));
        one.ask(wish(1));
        one.next(0.0).unwrap();
        one.done(100.0, wish(1), Some(100.0));
        one.ask(wish(2));
        one.next(200.0).unwrap();
        let ages = one.ages(300.0);
        assert_eq!(ages, [200.0, 0.0]);
        other.take_over(5_300.0, 2, 0.0, NOTHING, ages.into_iter());
        other.ask(wish(3));
        assert_eq!(other.next(5_300.0), Err(6_101.0));
    }

    #[test]
    fn what_reaches_the_tenant_later_or_did_before_counts_from_then_on_with_a_grant_and_without() {
        for granted in [true, false] {
            let mut books = Books::new(TWO, 60_000.0);
            for (id, reached) in [(1, 700.0), (2, 50.0)] {
                if granted {
                    books.grant(0.0, wish(id));
                }
                assert_eq!(books.done(100.0, wish(id), Some(reached)), !granted);
            }
            books.ask(wish(3));
            books.ask(wish(4));
            assert_eq!(books.next(100.0), Err(1_051.0), "granted: {granted}");
            assert_eq!((books.next(1_051.0), books.next(1_051.0)), (Ok(wish(3)), Err(1_701.0)));
        }
    }

    #[test]
    fn a_limit_that_others_have_learnt_holds_where_none_is_told_and_it_can_be_one() {
        let allowed = |rate, limit| {
            let learned = Learned { limit, is_guess: false };
            let mut books = Books::new(rate, 500.0);
            books.take_over(0.0, 1, 0.0, learned, std::iter::empty());
            books.budget(0.0, 0).allowed
        };
        assert_eq!(allowed(RateLimit::UNKNOWN, TWO), 2);
        assert_eq!(allowed(RateLimit { requests: 7, ..TWO }, TWO), 7);
        let odd = [(0, 1_000.0), (usize::MAX, 1_000.0), (5, 0.0), (5, 1e12)];
        for (requests, window_ms) in odd {
            assert_eq!(allowed(RateLimit::UNKNOWN, RateLimit { requests, window_ms }), usize::MAX, "{requests}");
        }
    }

    #[test]
    fn of_a_refusal_only_the_preflight_counts() {
        for (cost, used) in [(1, 0), (2, 1)] {
            let mut books = Books::new(RateLimit::UNKNOWN, 500.0);
            let wish = Wish { cost, ..wish(1) };
            books.grant(0.0, wish);
            books.refused(1.0, 0.0, Some(60_000.0));
            books.done(1.0, wish, Some(1.0));
            assert_eq!(books.budget(1.0, 0).used, used);
        }
    }

    #[test]
    fn a_policy_holds_whatever_is_learnt_and_taken_over() {
        for rate in [RateLimit::UNKNOWN, RateLimit { requests: 5, ..TWO }] {
            let mut books = Books::new(rate, 500.0);
            let policies = || vec![Policy { quota: 2, window_ms: 1_000.0 }];
            assert!(books.heed(policies()) && !books.heed(policies()), "it is new once");
            assert!(!books.heed(vec![Policy { quota: 0, window_ms: 0.0 }]), "that is none");
            books.heed_tab(Policy { quota: 4, window_ms: 1_000.0 });
            let learned = Learned { limit: RateLimit { requests: 9, ..TWO }, is_guess: false };
            books.take_over(0.0, 1, 0.0, learned, std::iter::empty());
            books.let_through(1.0, 0.0);
            assert_eq!((books.budget(1.0, 0).allowed, books.policies()), (2, &policies()[..]));
        }
    }

    #[test]
    fn a_guess_of_others_is_still_a_guess() {
        for is_guess in [true, false] {
            let mut books = Books::new(RateLimit::UNKNOWN, 500.0);
            let learned = Learned { limit: TWO, is_guess };
            books.take_over(0.0, 1, 0.0, learned, std::iter::empty());
            assert_eq!(books.learned(), Some(learned));
        }
    }
}
