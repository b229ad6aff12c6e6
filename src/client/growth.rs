//! Tries now and then whether a limit that was learnt is too low: others may have used a part of it meanwhile, and be gone.
//! Pure; the time is passed in.
//!
//! Whatever goes beyond the limit goes alone, so a trial costs one refusal at most; one more where a bucket has held what made
//! it look good. More is believed when it was let through for some windows after it was used up for the first time, or until
//! a bucket cannot have held it; then the next trial follows at once and adds twice as much. After a refusal the next one is
//! twice as far away, adds half as much, and tries the other thing that may have been misjudged: a shorter window.

use super::drops::Drops;
use super::learner::shorter_than;
use super::ledger::RateLimit;

/// When more is tried, and what is being tried.
#[derive(Debug, Clone)]
pub(super) struct Growth {
    /// Nothing is tried before this moment, in ms.
    not_before: f64,
    /// From a refusal to the next trial, in windows of a minute at most.
    pause: f64,
    /// What a trial adds to the limit, as a part of it.
    step: f64,
    /// A shorter window is tried.
    shorter: bool,
    /// What was believed before more was, and until when a refusal brings it back.
    before: Option<(RateLimit, f64)>,
    pub(super) trial: Option<Trial>,
}

/// A higher limit that is being tried.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) limit: RateLimit,
    /// Where the tenant has no windows.
    pub(super) drops: Option<Drops>,
    since: f64,
    /// For so long it has to hold, in ms.
    hold_ms: f64,
    /// When all of it was used for the first time.
    full: Option<f64>,
    /// When the one that went alone was let go, until it is answered.
    alone: Option<f64>,
}

/// When the first trial is, and what it adds: little, since it may take from others.
const FIRST_PAUSE: f64 = 10.0;
const FIRST_STEP: f64 = 0.1;
/// So many windows it has to hold after it was used up: windows of the tenant may begin in the midst of ours.
const HELD: f64 = 3.0;
const LEAST_STEP: f64 = 0.05;
/// Drops come one by one, so a trial may add more of them.
const FASTER: f64 = 5.0;
const MOST_FASTER: f64 = 0.5;
/// A window may have been misjudged: the first trial does not wait for many that are longer than this, in ms.
const LONG_WINDOW_MS: f64 = 60_000.0;
/// Whoever does not use up what is tried, for so many windows beyond the time that it has to hold, does not need it.
const LONGEST_TRIAL: f64 = 4.0;

impl Default for Growth {
    fn default() -> Growth {
        Growth {
            not_before: f64::INFINITY,
            pause: FIRST_PAUSE,
            step: FIRST_STEP,
            shorter: false,
            before: None,
            trial: None,
        }
    }
}

impl Growth {
    /// What is known of the limit is as new as this moment.
    pub(super) fn wait(&mut self, now: f64, window_ms: f64) {
        self.trial = None;
        self.not_before = now + self.pause * window_ms.min(LONG_WINDOW_MS);
    }

    /// What to try at `now` instead of a limit that lets nobody go, if anything.
    pub(super) fn trial(&mut self, now: f64, limit: RateLimit, drops: Option<&Drops>) -> Option<&mut Trial> {
        let window_ms = limit.window_ms;
        if self.trial.as_ref().is_some_and(|trial| trial.is_unused(now, window_ms)) {
            self.wait(now, window_ms);
        }
        if now < self.not_before {
            return None;
        }
        let Growth { step, shorter, .. } = *self;
        let (faster, shorter_ms) = ((step * FASTER).min(MOST_FASTER), shorter_than(window_ms));
        Some(self.trial.get_or_insert_with(|| {
            let more = RateLimit { requests: (limit.requests as f64 * (1.0 + step)).ceil() as usize, window_ms };
            let (limit, windows) = match drops {
                // Beyond the limit has then gone more than a bucket may have held.
                Some(_) => (RateLimit { window_ms: window_ms / (1.0 + faster), ..limit }, 1.0 + 1.0 / faster),
                None if shorter && shorter_ms < window_ms => (RateLimit { window_ms: shorter_ms, ..limit }, HELD),
                None => (more, HELD),
            };
            let hold_ms = window_ms * windows;
            Trial { limit, drops: drops.map(|drops| drops.with(limit)), since: now, hold_ms, full: None, alone: None }
        }))
    }

    /// One has gone alone.
    pub(super) fn goes_alone(&mut self, now: f64) {
        if let Some(trial) = &mut self.trial {
            trial.alone = Some(now);
        }
    }

    /// What is tried is used up at `now`. Gives it where it has held for so long as it has to.
    pub(super) fn used_up(&mut self, now: f64, limit: RateLimit) -> Option<Trial> {
        let trial = self.trial.as_mut()?;
        let full = *trial.full.get_or_insert(now);
        if now - full < trial.hold_ms {
            return None;
        }
        self.before = Some((limit, now + FIRST_PAUSE * limit.window_ms));
        (self.pause, self.step) = ((self.pause / 2.0).max(FIRST_PAUSE), (self.step * 2.0).min(1.0));
        self.trial.take()
    }

    /// Nothing is under way any more: what went alone may have ended without an answer.
    pub(super) fn nobody_goes_alone(&mut self) {
        if let Some(trial) = &mut self.trial {
            trial.alone = None;
        }
    }

    /// A request that was sent at `sent` was let through.
    pub(super) fn let_through(&mut self, sent: f64) {
        if let Some(trial) = &mut self.trial {
            trial.alone = trial.alone.filter(|at| sent < *at);
        }
    }

    /// What was believed before, where a refusal shows that it was better.
    pub(super) fn regret(&mut self, now: f64) -> Option<RateLimit> {
        let (limit, _) = self.before.take().filter(|(_, until)| now < *until)?;
        (self.pause, self.step) = (self.pause * 2.0, LEAST_STEP);
        Some(limit)
    }

    /// A request that was sent at `sent` was refused. `true` where that says no more than that there is no more.
    pub(super) fn refused(&mut self, now: f64, sent: f64, window_ms: f64) -> bool {
        let went_alone = self.trial.as_ref().and_then(|trial| trial.alone).is_some_and(|at| sent >= at);
        if went_alone {
            (self.pause, self.step, self.shorter) =
                (self.pause * 2.0, (self.step / 2.0).max(LEAST_STEP), !self.shorter);
        }
        self.wait(now, window_ms);
        went_alone
    }
}

impl Trial {
    /// Whether it has not been used up in all the time that it was given at `now`.
    pub(super) fn is_unused(&self, now: f64, window_ms: f64) -> bool {
        let has_spilt = self.drops.as_ref().is_some_and(Drops::spilt);
        has_spilt || now - self.since > self.hold_ms + LONGEST_TRIAL * window_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit { requests: 100, window_ms: 60_000.0 };
    const HOUR_MS: f64 = 3_600_000.0;

    /// More has held at 0. The limit that a refusal at `ms` brings back, and what is tried ten windows after it.
    fn refused_at(ms: f64) -> (Option<RateLimit>, Option<RateLimit>) {
        let mut growth = Growth { not_before: -HOUR_MS, ..Growth::default() };
        growth.trial(-HOUR_MS, LIMIT, None);
        growth.used_up(-HELD * LIMIT.window_ms, LIMIT);
        let held = growth.used_up(0.0, LIMIT).map(|held| held.limit).unwrap();
        let back = growth.regret(ms);
        growth.refused(ms, ms, held.window_ms);
        let tried = growth.trial(ms + FIRST_PAUSE * held.window_ms, held, None);
        (back, tried.map(|trial| trial.limit))
    }

    #[test]
    fn only_a_refusal_soon_after_more_was_believed_tells_against_it() {
        assert_eq!(refused_at(60_000.0), (Some(LIMIT), None));
        let more = RateLimit { requests: 134, ..LIMIT };
        assert_eq!(refused_at(HOUR_MS), (None, Some(more)), "a fifth more than 111, at once");
    }
}
