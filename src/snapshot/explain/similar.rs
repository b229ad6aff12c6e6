//! Names and scopes that people take for one another.

use super::ladder::{Ladder, Rung, Status};
use super::warning::MOST_SIMILAR;
use crate::snapshot::Snapshot;
use crate::value::Keys;

/// So much text is brought into a normal form at a time: memory of the engine never shrinks.
const BATCH_BYTES: usize = 65_536;

/// So many unknown scopes are compared with those that are known.
const MOST_LOOKED_AT: usize = 1_000;

impl Snapshot {
    /// The other names that differ from `name` only by letter case, space or, where a normal form is offered, Unicode form.
    pub(super) fn similar_names(&self, name: &str, normalize: Option<&dyn Fn(&str) -> String>) -> Vec<String> {
        let normal = |text: String| match normalize {
            Some(normalize) => normalize(&text),
            None => text,
        };
        let wanted: String = bare(&normal(bare(name).collect())).collect();
        let mut found = Vec::new();
        // Names beyond ASCII wait for their normal form, one on a line: a bare name has no line feed.
        let (mut waiting, mut lines) = (Vec::new(), String::new());
        for id in self.name_ids() {
            let other = self.store.name(id);
            if other == name {
                continue;
            }
            if other.is_ascii() {
                if bare(&other).eq(wanted.chars()) {
                    found.push(id);
                }
                continue;
            }
            lines.extend(bare(&other));
            lines.push('\n');
            waiting.push(id);
            if lines.len() >= BATCH_BYTES {
                found.extend(matching(&normal(std::mem::take(&mut lines)), &wanted, &waiting));
                waiting.clear();
            }
        }
        found.extend(matching(&normal(lines), &wanted, &waiting));
        let mut keys = Keys::default();
        for id in &found {
            keys.number(*id as usize);
            keys.end();
        }
        let found = keys.sorted().into_iter().filter_map(|place| found.get(place));
        found.map(|id| self.store.name(*id).into_owned()).collect()
    }
}

impl<'a> Ladder<'a> {
    /// The unknown scopes that differ from a known one only by letter case or space, with that one.
    pub(super) fn similar_scopes(&self) -> Vec<(&'a str, &'a str)> {
        let mut found = Vec::new();
        let known = self.rungs.iter().filter(|rung| rung.rank >= 0);
        let known: Vec<_> = known.map(|rung| (rung.scope, bare(rung.scope).collect::<String>())).collect();
        let is_unknown = |rung: &&Rung<'_>| rung.rank < 0 && rung.status != Status::Duplicate;
        for unknown in self.rungs.iter().filter(is_unknown).take(MOST_LOOKED_AT) {
            if let Some((scope, _)) = known.iter().find(|(_, known)| bare(unknown.scope).eq(known.chars())) {
                found.push((unknown.scope, *scope));
            }
            if found.len() == MOST_SIMILAR {
                break;
            }
        }
        found
    }
}

/// The names whose line is the wanted one.
fn matching<'a>(lines: &'a str, wanted: &'a str, names: &'a [u32]) -> impl Iterator<Item = u32> + use<'a> {
    lines.lines().zip(names).filter(|(line, _)| bare(line).eq(wanted.chars())).map(|(_, id)| *id)
}

/// The characters of a name without its spaces, seen or unseen, in lower case.
fn bare(text: &str) -> impl Iterator<Item = char> + '_ {
    let seen =
        |c: &char| !c.is_whitespace() && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.chars().filter(seen).flat_map(char::to_lowercase)
}
