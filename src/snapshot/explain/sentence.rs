//! The words of an explanation. Scopes are named in them; values and other names never are.

use super::ladder::{Ladder, Rung, Status};
use super::warning::Warning;
use super::words::Words;
use crate::scope::Precedence;
use crate::snapshot::Snapshot;

/// So many scopes are named; of more, only how many.
const MOST_SCOPES: usize = 8;

impl Snapshot {
    pub(super) fn sentence(
        &self,
        ladder: &Ladder<'_>,
        rule: &Precedence,
        equal: Option<bool>,
        warnings: &[Warning],
        words: &Words<'_>,
    ) -> String {
        let mut sentence = match ladder.winner() {
            None => side_by_side(ladder, equal, words),
            Some(winner) => {
                layered(winner, ladder, if self.store.columns.last_of_equals() { "last" } else { "first" }, words)
            }
        };
        if rule != self.store.columns.precedence() {
            sentence.insert_str(0, "Under the other rule: ");
        }
        for warning in warnings {
            push_all(&mut sentence, &[" ", &warning.message]);
        }
        sentence
    }
}

fn layered(winner: &Rung<'_>, ladder: &Ladder<'_>, kept: &str, words: &Words<'_>) -> String {
    let hidden: Vec<&Rung<'_>> = ladder.rungs.iter().filter(|rung| rung.is_hidden()).collect();
    let mut sentence = words.ranked(winner.scope, winner.rank);
    if hidden.is_empty() {
        sentence.push_str(" is the only scope that has the name.");
    } else {
        push_all(
            &mut sentence,
            &[
                " wins over ",
                &list_of(hidden.len(), |place| hidden.get(place).map(|rung| words.ranked(rung.scope, rung.rank))),
                ".",
            ],
        );
    }
    if hidden.iter().any(|other| other.rank == winner.rank) {
        sentence.push_str(" Scopes of equal rank: the first one stays.");
    }
    match ladder.rungs.iter().filter(|rung| rung.status == Status::Duplicate).count() {
        0 => {}
        1 => push_all(&mut sentence, &[" One scope has the name twice: its ", kept, " value is kept."]),
        _ => push_all(&mut sentence, &[" Scopes have the name more than once: the ", kept, " value of each is kept."]),
    }
    sentence
}

fn side_by_side(ladder: &Ladder<'_>, equal: Option<bool>, words: &Words<'_>) -> String {
    let scopes: Vec<&str> = ladder.counting().map(|rung| rung.scope).collect();
    let scopes = words.list(&scopes);
    let mut sentence = String::new();
    match equal {
        None => push_all(&mut sentence, &["Only ", &scopes, " has the name."]),
        Some(true) => push_all(&mut sentence, &[&scopes, " have the name with equal values."]),
        Some(false) => push_all(&mut sentence, &[&scopes, " have the name with different values."]),
    }
    sentence.push_str(" Scopes stand side by side; nothing wins.");
    sentence
}

pub(super) fn list_of(count: usize, part: impl Fn(usize) -> Option<String>) -> String {
    let told = if count > MOST_SCOPES { MOST_SCOPES } else { count };
    let mut out = String::new();
    for place in 0..told {
        out.push_str(match place {
            0 => "",
            _ if place + 1 == count => " and ",
            _ => ", ",
        });
        out.push_str(&part(place).unwrap_or_default());
    }
    if count > told {
        push_all(&mut out, &[" and ", &(count - told).to_string(), " more"]);
    }
    out
}

pub(super) fn push_all(out: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| out.push_str(part));
}
