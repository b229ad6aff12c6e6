//! Which names are asked for, by a rule of our own: tenants read a name in different ways.

use std::str::Chars;

/// How the name of a query is compared. Letter case counts, and so does Unicode form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum NameMatch {
    /// The whole name.
    Exact,
    /// The beginning of a name, as the tutorial's `user_` means it. The default.
    #[default]
    Prefix,
    /// The whole name, where `*` stands for any characters or none, and `?` for one. A character behind `\` stands for itself.
    Glob,
}

impl NameMatch {
    /// The rule with its name in the JavaScript contract, if it is one.
    pub fn parse(name: &str) -> Option<NameMatch> {
        [NameMatch::Exact, NameMatch::Prefix, NameMatch::Glob].into_iter().find(|rule| rule.as_str() == name)
    }

    /// The name in the JavaScript contract.
    pub fn as_str(self) -> &'static str {
        match self {
            NameMatch::Exact => "exact",
            NameMatch::Prefix => "prefix",
            NameMatch::Glob => "glob",
        }
    }
}

/// What a glob is made of.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    Character(char),
    One,
    Any,
}

/// The names that a query asks for.
///
/// ```
/// use cognigy_session_debugger::query::{NameFilter, NameMatch};
/// assert!(NameFilter::new("user_", NameMatch::Prefix).passes("user_age"));
/// assert!(!NameFilter::new("user_", NameMatch::Exact).passes("user_age"));
/// assert!(NameFilter::new("*_a?e", NameMatch::Glob).passes("user_age"));
/// assert!(NameFilter::new(r"50\*", NameMatch::Glob).passes("50*"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFilter {
    text: String,
    rule: NameMatch,
}

impl NameFilter {
    /// The names that a text asks for under a rule.
    pub fn new(text: &str, rule: NameMatch) -> NameFilter {
        NameFilter { text: text.to_owned(), rule }
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is compared.
    pub fn rule(&self) -> NameMatch {
        self.rule
    }

    /// Whether a name is asked for.
    pub fn passes(&self, name: &str) -> bool {
        match self.rule {
            NameMatch::Exact => name == self.text,
            NameMatch::Prefix => name.starts_with(&self.text),
            NameMatch::Glob => passes_glob(&self.text, name),
        }
    }

    /// With what every name begins that is asked for: what a tenant that compares beginnings can be told. `None` where that says
    /// nothing.
    pub(super) fn beginning(&self) -> Option<String> {
        if self.rule != NameMatch::Glob {
            return Some(self.text.clone());
        }
        let (mut beginning, mut rest) = (String::new(), self.text.chars());
        while let Some(Token::Character(character)) = next_token(&mut rest) {
            beginning.push(character);
        }
        // An empty glob asks for the empty name.
        (self.text.is_empty() || !beginning.is_empty()).then_some(beginning)
    }
}

fn next_token(glob: &mut Chars<'_>) -> Option<Token> {
    Some(match glob.next()? {
        '*' => Token::Any,
        '?' => Token::One,
        '\\' => Token::Character(glob.next().unwrap_or('\\')),
        character => Token::Character(character),
    })
}

/// Only the last `*` is ever tried again: what an earlier one took more would be the later one's as well.
fn passes_glob(glob: &str, name: &str) -> bool {
    let (mut glob, mut rest) = (glob.chars(), name.chars());
    let mut again: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let token = next_token(&mut glob);
        if token == Some(Token::Any) {
            again = Some((glob.clone(), rest.clone()));
            continue;
        }
        match (token, rest.next()) {
            (None, None) => return true,
            (Some(Token::One), Some(_)) => {}
            (Some(Token::Character(wanted)), Some(found)) if wanted == found => {}
            (_, found) => {
                let Some((behind, from)) = again.as_mut().filter(|_| found.is_some()) else { return false };
                from.next();
                (glob, rest) = (behind.clone(), from.clone());
            }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(glob: &str) -> Vec<Token> {
        let mut rest = glob.chars();
        std::iter::from_fn(|| next_token(&mut rest)).collect()
    }

    /// The same by the definition: every way to split a name.
    fn by_definition(tokens: &[Token], name: &[char]) -> bool {
        match (tokens.split_first(), name.split_first()) {
            (None, None) => true,
            (Some((Token::Any, more)), _) => {
                (0..=name.len()).any(|taken| by_definition(more, name.get(taken..).unwrap_or_default()))
            }
            (Some((Token::One, more)), Some((_, rest))) => by_definition(more, rest),
            (Some((Token::Character(wanted), more)), Some((found, rest))) => {
                wanted == found && by_definition(more, rest)
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn a_glob_passes_what_its_definition_does(glob in r"[ab*?\\ü]{0,8}", name in r"[ab*?\\ü]{0,8}") {
            let filter = NameFilter::new(&glob, NameMatch::Glob);
            let characters: Vec<char> = name.chars().collect();
            prop_assert_eq!(filter.passes(&name), by_definition(&tokens(&glob), &characters));
        }

        #[test]
        fn what_is_asked_for_begins_as_the_tenant_is_told(text in r"[ab*?\\]{0,6}", name in r"[ab*?\\]{0,8}") {
            for rule in [NameMatch::Exact, NameMatch::Prefix, NameMatch::Glob] {
                let filter = NameFilter::new(&text, rule);
                if filter.passes(&name) {
                    prop_assert!(filter.beginning().is_none_or(|beginning| name.starts_with(&beginning)));
                }
            }
        }
    }

    #[test]
    fn a_glob_that_begins_with_a_wildcard_tells_the_tenant_nothing() {
        let told = |text| NameFilter::new(text, NameMatch::Glob).beginning();
        assert_eq!((told("*_id"), told("?"), told("")), (None, None, Some(String::new())));
        assert_eq!(told(r"a\*b*c").as_deref(), Some("a*b"));
    }

    #[test]
    fn rules_have_names() {
        for rule in [NameMatch::Exact, NameMatch::Prefix, NameMatch::Glob] {
            assert_eq!(NameMatch::parse(rule.as_str()), Some(rule));
        }
        assert_eq!(NameMatch::parse("contains"), None);
    }
}
