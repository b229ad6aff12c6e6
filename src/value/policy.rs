//! Which readings of a text are allowed.

/// A rule that says when a text is read as something else than a text.
///
/// ```
/// use cognigy_session_debugger::value::{Policy, ValueType, read_text};
/// let type_of = |text, policy| read_text(text, policy, None).value_type();
/// assert_eq!(type_of("1e3", Policy::Lossless), ValueType::String);
/// assert_eq!(type_of("1e3", Policy::Json), ValueType::Number);
/// assert_eq!(type_of("+5", Policy::Json), ValueType::String);
/// assert_eq!(type_of("+5", Policy::Reference), ValueType::Integer);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Policy {
    /// Only where writing the typed value back gives the same text. Objects and arrays: where the whole text parses.
    #[default]
    Lossless,
    /// The rules of Python 3.11's `int` and `float` and of its JSON readers, as the tutorial's client applies them.
    Reference,
    /// What is JSON (RFC 8259) and finite. Space is allowed around objects and arrays only, so that a scalar with space
    /// around it stays the text that somebody typed.
    Json,
    /// A text stays a text.
    None,
}

impl Policy {
    /// Every policy, in the order of the documentation.
    pub const ALL: [Policy; 4] = [Policy::Lossless, Policy::Reference, Policy::Json, Policy::None];

    /// The policy of that name; `None` for any other word.
    ///
    /// ```
    /// use cognigy_session_debugger::value::Policy;
    /// assert_eq!(Policy::parse("json"), Some(Policy::Json));
    /// assert_eq!(Policy::parse("JSON"), None);
    /// ```
    pub fn parse(word: &str) -> Option<Policy> {
        Policy::ALL.into_iter().find(|policy| policy.as_str() == word)
    }

    /// The name that JavaScript uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Policy::Lossless => "lossless",
            Policy::Reference => "reference",
            Policy::Json => "json",
            Policy::None => "none",
        }
    }
}
