//! How much room columns are given, so that they are neither moved often nor half empty.

/// What is known of the body while it is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Growth {
    /// How far it has been read.
    pub(super) read: usize,
    /// How long it will be, as far as anybody knows; 0 where nobody does.
    pub(super) whole: usize,
    /// More items are refused.
    pub(super) most: usize,
}

impl Growth {
    /// How many more a column that is full should hold: as the body goes on as it began, and a sixteenth.
    pub(super) fn from(self, count: usize) -> usize {
        const FIRST: usize = 256;
        let wide = |number: usize| number as u64;
        let even = wide(count) * wide(self.whole) / wide(self.read.max(1));
        let last = usize::try_from(even + even / 16).unwrap_or(usize::MAX);
        // The beginning of a body says little about its end.
        let least = if self.whole < self.read { count / 2 } else { count / 16 };
        let last = last.clamp(count + least, count * 8 + FIRST).max(FIRST);
        last.min(self.most.max(count + 1)) - count
    }
}

/// Moves a column elsewhere, with room for so many more, if it begins at this address, and gives the one where it ended. Nothing
/// where it does not, or where there is no memory for it.
pub(super) fn elsewhere<T: Copy>(column: &mut Vec<T>, start: usize, more: usize) -> Option<usize> {
    let mut moved = Vec::new();
    if column.as_ptr().addr() != start || moved.try_reserve_exact(column.len() + more).is_err() {
        return None;
    }
    moved.extend_from_slice(column);
    Some(start + std::mem::replace(column, moved).capacity() * size_of::<T>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_grow_to_what_the_body_promises() {
        let growth = |read| Growth { read, whole: 1_000_000, most: 200_000 };
        assert_eq!(growth(0).from(0), 256);
        assert_eq!(growth(25_600).from(256), 256 * 8);
        assert_eq!(256 * 8 + 256 + growth(230_400).from(2_304), 10_625);
        assert_eq!(growth(1_000_000).from(10_625), 664);
    }

    #[test]
    fn columns_grow_by_half_where_nobody_knows() {
        let growth = Growth { read: 5_000, whole: 0, most: 200_000 };
        assert_eq!(growth.from(1_000), 500);
        assert_eq!(growth.from(199_999), 1);
        assert_eq!(growth.from(300_000), 1);
    }
}
