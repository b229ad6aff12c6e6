//! Durations in buckets, sixteen of one width to an octave: small, and true to 7 %.

/// A bucket is told by the exponent of a binary64 number and the first four bits of its fraction, which need no logarithm.
const DROPPED_BITS: u32 = 48;
/// The first bucket begins at 2^-4 ms.
const FIRST: u64 = 0.0625_f64.to_bits() >> DROPPED_BITS;
/// Thirty-two octaves, up to some 75 hours.
const BUCKETS: usize = 512;

/// Durations in ms. What there is none of is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Latency {
    /// How many.
    pub count: u64,
    /// Half were no longer.
    pub p50: Option<f64>,
    /// 95 % were no longer.
    pub p95: Option<f64>,
    /// 99 % were no longer.
    pub p99: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
}

/// Counts durations.
#[derive(Debug, Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    max: f64,
}

impl Histogram {
    /// No durations yet.
    pub fn new() -> Histogram {
        Histogram { buckets: vec![0; BUCKETS], count: 0, max: 0.0 }
    }

    /// Adds a duration in ms; a negative one is 0.
    pub fn record(&mut self, ms: f64) {
        let ms = ms.max(0.0);
        let index = (ms.to_bits() >> DROPPED_BITS).saturating_sub(FIRST);
        let index = usize::try_from(index).unwrap_or(usize::MAX).min(BUCKETS - 1);
        if let Some(bucket) = self.buckets.get_mut(index) {
            *bucket += 1;
        }
        self.count += 1;
        self.max = self.max.max(ms);
    }

    /// What the durations come to.
    pub fn latency(&self) -> Latency {
        let at = |part: f64| self.quantile(part);
        let max = (self.count > 0).then_some(self.max);
        Latency { count: self.count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max }
    }

    /// The upper edge of the bucket that holds the duration of that rank.
    fn quantile(&self, part: f64) -> Option<f64> {
        let rank = (part * self.count as f64).ceil() as u64;
        let mut below = 0;
        let index = self.buckets.iter().position(|bucket| {
            below += bucket;
            self.count > 0 && below >= rank
        })?;
        Some(f64::from_bits((FIRST + index as u64 + 1) << DROPPED_BITS).min(self.max))
    }
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_true_to_a_bucket() {
        let mut histogram = Histogram::new();
        assert_eq!(histogram.latency(), Latency::default());
        (1..=1_000).for_each(|ms| histogram.record(f64::from(ms)));
        let latency = histogram.latency();
        for (told, exact) in [(latency.p50, 500.0), (latency.p95, 950.0), (latency.p99, 990.0)] {
            let told = told.unwrap();
            assert!(told >= exact && told <= exact * 1.0626, "{told} for {exact}");
        }
        assert_eq!((latency.count, latency.max), (1_000, Some(1_000.0)));
    }

    #[test]
    fn odd_durations_have_a_place() {
        for odd in [0.0, -5.0, f64::NAN] {
            let mut histogram = Histogram::new();
            histogram.record(odd);
            assert_eq!(histogram.latency().p99, Some(0.0), "{odd}");
        }
        let mut histogram = Histogram::new();
        histogram.record(1e300);
        assert_eq!(histogram.latency().count, 1);
    }
}
