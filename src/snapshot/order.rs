//! One sort for everything that is ordered: a sort for each kind of key would weigh some four kilobytes a kind.

use std::cmp::Ordering;

/// Sorts positions `0..count` by what they stand for; equals keep their order.
pub(super) fn sorted(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| order(*one, *other));
    places
}

/// Natural order: runs of digits by their number, letters in any case, names with `_` in front last.
pub(super) fn natural(one: &str, other: &str) -> Ordering {
    let system = |name: &str| name.starts_with('_');
    system(one).cmp(&system(other)).then_with(|| natural_from(one, other)).then_with(|| one.cmp(other))
}

fn natural_from(mut one: &str, mut other: &str) -> Ordering {
    loop {
        let (a, b) = (take_run(one), take_run(other));
        let order = match (a, b) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some((a, rest_a)), Some((b, rest_b))) => {
                (one, other) = (rest_a, rest_b);
                compare_runs(a, b)
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// A run of ASCII digits, or one other character.
fn take_run(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let end = if first.is_ascii_digit() {
        text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len())
    } else {
        first.len_utf8()
    };
    text.split_at_checked(end)
}

fn compare_runs(a: &str, b: &str) -> Ordering {
    let digits = |run: &str| run.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if digits(a) && digits(b) {
        let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
        return a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    }
    a.chars().flat_map(char::to_lowercase).cmp(b.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_read_them() {
        let names = ["_a", "item10", "Item2", "item1", "zeta", "Alpha", "item02"];
        let order = sorted(names.len(), &|one, other| natural(names[one], names[other]));
        let sorted: Vec<_> = order.into_iter().map(|place| names[place]).collect();
        assert_eq!(sorted, ["Alpha", "item1", "Item2", "item02", "item10", "zeta", "_a"]);
    }
}
