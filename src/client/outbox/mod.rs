//! Deliveries that survive: stored before they are acknowledged, sent in order by one tab, repeated for days.

mod claim;
mod drain;
mod endpoint;
mod entry;
mod posted;
mod schedule;
mod service;

pub use service::OutboxStatus;
pub(crate) use service::{Outbox, WeakOutbox};
