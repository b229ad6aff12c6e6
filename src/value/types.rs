//! Types, their names in three vocabularies, and typed values.

use super::number::plain_decimal;
use std::borrow::Cow;

/// What a value is, in the words of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ValueType {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl ValueType {
    /// JSON Schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            ValueType::Null => "null",
            ValueType::Boolean => "boolean",
            ValueType::Integer => "integer",
            ValueType::Number => "number",
            ValueType::String => "string",
            ValueType::Array => "array",
            ValueType::Object => "object",
        }
    }

    /// The name of the Python type, as the tutorial's snapshot has it.
    pub fn python_name(self) -> &'static str {
        match self {
            ValueType::Null => "NoneType",
            ValueType::Boolean => "bool",
            ValueType::Integer => "int",
            ValueType::Number => "float",
            ValueType::String => "str",
            ValueType::Array => "list",
            ValueType::Object => "dict",
        }
    }

    /// The type that a declaration in the data means: JSON Schema's and Python's words and common synonyms, in any
    /// letter case and with any space around them. `None` for other words.
    ///
    /// ```
    /// use cognigy_session_debugger::value::ValueType;
    /// assert_eq!(ValueType::from_declared("Dict"), Some(ValueType::Object));
    /// assert_eq!(ValueType::from_declared("DOUBLE"), Some(ValueType::Number));
    /// assert_eq!(ValueType::from_declared("date"), None);
    /// ```
    pub fn from_declared(word: &str) -> Option<ValueType> {
        const WORDS: [(ValueType, &[&str]); 7] = [
            (ValueType::String, &["string", "str", "text", "varchar", "char"]),
            (ValueType::Integer, &["integer", "int", "long", "short", "int32", "int64", "bigint"]),
            (ValueType::Number, &["number", "float", "double", "decimal", "numeric", "real", "float32", "float64"]),
            (ValueType::Boolean, &["boolean", "bool"]),
            (ValueType::Object, &["object", "dict", "dictionary", "map"]),
            (ValueType::Array, &["array", "list", "tuple"]),
            (ValueType::Null, &["null", "none", "nonetype", "nil"]),
        ];
        let word = word.trim();
        let means = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
        WORDS.into_iter().find(|(_, words)| means(words)).map(|(value_type, _)| value_type)
    }

    /// Whether a value of this type may stand where `declared` is declared: an integer is a number too.
    pub fn fits(self, declared: ValueType) -> bool {
        self == declared || (self == ValueType::Integer && declared == ValueType::Number)
    }
}

/// A typed value. Borrows from the text it was read from wherever that text can stand for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// JSON's `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// Decimal digits of any length without leading zeros or plus sign, `-12`. What is JSON already keeps its spelling,
    /// which lets `-0` in.
    Integer(Cow<'a, str>),
    /// JSON number text. What is JSON already keeps its spelling; other spellings become plain decimal notation.
    /// Finite as binary64, except where typed JSON itself holds a larger number.
    Number(Cow<'a, str>),
    /// Infinity or "not a number"; only under [`Policy::Reference`](super::Policy::Reference), and never in JSON.
    NonFinite(f64),
    /// A text.
    String(Cow<'a, str>),
    /// JSON text of an array, unchanged, without white space around it.
    Array(Cow<'a, str>),
    /// JSON text of an object, unchanged, without white space around it.
    Object(Cow<'a, str>),
}

impl<'a> Value<'a> {
    /// What the value is. A non-finite number is a number.
    pub fn value_type(&self) -> ValueType {
        match self {
            Value::Null => ValueType::Null,
            Value::Boolean(_) => ValueType::Boolean,
            Value::Integer(_) => ValueType::Integer,
            Value::Number(_) | Value::NonFinite(_) => ValueType::Number,
            Value::String(_) => ValueType::String,
            Value::Array(_) => ValueType::Array,
            Value::Object(_) => ValueType::Object,
        }
    }

    /// The value written out for people: numbers in plain decimal notation with a fraction, `NaN`, `Infinity`,
    /// `-Infinity`, a text as it is, everything else as its JSON text.
    ///
    /// ```
    /// use cognigy_session_debugger::value::Value;
    /// assert_eq!(Value::Number("1e3".into()).written(), "1000.0");
    /// assert_eq!(Value::NonFinite(f64::NEG_INFINITY).written(), "-Infinity");
    /// ```
    pub fn written(&self) -> Cow<'_, str> {
        match self {
            Value::Null => Cow::Borrowed("null"),
            Value::Boolean(true) => Cow::Borrowed("true"),
            Value::Boolean(false) => Cow::Borrowed("false"),
            Value::Number(source) => match source.parse() {
                Ok(value) => written_number(value),
                Err(_) => Cow::Borrowed(source),
            },
            Value::NonFinite(value) => written_number(*value),
            Value::Integer(text) | Value::String(text) | Value::Array(text) | Value::Object(text) => {
                Cow::Borrowed(text)
            }
        }
    }

    /// The same value, free of the text it was read from.
    pub fn into_owned(self) -> Value<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        match self {
            Value::Null => Value::Null,
            Value::Boolean(value) => Value::Boolean(value),
            Value::NonFinite(value) => Value::NonFinite(value),
            Value::Integer(text) => Value::Integer(own(text)),
            Value::Number(text) => Value::Number(own(text)),
            Value::String(text) => Value::String(own(text)),
            Value::Array(text) => Value::Array(own(text)),
            Value::Object(text) => Value::Object(own(text)),
        }
    }
}

fn written_number(value: f64) -> Cow<'static, str> {
    if value.is_nan() {
        Cow::Borrowed("NaN")
    } else if value == f64::INFINITY {
        Cow::Borrowed("Infinity")
    } else if value == f64::NEG_INFINITY {
        Cow::Borrowed("-Infinity")
    } else {
        Cow::Owned(plain_decimal(value))
    }
}
