//! JSON as bytes: where values begin and end, and whether they are well formed (RFC 8259).
//!
//! Nothing here builds a tree and nothing recurses, so that a hostile body costs no more than its length.

mod children;
mod scan;
mod text;

pub use children::{Child, Children, count};
pub use scan::{Fault, FaultKind, JsonKind, Scanned, Strings, scan_string, scan_value, skip_space, validate};
pub use text::{escape_into, spell_out, unescape};
