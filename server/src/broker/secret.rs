//! A text that no log may show.

use std::fmt;

use subtle::ConstantTimeEq;

/// A secret or a token. Its `Debug` shows nothing of it, not even its length.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself. Every call of this is a place to look at.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares without telling by the time it takes where the texts differ.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}
