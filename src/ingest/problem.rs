//! Why an item could not be read.

use crate::value::json::{Strings, lone_surrogate_at, not_utf8_at};

/// What is wrong with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The item is not an object.
    NotAnObject,
    /// There is no name.
    NameMissing,
    /// The name is not a text.
    NameNotText,
    /// There is no value.
    ValueMissing,
    /// There is no scope.
    ScopeMissing,
    /// The scope is not a text.
    ScopeNotText,
    /// The declared type is neither a text nor null.
    TypeNotText,
    /// The system flag is neither true, false nor null.
    SystemNotBoolean,
    /// A member that has a meaning stands there more than once.
    MemberTwice,
    /// A text holds half a surrogate pair.
    LoneSurrogate,
    /// A text is not UTF-8.
    NotUtf8,
    /// A text that should hold a JSON object does not.
    NotJson,
}

/// Every reason, with the word that stands for it in files.
const WORDS: [(Reason, &str); 12] = [
    (Reason::NotAnObject, "not-an-object"),
    (Reason::NameMissing, "name-missing"),
    (Reason::NameNotText, "name-not-text"),
    (Reason::ValueMissing, "value-missing"),
    (Reason::ScopeMissing, "scope-missing"),
    (Reason::ScopeNotText, "scope-not-text"),
    (Reason::TypeNotText, "type-not-text"),
    (Reason::SystemNotBoolean, "system-not-boolean"),
    (Reason::MemberTwice, "member-twice"),
    (Reason::LoneSurrogate, "lone-surrogate"),
    (Reason::NotUtf8, "not-utf8"),
    (Reason::NotJson, "not-json"),
];

impl Reason {
    /// The word that stands for it in files, which does not change between versions.
    ///
    /// ```
    /// use cognigy_session_debugger::ingest::Reason;
    /// assert_eq!(Reason::parse(Reason::NotUtf8.as_str()), Some(Reason::NotUtf8));
    /// ```
    pub fn as_str(self) -> &'static str {
        WORDS.iter().find(|(reason, _)| *reason == self).map_or("", |(_, word)| word)
    }

    /// The reason with this word.
    pub fn parse(word: &str) -> Option<Reason> {
        WORDS.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason)
    }

    /// What makes strings among these bytes no texts, and at which of the bytes; `None` where all are texts.
    pub(super) fn of_strings(bytes: &[u8], strings: Strings) -> Option<(Reason, usize)> {
        let not_utf8 = if strings.non_ascii { not_utf8_at(bytes) } else { None };
        if let Some(at) = not_utf8 {
            return Some((Reason::NotUtf8, at));
        }
        strings.lone_surrogate.then(|| (Reason::LoneSurrogate, lone_surrogate_at(bytes).unwrap_or(0)))
    }

    /// One sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::NotAnObject => "The item is not an object.",
            Reason::NameMissing => "The item has no name.",
            Reason::NameNotText => "The name is not a text.",
            Reason::ValueMissing => "The item has no value.",
            Reason::ScopeMissing => "The item has no scope.",
            Reason::ScopeNotText => "The scope is not a text.",
            Reason::TypeNotText => "The declared type is not a text.",
            Reason::SystemNotBoolean => "The system flag is neither true nor false.",
            Reason::MemberTwice => "The item has this member more than once.",
            Reason::LoneSurrogate => "A text holds half a surrogate pair, which no Unicode text can.",
            Reason::NotUtf8 => "A text is not valid UTF-8.",
            Reason::NotJson => "The text does not hold a JSON object.",
        }
    }
}

/// Where an item stands in its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// One of the tutorial's rows.
    Row {
        /// Position in the list, from 0.
        index: usize,
        /// The member at fault, where one is.
        member: Option<&'static str>,
    },
    /// A JSON path.
    Path(Box<str>),
}

/// An item that could not be read, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub reason: Reason,
    /// Where the item stands.
    pub place: Place,
    /// Byte offset of the fault in its page, from 0.
    pub offset: usize,
    /// The page, from 1.
    pub page: usize,
    /// Where the name stands in the body and whether it is escaped, where at least the name was readable.
    pub name: Option<(usize, usize, bool)>,
}

impl Problem {
    /// JSON path of the fault within its page.
    pub fn path(&self) -> String {
        match &self.place {
            Place::Row { index, member: Some(member) } => format!("$.variables[{index}].{member}"),
            Place::Row { index, member: None } => format!("$.variables[{index}]"),
            Place::Path(path) => path.to_string(),
        }
    }
}
