//! What a mask leaves of a document: every leaf judged by itself, JSON inside texts included.

use super::aliases::{alias, number_in};
use super::masked::mark_of;
use super::rule::RuleId;
use super::rules::Mask;
use super::spot::Spot;
use crate::value::Value;
use crate::value::json::{escape_into, scan_string, scan_value, unescape, validate};
use std::borrow::Cow;

/// How often each rule hid something.
///
/// ```
/// use cognigy_session_debugger::snapshot::{Hidden, Mask};
/// let (mask, mut hidden) = (Mask::standard(), Hidden::default());
/// let text = mask.cover_text("max@mail.example", &mask.variable("contact", "user"), &mut hidden);
/// assert_eq!(text, "[masked:email]");
/// assert_eq!(hidden.by_rule().map(|(rule, count)| (mask.rule(rule), count)).collect::<Vec<_>>(), [("email", 1)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    counts: Vec<(RuleId, usize)>,
}

impl Hidden {
    fn add(&mut self, rule: RuleId) {
        self.add_count(rule, 1);
    }

    fn add_count(&mut self, rule: RuleId, more: usize) {
        match self.counts.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, count)) => *count += more,
            None => self.counts.push((rule, more)),
        }
    }

    /// Adds what was counted elsewhere through the same mask.
    pub(in crate::snapshot) fn add_all(&mut self, other: &Hidden) {
        other.by_rule().for_each(|(rule, count)| self.add_count(rule, count));
    }

    /// The rules that hid something, with how often.
    pub fn by_rule(&self) -> impl Iterator<Item = (RuleId, usize)> {
        self.counts.iter().copied()
    }

    /// How much was hidden in all.
    pub fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// JSON inside a text inside a text: deeper than this nobody looks, and the text is hidden.
const MOST_LEVELS: usize = 4;
/// Levels of nested values, as everywhere.
const MOST_DEPTH: usize = crate::ingest::Limits::MAX_DEPTH;

/// An open object or list.
struct Frame<'m> {
    spot: Spot<'m>,
    object: bool,
}

/// Whether a text that is no JSON was meant to be: cut off, in another notation, or several documents in a row. What its names
/// lead to cannot be told then. `[Agent] hello` and `{name}` are texts.
fn looks_like_json(text: &str) -> bool {
    let mut rest = text.chars().filter(|c| !c.is_whitespace());
    match (rest.next(), rest.next()) {
        (Some('{'), Some('"' | '\'' | '\\')) | (Some('['), Some('"' | '\'' | '\\' | '{' | '[')) => true,
        // Encoded twice, and cut off.
        (Some('"'), Some('{' | '[')) => true,
        _ => false,
    }
}

impl Mask {
    /// A text, or what stands in its place.
    pub fn cover_text<'a>(&self, text: &'a str, spot: &Spot<'_>, hidden: &mut Hidden) -> Cow<'a, str> {
        self.cover_level(text, spot, 0, hidden)
    }

    /// A text that stands nowhere: a name, a scope, a session id. Names that are hidden are numbered, to stay apart: each has the same
    /// number for as long as this mask lives.
    pub fn cover_name<'a>(&self, name: &'a str, hidden: &mut Hidden) -> Cow<'a, str> {
        self.cover_name_by(self.text(name), name, hidden)
    }

    /// The name of a variable. With a list of those that pass, the others' names are as secret as their values.
    pub(crate) fn cover_variable_name<'a>(&self, name: &'a str, hidden: &mut Hidden) -> Cow<'a, str> {
        self.cover_name_by(self.not_listed(name).or_else(|| self.text(name)), name, hidden)
    }

    /// The scope of a variable.
    pub(in crate::snapshot) fn cover_scope<'a>(&self, scope: &'a str, name: &str, hidden: &mut Hidden) -> Cow<'a, str> {
        let Some(rule) = self.not_listed(name) else { return self.cover_name(scope, hidden) };
        hidden.add(rule);
        // The first one goes without a number: most names have one scope.
        let number = self.rules.as_ref().map_or(1, |rules| rules.aliases.borrow_mut().scope_number(name, scope));
        Cow::Owned(if number == 1 { self.mark(rule) } else { alias(self.rule(rule), number) })
    }

    /// The scope that was hidden behind this one together with the variable of this name; any other scope itself.
    pub(in crate::snapshot) fn scope_behind<'a>(&self, scope: &'a str, name: &str) -> Cow<'a, str> {
        let (Some(rules), Some(rule)) = (self.rules.as_ref(), self.not_listed(name)) else { return self.behind(scope) };
        let number = if scope == self.mark(rule) { Some(1) } else { number_in(scope) };
        let known = |number| rules.aliases.borrow().scope(name, number).map(String::from);
        number.and_then(known).map_or(Cow::Borrowed(scope), Cow::Owned)
    }

    /// What is told of a scope where nobody has to find the way back: the same for all that one rule hides.
    pub(in crate::snapshot) fn scope_apart<'a>(&self, scope: &'a str, name: &str) -> Cow<'a, str> {
        self.blank(self.not_listed(name).or_else(|| self.text(scope)), scope)
    }

    /// The same of a variable's name.
    pub(in crate::snapshot) fn name_apart<'a>(&self, name: &'a str) -> Cow<'a, str> {
        self.blank(self.not_listed(name).or_else(|| self.text(name)), name)
    }

    fn blank<'a>(&self, rule: Option<RuleId>, text: &'a str) -> Cow<'a, str> {
        rule.map_or(Cow::Borrowed(text), |rule| Cow::Owned(self.mark(rule)))
    }

    /// Whether a list of those that pass leaves a variable out.
    pub(in crate::snapshot) fn leaves_out(&self, name: &str) -> bool {
        self.not_listed(name).is_some()
    }

    /// What stands for everything of a variable that a list of those that pass leaves out.
    pub(in crate::snapshot) fn cover_unlisted(&self, name: &str, hidden: &mut Hidden) -> Option<String> {
        self.not_listed(name).map(|rule| self.instead(rule, hidden))
    }

    fn cover_name_by<'a>(&self, rule: Option<RuleId>, name: &'a str, hidden: &mut Hidden) -> Cow<'a, str> {
        let Some(rule) = rule else { return Cow::Borrowed(name) };
        hidden.add(rule);
        let number = self.rules.as_ref().map_or(0, |rules| rules.aliases.borrow_mut().number(name));
        Cow::Owned(alias(self.rule(rule), number))
    }

    /// The name that was hidden behind this one through this mask or a clone of it; any other name itself.
    pub(in crate::snapshot) fn behind<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let known = || {
            let (rules, number) = (self.rules.as_ref()?, number_in(name)?);
            rules.aliases.borrow().name(number).map(String::from)
        };
        known().map_or(Cow::Borrowed(name), Cow::Owned)
    }

    /// Writes a value as JSON in its own spelling, with the hidden leaves replaced. `raw` stands for what JSON cannot hold.
    pub(in crate::snapshot) fn write_value(
        &self,
        out: &mut String,
        value: &Value<'_>,
        raw: &str,
        spot: &Spot<'_>,
        hidden: &mut Hidden,
    ) {
        match value {
            Value::Null => self.write_json(out, "null", spot, hidden),
            Value::Boolean(true) => self.write_json(out, "true", spot, hidden),
            Value::Boolean(false) => self.write_json(out, "false", spot, hidden),
            Value::Integer(text) | Value::Number(text) | Value::Array(text) | Value::Object(text) => {
                self.write_json(out, text, spot, hidden);
            }
            Value::String(text) => escape_into(out, &self.cover_text(text, spot, hidden)),
            Value::NonFinite(_) => escape_into(out, &self.cover_text(raw, spot, hidden)),
        }
    }

    /// Writes a JSON document with the hidden leaves replaced by `"[masked:rule]"`. What is no JSON is hidden whole.
    pub fn write_json(&self, out: &mut String, source: &str, spot: &Spot<'_>, hidden: &mut Hidden) {
        if self.is_off() {
            return out.push_str(source);
        }
        self.walk(out, source, spot, 0, hidden);
    }

    fn cover_level<'a>(&self, text: &'a str, spot: &Spot<'_>, level: usize, hidden: &mut Hidden) -> Cow<'a, str> {
        if self.is_off() {
            return Cow::Borrowed(text);
        }
        let document = text.trim_start_matches(['\u{feff}', ' ', '\t', '\n', '\r']);
        if spot.whole().is_none() && document.starts_with(['{', '[', '"']) {
            let is_json = validate(document.as_bytes(), MOST_DEPTH).is_ok();
            if is_json && level < MOST_LEVELS {
                let mut out = String::with_capacity(text.len());
                out.push_str(text.strip_suffix(document).unwrap_or_default());
                self.walk(&mut out, document, spot, level + 1, hidden);
                return Cow::Owned(out);
            }
            if is_json || looks_like_json(document) {
                return Cow::Owned(self.instead(RuleId::UNREADABLE, hidden));
            }
        }
        self.cover_leaf(spot.text(text), text, spot, level, hidden).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// What stands in the place of a leaf that this rule hides or, where there is none, the host's hook; `None` where it stays.
    #[inline(never)]
    fn cover_leaf(
        &self,
        rule: Option<RuleId>,
        text: &str,
        spot: &Spot<'_>,
        level: usize,
        hidden: &mut Hidden,
    ) -> Option<String> {
        if let Some(rule) = rule {
            return Some(self.instead(rule, hidden));
        }
        let Some(answer) = spot.sanitized(text)? else { return Some(self.instead(RuleId::SANITIZED, hidden)) };
        let before = hidden.total();
        // What the host says is not beyond the rules.
        let left = self.cover_level(&answer, &spot.clone().without_hook(), level, hidden).into_owned();
        if hidden.total() == before {
            hidden.add(RuleId::SANITIZED);
        }
        Some(left)
    }

    /// What stands in the place of an item that could not be read, and so cannot be judged either.
    pub(in crate::snapshot) fn cover_unreadable(&self, hidden: &mut Hidden) -> String {
        self.instead(RuleId::UNREADABLE, hidden)
    }

    /// The name of the rule for it.
    pub(super) fn unreadable_rule(&self, hidden: &mut Hidden) -> &str {
        hidden.add(RuleId::UNREADABLE);
        self.rule(RuleId::UNREADABLE)
    }

    fn instead(&self, rule: RuleId, hidden: &mut Hidden) -> String {
        hidden.add(rule);
        self.mark(rule)
    }

    /// What stands where a rule hid something.
    fn mark(&self, rule: RuleId) -> String {
        mark_of(self.rule(rule))
    }

    /// One pass over the tokens. Texts are looked into up to [`MOST_LEVELS`] deep, which bounds the calls.
    fn walk(&self, out: &mut String, source: &str, spot: &Spot<'_>, level: usize, hidden: &mut Hidden) {
        let begin = out.len();
        if self.tokens(out, source, spot, level, hidden).is_none() {
            // Half a document may have let something through.
            out.truncate(begin);
            escape_into(out, &self.instead(RuleId::UNREADABLE, hidden));
        }
    }

    fn tokens(&self, out: &mut String, source: &str, spot: &Spot<'_>, level: usize, hidden: &mut Hidden) -> Option<()> {
        let bytes = source.as_bytes();
        let mut open: Vec<Frame<'_>> = Vec::new();
        let (mut next, mut is_key, mut at) = (spot.clone(), false, 0);
        while let Some(byte) = bytes.get(at) {
            let end = match byte {
                b'{' | b'[' => match next.whole() {
                    Some(rule) => {
                        escape_into(out, &self.instead(rule, hidden));
                        scan_value(bytes, at).ok()?.end
                    }
                    None => {
                        is_key = *byte == b'{';
                        open.push(Frame { spot: next.clone(), object: is_key });
                        next = next.element();
                        out.push(char::from(*byte));
                        at + 1
                    }
                },
                b'"' => {
                    let end = scan_string(bytes, at + 1).ok()?.0;
                    let inside = source.get(at + 1..end - 1)?;
                    // With half a surrogate pair in it no text can be judged, and so neither what goes by it.
                    let text = unescape(inside);
                    let shown = match &text {
                        Some(text) if is_key => {
                            next = open.last()?.spot.member(text);
                            self.cover_name(text, hidden)
                        }
                        Some(text) => self.cover_level(text, &next, level, hidden),
                        None => {
                            if is_key {
                                next = next.hidden(RuleId::UNREADABLE);
                            }
                            Cow::Owned(self.instead(RuleId::UNREADABLE, hidden))
                        }
                    };
                    is_key = false;
                    // What stays, stays in its own spelling.
                    if text.as_ref() == Some(&shown) {
                        out.push_str(source.get(at..end)?)
                    } else {
                        escape_into(out, &shown)
                    }
                    end
                }
                b',' => {
                    let frame = open.last()?;
                    is_key = frame.object;
                    next = frame.spot.element();
                    out.push(',');
                    at + 1
                }
                b'}' | b']' => {
                    open.pop()?;
                    out.push(char::from(*byte));
                    at + 1
                }
                b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                    out.push(char::from(*byte));
                    at + 1
                }
                _ => {
                    let end = scan_value(bytes, at).ok()?.end;
                    let token = source.get(at..end)?;
                    let number = !byte.is_ascii_alphabetic();
                    let rule = if number { next.number(token) } else { next.word() };
                    match self.cover_leaf(rule, token, &next, level, hidden) {
                        Some(left) => escape_into(out, &left),
                        None => out.push_str(token),
                    }
                    end
                }
            };
            at = end;
        }
        open.is_empty().then_some(())
    }
}
