//! What a tenant let through before it refused for the first time. Pure.
//!
//! Somebody reads now and then, or polls, and begins to read as fast as it goes: the burst is what the refusal is about, and what
//! came long before it tells a window only by when it leaves it.

use super::learner::{Pause, USUAL};
use super::ledger::RateLimit;

/// More is not remembered.
const MOST: usize = 4_096;
const MOST_PAUSES: usize = 32;
/// So many pauses are not explained by chance.
const SURE: usize = 3;
/// A burst has so many requests at least, is so much faster than what came before, and that took so much longer.
const LEAST: usize = 10;
const FASTER: f64 = 8.0;
const LONGER: f64 = 2.0;
/// Answers that come together are no burst of their own, in ms.
const TOGETHER_MS: f64 = 1_000.0;
/// A tenant may have counted so many more or fewer than were sent and answered when it refused.
const ON_ITS_WAY: usize = 3;

/// When requests were sent and let through, in ms, in the order of their answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Before {
    passed: Vec<(f64, f64)>,
    /// Those that are over.
    pauses: Vec<Pause>,
    /// Requests of the burst at its end.
    burst: usize,
}

impl Before {
    pub(super) fn add(&mut self, sent: f64, now: f64) {
        if self.passed.len() == MOST {
            self.passed.drain(..MOST / 2);
        }
        self.passed.push((sent, now));
    }

    /// The first refusal. Tells of the burst at the end, where others came before it: how many requests, and when the first one was sent
    /// and let through.
    pub(super) fn refused(&mut self) -> Option<(usize, f64, f64)> {
        let ((_, first), (_, last)) = (*self.passed.first()?, *self.passed.last()?);
        let faster = |place: usize, began: f64| {
            let (before_ms, burst_ms) = (began - first, last - began);
            let rate = (self.passed.len() - place) as f64 / (burst_ms + TOGETHER_MS);
            (before_ms >= burst_ms * LONGER).then(|| rate * before_ms.max(TOGETHER_MS) / place as f64)
        };
        let most = self.passed.len().checked_sub(LEAST)?;
        let mut best = (FASTER, None);
        for (place, (sent, began)) in self.passed.iter().copied().enumerate().take(most + 1).skip(1) {
            if let Some(faster) = faster(place, began).filter(|faster| *faster > best.0) {
                best = (faster, Some((self.passed.len() - place, sent, began)));
            }
        }
        self.burst = best.1?.0;
        best.1
    }

    /// Whether a pause after a part of a burst has been explained, too: of the first one some window always knows.
    pub(super) fn is_confirmed(&self) -> bool {
        self.pauses.len() > 1
    }

    /// Whether an explanation is no chance: a bucket's drops come at any moment.
    pub(super) fn is_sure(&self) -> bool {
        self.pauses.len() >= SURE
    }

    /// A pause is over.
    pub(super) fn add_pause(&mut self, pause: &Pause) {
        if self.pauses.len() == MOST_PAUSES {
            self.pauses.remove(0);
        }
        self.pauses.push(pause.clone());
    }

    /// The shortest usual window that explains all pauses: at each it was as full as at the first, give or take what was on its way, and
    /// at its end the oldest request left it.
    pub(super) fn explanation(&self) -> Option<RateLimit> {
        USUAL.iter().map(|seconds| seconds * 1_000.0).find_map(|window_ms| {
            let full = |pause: &Pause| self.full(pause.at, window_ms);
            let (least, most) = (self.pauses.iter().map(full).min()?, self.pauses.iter().map(full).max()?);
            let ends = self.pauses.iter().all(|pause| self.ends(pause, window_ms));
            let alike = most - least <= ON_ITS_WAY && least + ON_ITS_WAY >= self.burst;
            (ends && alike).then_some(RateLimit { requests: least, window_ms })
        })
    }

    /// Whether what left a window then was its oldest request, at the moment of the refusal.
    fn ends(&self, pause: &Pause, window_ms: f64) -> bool {
        let from = self.passed.partition_point(|(_, at)| *at <= pause.sent - window_ms);
        let to = self.passed.iter().filter(|(sent, _)| *sent <= pause.at - window_ms).count();
        let mut oldest = self.passed.iter().take(to + 1).skip(from);
        oldest.any(|(sent, at)| at + window_ms >= pause.end.0 && sent + window_ms <= pause.end.1)
    }

    fn full(&self, at: f64, window_ms: f64) -> usize {
        self.passed.iter().filter(|(sent, passed)| *sent <= at && *passed > at - window_ms).count()
    }
}
