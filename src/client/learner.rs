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
}

/// Windows that people choose, in s.
const USUAL: [f64; 14] = [1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0];
/// `Retry-After` is in whole seconds, usually rounded up.
const ROUNDING_MS: f64 = 1_000.0;
/// A rate is measured over so many requests at least.
const ENOUGH: usize = 10;

impl Learner {
    pub(super) fn learned(&self) -> Option<RateLimit> {
        self.learned
    }

    pub(super) fn let_through(&mut self, now: f64, sent: f64) {
        if let Some((_, count)) = &mut self.empty {
            *count += 1;
        }
        let after_refusal = self.refusal.take_if(|refusal| sent > refusal.at);
        match (&mut self.burst, after_refusal) {
            (Some(burst), None) => return burst.count += 1,
            (Some(burst), Some(mut refusal)) => {
                refusal.most = refusal.most.min(now - burst.first_sent).max(refusal.least);
                let count = burst.count;
                self.conclude(count, &refusal);
            }
            (None, _) => {}
        }
        self.burst = Some(Burst { first_sent: sent, first_answer: now, count: 1 });
    }

    pub(super) fn refused(&mut self, now: f64, sent: f64, hint_ms: Option<f64>) {
        let Some(burst) = &self.burst else { return };
        self.empty.get_or_insert((now, 0));
        let least = hint_ms.map_or(0.0, |hint| hint - ROUNDING_MS) + sent - burst.first_answer;
        let most = hint_ms.map_or(f64::INFINITY, |hint| hint + now - burst.first_sent);
        let refusal = self.refusal.get_or_insert(Refusal { at: now, least, most });
        refusal.at = now;
        refusal.least = refusal.least.max(least);
        refusal.most = if refusal.most < refusal.least { most } else { refusal.most.min(most).max(refusal.least) };
    }

    fn conclude(&mut self, count: usize, refusal: &Refusal) {
        let window_ms = usual(refusal.least, refusal.most).max(1.0);
        let Some(old) = &mut self.learned else {
            self.learned = Some(RateLimit { requests: count, window_ms });
            return;
        };
        if refusal.least > old.window_ms {
            *old = RateLimit { requests: old.requests.min(count), window_ms };
        } else if let Some((since, count)) = self.empty.filter(|(_, count)| *count >= ENOUGH) {
            let measured = old.requests as f64 * (refusal.at - since) / count as f64;
            old.window_ms = old.window_ms.max(measured);
        }
    }
}

/// A usual window between the two, or the longest possible.
fn usual(least: f64, most: f64) -> f64 {
    let fits = |seconds: &&f64| (least..=most).contains(&(**seconds * 1_000.0));
    USUAL.iter().rev().find(fits).map_or(most, |seconds| seconds * 1_000.0)
}
