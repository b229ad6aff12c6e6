//! Learns a limit that nobody has told, from the requests that were let through and those that were refused. Pure.
//!
//! Requests between two pauses are a burst. As many as the first one had go into a window, and a window is as long as from
//! the end of one pause to the end of the next. The first burst may have begun in the middle of a window, or have gone on
//! into the next one; the second has not. A tenant that lets few through and refuses again soon has no windows: it fills a
//! bucket drop by drop, and is measured by how many it lets through from its first refusal to the latest. So does a window that
//! somebody has read in now and then before the burst, as what was read leaves it: [`Before`] tells the one from the other.

use super::before::Before;
use super::ledger::RateLimit;

/// What a pause teaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lesson {
    /// The tenant counts in windows.
    Windows(RateLimit),
    /// It has a bucket that holds as much as a window allows, and that was empty at that moment.
    Bucket { limit: RateLimit, empty_at: f64 },
    /// Somebody else uses a part of the limit.
    Foreign,
}

/// When to try again, where the tenant does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Next {
    /// Not later than at this moment, in ms.
    By(f64),
    /// Not before this moment, in ms.
    At(f64),
}

/// What is known so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Learner {
    learned: Option<RateLimit>,
    burst: Option<Burst>,
    pause: Option<Pause>,
    /// When the last pause can have ended at the tenant.
    last_end: Option<(f64, f64)>,
    /// A window is at least so long, in ms: for so long the tenant has gone on refusing.
    least_ms: f64,
    /// No other than the first burst tells how many go into a window.
    settled: bool,
    bucket: Option<Bucket>,
    /// Until it explains nothing.
    before: Option<Before>,
}

#[derive(Debug, Clone)]
struct Burst {
    first_sent: f64,
    first_answer: f64,
    latest: f64,
    count: usize,
}

/// From a refusal to the next request that is let through. Times in ms.
#[derive(Debug, Clone)]
pub(super) struct Pause {
    /// The first refusal.
    since: f64,
    /// The latest refusal, and when it was sent for.
    pub(super) at: f64,
    pub(super) sent: f64,
    /// Between these the tenant begins to let through again.
    pub(super) end: (f64, f64),
}

/// What tells the rate of a tenant without windows: at a refusal nothing is left.
#[derive(Debug, Clone)]
struct Bucket {
    /// The first refusal, or the first after it had run over.
    since: f64,
    /// Let through since then.
    count: usize,
    /// The first burst: how many, and how long it took.
    first: (usize, f64),
    /// The tenant behaves like one.
    is_one: bool,
    /// It has held more than was counted.
    had_more: bool,
}

/// Windows that people choose, in s.
pub(super) const USUAL: [f64; 14] =
    [1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0];
/// `Retry-After` is in whole seconds, usually rounded up.
const ROUNDING_MS: f64 = 1_000.0;
/// What is not known exactly may be so much longer, and what has been learnt already no more than so much.
const NEAR: f64 = 1.1;
const MUCH: f64 = 1.3;
/// A bucket's next drop is never further away, in ms.
const DROP_MS: f64 = 3_000.0;
/// Where the end of a window is known so well, in ms, one try finds it; else it takes so many.
const CLOSE_MS: f64 = 1_000.0;
const TRIES: f64 = 3.0;
/// Timers of pages may be so late, in ms.
const LATE_MS: f64 = 1_000.0;

impl Learner {
    /// What a pause that is over has taught. `spilt`: a bucket may have run over since the last one.
    pub(super) fn let_through(&mut self, now: f64, sent: f64, spilt: bool) -> Option<Lesson> {
        if self.was_idle(sent) {
            (self.burst, self.pause, self.bucket) = (None, None, None);
        }
        let lesson = match (self.pause.take_if(|pause| sent >= pause.at), &self.burst) {
            (Some(mut pause), Some(burst)) => {
                pause.end.1 = pause.end.1.min(now).max(pause.end.0);
                let burst = burst.clone();
                let lesson = self.conclude(&burst, &pause, spilt);
                self.least_ms = self.least_ms.max(pause.sent - pause.since);
                self.last_end = Some(pause.end);
                self.burst = None;
                Some(lesson)
            }
            _ => None,
        };
        if let Some(bucket) = self.bucket.as_mut().filter(|bucket| sent >= bucket.since) {
            bucket.count += 1;
        }
        let is_idle = |burst: &Burst, learned: RateLimit| now - burst.latest > learned.window_ms;
        if self.burst.as_ref().zip(self.learned).is_some_and(|(burst, learned)| is_idle(burst, learned)) {
            (self.burst, self.last_end) = (None, None);
        }
        let burst = self.burst.get_or_insert(Burst { first_sent: sent, first_answer: now, latest: now, count: 0 });
        (burst.count, burst.latest) = (burst.count + 1, now);
        if self.learned.is_none() && self.pause.is_none() {
            self.before.get_or_insert_default();
        }
        if let Some(before) = &mut self.before {
            before.add(sent, now);
        }
        lesson
    }

    pub(super) fn refused(&mut self, now: f64, sent: f64, hint_ms: Option<f64>) {
        // What was sent before a request that was let through belongs to the pause before it.
        let Some(burst) = self.burst.as_mut().filter(|burst| sent >= burst.first_sent) else { return };
        if self.learned.is_none() && self.pause.is_none() {
            match self.before.as_mut().and_then(Before::refused) {
                Some((count, sent, answer)) => {
                    *burst = Burst { first_sent: sent, first_answer: answer, count, ..*burst };
                }
                None => self.before = None,
            }
        }
        let burst = &*burst;
        let first = || Bucket {
            since: now,
            count: 0,
            first: (burst.count, now - burst.first_sent),
            is_one: false,
            had_more: false,
        };
        self.bucket.get_or_insert_with(first);
        let (least, most) = match hint_ms {
            Some(hint) => (sent + hint - ROUNDING_MS, now + hint),
            None => (sent, f64::INFINITY),
        };
        let pause = self.pause.get_or_insert(Pause { since: now, at: now, sent, end: (least, most) });
        (pause.at, pause.sent) = (now, sent);
        let end = (pause.end.0.max(least), pause.end.1.min(most));
        pause.end = if end.0 <= end.1 { end } else { (least, most) };
    }

    /// When it is worth trying again after a refusal without a hint, where anything is known of that. Windows are as long as
    /// people choose them: the first one may have begun with the first request or in the midst of the first burst, the second
    /// one has begun at the end of the first pause.
    pub(super) fn next(&self, now: f64) -> Option<Next> {
        let (burst, pause) = self.burst.as_ref().zip(self.pause.as_ref())?;
        let after = |began: f64, least_ms: f64, moment: f64| {
            let mut windows = USUAL.iter().map(|seconds| seconds * 1_000.0);
            windows.find(|window| *window >= least_ms && began + window > moment)
        };
        let Some(learned) = self.learned else {
            let ends =
                [burst.first_answer, burst.latest].map(|began| after(began, 0.0, now).map(|window| began + window));
            let [one, other] = ends.map(|end| end.unwrap_or(f64::INFINITY));
            return Some(Next::By(one.min(other)));
        };
        let (from, to) = self.last_end?;
        let is_one_window = burst.count * 2 >= learned.requests && burst.count <= learned.requests;
        if self.settled || !is_one_window || self.bucket.as_ref().is_some_and(|bucket| bucket.is_one) {
            return None;
        }
        let window = after(to, self.least_ms, pause.sent)?;
        let step = (to - from) / TRIES;
        let steps = ((pause.sent - window - from) / step).floor().max(0.0) + 1.0;
        let end = if to - from > CLOSE_MS { from + window + steps * step } else { to + window };
        // What was guessed may be wrong: the wait at most doubles with every try.
        Some(Next::At(end.min(to + 2.0 * self.least_ms.max(now - to))))
    }

    /// Whether nobody asked when it was worth trying again: then nothing tells how long the tenant would have gone on refusing.
    fn was_idle(&self, sent: f64) -> bool {
        let unhinted = self.pause.as_ref().filter(|pause| self.learned.is_none() && pause.end.1 == f64::INFINITY);
        let asked = unhinted.and_then(|pause| self.next(pause.at));
        matches!(asked, Some(Next::By(at)) if sent > at + LATE_MS)
    }

    /// Whether nothing has been seen.
    pub(super) fn is_new(&self) -> bool {
        self.learned.is_none() && self.burst.is_none()
    }

    /// Not all has been seen of what was let through of late.
    pub(super) fn interrupt(&mut self) {
        (self.burst, self.pause, self.last_end, self.before) = (None, None, None, None);
        self.bucket = self.bucket.take().filter(|_| self.learned.is_some());
        if let Some(bucket) = &mut self.bucket {
            bucket.had_more = true;
        }
    }

    /// What has been learnt.
    pub(super) fn learned(&self) -> Option<RateLimit> {
        self.learned
    }

    /// The tenant has let more through than what has been learnt, for so long that it is believed. What was counted before is of
    /// a time in which somebody else used a part.
    pub(super) fn grow(&mut self, limit: RateLimit) {
        (self.learned, self.settled) = (Some(limit), true);
        self.interrupt();
    }

    /// Somebody else has guessed a limit, which what is seen may still correct.
    pub(super) fn guess(&mut self, limit: RateLimit) {
        (self.learned, self.settled) = (Some(limit), false);
        (self.burst, self.pause, self.last_end, self.before) = (None, None, None, None);
    }

    /// Whether what has been learnt is no more than a guess.
    pub(super) fn is_guess(&self) -> bool {
        self.learned.is_some() && !self.settled
    }

    /// Whether the window may turn out to be one of those that are longer.
    pub(super) fn may_be_longer(&self) -> bool {
        self.before.is_some()
    }

    /// How many have been let through since the last pause, where what has been learnt is no more than a guess.
    pub(super) fn passed_on_a_guess(&self) -> Option<usize> {
        self.is_guess().then(|| self.burst.as_ref().filter(|_| self.pause.is_none()).map_or(0, |burst| burst.count))
    }

    /// A burst and the pause after it are over.
    fn conclude(&mut self, burst: &Burst, pause: &Pause, spilt: bool) -> Lesson {
        let (least, seen) = (pause.end.0 - burst.first_answer, pause.end.1 - burst.first_sent);
        let Some(old) = self.learned else {
            if let Some(before) = &mut self.before {
                before.add_pause(pause);
            }
            // A window that began before the first burst is longer than that shows.
            return self.learn(burst.count, usual(least, seen * NEAR).unwrap_or(seen));
        };
        let is_whole = burst.count * 2 >= old.requests;
        if let Some(mut before) = self.before.take() {
            // A tenant of fixed windows lets the second burst through: what explains the pauses around it is chance.
            let may_be = !is_whole || before.is_confirmed();
            before.add_pause(pause);
            if let Some(explained) = before.explanation().filter(|_| may_be) {
                let is_sure = before.is_sure();
                self.settled = is_sure && is_whole;
                self.before = Some(before).filter(|_| !self.settled);
                let RateLimit { requests, window_ms } = if is_sure { explained } else { old };
                return self.learn(requests, window_ms);
            }
        }
        if let Some(bucket) = &mut self.bucket {
            let is_short = pause.end.1 - pause.since < DROP_MS.max(old.window_ms / 2.0);
            bucket.is_one |= is_short && !is_whole && !self.settled;
            if bucket.is_one {
                // What ran over was never counted. A bucket that did was full, and is empty now.
                let ran_over = std::mem::take(&mut bucket.had_more) || spilt && burst.count * 2 >= bucket.first.0;
                let limit = if ran_over { old } else { bucket.limit(pause.sent) };
                if ran_over {
                    (bucket.since, bucket.count) = (pause.at, 0);
                }
                self.learned = Some(limit);
                return Lesson::Bucket { limit, empty_at: pause.sent };
            }
        }
        let windows = ((burst.count + old.requests / 2) / old.requests).max(1) as f64;
        let most = self.last_end.map_or(seen * NEAR, |last| (pause.end.1 - last.0) / windows);
        let (least, may_be) = match self.last_end {
            // Of several windows that a bit of each was missing, or else somebody has used a part of them.
            Some(last) if windows > 1.0 => {
                let least = (pause.end.0 - last.1) / windows;
                (least, !self.settled && least <= old.window_ms * MUCH)
            }
            _ => (least, windows == 1.0),
        };
        let is_longer = least > old.window_ms;
        if !may_be || !(is_longer || is_whole && !self.settled && windows == 1.0) {
            return Lesson::Foreign;
        }
        let requests = if is_whole && !self.settled { old.requests.min(burst.count) } else { old.requests };
        self.settled |= is_whole;
        self.learn(requests, usual(least, most).unwrap_or(most))
    }

    fn learn(&mut self, requests: usize, window_ms: f64) -> Lesson {
        let limit = RateLimit { requests, window_ms: window_ms.max(1.0) };
        self.learned = Some(limit);
        Lesson::Windows(limit)
    }
}

impl Bucket {
    /// As much in a window as the bucket holds. Rather one drop too many: what is too slow is never refused, and stays slow.
    fn limit(&self, now: f64) -> RateLimit {
        let each_ms = (now - self.since).max(1.0) / (self.count as f64 + 1.0);
        let (count, took_ms) = self.first;
        let held = (count as f64 - took_ms / each_ms).max(1.0);
        RateLimit { requests: held as usize, window_ms: (held.floor() * each_ms).max(1.0) }
    }
}

/// The next shorter usual window.
pub(super) fn shorter_than(window_ms: f64) -> f64 {
    usual(0.0, window_ms - 1.0).unwrap_or(window_ms)
}

/// The longest usual window between two.
fn usual(least: f64, most: f64) -> Option<f64> {
    USUAL.iter().rev().map(|seconds| seconds * 1_000.0).find(|window| (least..=most).contains(window))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tenant whose bucket holds 10 and gains one a second, asked as fast as it lets through: at every refusal a pause of 1 s.
    fn drain(learner: &mut Learner, level: &mut f64, now: &mut f64, ms: f64, spilt: bool) -> Option<Lesson> {
        let (end, mut lesson) = (*now + ms, None);
        while *now < end {
            let step_ms = if *level < 1.0 { 1_000.0 } else { 10.0 };
            if *level < 1.0 {
                learner.refused(*now, *now - 5.0, Some(1_000.0));
            } else {
                *level -= 1.0;
                lesson = learner.let_through(*now, *now - 5.0, spilt).or(lesson);
            }
            (*now, *level) = (*now + step_ms, (*level + step_ms / 1_000.0).min(10.0));
        }
        lesson
    }

    #[test]
    fn a_user_who_goes_away_after_a_refusal_does_not_make_a_window_long() {
        for idle_ms in [10_000.0, 3_600_000.0] {
            let mut learner = Learner::default();
            for began in [0.0, idle_ms] {
                for number in 1..=5 {
                    let now = began + f64::from(number) * 10.0;
                    assert_eq!(learner.let_through(now, now - 5.0, false), None, "{idle_ms}");
                }
                learner.refused(began + 60.0, began + 55.0, None);
            }
            let Some(Next::By(at)) = learner.next(idle_ms + 60.0) else { panic!("{learner:?}") };
            let limit = RateLimit { requests: 5, window_ms: 1_000.0 };
            assert_eq!(learner.let_through(at + 5.0, at, false), Some(Lesson::Windows(limit)), "{idle_ms}");
        }
    }

    #[test]
    fn a_bucket_that_ran_over_is_not_taken_for_a_slow_one() {
        let (mut learner, mut level, mut now) = (Learner::default(), 10.0, 0.0);
        let each_ms = |lesson: Option<Lesson>| match lesson {
            Some(Lesson::Bucket { limit, .. }) => limit.window_ms / limit.requests as f64,
            other => panic!("{other:?}"),
        };
        let before = each_ms(drain(&mut learner, &mut level, &mut now, 60_000.0, false));
        assert!((950.0..=1_010.0).contains(&before), "{before}");
        // Nobody asks for ten minutes.
        (now, level) = (now + 600_000.0, 10.0);
        let after = each_ms(drain(&mut learner, &mut level, &mut now, 20_000.0, true));
        assert!((950.0..=1_010.0).contains(&after), "{after}");
    }
}
