//! Learns a limit that nobody has told, from the requests that were let through and those that were refused. Pure.
//!
//! Requests between two pauses are a burst. As many as the first one had go into a window; how long the window is lies
//! between what the last refusal and the first request after it leave possible. A tenant that refuses sooner than a window
//! would is one that fills a bucket drop by drop: it is measured by how many it lets through from one refusal to another.

use super::ledger::RateLimit;

/// What is known so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Learner {
    learned: Option<RateLimit>,
    burst: Option<Burst>,
    refusal: Option<Refusal>,
    /// The first refusal, and how many were let through since: at a refusal nothing is left, so this is the tenant's rate.
    empty: Option<(f64, usize)>,
}

#[derive(Debug, Clone)]
struct Burst {
    first_sent: f64,
    first_answer: f64,
    count: usize,
}

/// How long the window can be, as refusals tell it, in ms.
#[derive(Debug, Clone)]
struct Refusal {
    at: f64,
    least: f64,
    most: f64,
    hint_ms: f64,
}

/// Windows that people choose, in s.
const USUAL: [f64; 14] = [1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0];
/// `Retry-After` is in whole seconds, usually rounded up.
const ROUNDING_MS: f64 = 1_000.0;
const NEAR: f64 = 1.1;
/// A rate is measured over so many requests at least.
const ENOUGH: usize = 10;

impl Learner {
    pub(super) fn learned(&self) -> Option<RateLimit> {
        self.learned
    }

    /// `true` where a refusal before it was not the limit's own.
    pub(super) fn let_through(&mut self, now: f64, sent: f64) -> bool {
        let mut foreign = false;
        if let Some((_, count)) = &mut self.empty {
            *count += 1;
        }
        let after_refusal = self.refusal.take_if(|refusal| sent > refusal.at);
        match (&mut self.burst, after_refusal) {
            (Some(burst), None) if self.learned.is_none_or(|learned| now - burst.first_answer < learned.window_ms) => {
                burst.count += 1;
                return false;
            }
            (Some(burst), Some(mut refusal)) => {
                refusal.most = refusal.most.min(now - burst.first_sent).max(refusal.least);
                let count = burst.count;
                foreign = self.conclude(count, &refusal);
            }
            // A burst is no longer than a window.
            (Some(_), None) | (None, _) => {}
        }
        self.burst = Some(Burst { first_sent: sent, first_answer: now, count: 1 });
        foreign
    }

    pub(super) fn refused(&mut self, now: f64, sent: f64, hint_ms: Option<f64>) {
        let Some(burst) = &self.burst else { return };
        self.empty.get_or_insert((now, 0));
        let least = hint_ms.map_or(0.0, |hint| hint - ROUNDING_MS) + sent - burst.first_answer;
        let most = hint_ms.map_or(f64::INFINITY, |hint| hint + now - burst.first_sent);
        let refusal = self.refusal.get_or_insert(Refusal { at: now, least, most, hint_ms: 0.0 });
        refusal.at = now;
        refusal.hint_ms = hint_ms.unwrap_or(0.0);
        refusal.least = refusal.least.max(least);
        refusal.most = if refusal.most < refusal.least { most } else { refusal.most.min(most).max(refusal.least) };
    }

    /// A burst of so many requests has ended with a refusal. `true` where it tells nothing of the limit: somebody else uses
    /// a part of it.
    fn conclude(&mut self, count: usize, refusal: &Refusal) -> bool {
        let window_ms = usual(refusal.least, refusal.most).max(1.0);
        let Some(old) = &mut self.learned else {
            self.learned = Some(RateLimit { requests: count, window_ms });
            return false;
        };
        if refusal.least > old.window_ms {
            old.window_ms = window_ms;
            return false;
        }
        let whole = count * 2 >= old.requests;
        let fewer = old.requests.min(count);
        if refusal.hint_ms * 2.0 > old.window_ms {
            // A window, and not a bucket.
            old.requests = if whole { fewer } else { old.requests };
            return !whole;
        }
        let mut each_ms = old.window_ms / old.requests as f64;
        if let Some((since, count)) = self.empty.filter(|(_, count)| *count >= ENOUGH) {
            each_ms = each_ms.max((refusal.at - since) / count as f64);
        }
        if whole {
            // A bucket that ran over in a pause has lost drops.
            self.empty = Some((refusal.at, 0));
            old.requests = fewer;
        }
        old.window_ms = each_ms * old.requests as f64;
        false
    }
}

/// A usual window between the two, or the longest possible. A first burst may have begun in the middle of a window, so the
/// next usual one is taken where it is near.
fn usual(least: f64, most: f64) -> f64 {
    let fits = |seconds: &&f64| (least..=most * NEAR).contains(&(**seconds * 1_000.0));
    USUAL.iter().rev().find(fits).map_or(most, |seconds| seconds * 1_000.0)
}
