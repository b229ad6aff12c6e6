//! Simple case folding: one character for one, as Unicode's `CaseFolding.txt` has it (statuses C and S).

/// Characters that fold to something else than their lower case.
const EXCEPTIONS: [(char, char); 25] = [
    ('\u{b5}', '\u{3bc}'),
    ('\u{17f}', 's'),
    ('\u{345}', '\u{3b9}'),
    ('\u{3c2}', '\u{3c3}'),
    ('\u{3d0}', '\u{3b2}'),
    ('\u{3d1}', '\u{3b8}'),
    ('\u{3d5}', '\u{3c6}'),
    ('\u{3d6}', '\u{3c0}'),
    ('\u{3f0}', '\u{3ba}'),
    ('\u{3f1}', '\u{3c1}'),
    ('\u{3f5}', '\u{3b5}'),
    ('\u{1c80}', '\u{432}'),
    ('\u{1c81}', '\u{434}'),
    ('\u{1c82}', '\u{43e}'),
    ('\u{1c83}', '\u{441}'),
    ('\u{1c84}', '\u{442}'),
    ('\u{1c85}', '\u{442}'),
    ('\u{1c86}', '\u{44a}'),
    ('\u{1c87}', '\u{463}'),
    ('\u{1c88}', '\u{a64b}'),
    ('\u{1e9b}', '\u{1e61}'),
    ('\u{1fbe}', '\u{3b9}'),
    ('\u{1fd3}', '\u{390}'),
    ('\u{1fe3}', '\u{3b0}'),
    ('\u{fb05}', '\u{fb06}'),
];

/// Where letters with more than one case stand, in blocks of 64 characters: first and last. Folding changes nothing outside.
const BLOCKS: [(u32, u32); 14] = [
    (0x2, 0x16),
    (0x42, 0x43),
    (0x4e, 0x4f),
    (0x72, 0x72),
    (0x75, 0x76),
    (0x78, 0x7f),
    (0x84, 0x86),
    (0x92, 0x93),
    (0xb0, 0xb4),
    (0x299, 0x29f),
    (0x2ac, 0x2ae),
    (0x3ec, 0x3fd),
    (0x410, 0x43f),
    (0x462, 0x7a5),
];

/// What a character is compared by.
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    if let Ok(place) = EXCEPTIONS.binary_search_by_key(&c, |(from, _)| *from) {
        return EXCEPTIONS.get(place).map_or(c, |(_, to)| *to);
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// A text with every character folded.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// Appends a text with every character folded.
pub(super) fn fold_into(folded: &mut String, text: &str) {
    folded.extend(text.chars().map(fold));
}

thread_local! {
    /// What folds to a character from beyond ASCII, found by looking, which takes milliseconds: the table would weigh more in
    /// the program than the look takes.
    static OTHERS: Box<[(char, char)]> = BLOCKS
        .iter()
        .flat_map(|(first, last)| first << 6..(last + 1) << 6)
        .filter_map(char::from_u32)
        .map(|c| (fold(c), c))
        .filter(|(to, from)| to != from && !to.is_ascii())
        .collect();
}

/// The characters that fold to `c`, where it is no ASCII.
pub(super) fn others_of(c: char) -> Vec<char> {
    if c.is_ascii() {
        return Vec::new();
    }
    OTHERS.with(|others| others.iter().filter(|(to, _)| *to == c).map(|(_, from)| *from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_knows_what_lower_case_does_not() {
        for (one, other) in [('ſ', 'S'), ('ς', 'Σ'), ('\u{212a}', 'k'), ('µ', 'μ'), ('ẞ', 'ß'), ('É', 'é'), ('Ж', 'ж')]
        {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        // Folds to two characters in the full mapping only.
        assert_eq!(fold('İ'), 'İ');
        assert_ne!(fold('ı'), 'i');
    }

    #[test]
    fn nothing_folds_outside_of_the_blocks_and_folding_twice_changes_nothing() {
        let mut blocks = std::collections::BTreeSet::new();
        for c in ('\u{80}'..=char::MAX).filter(|c| fold(*c) != *c) {
            assert_eq!(fold(fold(c)), fold(c), "{c}");
            assert!(fold(c).len_utf8() < 2 * c.len_utf8(), "{c}: texts that are too short are passed over");
            blocks.insert(u32::from(c) >> 6);
            if !fold(c).is_ascii() {
                blocks.insert(u32::from(fold(c)) >> 6);
            }
        }
        let listed = |block: &u32| BLOCKS.iter().any(|(first, last)| (*first..=*last).contains(block));
        let missing: Vec<String> =
            blocks.iter().filter(|block| !listed(block)).map(|block| format!("{block:x}")).collect();
        assert_eq!(missing, [""; 0], "of {:x?}", blocks);
    }

    #[test]
    fn the_other_cases_of_a_letter_are_found() {
        assert_eq!(others_of('ü'), ['Ü']);
        assert_eq!(others_of('σ'), ['Σ', 'ς']);
        assert_eq!(others_of('注'), []);
    }
}
