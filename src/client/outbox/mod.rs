//! Deliveries that survive: stored before they are acknowledged, sent in order by one tab, repeated for days.

mod drain;
mod endpoint;
mod entry;
mod posted;
mod schedule;
mod service;

pub(crate) use service::Outbox;
pub use service::OutboxStatus;
