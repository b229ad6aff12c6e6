//! Remarks about readings: why a text stayed a text, or what its reading loses.

use super::types::ValueType;

/// A remark about a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What the remark is about.
    pub code: NoteCode,
    /// Type and written-out value that the text has under [`Policy::Reference`](super::Policy::Reference), where that
    /// differs from the reading. Numbers are written in plain decimal notation.
    pub would_be: Option<(ValueType, String)>,
}

impl Note {
    /// One sentence for people; holds no part of the value.
    pub fn message(&self) -> &'static str {
        self.code.message()
    }

    /// Whether it may be told of a value that is hidden: it speaks of a limit, not of what the value is.
    pub(crate) fn tells_nothing(&self) -> bool {
        self.code == NoteCode::TooDeep
    }
}

/// What a remark is about, as a word that programs can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoteCode {
    /// A zero before other digits, as in postal codes and telephone numbers.
    LeadingZero,
    /// A plus sign in front, as in telephone numbers.
    PlusSign,
    /// A zero with a minus sign, which an integer does not have.
    NegativeZero,
    /// White space before or after.
    SurroundingSpace,
    /// Underscores between digits.
    DigitGrouping,
    /// Decimal digits of another script than ASCII.
    ForeignDigits,
    /// A power of ten.
    Exponent,
    /// A decimal point without a digit on one of its sides.
    BarePoint,
    /// Zeros at the end of a fraction.
    TrailingZero,
    /// More digits, or a smaller value, than a binary64 number holds.
    Precision,
    /// A finite number too large for binary64 (or, for Python's `int`, with too many digits).
    Overflow,
    /// A word for infinity or for "not a number".
    NonFinite,
    /// `true` or `false` with capital letters.
    LetterCase,
    /// A JSON string: quotes, perhaps escapes.
    JsonString,
    /// An object or array nested more deeply than the limit; kept as a text.
    TooDeep,
    /// The value is not of the type that the data declares.
    DeclaredTypeNotMet,
    /// The data declares a type by a word that is not known.
    DeclaredTypeUnknown,
}

impl NoteCode {
    /// Every code, in the order of the documentation.
    pub const ALL: [NoteCode; 17] = [
        NoteCode::LeadingZero,
        NoteCode::PlusSign,
        NoteCode::NegativeZero,
        NoteCode::SurroundingSpace,
        NoteCode::DigitGrouping,
        NoteCode::ForeignDigits,
        NoteCode::Exponent,
        NoteCode::BarePoint,
        NoteCode::TrailingZero,
        NoteCode::Precision,
        NoteCode::Overflow,
        NoteCode::NonFinite,
        NoteCode::LetterCase,
        NoteCode::JsonString,
        NoteCode::TooDeep,
        NoteCode::DeclaredTypeNotMet,
        NoteCode::DeclaredTypeUnknown,
    ];

    /// The text that JavaScript sees as `note.code`.
    ///
    /// ```
    /// use cognigy_session_debugger::value::NoteCode;
    /// assert_eq!(NoteCode::LeadingZero.as_str(), "leading-zero");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            NoteCode::LeadingZero => "leading-zero",
            NoteCode::PlusSign => "plus-sign",
            NoteCode::NegativeZero => "negative-zero",
            NoteCode::SurroundingSpace => "surrounding-space",
            NoteCode::DigitGrouping => "digit-grouping",
            NoteCode::ForeignDigits => "foreign-digits",
            NoteCode::Exponent => "exponent",
            NoteCode::BarePoint => "bare-point",
            NoteCode::TrailingZero => "trailing-zero",
            NoteCode::Precision => "precision",
            NoteCode::Overflow => "overflow",
            NoteCode::NonFinite => "non-finite",
            NoteCode::LetterCase => "letter-case",
            NoteCode::JsonString => "json-string",
            NoteCode::TooDeep => "too-deep",
            NoteCode::DeclaredTypeNotMet => "declared-type-not-met",
            NoteCode::DeclaredTypeUnknown => "declared-type-unknown",
        }
    }

    /// One sentence for people; true whether the text was kept or read, and free of any part of the value.
    pub fn message(self) -> &'static str {
        match self {
            NoteCode::LeadingZero => "The text has zeros in front, which a number does not keep.",
            NoteCode::PlusSign => "The text has a plus sign, which a number does not keep.",
            NoteCode::NegativeZero => "The text is a zero with a minus sign, which an integer does not keep.",
            NoteCode::SurroundingSpace => "The text has white space around it, which a typed value does not keep.",
            NoteCode::DigitGrouping => "The text groups its digits with underscores, which a number does not keep.",
            NoteCode::ForeignDigits => "The text uses decimal digits other than the ASCII ones.",
            NoteCode::Exponent => "The text is a number in exponent notation, which the value does not keep.",
            NoteCode::BarePoint => "The text is a number with no digit on one side of its decimal point.",
            NoteCode::TrailingZero => "The text has zeros at the end of its fraction, which a number does not keep.",
            NoteCode::Precision => "The text states a number more precisely than a 64-bit number can hold it.",
            NoteCode::Overflow => "The text is a number that is too large for a 64-bit number, which becomes infinite.",
            NoteCode::NonFinite => "The text is a word for infinity or for no number at all, which JSON cannot hold.",
            NoteCode::LetterCase => "The text is a truth value with capital letters, which the value does not keep.",
            NoteCode::JsonString => {
                "The text is a quoted JSON string, whose quotes and escapes the value does not keep."
            }
            NoteCode::TooDeep => "The value is nested more deeply than the limit, and stays a text.",
            NoteCode::DeclaredTypeNotMet => "The value is not of the type that the data declares for it.",
            NoteCode::DeclaredTypeUnknown => "The type that the data declares is not a known one and was ignored.",
        }
    }
}
