//! Where two texts differ, word by word.

use crate::value::Keys;
use imara_diff::{Algorithm, Diff, Token};

/// More words than this are compared as lines, and more lines as one: texts that have nothing in common would take for ever.
const MOST: usize = 20_000;
/// Longer texts are not split into words, and still longer ones not into lines.
const MOST_BYTES: [usize; 2] = [4 << 20, 16 << 20];

/// A piece of two texts that were compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPiece<'a> {
    /// Which of both texts has it.
    pub kind: PieceKind,
    /// The piece.
    pub text: &'a str,
}

/// Which of two texts has a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// Both.
    Same,
    /// The earlier one.
    Removed,
    /// The later one.
    Added,
}

impl PieceKind {
    /// The kind in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            PieceKind::Same => "same",
            PieceKind::Removed => "removed",
            PieceKind::Added => "added",
        }
    }
}

/// Compares two texts word by word, or line by line where they are very long. All pieces but the added ones are the earlier
/// text, all but the removed ones the later. Where both change, what was removed comes first.
///
/// ```
/// use cognigy_session_debugger::snapshot::text_diff;
/// let pieces: Vec<_> = text_diff("pay now", "pay later").iter().map(|piece| (piece.kind.as_str(), piece.text)).collect();
/// assert_eq!(pieces, [("same", "pay "), ("removed", "now"), ("added", "later")]);
/// ```
pub fn text_diff<'a>(before: &'a str, after: &'a str) -> Vec<TextPiece<'a>> {
    let mut pieces = Pieces { before, after, told: (0, 0), list: Vec::new() };
    let split: [fn(&str) -> Vec<usize>; 2] = [words, lines];
    let mut ways = split.into_iter().zip(MOST_BYTES).filter(|(_, most)| before.len().max(after.len()) <= *most);
    let found = ways.find_map(|(split, _)| compare(before, after, &(split(before), split(after))));
    for (removed, added) in found.unwrap_or_else(|| vec![((0, before.len()), (0, after.len()))]) {
        pieces.change(removed, added);
    }
    pieces.change((before.len(), before.len()), (after.len(), after.len()));
    pieces.list
}

type Span = (usize, usize);

/// What is removed and what is added in its place, as bytes; `None` where there is too much to compare.
fn compare(before: &str, after: &str, ends: &(Vec<usize>, Vec<usize>)) -> Option<Vec<(Span, Span)>> {
    let (old, new) = (Tokens { text: before, ends: &ends.0 }, Tokens { text: after, ends: &ends.1 });
    let shorter = old.ends.len().min(new.ends.len());
    let front = (0..shorter).take_while(|at| old.get(*at) == new.get(*at)).count();
    let from_back = |at: &usize| old.get(old.ends.len() - 1 - at) == new.get(new.ends.len() - 1 - at);
    let back = (0..shorter - front).take_while(from_back).count();
    let (old_end, new_end) = (old.ends.len() - back, new.ends.len() - back);
    if (old_end - front).max(new_end - front) > MOST {
        return None;
    }
    let mut keys = Keys::default();
    for token in (front..old_end).map(|at| old.get(at)).chain((front..new_end).map(|at| new.get(at))) {
        keys.text(token);
        keys.end();
    }
    let mut numbers = vec![Token(0); keys.len()];
    for (number, group) in (0..).zip(keys.sorted().chunk_by(|one, other| keys.same(*one, *other))) {
        for place in group {
            if let Some(slot) = numbers.get_mut(*place) {
                *slot = Token(number);
            }
        }
    }
    let (one, other) = numbers.split_at_checked(old_end - front)?;
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Myers, one, other, u32::try_from(numbers.len()).ok()?);
    let mut changes: Vec<(Span, Span)> = Vec::new();
    for hunk in diff.hunks() {
        let at = |token: u32| token as usize + front;
        let removed = (old.start(at(hunk.before.start)), old.start(at(hunk.before.end)));
        let added = (new.start(at(hunk.after.start)), new.start(at(hunk.after.end)));
        match changes.last_mut() {
            // Words beside each other change together, not one by one around the space between them.
            Some(((_, end), (_, added_end)))
                if before.get(*end..removed.0).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                (*end, *added_end) = (removed.1, added.1);
            }
            _ => changes.push((removed, added)),
        }
    }
    Some(changes)
}

/// A text in tokens.
struct Tokens<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Tokens<'a> {
    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    fn get(&self, at: usize) -> &'a str {
        self.text.get(self.start(at)..self.start(at + 1)).unwrap_or_default()
    }
}

/// Pieces, in the order of both texts.
struct Pieces<'a> {
    before: &'a str,
    after: &'a str,
    /// How far both have been told.
    told: (usize, usize),
    list: Vec<TextPiece<'a>>,
}

impl Pieces<'_> {
    /// Tells what is the same up to a change, and the change.
    fn change(&mut self, removed: Span, added: Span) {
        let (before, after) = (self.before, self.after);
        let told = [
            (PieceKind::Same, before.get(self.told.0..removed.0)),
            (PieceKind::Removed, before.get(removed.0..removed.1)),
            (PieceKind::Added, after.get(added.0..added.1)),
        ];
        let some = told.into_iter().filter_map(|(kind, text)| Some((kind, text.filter(|text| !text.is_empty())?)));
        self.list.extend(some.map(|(kind, text)| TextPiece { kind, text }));
        self.told = (removed.1, added.1);
    }
}

/// What a character is part of.
#[derive(PartialEq, Clone, Copy)]
enum Part {
    Word,
    Space,
    /// A token of its own.
    Sign,
    /// Belongs to the character before it.
    Mark,
}

/// Languages without spaces have a word for each character.
fn part(c: char) -> Part {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' => Part::Mark,
        ' ' | '\t' | '\n' | '\r' => Part::Space,
        '_' | 'A'..='Z' | 'a'..='z' | '0'..='9' | '\u{c0}'..='\u{1fff}' => Part::Word,
        _ => Part::Sign,
    }
}

/// Where words, spaces and signs end.
fn words(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut last = None;
    let mut joins = false;
    for (at, c) in text.char_indices() {
        let now = part(c);
        let goes_on = joins || now == Part::Mark || now != Part::Sign && last == Some(now);
        if at > 0 && !goes_on {
            ends.push(at);
        }
        if now != Part::Mark {
            last = Some(now);
        }
        joins = c == '\u{200d}';
    }
    if !text.is_empty() {
        ends.push(text.len());
    }
    ends
}

fn lines(text: &str) -> Vec<usize> {
    let mut end = 0;
    let line_end = |line: &str| {
        end += line.len();
        end
    };
    text.split_inclusive('\n').map(line_end).collect()
}
