//! A place in a value, and what the mask hides there.

use super::names::{LEAF, TEXT};
use super::rule::RuleId;
use super::rules::Rules;
use super::sanitize::{Leaf, Sanitizer};
use super::words::push_words;
use crate::snapshot::at::Step;
use std::rc::Rc;

/// A place in a variable: it knows the names that lead to it. Made by [`Mask::variable`](super::Mask::variable).
///
/// ```
/// use cognigy_session_debugger::snapshot::Mask;
/// let mask = Mask::standard();
/// let card = mask.variable("card", "user");
/// assert!(card.whole().is_none());
/// assert!(card.member("number").text("4711").is_some());
/// assert!(card.member("colour").text("red").is_none());
/// ```
#[derive(Debug, Clone)]
pub struct Spot<'m> {
    rules: Option<&'m Rules>,
    /// The words of the nearest name.
    words: String,
    /// What hides everything here.
    whole: Option<RuleId>,
    /// What hides a text or number here, by the name; and whether numbers are spared.
    leaf: Option<(RuleId, bool)>,
    /// Where it is, for the host's hook.
    at: Option<Rc<At<'m>>>,
}

/// A place as the host's hook is told of it.
#[derive(Debug, Clone)]
struct At<'m> {
    hook: &'m Sanitizer,
    name: Rc<str>,
    scope: Rc<str>,
    path: Vec<Rc<str>>,
}

impl<'m> At<'m> {
    #[inline(never)]
    fn inside(&self, name: &str) -> Rc<At<'m>> {
        let mut at = self.clone();
        at.path.push(name.into());
        Rc::new(at)
    }
}

impl<'m> Spot<'m> {
    pub(super) fn variable(rules: Option<&'m Rules>, name: &str, scope: &str) -> Spot<'m> {
        let mut spot = Spot { rules, words: String::new(), whole: None, leaf: None, at: None };
        if let Some(rules) = rules {
            if let Some(rule) = rules.not_listed(name) {
                spot.whole = Some(rule);
            } else if rules.options.scopes.iter().any(|hidden| hidden == scope) {
                spot.whole = Some(RuleId::SCOPE);
            } else {
                spot = spot.member(name);
                let at = |hook| Rc::new(At { hook, name: name.into(), scope: scope.into(), path: Vec::new() });
                spot.at = rules.options.sanitize.as_ref().map(at);
            }
        }
        spot
    }

    /// The member of this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Spot<'m> {
        let mut spot = Spot { rules: self.rules, words: String::new(), whole: self.whole, leaf: None, at: None };
        let Some(rules) = self.rules.filter(|_| self.whole.is_none()) else { return spot };
        spot.words.push_str(&self.words);
        let own = spot.words.len();
        push_words(&mut spot.words, name);
        match rules.by_name(&spot.words, own) {
            Some((rule, how)) if how & (LEAF | TEXT) != 0 => spot.leaf = Some((rule, how & TEXT != 0)),
            Some((rule, _)) => spot.whole = Some(rule),
            None => {}
        }
        spot.words.drain(..own);
        spot.at = self.at.as_ref().map(|at| at.inside(name));
        spot
    }

    /// A member, or an element where there is no name.
    #[must_use]
    pub(in crate::snapshot) fn child(&self, name: Option<&str>) -> Spot<'m> {
        name.map_or_else(|| self.element(), |name| self.member(name))
    }

    /// What a step leads to.
    #[must_use]
    pub(in crate::snapshot) fn step(&self, step: &Step) -> Spot<'m> {
        match step {
            Step::Name(name) => self.member(name),
            Step::Index(_) => self.element(),
        }
    }

    /// An element of the list that is here: it goes by the name of the list.
    #[must_use]
    pub fn element(&self) -> Spot<'m> {
        self.clone()
    }

    /// The same place, where a rule hides everything.
    #[must_use]
    pub(super) fn hidden(&self, rule: RuleId) -> Spot<'m> {
        Spot { whole: Some(self.whole.unwrap_or(rule)), ..self.clone() }
    }

    /// What hides everything that is here, objects and lists included.
    pub fn whole(&self) -> Option<RuleId> {
        self.whole
    }

    /// What hides a text that is here, which is no JSON itself. An empty one has nothing to hide, unless nothing passes.
    pub fn text(&self, text: &str) -> Option<RuleId> {
        let rules = self.rules?;
        if text.is_empty() {
            return self.passes_nothing();
        }
        self.whole.or(self.leaf.map(|(rule, _)| rule)).or_else(|| rules.by_value(text))
    }

    /// What hides a number that is here.
    pub fn number(&self, digits: &str) -> Option<RuleId> {
        let rules = self.rules?;
        let by_name = self.leaf.filter(|(_, spares_numbers)| !spares_numbers).map(|(rule, _)| rule);
        self.whole.or(by_name).or_else(|| rules.by_value(digits))
    }

    /// What hides `null`, `true`, `false` and what is empty: a name alone does not, since they tell no secret.
    pub fn word(&self) -> Option<RuleId> {
        self.rules?;
        self.passes_nothing()
    }

    /// The same place, about which the host's hook is not asked.
    #[must_use]
    pub(super) fn without_hook(self) -> Spot<'m> {
        Spot { at: None, ..self }
    }

    /// What the host's hook makes of something that no rule hides here: `None` where it stays, `Some(None)` where it is hidden.
    pub(super) fn sanitized(&self, text: &str) -> Option<Option<String>> {
        let At { hook, name, scope, path } = &**self.at.as_ref()?;
        let answer = hook.ask(&Leaf { name, scope, path, text });
        (answer.as_deref() != Some(text)).then_some(answer)
    }

    fn passes_nothing(&self) -> Option<RuleId> {
        self.whole.filter(|rule| matches!(*rule, RuleId::NOT_LISTED | RuleId::SCOPE))
    }
}
