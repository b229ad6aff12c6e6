//! Scopes, and the rule by which one variable of a name wins over others.

/// The tutorial's scopes, lowest first.
pub const TUTORIAL_SCOPES: [&str; 4] = ["global", "bot", "session", "user"];

/// The namespaces of the platform, highest first: the order in which they are looked at where none is named.
pub const NAMESPACES: [&str; 4] = ["input", "context", "profile", "default"];

/// Raised when a rule comes to decide differently under its old name.
pub const RULE_VERSION: u32 = 1;

/// How variables of one name are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedence {
    /// Known scopes, lowest first. Any other text is an unknown scope and ranks below all of them.
    scopes: Vec<String>,
    side_by_side: bool,
    custom: bool,
}

impl Default for Precedence {
    fn default() -> Precedence {
        Precedence::layered()
    }
}

impl Precedence {
    /// global < bot < session < user, an unknown scope lowest; the first of equals wins.
    pub fn layered() -> Precedence {
        Precedence { scopes: TUTORIAL_SCOPES.map(String::from).to_vec(), side_by_side: false, custom: false }
    }

    /// No winner: the same name is shown once per scope, as platforms do that address each scope by name.
    pub fn side_by_side() -> Precedence {
        Precedence { side_by_side: true, ..Precedence::layered() }
    }

    /// Side by side in the order input, context, profile, default: what is addressed by its namespace has no winner.
    ///
    /// ```
    /// use cognigy_session_debugger::scope::Precedence;
    /// let rule = Precedence::namespaces();
    /// assert!(rule.is_side_by_side() && rule.rank("input") > rule.rank("context"));
    /// ```
    pub fn namespaces() -> Precedence {
        Precedence {
            scopes: NAMESPACES.iter().rev().map(|scope| (*scope).to_owned()).collect(),
            side_by_side: true,
            custom: false,
        }
    }

    /// Layered in an order of the caller's, lowest first. A scope that is named twice counts where it is named last.
    ///
    /// ```
    /// use cognigy_session_debugger::scope::Precedence;
    /// let rule = Precedence::custom(["profile", "context"]);
    /// assert!(rule.rank("context") > rule.rank("profile"));
    /// assert_eq!(rule.rank("user"), -1);
    /// ```
    pub fn custom(scopes: impl IntoIterator<Item = impl Into<String>>) -> Precedence {
        Precedence { scopes: scopes.into_iter().map(Into::into).collect(), side_by_side: false, custom: true }
    }

    /// The rule with its name in the JavaScript contract, if it is one.
    pub fn parse(name: &str) -> Option<Precedence> {
        match name {
            "layered" => Some(Precedence::layered()),
            "side-by-side" => Some(Precedence::side_by_side()),
            _ => None,
        }
    }

    /// The name by which [`Precedence::parse`] finds the rule; `None` for an order of the caller's. Side by side, the shape of the
    /// data says in which order scopes are looked at.
    ///
    /// ```
    /// use cognigy_session_debugger::scope::Precedence;
    /// assert_eq!(Precedence::layered().name(), Some("layered"));
    /// assert_eq!(Precedence::custom(["bot"]).name(), None);
    /// ```
    pub fn name(&self) -> Option<&'static str> {
        match (self.side_by_side, self.custom) {
            (true, _) => Some("side-by-side"),
            (false, false) => Some("layered"),
            (false, true) => None,
        }
    }

    /// Place of a scope in the order, from 0; −1 for an unknown scope.
    pub fn rank(&self, scope: &str) -> i32 {
        self.scopes
            .iter()
            .rposition(|known| known == scope)
            .map_or(-1, |place| i32::try_from(place).unwrap_or(i32::MAX))
    }

    /// Whether nothing wins.
    pub fn is_side_by_side(&self) -> bool {
        self.side_by_side
    }

    /// The known scopes, highest first.
    pub fn highest_first(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().rev().map(String::as_str)
    }

    /// The name of the rule, as explanations give it.
    pub fn rule(&self) -> &'static str {
        match (self.side_by_side, self.custom) {
            (true, _) => "side-by-side/one-per-scope",
            (false, false) => "layered/highest-scope-wins",
            (false, true) => "custom/highest-scope-wins",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_order_holds() {
        let rule = Precedence::layered();
        let ranks: Vec<_> =
            ["campaign", "global", "bot", "session", "user", "User"].map(|scope| rule.rank(scope)).to_vec();
        assert_eq!(ranks, [-1, 0, 1, 2, 3, -1]);
        assert_eq!(rule.highest_first().next(), Some("user"));
    }

    #[test]
    fn rules_have_names() {
        assert_eq!(Precedence::parse("layered").unwrap().rule(), "layered/highest-scope-wins");
        assert!(Precedence::parse("side-by-side").unwrap().is_side_by_side());
        assert_eq!(Precedence::parse("newest"), None);
    }
}
