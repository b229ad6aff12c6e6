//! When a failed delivery is tried again, as the Standard Webhooks specification suggests.

const S: f64 = 1_000.0;
const HOUR: f64 = 3_600.0 * S;

/// The pause before each attempt, in ms.
const PAUSES_MS: [f64; 10] =
    [0.0, 5.0 * S, 300.0 * S, 1_800.0 * S, 2.0 * HOUR, 5.0 * HOUR, 10.0 * HOUR, 14.0 * HOUR, 20.0 * HOUR, 24.0 * HOUR];

/// No pause is longer, in ms; one that seems so was written under another clock.
pub(super) const LONGEST_MS: f64 = 1.2 * 24.0 * HOUR;

/// The pause after so many failed attempts, 20 % shorter or longer so that senders do not come back together, and
/// never shorter than the receiver asks. `None` when all attempts are used up. `unit` is of `[0, 1)`.
pub(super) fn pause_ms(failed: u32, hint_ms: Option<f64>, unit: f64) -> Option<f64> {
    let pause = PAUSES_MS.get(failed as usize)?;
    Some((pause * (0.8 + 0.4 * unit)).max(hint_ms.unwrap_or(0.0)).min(LONGEST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_lengthen_a_pause_and_never_beyond_the_longest() {
        assert_eq!(pause_ms(1, None, 0.5), Some(5_000.0));
        assert_eq!(pause_ms(1, Some(7_000.0), 0.5), Some(7_000.0));
        assert_eq!(pause_ms(2, Some(7_000.0), 0.0), Some(240_000.0));
        assert_eq!(pause_ms(1, Some(f64::MAX), 0.5), Some(LONGEST_MS));
        assert_eq!(pause_ms(10, Some(1.0), 0.5), None);
    }
}
