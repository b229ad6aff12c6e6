//! The sessions that the sandbox tenant knows.

mod catalog;
mod item;
mod large;
mod live;

pub use catalog::{Catalog, Session};
pub use item::Item;
pub use large::LARGE_SIZE;
