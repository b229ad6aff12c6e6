//! What a value is: JSON as bytes, types, and the readings of texts.

pub mod json;
