//! An explanation through a mask: the scopes and names in it. Its values are covered where they are read.

use super::explanation::Explanation;
use super::ladder::Status;
use super::sentence::ranked;
use crate::snapshot::mask::{Hidden, Mask};

impl Explanation {
    /// What a mask leaves of it. `name` is the one that is explained.
    pub(super) fn through(mut self, name: &str, mask: &Mask) -> Explanation {
        if mask.is_off() {
            return self;
        }
        let mut hidden = Hidden::default();
        let name_is_hidden = mask.cover_variable_name(name, &mut hidden) != name;
        let mut ranks = Vec::new();
        if mask.leaves_out(name) {
            // Its scopes are hidden with it, and where they rank would tell which they are.
            for rank in self.candidates.iter().map(|candidate| candidate.rank).chain([-1]) {
                if !ranks.contains(&rank) {
                    ranks.push(rank);
                }
            }
            self.candidates.retain(|candidate| candidate.entry.is_some());
            self.winner = self.candidates.iter().position(|candidate| candidate.status == Status::Wins);
            self.candidates.iter_mut().for_each(|candidate| candidate.rank = -1);
            self.order.clear();
        }
        let scopes = self.candidates.iter().map(|candidate| &candidate.scope).chain(&self.order);
        let scopes = scopes.chain(self.warnings.iter().flat_map(|warning| &warning.scopes));
        let mut covered: Vec<(String, String)> = Vec::new();
        for scope in scopes {
            let shown = mask.cover_scope(scope, name, &mut hidden);
            if shown != *scope && !covered.iter().any(|(known, _)| known == scope) {
                let told = ranks.iter().map(|rank| ranked(scope, *rank));
                for told in told.chain([scope.clone()]).filter(|told| !told.is_empty()) {
                    // A scope may hold another one.
                    let place = covered.partition_point(|(known, _)| known.len() >= told.len());
                    covered.insert(place, (told, shown.to_string()));
                }
            }
        }
        let whole = |text: &mut String| {
            if let Some((_, shown)) = covered.iter().find(|(scope, _)| scope == text) {
                text.clone_from(shown);
            }
        };
        let within = |text: &mut String| {
            for (scope, shown) in &covered {
                *text = text.replace(scope.as_str(), shown);
            }
        };
        for candidate in &mut self.candidates {
            if name_is_hidden || covered.iter().any(|(scope, _)| *scope == candidate.scope) {
                candidate.expression = None;
            }
            whole(&mut candidate.scope);
            candidate.hidden_by.iter_mut().for_each(whole);
        }
        self.order.iter_mut().for_each(whole);
        within(&mut self.sentence);
        for warning in &mut self.warnings {
            within(&mut warning.message);
            warning.scopes.iter_mut().for_each(whole);
            for name in &mut warning.names {
                *name = mask.cover_variable_name(name, &mut hidden).into_owned();
            }
        }
        self
    }
}
