//! Which rules hold: the standard ones, and what the host adds, takes away or lists.

use super::aliases::Aliases;
use super::reveals::Revealed;
use super::rule::{NAMES, RuleId};
use super::sanitize::Sanitizer;
use super::spot::Spot;
use super::{names, own_tokens, parameters, shapes, words};
use std::cell::RefCell;
use std::rc::Rc;

/// What hides things. Clones share one set of rules.
///
/// A text is hidden by the name that it stands under or by what is in it. Nothing that was found is kept.
///
/// ```
/// use cognigy_session_debugger::snapshot::Mask;
/// let mask = Mask::standard();
/// let hidden = |name: &str, text: &str| mask.variable(name, "user").text(text).map(|rule| mask.rule(rule));
/// assert_eq!(hidden("clientSecret", "s3cr3t"), Some("secret"));
/// assert_eq!(hidden("note", "write to max@mail.example"), Some("email"));
/// assert_eq!(hidden("token_count", "12"), None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Mask {
    pub(super) rules: Option<Rc<Rules>>,
    /// What is shown for now all the same.
    pub(super) revealed: Option<Rc<[Revealed]>>,
}

#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) options: MaskOptions,
    /// The words of `options.names` and `options.safe_names`.
    hidden_words: Vec<String>,
    safe_words: Vec<String>,
    /// Names that were judged lately, each in the place that its letters lead to.
    judged: RefCell<Vec<Judged>>,
    pub(super) aliases: RefCell<Aliases>,
}

/// A name, as its words, and what was found of it.
#[derive(Debug, Clone, Default)]
struct Judged {
    words: String,
    own: usize,
    found: Option<(RuleId, u8)>,
}

/// The members of many values have the same few names.
const MOST_JUDGED: usize = 256;

/// What a host asks of a mask beyond the standard rules.
///
/// ```
/// use cognigy_session_debugger::snapshot::{Mask, MaskOptions};
/// let mask = Mask::new(MaskOptions { names: vec!["customer number".into()], ..MaskOptions::default() });
/// assert!(mask.variable("customerNumber", "user").text("4711").is_some());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MaskOptions {
    /// Names to hide: their words, one after the other, anywhere in a name.
    pub names: Vec<String>,
    /// Names that no rule of names hides, by all their words.
    pub safe_names: Vec<String>,
    /// Scopes to hide.
    pub scopes: Vec<String>,
    /// Values to hide.
    pub values: Vec<ValueRule>,
    /// Hide telephone numbers as well. Default: `false`, since order numbers look alike.
    pub phone: bool,
    /// Only the variables of these names pass, and of them only what no rule hides. Of the others names, scopes and values are
    /// hidden; how many there are, and of what types, is not. An empty list lets nothing pass.
    /// Default: all variables.
    pub allow: Option<Vec<String>>,
    /// What the host itself says of whatever the rules leave of a value. Default: nothing.
    pub sanitize: Option<Sanitizer>,
}

/// A rule of the host for values: a beginning, and characters behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueRule {
    /// Its name, which stands where the value was.
    pub rule: String,
    /// The text that it begins with, in this letter case; may be empty.
    pub prefix: String,
    /// What follows.
    pub characters: Characters,
    /// At least so many of them.
    pub least: usize,
    /// At most so many, and then something else or the end. At most 1,024.
    pub most: usize,
}

/// A kind of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Characters {
    /// `0` to `9`.
    Digits,
    /// Letters of ASCII.
    Letters,
    /// Both.
    Alphanumeric,
    /// Hexadecimal digits.
    Hex,
    /// Letters, digits, `_`, `-`, `.`, `~`, `+`, `/` and `=`.
    Token,
    /// Anything at all.
    #[default]
    Any,
}

/// No rule of the host asks for more characters.
const MOST_CHARACTERS: usize = 1_024;
/// So many rules of the host are told apart by name.
const MOST_HOST_RULES: usize = 200;

impl Mask {
    /// A mask that hides nothing.
    pub fn off() -> Mask {
        Mask::default()
    }

    /// The standard rules.
    pub fn standard() -> Mask {
        Mask::new(MaskOptions::default())
    }

    /// The standard rules and the host's own.
    pub fn new(mut options: MaskOptions) -> Mask {
        let words_of =
            |names: &[String]| names.iter().map(|name| words_of(name)).filter(|words| !words.is_empty()).collect();
        options.values.truncate(MOST_HOST_RULES);
        // A rule that fits the empty text would hide everything.
        options.values.retain(|rule| !rule.prefix.is_empty() || rule.least > 0);
        let (hidden_words, safe_words) = (words_of(&options.names), words_of(&options.safe_names));
        let judged = RefCell::new(vec![Judged::default(); MOST_JUDGED]);
        let rules = Rules { options, hidden_words, safe_words, judged, aliases: RefCell::default() };
        Mask { rules: Some(Rc::new(rules)), revealed: None }
    }

    /// Whether nothing is hidden.
    pub fn is_off(&self) -> bool {
        self.rules.is_none()
    }

    /// Whether both hide the same, but for tokens that they were told of.
    pub(super) fn is_like(&self, other: &Mask) -> bool {
        match (&self.rules, &other.rules) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other) || one.options == other.options,
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// The name of a rule.
    pub fn rule(&self, rule: RuleId) -> &str {
        let host = || {
            let place = usize::from(rule.0.checked_sub(RuleId::FIRST_OF_HOST)?);
            self.rules.as_ref()?.options.values.get(place).map(|rule| rule.rule.as_str())
        };
        NAMES.get(usize::from(rule.0)).copied().or_else(host).unwrap_or("masked")
    }

    /// The place of a variable, from which one asks for its value and goes down into it.
    pub fn variable(&self, name: &str, scope: &str) -> Spot<'_> {
        Spot::variable(self.rules.as_deref(), name, scope)
    }

    /// Whether nothing that this mask covers reads as this text, a folded one.
    pub(in crate::snapshot) fn marks_are_not(&self, folded: &str) -> bool {
        !self.replaces() && (self.is_off() || !folded.contains("[masked:"))
    }

    /// Whether the host's hook may put something else in a value's place.
    pub(in crate::snapshot) fn replaces(&self) -> bool {
        self.rules.as_ref().is_some_and(|rules| rules.options.sanitize.is_some())
    }

    /// A place in no variable, which the host's hook is not asked about.
    pub(crate) fn nowhere(&self) -> Spot<'_> {
        self.variable("", "").without_hook()
    }

    /// The rule that hides a text that stands nowhere, by what is in it: a name, a session id, words of a server.
    pub fn text(&self, text: &str) -> Option<RuleId> {
        self.rules.as_ref()?.by_value(text)
    }

    /// The rule for a variable that a list of those that pass leaves out.
    pub(super) fn not_listed(&self, name: &str) -> Option<RuleId> {
        self.rules.as_ref()?.not_listed(name)
    }

    /// Hides every text that holds this token from now on, whatever the mask, as it is or percent-encoded. The last two are
    /// known. One that is shorter than six characters is not, since it would be found in everything.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::Mask;
    /// Mask::know("opaque/token=");
    /// let mask = Mask::standard();
    /// assert!(mask.text("the tenant said opaque%2Ftoken%3D").is_some());
    /// Mask::forget_tokens();
    /// assert!(mask.text("the tenant said opaque/token=").is_none());
    /// ```
    pub fn know(token: &str) {
        own_tokens::know(token);
    }

    /// Forgets all of them.
    pub fn forget_tokens() {
        own_tokens::forget();
    }
}

impl Rules {
    /// The rule for a variable that a list of those that pass leaves out.
    pub(super) fn not_listed(&self, name: &str) -> Option<RuleId> {
        let allowed = self.options.allow.as_ref()?;
        (!allowed.iter().any(|allowed| allowed == name)).then_some(RuleId::NOT_LISTED)
    }

    /// The rule that hides a text by what is in it.
    pub(super) fn by_value(&self, text: &str) -> Option<RuleId> {
        if own_tokens::is_in(text) {
            return Some(RuleId::OWN_TOKEN);
        }
        let host = self.options.values.iter().position(|rule| rule.is_in(text));
        let host = host.and_then(|place| RuleId::FIRST_OF_HOST.checked_add(u8::try_from(place).ok()?)).map(RuleId);
        host.or_else(|| shapes::judge(text, self.options.phone)).or_else(|| {
            let by_name = |words: &str| self.by_name(words, 0);
            parameters::has_parameter(text, by_name).then_some(RuleId::URL_PARAMETER)
        })
    }

    /// The rule that a name falls under, and how. `words` end with those of the name, which begin at `own`.
    pub(super) fn by_name(&self, words: &str, own: usize) -> Option<(RuleId, u8)> {
        let place = words.bytes().fold(own, |sum, byte| sum.wrapping_mul(31) ^ usize::from(byte)) % MOST_JUDGED;
        let mut judged = self.judged.borrow_mut();
        let Some(slot) = judged.get_mut(place) else { return self.judge_name(words, own) };
        if slot.own != own || slot.words != words {
            words.clone_into(&mut slot.words);
            (slot.own, slot.found) = (own, self.judge_name(words, own));
        }
        slot.found
    }

    fn judge_name(&self, words: &str, own: usize) -> Option<(RuleId, u8)> {
        let name = words.get(own..)?;
        if self.safe_words.iter().any(|safe| safe == name) {
            return None;
        }
        let hidden = |entry: &String| names::has_words(words, own, entry.trim_end());
        if self.hidden_words.iter().any(hidden) {
            return Some((RuleId::NAME, 0));
        }
        names::judge(words, own)
    }
}

fn words_of(name: &str) -> String {
    let mut out = String::new();
    words::push_words(&mut out, name);
    out
}

impl ValueRule {
    fn is_in(&self, text: &str) -> bool {
        let fits = |rest: &str| {
            let most = self.most.min(MOST_CHARACTERS);
            let count = rest.chars().take(most + 1).take_while(|c| self.characters.has(*c)).count();
            count >= self.least && (count <= most || self.characters == Characters::Any)
        };
        if !self.prefix.is_empty() {
            let ends = text.match_indices(&self.prefix).map(|(at, prefix)| at + prefix.len());
            return ends.filter_map(|end| text.get(end..)).any(fits);
        }
        if self.characters == Characters::Any {
            return fits(text);
        }
        text.split(|c| !self.characters.has(c)).any(fits)
    }
}

impl Characters {
    /// The kind with this name in the JavaScript contract.
    pub fn parse(name: &str) -> Option<Characters> {
        match name {
            "digits" => Some(Characters::Digits),
            "letters" => Some(Characters::Letters),
            "alphanumeric" => Some(Characters::Alphanumeric),
            "hex" => Some(Characters::Hex),
            "token" => Some(Characters::Token),
            "any" => Some(Characters::Any),
            _ => None,
        }
    }

    fn has(self, c: char) -> bool {
        match self {
            Characters::Digits => c.is_ascii_digit(),
            Characters::Letters => c.is_ascii_alphabetic(),
            Characters::Alphanumeric => c.is_ascii_alphanumeric(),
            Characters::Hex => c.is_ascii_hexdigit(),
            Characters::Token => c.is_ascii_alphanumeric() || "_-.~+/=".contains(c),
            Characters::Any => true,
        }
    }
}
