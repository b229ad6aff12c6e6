//! The tabs of one origin share what a tenant allows, and take turns at asking for a token.
//!
//! One tab, which holds a lock, hands out the right to send. All others keep the same books from what they hear, so that
//! whichever gets the lock next goes on without a pause. Without locks or a channel a tab goes on alone.

mod books;
mod options;
mod pass;
mod service;
mod state;
mod token_turn;
mod words;

pub use options::TabsOptions;
pub use service::Tabs;
