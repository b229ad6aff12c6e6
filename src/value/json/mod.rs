//! JSON as bytes: where values begin and end, and whether they are well formed (RFC 8259).
//!
//! Nothing here builds a tree and nothing recurses, so that a hostile body costs no more than its length.

mod block;
mod brackets;
mod children;
mod part;
mod scan;
mod strings;
mod text;
mod utf8;

pub(crate) use block::{BYTES as BLOCK_BYTES, Block};
pub use children::{Child, Children, count};
pub(crate) use part::{Part, part_name};
pub use scan::{Fault, FaultKind, JsonKind, Scanned, Strings, scan_value, scan_whole, skip_space, validate};
pub use strings::{StringEnd, lone_surrogate_at, scan_string, string_end};
pub use text::{escape_into, spell_out, unescape, unescape_bytes};
pub use utf8::not_utf8_at;
