//! Who may send when: a sliding log of answers, the requests under way, a gate, and what the tenant says of its limit.
//! Pure; the time is passed in.

use super::drops::Drops;
use super::growth::Growth;
use super::learner::{Learner, Lesson, Next};
use super::rate_fields::{Policy, Remaining};
use crate::platform::NextTry;
use std::collections::VecDeque;

/// How many requests a window allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Default: 100.
    pub requests: usize,
    /// In ms. Default: 60,000.
    pub window_ms: f64,
}

impl RateLimit {
    /// The tutorial's tenant.
    pub const TUTORIAL: RateLimit = RateLimit { requests: 100, window_ms: 60_000.0 };
    /// The real platform's shared hosts, counted per IP address: everybody behind one address shares it.
    pub const COGNIGY: RateLimit = RateLimit { requests: 1_000, window_ms: 300_000.0 };
    /// Not known: learnt from the first refusals, or from `RateLimit-Policy`.
    pub const UNKNOWN: RateLimit = RateLimit { requests: usize::MAX, window_ms: 3_600_000.0 };

    /// Requests in a ms.
    fn rate(self) -> f64 {
        self.requests as f64 / self.window_ms
    }

    /// Whoever keeps to this one keeps to the other one too.
    fn implies(self, other: RateLimit) -> bool {
        (other.window_ms / self.window_ms).ceil() * self.requests as f64 <= other.requests as f64
    }
}

impl From<&Policy> for RateLimit {
    fn from(policy: &Policy) -> RateLimit {
        RateLimit { requests: policy.quota, window_ms: policy.window_ms }
    }
}

impl Default for RateLimit {
    fn default() -> RateLimit {
        RateLimit::TUTORIAL
    }
}

/// Whether the next request may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// At once.
    Now,
    /// Not before this moment, in ms.
    At(f64),
    /// When a request that is under way ends.
    OnRelease,
}

/// The books of one tenant.
///
/// A request is stamped when its *answer* arrives: it reached the server before that, so a place that is free one window
/// after the answer is free at the server too, whatever the network did. Requests under way count as used.
///
/// ```
/// use cognigy_session_debugger::client::ledger::{Admission, Ledger, RateLimit};
/// let mut ledger = Ledger::new(RateLimit { requests: 1, window_ms: 1_000.0 }, 5);
/// ledger.start(0.0, 1);
/// assert_eq!(ledger.admission(50.0, 1), Admission::OnRelease);
/// ledger.finish(100.0, 1, true);
/// assert_eq!(ledger.admission(100.0, 1), Admission::At(1_101.0));
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    /// What the options say.
    configured: RateLimit,
    /// The lower one of the options and of what the tenant has told.
    ceiling: RateLimit,
    /// What holds besides, and does not follow from the ceiling: a tenant may have a limit for bursts and one for days.
    besides: Vec<RateLimit>,
    /// Part of the ceiling that is used: falls with a refusal, grows back.
    part: f64,
    /// Since when the part has not changed.
    part_since: f64,
    max_concurrent: usize,
    /// One stamp for every unit of cost.
    answers: VecDeque<f64>,
    in_flight: usize,
    in_flight_cost: usize,
    gate: f64,
    /// After a gate one request goes alone, until one is answered.
    probing: bool,
    /// So many were under way when the gate closed. Those that have not ended by this moment may never do, as of a tab that is frozen, or
    /// not for long, as a large body: whoever goes alone does not wait for them.
    stale: usize,
    stale_from: f64,
    /// When a request last began or ended.
    active: f64,
    cap: Option<Cap>,
    learner: Learner,
    /// Where the tenant has no windows.
    drops: Option<Drops>,
    /// What was learnt may be less than there is.
    growth: Growth,
}

/// What the tenant says is left of its window.
#[derive(Debug, Clone, Copy)]
struct Cap {
    until: f64,
    left: usize,
}

/// Clocks of two machines round differently.
const MARGIN_MS: f64 = 1.0;
/// What a refusal leaves of the limit, at most and at least, and what a quiet window adds to it.
const FALL: f64 = 0.7;
const LEAST_FALL: f64 = 0.49;
const WITHOUT_EDGE: f64 = 0.95;
const GROWTH: f64 = 1.05;
/// And the window may have been waited for by a timer that is so late, in ms.
const LONG_PAUSE_MS: f64 = 1_000.0;
/// A request that was under way at a refusal and has not ended so many ms later is not waited for.
const STALE_MS: f64 = 3_000.0;
/// A wait for so much of a window is one for the next window.
const LONG_WAIT: f64 = 0.25;
/// Servers can be wrong about their limits; longer windows than a day, and longer waits than an hour, are not believed.
const LONGEST_WINDOW_MS: f64 = 86_400_000.0;
const LONGEST_CAP_MS: f64 = 3_600_000.0;
/// So many answers are remembered while no limit is known.
const MAX_ANSWERS: usize = 10_000;
/// More policies than so many are not kept to.
pub(super) const MAX_POLICIES: usize = 8;

impl Ledger {
    /// Empty books.
    pub fn new(rate: RateLimit, max_concurrent: usize) -> Ledger {
        Ledger {
            configured: rate,
            ceiling: rate,
            besides: Vec::new(),
            part: 1.0,
            part_since: 0.0,
            max_concurrent,
            answers: VecDeque::new(),
            in_flight: 0,
            in_flight_cost: 0,
            gate: f64::NEG_INFINITY,
            probing: false,
            stale: 0,
            stale_from: f64::NEG_INFINITY,
            active: f64::INFINITY,
            cap: None,
            learner: Learner::default(),
            drops: None,
            growth: Growth::default(),
        }
    }

    /// Whether a request that counts as `cost` may go at `now`.
    pub fn admission(&mut self, now: f64, cost: usize) -> Admission {
        self.forget(now);
        if self.in_flight >= self.at_once() || (self.probing && self.in_flight > 0) {
            let goes_beside = self.probing && self.in_flight <= self.stale && self.in_flight < self.max_concurrent;
            if !goes_beside {
                return Admission::OnRelease;
            }
            if now < self.stale_from {
                return Admission::At(self.stale_from.max(self.gate));
            }
        }
        if self.in_flight == 0 {
            self.growth.nobody_goes_alone();
        }
        let mut at = self.gate;
        for limit in &self.besides {
            match self.room(now, cost, *limit) {
                Some(room) => at = at.max(room),
                None => return Admission::OnRelease,
            }
        }
        let allowed = self.part_allowed(now);
        let least = cost.min(allowed);
        if let Some(cap) = self.cap.filter(|cap| cap.left < least) {
            at = at.max(cap.until);
        }
        let mut room = match &mut self.drops {
            Some(drops) => Some(drops.when(now, least)),
            None => self.room(now, cost, RateLimit { requests: allowed, ..self.ceiling }),
        };
        if at <= now && room.is_none_or(|room| room > now) {
            match self.room_to_try(now, cost) {
                Some(tried) if tried > now => room = Some(room.map_or(tried, |room| room.min(tried))),
                Some(_) if self.in_flight > 0 => return Admission::OnRelease,
                Some(_) => {
                    self.probing = true;
                    self.growth.goes_alone(now);
                    return Admission::Now;
                }
                None => {}
            }
        }
        let Some(room) = room else { return Admission::OnRelease };
        if self.drops.is_none() {
            // Whether the tenant's window is over too is not known: one request finds out.
            self.probing |= self.learner.is_guess() && room - now > self.ceiling.window_ms * LONG_WAIT;
        }
        at = at.max(room);
        if at > now { Admission::At(at) } else { Admission::Now }
    }

    /// From when on a request that the limit does not let go may go all the same, alone, since more than what was learnt is
    /// tried.
    fn room_to_try(&mut self, now: f64, cost: usize) -> Option<f64> {
        if self.part < 1.0 || self.learner.learned() != Some(self.ceiling) {
            return None;
        }
        let trial = self.growth.trial(now, self.ceiling, self.drops.as_ref())?;
        let limit = trial.limit;
        let room = match &mut trial.drops {
            Some(drops) => drops.when(now, cost.min(limit.requests)),
            None => self.room(now, cost, limit)?,
        };
        if let Some(held) = (room > now).then(|| self.growth.used_up(now, self.ceiling)).flatten() {
            (self.ceiling, self.drops) = (held.limit, held.drops);
            self.learner.grow(limit);
        }
        Some(room)
    }

    /// How many may be under way. While nothing is known of a limit, one more than have been sent and not refused: a tenant that takes few
    /// refuses few. While what is known is a guess, one more than have been let through since the last pause.
    fn at_once(&self) -> usize {
        let is_dark = self.is_unknown() && self.ceiling.requests == usize::MAX;
        let passed = if is_dark { Some(self.answers.len()) } else { self.learner.passed_on_a_guess() };
        passed.map_or(self.max_concurrent, |passed| self.max_concurrent.min(passed.saturating_add(1)))
    }

    /// From when on the window of a limit has room for so much more; `None` where that depends on what is under way.
    fn room(&self, now: f64, cost: usize, limit: RateLimit) -> Option<f64> {
        let older = self.older(now, limit.window_ms);
        // A request that costs more than there ever is goes alone.
        let used = self.answers.len() - older + self.in_flight_cost + cost.min(limit.requests);
        match used.checked_sub(limit.requests) {
            None | Some(0) => Some(f64::NEG_INFINITY),
            // So many of the oldest answers must leave the window.
            Some(excess) => self.answers.get(older + excess - 1).map(|answer| answer + limit.window_ms + MARGIN_MS),
        }
    }

    /// How many of the answers have left a window.
    fn older(&self, now: f64, window_ms: f64) -> usize {
        self.answers.partition_point(|answer| answer + window_ms + MARGIN_MS <= now)
    }

    /// After a pause that is longer than the window, as of a computer that slept or a tab that was halted, nothing here tells
    /// what others have used meanwhile: one request goes alone until it is answered.
    fn wake_up(&mut self, now: f64) {
        self.probing |= self.in_flight == 0 && now - self.active > self.ceiling.window_ms + LONG_PAUSE_MS;
    }

    /// A request begins.
    pub fn start(&mut self, now: f64, cost: usize) {
        self.wake_up(now);
        self.active = now;
        self.in_flight += 1;
        self.in_flight_cost += cost;
        self.both_drops().for_each(|drops| drops.take(now, cost));
        if let Some(cap) = self.cap.as_mut().filter(|cap| now < cap.until) {
            cap.left = cap.left.saturating_sub(cost);
        }
    }

    /// A request ends; `sent` tells whether it may have reached the server.
    pub fn finish(&mut self, now: f64, cost: usize, sent: bool) {
        self.finish_by(now, cost, sent.then_some(now));
    }

    /// The same of a request that may only reach the server after nobody waits for its answer any longer: by `reached` at the latest.
    pub fn finish_by(&mut self, now: f64, cost: usize, reached: Option<f64>) {
        self.active = self.active.max(now);
        self.in_flight = self.in_flight.saturating_sub(1);
        // Taken for one of them, so that no second one goes beside the one that went alone.
        self.stale = self.stale.saturating_sub(1);
        self.in_flight_cost = self.in_flight_cost.saturating_sub(cost);
        if let Some(reached) = reached {
            // Where nobody asks for admission, as in the books of a tab without others, nothing else forgets.
            self.forget(now);
            let later = self.answers.iter().rev().take_while(|answer| **answer > reached).count();
            let behind = self.answers.split_off(self.answers.len() - later);
            self.answers.extend(std::iter::repeat_n(reached, cost).chain(behind));
        } else {
            // What it took beforehand.
            self.both_drops().for_each(|drops| drops.give_back(cost));
            if let Some(cap) = &mut self.cap {
                cap.left = cap.left.saturating_add(cost);
            }
        }
        while self.answers.len() > self.most_answers() {
            self.answers.pop_front();
        }
    }

    /// A request that was never under way here.
    pub(super) fn count(&mut self, now: f64, cost: usize, reached: f64) {
        self.start(now, cost);
        // It is none of those that were when the gate closed.
        self.stale += 1;
        self.finish_by(now, cost, Some(reached));
    }

    /// As learnt and as tried.
    fn both_drops(&mut self) -> impl Iterator<Item = &mut Drops> {
        let tried = self.growth.trial.as_mut().and_then(|trial| trial.drops.as_mut());
        self.drops.iter_mut().chain(tried)
    }

    fn most_answers(&self) -> usize {
        if self.is_unknown() { MAX_ANSWERS } else { MAX_ANSWERS.max(self.configured.requests) }
    }

    /// The tenant let a request through that was sent at `sent`.
    pub fn let_through(&mut self, now: f64, sent: f64) {
        self.end_probe(sent);
        if self.is_unknown() {
            let spilt = self.drops.as_ref().is_some_and(Drops::spilt);
            self.growth.let_through(sent);
            let lesson = self.learner.let_through(now, sent, spilt);
            match lesson {
                Some(Lesson::Windows(limit)) => self.ceiling = limit,
                Some(Lesson::Bucket { limit, empty_at }) => {
                    self.ceiling = limit;
                    self.drops = Some(Drops::new(limit, empty_at, 1 + self.in_flight_cost));
                }
                Some(Lesson::Foreign) => self.fall(now),
                None => {}
            }
            if lesson.is_some() {
                self.growth.wait(now, self.ceiling.window_ms);
            }
        }
    }

    /// The tenant refused a request that was sent at `sent`, and perhaps said how long to wait.
    pub fn refused(&mut self, now: f64, sent: f64, hint_ms: Option<f64>) {
        if self.is_unknown() {
            if self.answers.iter().rfind(|answer| **answer <= now) == Some(&now) {
                self.take_back(now);
            }
            if self.growth.refused(now, sent, self.ceiling.window_ms) {
                return;
            }
            match self.growth.regret(now) {
                Some(limit) => {
                    self.ceiling = limit;
                    self.drops = self.drops.is_some().then(|| Drops::new(limit, sent, 1 + self.in_flight_cost));
                    self.learner.grow(limit);
                }
                None => self.learner.refused(now, sent, hint_ms),
            }
            return;
        }
        // What was under way at the last refusal says nothing new.
        if sent >= self.part_since {
            self.fall(now);
        }
    }

    /// `RateLimit-Policy`: only ever lowers what the options say. Of a window that would let more go at once, or that no tenant
    /// can mean, our own window gets its share.
    pub fn heed_policies(&mut self, policies: &[Policy]) {
        for told in policies.iter().map(RateLimit::from) {
            let RateLimit { requests, window_ms } = self.ceiling;
            if told.rate() < self.ceiling.rate() {
                self.ceiling = match told.requests > requests || told.window_ms > LONGEST_WINDOW_MS {
                    true => RateLimit { requests: ((told.rate() * window_ms) as usize).max(1), window_ms },
                    false => told,
                };
            }
        }
        if !policies.is_empty() {
            self.besides.clear();
            self.keep_besides(self.configured);
            policies.iter().for_each(|policy| self.keep_besides(policy.into()));
        }
    }

    fn keep_besides(&mut self, limit: RateLimit) {
        let can_count = limit.requests <= self.most_answers() && limit.window_ms <= LONGEST_WINDOW_MS;
        if can_count && self.besides.len() < MAX_POLICIES && !self.ceiling.implies(limit) {
            self.besides.push(limit);
        }
    }

    /// `RateLimit`: until the window ends, no more than what is left. What is under way may or may not be counted in it.
    pub fn heed_remaining(&mut self, now: f64, told: Remaining) {
        let left = told.requests.saturating_sub(self.in_flight_cost.saturating_sub(1));
        match self.cap.as_mut().filter(|cap| now < cap.until) {
            Some(cap) => cap.left = cap.left.min(left),
            None => self.cap = Some(Cap { until: now + told.reset_ms.min(LONGEST_CAP_MS) + MARGIN_MS, left }),
        }
    }

    /// For a while nobody here has seen what was let through: what is learnt stays, and what was being measured does not.
    pub(super) fn interrupt(&mut self) {
        self.learner.interrupt();
    }

    /// From now on it is learnt elsewhere: what was learnt here holds no more.
    pub(super) fn unlearn(&mut self) {
        if !self.is_unknown() || self.learner.is_new() {
            return;
        }
        if self.learner.learned().is_some() {
            (self.ceiling, self.part) = (self.configured, 1.0);
        }
        (self.learner, self.growth, self.drops) = (Learner::default(), Growth::default(), None);
    }

    /// When it is worth trying again after a refusal, where the limit is being learnt and the tenant gives no hint.
    pub(super) fn next_try(&self, now: f64) -> Option<NextTry> {
        self.learner.next(now).map(|next| match next {
            Next::By(at) => NextTry::By(at - now),
            Next::At(at) => NextTry::At(at - now),
        })
    }

    /// The latest answer was a refusal, and whoever is refused has taken nothing. A preflight ahead of it has: had it been refused, a
    /// browser would have shown no answer at all.
    pub(super) fn take_back(&mut self, now: f64) {
        if let Some(latest) = self.answers.iter().rposition(|answer| *answer <= now) {
            self.answers.remove(latest);
        }
    }

    /// What was learnt, if anything.
    pub(super) fn learned(&self) -> Option<RateLimit> {
        self.learner.learned()
    }

    /// Whether that is no more than a guess.
    pub(super) fn is_guess(&self) -> bool {
        self.learner.is_guess()
    }

    /// Somebody else has learnt a limit, or guessed it.
    pub(super) fn take_learned(&mut self, now: f64, limit: RateLimit, is_guess: bool) {
        self.ceiling = limit;
        if is_guess {
            self.learner.guess(limit);
        } else {
            self.learner.grow(limit);
        }
        self.growth.wait(now, limit.window_ms);
    }

    /// Nobody sends before `until`, and then one request alone.
    pub fn close_gate(&mut self, now: f64, until: f64) {
        self.gate = self.gate.max(until);
        self.probing = true;
        (self.stale, self.stale_from) = (self.in_flight, now + STALE_MS);
    }

    /// A request that was sent at `sent` has ended. Where it is the one that went alone, others may go too; one that was
    /// under way when the gate closed tells nothing.
    pub fn end_probe(&mut self, sent: f64) {
        self.probing &= sent < self.gate;
    }

    /// How old the answers are that count at `now`, in ms, oldest first.
    pub fn ages(&mut self, now: f64) -> impl Iterator<Item = f64> + '_ {
        self.forget(now);
        self.answers.iter().map(move |answer| now - answer)
    }

    /// How long the gate stays closed, in ms.
    pub fn gate_ms(&self, now: f64) -> f64 {
        (self.gate - now).max(0.0)
    }

    /// Requests that count at `now`.
    pub fn used(&mut self, now: f64) -> usize {
        self.forget(now);
        self.answers.len() - self.older(now, self.ceiling.window_ms) + self.in_flight_cost
    }

    /// How many a window allows; `usize::MAX` while that is not known. While more is tried, as many as that.
    pub fn allowed(&mut self, now: f64) -> usize {
        let window_ms = self.ceiling.window_ms;
        let trial = self.growth.trial.as_ref().filter(|trial| !trial.is_unused(now, window_ms));
        let tried = trial.map_or(0, |trial| trial.limit.requests);
        self.part_allowed(now).max(tried)
    }

    fn part_allowed(&mut self, now: f64) -> usize {
        if self.part < 1.0 {
            let windows = ((now - self.part_since) / self.ceiling.window_ms).floor().max(0.0);
            self.part_since += windows * self.ceiling.window_ms;
            let mut left = windows;
            // Window by window: the library's power brings tables that weigh more than the whole ledger.
            while left >= 1.0 && self.part < 1.0 {
                self.part = (self.part * GROWTH).min(1.0);
                left -= 1.0;
            }
        }
        if self.is_unknown() && self.ceiling.requests == usize::MAX {
            return usize::MAX;
        }
        ((self.ceiling.requests as f64 * self.part) as usize).max(1)
    }

    /// How long from now until so many units of cost more have been let go, in ms: the longest of the waits that the limits ask for.
    /// An estimate from them alone.
    pub fn eta_ms(&mut self, now: f64, cost: usize) -> f64 {
        self.room_ms(now, cost).max(self.gate_ms(now))
    }

    /// The same whether or not the gate is closed.
    pub(super) fn room_ms(&mut self, now: f64, cost: usize) -> f64 {
        self.forget(now);
        let allowed = self.part_allowed(now);
        let mut at = now;
        match &mut self.drops {
            Some(drops) => at = at.max(drops.when(now, cost)),
            None => at = at.max(self.passed(now, cost, RateLimit { requests: allowed, ..self.ceiling })),
        }
        if let Some(cap) = self.cap.filter(|cap| cap.left < cost) {
            at = at.max(cap.until);
        }
        self.besides.iter().fold(at, |at, limit| at.max(self.passed(now, cost, *limit))) - now
    }

    /// When a limit alone has let so much more go: whole windows, and then as the answers leave; what is under way is as young
    /// as can be.
    fn passed(&self, now: f64, cost: usize, RateLimit { requests, window_ms }: RateLimit) -> f64 {
        let older = self.older(now, window_ms);
        let used = self.answers.len() - older + self.in_flight_cost;
        let Some(more) = used.saturating_add(cost).checked_sub(requests.saturating_add(1)) else { return now };
        let answer = self.answers.get(older + more % requests.max(1)).copied().unwrap_or(now);
        answer + window_ms * (1 + more / requests.max(1)) as f64
    }

    fn is_unknown(&self) -> bool {
        self.configured.requests == usize::MAX
    }

    /// Falls to what the window has let through of ours, as far as that is within reason.
    fn fall(&mut self, now: f64) {
        let limit = self.ceiling.requests as f64;
        // What has just left the window and what is about to are at its edges together.
        let edge = now - self.ceiling.window_ms * WITHOUT_EDGE;
        let counted = self.answers.iter().rev().take_while(|answer| **answer > edge).count();
        let let_through = counted.saturating_sub(1) as f64 / limit;
        self.part = let_through.clamp(self.part * LEAST_FALL, self.part * FALL).max(1.0 / limit);
        self.part_since = now;
    }

    fn forget(&mut self, now: f64) {
        let own_ms = if self.learner.may_be_longer() { self.configured.window_ms } else { self.ceiling.window_ms };
        let longest = self.besides.iter().fold(own_ms, |longest, limit| longest.max(limit.window_ms));
        while self.answers.front().is_some_and(|answer| answer + longest + MARGIN_MS <= now) {
            self.answers.pop_front();
        }
        self.cap = self.cap.filter(|cap| now < cap.until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW_MS: f64 = 60_000.0;

    /// Sends at `now`, and is let through.
    fn read(ledger: &mut Ledger, now: f64) {
        assert_eq!(ledger.admission(now, 1), Admission::Now, "{now}");
        ledger.start(now, 1);
        ledger.finish(now + 1.0, 1, true);
        ledger.let_through(now + 1.0, now);
    }

    /// Has learnt a limit of 10 a minute, has used it up ten minutes later, and has sent one more, alone: when.
    fn trying() -> (Ledger, f64) {
        let mut ledger = Ledger::new(RateLimit::UNKNOWN, 5);
        (0..10).for_each(|number| read(&mut ledger, f64::from(number) * 2.0));
        ledger.start(20.0, 1);
        ledger.finish(21.0, 1, true);
        ledger.refused(21.0, 20.0, Some(WINDOW_MS));
        read(&mut ledger, WINDOW_MS + 22.0);
        assert_eq!(ledger.learner.learned(), Some(RateLimit { requests: 10, window_ms: WINDOW_MS }));
        let later = 12.0 * WINDOW_MS;
        (0..10).for_each(|number| read(&mut ledger, later + f64::from(number) * 2.0));
        assert_eq!(ledger.admission(later + 20.0, 1), Admission::Now);
        ledger.start(later + 20.0, 1);
        (ledger, later + 20.0)
    }

    #[test]
    fn of_a_refusal_only_the_preflight_counts() {
        for (cost, used) in [(1, 0), (2, 1)] {
            let mut ledger = Ledger::new(RateLimit::UNKNOWN, 5);
            ledger.start(0.0, cost);
            ledger.finish(1.0, cost, true);
            ledger.refused(1.0, 0.0, Some(WINDOW_MS));
            assert_eq!(ledger.used(1.0), used);
        }
    }

    #[test]
    fn what_went_alone_and_was_not_answered_leaves_nothing_to_the_next_refusal() {
        let (mut ledger, alone) = trying();
        ledger.finish(alone + 1.0, 1, true);
        assert!(ledger.growth.clone().refused(alone + 1.0, alone, WINDOW_MS), "its own refusal");
        let later = alone + 1.1 * WINDOW_MS;
        assert_eq!(ledger.admission(later, 1), Admission::Now);
        ledger.start(later, 1);
        ledger.finish(later + 1.0, 1, true);
        assert!(ledger.growth.trial.is_some());
        assert!(!ledger.growth.refused(later + 1.0, later, WINDOW_MS));
    }

    #[test]
    fn a_trial_that_nobody_has_gone_on_with_is_not_told() {
        let (mut ledger, alone) = trying();
        assert_eq!((ledger.allowed(alone), ledger.allowed(alone + 20.0 * WINDOW_MS)), (11, 10));
    }
}
