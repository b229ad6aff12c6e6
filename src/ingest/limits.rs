//! How much of everything a body may hold.

/// The limits of one snapshot. Each has its own error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all pages together. Default: 64 MiB; at most 1 GiB. Beyond: `BODY_TOO_LARGE`.
    pub body_bytes: usize,
    /// Bytes of one value, as JSON. Default: 16 MiB. Beyond: `VALUE_TOO_LARGE`.
    pub value_bytes: usize,
    /// Variables of all pages together. Default: 200,000. Beyond: `TOO_MANY_VARIABLES`.
    pub variables: usize,
    /// Levels of nesting in one value. Default: 512, which is also the most. Beyond it a value stays a text.
    pub depth: usize,
}

impl Limits {
    /// Offsets into a body are 32 bits wide; this keeps them far from their end.
    pub const MAX_BODY_BYTES: usize = 1 << 30;
    /// Values become values of JavaScript, and those are made level by level on the stack.
    pub const MAX_DEPTH: usize = 512;
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { body_bytes: 64 << 20, value_bytes: 16 << 20, variables: 200_000, depth: 512 }
    }
}
