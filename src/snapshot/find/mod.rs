//! Finds a text in names and values.

mod filter;
mod fold;
mod hits;
mod needle;
mod run;

pub(super) use filter::Filter;
pub(super) use needle::Needle;
