//! What makes an explanation less certain than it looks.

use super::ladder::{Ladder, Status};
use super::sentence::push_all;
use super::words::Words;
use crate::snapshot::Snapshot;
use crate::snapshot::store::Entry;

/// So many similar names or scopes are told.
pub(super) const MOST_SIMILAR: usize = 8;

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WarningCode {
    /// The variable is taken for one of the platform's, since its name begins with `_`; the data does not say.
    SystemGuessed,
    /// Scopes have equal values that came as different texts.
    SameValueOtherText,
    /// Other names differ only by letter case, space or Unicode form.
    SimilarNames,
    /// An unknown scope differs from a known one only by letter case or space. It is not taken for that one.
    SimilarScope,
    /// In the earlier snapshot another scope won.
    WinnerChanged,
    /// Not all scopes were loaded.
    LoadedScopesOnly,
}

impl WarningCode {
    /// The code in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            WarningCode::SystemGuessed => "system-guessed",
            WarningCode::SameValueOtherText => "same-value-other-text",
            WarningCode::SimilarNames => "similar-names",
            WarningCode::SimilarScope => "similar-scope",
            WarningCode::WinnerChanged => "winner-changed",
            WarningCode::LoadedScopesOnly => "loaded-scopes-only",
        }
    }
}

/// One thing to be wary of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// A sentence for people, without a value and without other names.
    pub message: String,
    /// The scopes that it is about: those in which the text differs, the unknown one, or the one that won before.
    pub scopes: Vec<String>,
    /// The names that are similar, at most eight, in order of first appearance.
    pub names: Vec<String>,
}

/// What warnings are found in.
pub(super) struct Told<'a> {
    pub(super) name: &'a str,
    pub(super) ladder: &'a Ladder<'a>,
    /// The ladder of the earlier snapshot, under the same rule.
    pub(super) before: Option<&'a Ladder<'a>>,
    /// The scopes whose value is equal but spelled differently.
    pub(super) spelled: Vec<&'a str>,
    pub(super) normalize: Option<&'a dyn Fn(&str) -> String>,
    pub(super) words: &'a Words<'a>,
}

impl Snapshot {
    pub(super) fn warnings(&self, told: &Told<'_>) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code, message, scopes, names| warnings.push(Warning { code, message, scopes, names });
        let guessed = |entry: Entry| entry.is_system() && !entry.system_is_declared();
        let decides = told.ladder.winner().or_else(|| told.ladder.counting().next());
        if decides.and_then(|rung| rung.entry).is_some_and(|(_, entry)| guessed(entry)) {
            let message = "That it belongs to the platform is a guess from the first character of its name.";
            warn(WarningCode::SystemGuessed, message.to_owned(), Vec::new(), Vec::new());
        }
        if !told.spelled.is_empty() {
            let mut message = String::new();
            push_all(
                &mut message,
                &["The value of ", &told.words.list(&told.spelled), " is equal but came as a different text."],
            );
            warn(WarningCode::SameValueOtherText, message, told.words.scopes(&told.spelled), Vec::new());
        }
        let mut similar = self.similar_names(told.name, told.normalize);
        if !similar.is_empty() {
            let message = match similar.len() {
                1 => "Another name differs".to_owned(),
                count => count.to_string() + " other names differ",
            };
            similar.truncate(MOST_SIMILAR);
            warn(
                WarningCode::SimilarNames,
                message + " only by letter case, space or Unicode form.",
                Vec::new(),
                similar.iter().map(|name| told.words.other_name(name)).collect(),
            );
        }
        // Where ranks are hidden, so is which scopes are known.
        let pairs = if told.words.hides_ranks() { Vec::new() } else { told.ladder.similar_scopes() };
        for (unknown, known) in pairs {
            let mut message = String::new();
            let (one, other) = (told.words.list(&[unknown]), told.words.list(&[known]));
            push_all(
                &mut message,
                &["The scope ", &one, " is unknown; it differs from ", &other, " only by letter case or space."],
            );
            warn(WarningCode::SimilarScope, message, told.words.scopes(&[unknown]), Vec::new());
        }
        let (now, before) = (told.ladder.winner(), told.before.and_then(Ladder::winner));
        if let (Some(now), Some(before)) = (now, before)
            && now.scope != before.scope
        {
            let mut message = String::new();
            push_all(
                &mut message,
                &["In the earlier snapshot, ", &told.words.ranked(before.scope, before.rank), " won."],
            );
            warn(WarningCode::WinnerChanged, message, told.words.scopes(&[before.scope]), Vec::new());
        }
        if told.ladder.rungs.iter().any(|rung| rung.status == Status::NotLoaded) {
            let message = "This holds among the loaded scopes only.";
            warn(WarningCode::LoadedScopesOnly, message.to_owned(), Vec::new(), Vec::new());
        }
        warnings
    }
}
