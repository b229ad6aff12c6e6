//! The few things that a platform gives: clocks, sleep, randomness, transport, and tasks of their own.
//!
//! Everything above asks [`Platform`] and nothing else, so that the same code runs in a browser and, in tests, in
//! virtual time.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod browser_body;
#[cfg(target_arch = "wasm32")]
mod browser_breath;
#[cfg(target_arch = "wasm32")]
mod browser_origin;
#[cfg(target_arch = "wasm32")]
mod browser_page;
#[cfg(target_arch = "wasm32")]
mod browser_timer;
#[cfg(target_arch = "wasm32")]
mod browser_transport;
mod coordinator;
mod memory_store;
mod origin;
mod page;
mod slices;
mod traits;
#[cfg(not(target_arch = "wasm32"))]
mod virtual_server;
#[cfg(not(target_arch = "wasm32"))]
mod virtual_store;
#[cfg(not(target_arch = "wasm32"))]
mod virtual_tab;
#[cfg(not(target_arch = "wasm32"))]
mod virtual_time;
#[cfg(not(target_arch = "wasm32"))]
mod virtual_transport;

#[cfg(target_arch = "wasm32")]
pub use browser::{BrowserPlatform, unit, wall_ms};
#[cfg(target_arch = "wasm32")]
pub use browser_origin::{set_origin_loader, sign_with_keys};
pub use coordinator::{Budget, Coordinator, Grant, NextTry, SharedToken, TokenTurn};
pub use memory_store::MemoryStore;
pub use origin::{Change, Channel, Hear, Heard, Lock, Origin, Record, Room, Store, StoreError, Stored};
pub use page::Page;
pub use traits::{
    Body, Clock, Credentials, Headers, LocalFuture, Method, Platform, READ_HEADERS, Random, Request, Response, Sleep,
    Spawn, Transport, TransportError,
};
#[cfg(not(target_arch = "wasm32"))]
pub use virtual_server::{Ending, Reply, Server};
#[cfg(not(target_arch = "wasm32"))]
pub use virtual_tab::{VirtualOrigin, VirtualTab};
#[cfg(not(target_arch = "wasm32"))]
pub use virtual_time::VirtualPlatform;
#[cfg(not(target_arch = "wasm32"))]
pub use virtual_transport::{Fate, Seen};
