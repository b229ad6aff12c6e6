//! The scopes of a name under a rule, highest first, and what became of each.

use crate::scope::Precedence;
use crate::snapshot::store::Entry;
use crate::snapshot::{EntryId, Snapshot};
use crate::value::Keys;

/// What happened to one scope's variable when its name was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// The name resolves to it.
    Wins,
    /// A higher scope hides it.
    Hidden,
    /// The rule does not know the scope, which therefore ranks last, and another one wins.
    UnknownScope,
    /// The same scope has the name more than once, and another of them is kept.
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
            Status::UnknownScope => "unknown-scope",
            Status::Duplicate => "duplicate",
            Status::Shown => "shown",
            Status::NotSet => "not-set",
            Status::NotLoaded => "not-loaded",
        }
    }
}

/// One scope of the ladder.
#[derive(Clone, Copy)]
pub(super) struct Rung<'a> {
    pub(super) scope: &'a str,
    pub(super) rank: i32,
    pub(super) status: Status,
    /// The variable, where the scope has the name.
    pub(super) entry: Option<(EntryId, Entry)>,
}

impl Rung<'_> {
    /// Whether the winner takes its place.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.status, Status::Hidden | Status::UnknownScope)
    }
}

/// All scopes of a name, highest first.
pub(super) struct Ladder<'a> {
    pub(super) rungs: Vec<Rung<'a>>,
    pub(super) winner: Option<usize>,
}

impl<'a> Ladder<'a> {
    pub(super) fn winner(&self) -> Option<&Rung<'a>> {
        self.rungs.get(self.winner?)
    }

    /// The variables that count in their scopes.
    pub(super) fn counting(&self) -> impl Iterator<Item = &Rung<'a>> {
        self.rungs.iter().filter(|rung| rung.entry.is_some() && rung.status != Status::Duplicate)
    }
}

impl Snapshot {
    /// The ladder of a name under a rule, which need not be the snapshot's own.
    pub(super) fn ladder<'a>(&'a self, text: &str, rule: &'a Precedence) -> Option<Ladder<'a>> {
        let columns = &self.store.columns;
        let name = self.store.find(text)?;
        let winner = if rule.is_side_by_side() {
            None
        } else if rule == columns.precedence() {
            columns.winner(name)
        } else {
            self.winner_under(name, rule)
        };
        let mut rungs: Vec<Rung<'_>> = Vec::new();
        for (id, entry) in columns.chain(name) {
            let scope = columns.scope(entry);
            let rank = rule.rank(scope);
            let status = if winner == Some(id) {
                Status::Wins
            } else if entry.is_duplicate() {
                Status::Duplicate
            } else if winner.is_none() {
                Status::Shown
            } else if rank < 0 {
                Status::UnknownScope
            } else {
                Status::Hidden
            };
            rungs.push(Rung { scope, rank, status, entry: Some((id, entry)) });
        }
        for scope in rule.highest_first() {
            if !rungs.iter().any(|rung| rung.scope == scope) {
                rungs.push(Rung {
                    scope,
                    rank: rule.rank(scope),
                    status: self.status_of_absent(text, scope),
                    entry: None,
                });
            }
        }
        let rungs = highest_first(&rungs);
        let winner = rungs.iter().position(|rung| rung.status == Status::Wins);
        Some(Ladder { rungs, winner })
    }

    /// The entry that would win: the first of the highest scope, unless the last of one scope counts.
    fn winner_under(&self, name: u32, rule: &Precedence) -> Option<EntryId> {
        let columns = &self.store.columns;
        let mut best: Option<(EntryId, &str, i32)> = None;
        for (id, entry) in columns.chain(name) {
            let scope = columns.scope(entry);
            let rank = rule.rank(scope);
            let wins = best.is_none_or(|(_, best_scope, best_rank)| {
                rank > best_rank || (columns.last_of_equals() && scope == best_scope)
            });
            if wins {
                best = Some((id, scope, rank));
            }
        }
        best.map(|(id, ..)| id)
    }

    /// What is told of a scope that does not have a name.
    pub(in crate::snapshot) fn status_of_absent(&self, name: &str, scope: &str) -> Status {
        if self.tells_absence(name, Some(scope)) { Status::NotSet } else { Status::NotLoaded }
    }
}

/// Equals stay in order of appearance, with those that do not count last.
fn highest_first<'a>(rungs: &[Rung<'a>]) -> Vec<Rung<'a>> {
    let mut keys = Keys::default();
    for rung in rungs {
        keys.number(i32::MAX.abs_diff(rung.rank) as usize);
        keys.number(usize::from(rung.status == Status::Duplicate));
        keys.end();
    }
    keys.sorted().into_iter().filter_map(|place| rungs.get(place).copied()).collect()
}
