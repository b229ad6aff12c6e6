//! What must not be shown or sent out: rules by name and by the shape of a value, and what they leave of a text.
//!
//! A rule finds what looks like a secret. It is not a promise that nothing else is one.

mod addresses;
mod aliases;
mod document;
mod masked;
mod moment;
mod names;
mod numbers;
mod ordered;
mod own_tokens;
mod parameters;
mod reveals;
mod rule;
mod rules;
mod sanitize;
mod shapes;
mod spot;
mod tokens;
mod words;

pub use document::Hidden;
pub(super) use masked::{DOTS, mark_of};
pub use masked::{Masked, SizeClass};
pub(super) use moment::MaskMoment;
pub use reveals::Reveals;
pub use rule::RuleId;
pub use rules::{Characters, Mask, MaskOptions, ValueRule};
pub use sanitize::{Leaf, Sanitizer};
pub use spot::Spot;
