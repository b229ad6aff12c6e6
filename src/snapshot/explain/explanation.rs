//! The explanation of a name, put together from its ladder.

use super::expression::expression;
use super::ladder::{Ladder, Rung, Status};
use super::warning::{Told, Warning};
use super::words::Words;
use crate::scope::{Precedence, RULE_VERSION};
use crate::snapshot::diff::same;
use crate::snapshot::entry::View;
use crate::snapshot::mask::{Hidden, Mask, Masked};
use crate::snapshot::preview::cut;
use crate::snapshot::{EntryId, Snapshot};
use crate::value::ValueType;

/// So many characters are told of what came; the whole is in [`Snapshot::text`].
const MOST_RAW_CHARS: usize = 4_096;
/// So many candidates are told, highest first; a name with more of them is a fault of the data.
const MOST_CANDIDATES: usize = 1_000;

/// How a name is explained.
#[derive(Clone, Copy, Default)]
pub struct ExplainOptions<'a> {
    /// What if this rule held? The snapshot itself stays as it is. Default: the snapshot's own rule.
    pub precedence: Option<&'a Precedence>,
    /// A snapshot taken before, to tell whether another scope won then. Default: nothing is compared.
    pub earlier: Option<&'a Snapshot>,
    /// Brings a text into a Unicode normal form, to find names that only look the same; NFKC finds the most. It has to
    /// leave line feeds alone, as all normal forms do. Default: names are compared by letter case and space alone.
    pub normalize: Option<&'a dyn Fn(&str) -> String>,
    /// What hides things in the explanation; the name may then be one that it has shown. Default: nothing is hidden.
    pub mask: Option<&'a Mask>,
}

impl std::fmt::Debug for ExplainOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExplainOptions").field("precedence", &self.precedence).finish_non_exhaustive()
    }
}

/// Where a variable stood in what was fetched. When that was, the snapshot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provenance {
    /// The page, from 1.
    pub page: usize,
    /// The place among the page's items that were asked for, from 0, unreadable ones included.
    pub position: usize,
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
    /// The scope that hides it, where one does.
    pub hidden_by: Option<String>,
    /// The variable's row, where the scope has the name.
    pub entry: Option<EntryId>,
    /// Where the variable came from.
    pub provenance: Option<Provenance>,
    /// What came, at most 4,096 characters; absent where it is hidden as a whole.
    pub raw: Option<String>,
    /// What it was read as.
    pub value_type: Option<ValueType>,
    /// The typed value, shortened for display.
    pub text: Option<String>,
    /// What the mask did to the value, where it hid something of it.
    pub masked: Option<Masked>,
    /// What a flow writes to read it, where nothing wins and the scope is a namespace that flows address.
    pub expression: Option<String>,
}

/// Why a name has the value that it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The name of the rule.
    pub rule: &'static str,
    /// Raised when the rule of this name decides differently than before.
    pub rule_version: u32,
    /// The scopes that the rule knows, highest first.
    pub order: Vec<String>,
    /// Whether the rule is not the snapshot's own.
    pub what_if: bool,
    /// Position of the winner in `candidates`; absent side by side.
    pub winner: Option<usize>,
    /// Highest scope first; the scopes of the rule that do not have the name are there too.
    pub candidates: Vec<Candidate>,
    /// Whether all scopes that have the name have equal values, however they are spelled; absent where only one has it.
    pub equal: Option<bool>,
    /// What makes the answer less certain than it looks.
    pub warnings: Vec<Warning>,
    /// A few words for people, warnings included. They never hold a value.
    pub sentence: String,
}

impl Snapshot {
    /// Why a name has its value, or `None` where no scope has the name.
    ///
    /// ```
    /// use cognigy_session_debugger::scope::Precedence;
    /// use cognigy_session_debugger::snapshot::{ExplainOptions, IngestOptions, Snapshot};
    /// let body = br#"{"variables":[
    ///     {"name":"lang","value":"de","scope":"bot"},
    ///     {"name":"lang","value":"ar","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let explanation = snapshot.explain("lang", ExplainOptions::default()).unwrap();
    /// assert_eq!(explanation.sentence, "user (rank 3) wins over bot (rank 1).");
    ///
    /// let rule = Precedence::custom(["user", "bot"]);
    /// let what_if = ExplainOptions { precedence: Some(&rule), ..ExplainOptions::default() };
    /// let explanation = snapshot.explain("lang", what_if).unwrap();
    /// assert_eq!(explanation.sentence, "Under the other rule: bot (rank 1) wins over user (rank 0).");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn explain(&self, name: &str, options: ExplainOptions<'_>) -> Option<Explanation> {
        let off = Mask::off();
        let mask = options.mask.unwrap_or(&off);
        let behind = mask.behind(name);
        let name = behind.as_ref();
        let own = self.store.columns.precedence();
        let rule = match options.precedence {
            // Side by side has no winner; the order in which namespaces are looked at stays theirs.
            Some(other) if !(other.is_side_by_side() && own.is_side_by_side()) => other,
            _ => own,
        };
        let ladder = self.ladder(name, rule)?;
        let (equal, spelled) = self.compared_values(&ladder);
        let before = options.earlier.and_then(|earlier| earlier.ladder(name, rule));
        let words = Words { mask, name };
        let is_told = |rung: &&Rung<'_>| !words.hides_ranks() || rung.entry.is_some();
        let rungs: Vec<&Rung<'_>> = ladder.rungs.iter().filter(is_told).collect();
        let candidates = rungs.iter().take(MOST_CANDIDATES).map(|rung| self.candidate(rung, &ladder, &words)).collect();
        let order = if words.hides_ranks() { Vec::new() } else { rule.highest_first().collect() };
        let order = words.scopes(&order);
        let before = before.as_ref();
        let told = Told { name, ladder: &ladder, before, spelled, normalize: options.normalize, words: &words };
        let warnings = self.warnings(&told);
        let sentence = self.sentence(&ladder, rule, equal, &warnings, &words);
        Some(Explanation {
            rule: rule.rule(),
            rule_version: RULE_VERSION,
            order,
            what_if: rule != own,
            winner: rungs.iter().position(|rung| rung.status == Status::Wins),
            candidates,
            equal,
            warnings,
            sentence,
        })
    }

    fn candidate(&self, rung: &Rung<'_>, ladder: &Ladder<'_>, words: &Words<'_>) -> Candidate {
        let scope = words.scope(rung.scope);
        let expression = (rung.status == Status::Shown && scope == rung.scope && !words.hides_name())
            .then(|| expression(rung.scope, words.name))
            .flatten();
        let mut candidate = Candidate {
            scope: scope.into_owned(),
            rank: if words.hides_ranks() { -1 } else { rung.rank },
            status: rung.status,
            hidden_by: ladder
                .winner()
                .filter(|_| rung.is_hidden())
                .map(|winner| words.scope(winner.scope).into_owned()),
            entry: None,
            provenance: None,
            raw: None,
            value_type: None,
            text: None,
            masked: None,
            expression,
        };
        if let Some((id, entry)) = rung.entry {
            candidate.entry = Some(id);
            candidate.provenance = Some(self.provenance(id));
            self.look_through(id, entry, words.mask, &mut Hidden::default(), |seen| {
                let whole = seen.masked.as_ref().is_some_and(|masked| masked.whole);
                candidate.raw = (!whole).then(|| cut(seen.view.raw, MOST_RAW_CHARS).text);
                candidate.value_type = seen.value_type();
                candidate.text = Some(seen.shown().text);
                candidate.masked = seen.masked;
            });
        }
        candidate
    }

    fn provenance(&self, id: EntryId) -> Provenance {
        let before = self.page_ends.partition_point(|end| *end <= id);
        let first = before.checked_sub(1).and_then(|last| self.page_ends.get(last)).copied().unwrap_or(0);
        Provenance { page: before + 1, position: id.saturating_sub(first) as usize }
    }

    /// Whether the variables that count have equal values, and the scopes whose value is the winner's (side by side: the
    /// first one's) in another spelling.
    fn compared_values<'a>(&self, ladder: &Ladder<'a>) -> (Option<bool>, Vec<&'a str>) {
        let first = ladder.winner().or_else(|| ladder.counting().next());
        let Some((first_id, first)) = first.and_then(|rung| rung.entry) else { return (None, Vec::new()) };
        let (mut equal, mut spelled) = (None, Vec::new());
        self.look(first, |one| {
            for rung in ladder.counting() {
                let Some((_, entry)) = rung.entry.filter(|(id, _)| *id != first_id) else { continue };
                let (same_value, same_text) = self.look(entry, |other| (is_same(&one, &other), one.raw == other.raw));
                equal = Some(equal.unwrap_or(true) && same_value);
                if same_value && !same_text {
                    spelled.push(rung.scope);
                }
            }
        });
        (equal, spelled)
    }
}

fn is_same(one: &View<'_>, other: &View<'_>) -> bool {
    one.value_type() == other.value_type() && same(&one.value, &other.value)
}
