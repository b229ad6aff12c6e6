//! Why a name has the value that it has.

use super::order::Keys;
use super::preview::{cut, shown};
use super::snapshot::Snapshot;
use super::store::{Entry, EntryId};
use crate::value::ValueType;

/// So many characters are told of what came; the whole is in [`Snapshot::text`].
const MOST_RAW_CHARS: usize = 4_096;
/// So many candidates are told, highest first; a name with more of them is a fault of the data.
const MOST_CANDIDATES: usize = 1_000;

/// What happened to one scope's variable when its name was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The name resolves to it.
    Wins,
    /// A higher scope, or an equal one that came first, hides it.
    Hidden,
    /// The same scope has the name more than once; the first is kept.
    Duplicate,
    /// Shown beside the others: nothing wins side by side.
    Shown,
    /// The scope was read and does not have the name.
    NotSet,
    /// The scope was not asked for, or a page is missing.
    NotLoaded,
}

impl Status {
    /// The status in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Wins => "wins",
            Status::Hidden => "hidden",
            Status::Duplicate => "duplicate",
            Status::Shown => "shown",
            Status::NotSet => "not-set",
            Status::NotLoaded => "not-loaded",
        }
    }
}

/// One scope in an explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The scope.
    pub scope: String,
    /// Its place in the order of precedence, from 0; −1 for an unknown scope.
    pub rank: i32,
    /// What happened to it.
    pub status: Status,
    /// The variable's row, where the scope has the name.
    pub entry: Option<EntryId>,
    /// What came.
    pub raw: Option<String>,
    /// What it was read as.
    pub value_type: Option<ValueType>,
    /// The typed value, shortened for display.
    pub text: Option<String>,
}

/// Why a name has the value that it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The name of the rule.
    pub rule: &'static str,
    /// Position of the winner in `candidates`; absent side by side.
    pub winner: Option<usize>,
    /// Highest scope first; the scopes of the rule that do not have the name are there too.
    pub candidates: Vec<Candidate>,
    /// One sentence for people.
    pub sentence: String,
}

impl Snapshot {
    /// Why a name has its value, or `None` where no scope has the name.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
    /// let body = br#"{"variables":[
    ///     {"name":"lang","value":"de","scope":"bot"},
    ///     {"name":"lang","value":"ar","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// assert_eq!(snapshot.explain("lang").unwrap().sentence, "user (rank 3) wins over bot (rank 1).");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn explain(&self, name: &str) -> Option<Explanation> {
        let columns = &self.store.columns;
        let id = self.store.find(name)?;
        let mut candidates: Vec<Candidate> = columns.chain(id).map(|(id, entry)| self.candidate(id, entry)).collect();
        let precedence = columns.precedence();
        for scope in precedence.highest_first() {
            if !candidates.iter().any(|candidate| candidate.scope == scope) {
                candidates.push(self.absent(scope, precedence.rank(scope)));
            }
        }
        let mut candidates = highest_first(candidates);
        let winner = candidates.iter().position(|candidate| candidate.status == Status::Wins);
        let sentence = self.sentence(&candidates, winner);
        candidates.truncate(MOST_CANDIDATES);
        Some(Explanation { rule: precedence.rule(), winner, candidates, sentence })
    }

    fn candidate(&self, id: EntryId, entry: Entry) -> Candidate {
        let columns = &self.store.columns;
        let status = if entry.is_duplicate() {
            Status::Duplicate
        } else if columns.precedence().is_side_by_side() {
            Status::Shown
        } else if columns.winner(entry.name) == Some(id) {
            Status::Wins
        } else {
            Status::Hidden
        };
        self.look(entry, |view| Candidate {
            scope: columns.scope(entry).to_owned(),
            rank: columns.rank(entry),
            status,
            entry: Some(id),
            raw: Some(cut(view.raw, MOST_RAW_CHARS).text),
            value_type: Some(view.value_type()),
            text: Some(shown(&view.value).text),
        })
    }

    fn absent(&self, scope: &str, rank: i32) -> Candidate {
        let asked_for = self.loaded_scope.as_ref().is_none_or(|loaded| loaded == scope)
            && self.loaded.as_ref().is_none_or(|loaded| loaded.contains(&scope));
        let status = if asked_for && self.is_complete() { Status::NotSet } else { Status::NotLoaded };
        Candidate { scope: scope.to_owned(), rank, status, entry: None, raw: None, value_type: None, text: None }
    }

    fn sentence(&self, candidates: &[Candidate], winner: Option<usize>) -> String {
        let present: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.entry.is_some()).collect();
        let mut sentence = match winner.and_then(|place| candidates.get(place)) {
            None => side_by_side(&present),
            Some(winner) => layered(winner, &present, kept_of_equals(self.store.columns.last_of_equals())),
        };
        if candidates.iter().any(|candidate| candidate.status == Status::NotLoaded) {
            sentence.push_str(" This holds among the loaded scopes only.");
        }
        sentence
    }
}

/// Equals stay in order of appearance, with those that do not count last.
fn highest_first(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut keys = Keys::default();
    for candidate in &candidates {
        keys.number(i32::MAX.abs_diff(candidate.rank) as usize);
        keys.number(usize::from(candidate.status == Status::Duplicate));
        keys.end();
    }
    let mut candidates: Vec<Option<Candidate>> = candidates.into_iter().map(Some).collect();
    keys.sorted().into_iter().filter_map(|place| candidates.get_mut(place)?.take()).collect()
}

/// Which of equal names in one scope counts.
fn kept_of_equals(last: bool) -> &'static str {
    if last { "last" } else { "first" }
}

fn layered(winner: &Candidate, present: &[&Candidate], kept: &str) -> String {
    let losers: Vec<String> = present
        .iter()
        .filter(|candidate| candidate.status == Status::Hidden)
        .map(|candidate| ranked(candidate))
        .collect();
    let duplicates = present.iter().filter(|candidate| candidate.status == Status::Duplicate).count();
    let mut sentence = if losers.is_empty() {
        format!("{} is the only scope that has the name.", ranked(winner))
    } else {
        format!("{} wins over {}.", ranked(winner), list(&losers))
    };
    if present.iter().any(|other| other.status == Status::Hidden && other.rank == winner.rank) {
        sentence.push_str(" Scopes of equal rank: the first one stays.");
    }
    match duplicates {
        0 => {}
        1 => sentence.push_str(&format!(" One scope has the name twice: its {kept} value is kept.")),
        _ => sentence.push_str(&format!(" Scopes have the name more than once: the {kept} value of each is kept.")),
    }
    sentence
}

fn side_by_side(present: &[&Candidate]) -> String {
    let shown: Vec<&&Candidate> = present.iter().filter(|candidate| candidate.status == Status::Shown).collect();
    let scopes: Vec<String> = shown.iter().map(|candidate| named(&candidate.scope)).collect();
    let same = shown.windows(2).all(|pair| match pair {
        [one, other] => (one.value_type, &one.raw) == (other.value_type, &other.raw),
        _ => true,
    });
    match (shown.len(), same) {
        (1, _) => format!("Only {} has the name. Scopes stand side by side; nothing wins.", list(&scopes)),
        (_, true) => {
            format!("{} have the name with equal values. Scopes stand side by side; nothing wins.", list(&scopes))
        }
        (_, false) => {
            format!("{} have the name with different values. Scopes stand side by side; nothing wins.", list(&scopes))
        }
    }
}

fn named(scope: &str) -> String {
    if scope.is_empty() { "the scope without a name".to_owned() } else { scope.to_owned() }
}

fn ranked(candidate: &Candidate) -> String {
    match candidate.rank {
        -1 => format!("{} (unknown scope, ranked last)", named(&candidate.scope)),
        rank => format!("{} (rank {rank})", named(&candidate.scope)),
    }
}

/// "a", "a and b", "a, b and c"; of very many, the first few and how many more.
fn list(parts: &[String]) -> String {
    const MOST: usize = 8;
    match parts {
        [first @ .., _] if first.len() >= MOST => {
            let (told, rest) = parts.split_at_checked(MOST).unwrap_or((parts, &[]));
            format!("{} and {} more", told.join(", "), rest.len())
        }
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
