//! Everything that the tenant remembers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::faults::Faults;
use super::log::Log;
use super::rate::RateLog;
use super::sessions::Catalog;
use super::settings::Settings;
use super::tokens::Tokens;
use super::webhook::Inbox;
use crate::clock::SharedClock;
use crate::sync::lock;

/// The client that the sandbox's own broker uses. Opens nothing but invented data on this machine.
pub const DEMO_CLIENT_ID: &str = "debug-console";
/// Its secret: public, since it is in this source.
pub const DEMO_CLIENT_SECRET: &str = "sandbox-secret-opens-nothing";

/// The sandbox tenant.
pub struct Tenant {
    pub(super) clock: SharedClock,
    pub(super) catalog: Catalog,
    pub(super) initial: Settings,
    pub(super) settings: Mutex<Settings>,
    pub(super) tokens: Mutex<Tokens>,
    pub(super) rate: Mutex<RateLog>,
    pub(super) faults: Mutex<Faults>,
    pub(super) log: Mutex<Log>,
    pub(super) inbox: Mutex<Inbox>,
    requests: AtomicU64,
}

impl Tenant {
    /// A tenant with its sessions, at rest.
    ///
    /// # Errors
    /// When a session file is damaged, which a test rules out.
    pub fn new(clock: SharedClock, settings: Settings) -> Result<Tenant, serde_json::Error> {
        Ok(Tenant {
            clock,
            catalog: Catalog::load()?,
            initial: settings.clone(),
            settings: Mutex::new(settings),
            tokens: Mutex::default(),
            rate: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
            inbox: Mutex::default(),
            requests: AtomicU64::new(0),
        })
    }

    /// The sessions.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The settings as they are now.
    pub fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    /// Changes the settings.
    pub fn configure(&self, settings: Settings) {
        *lock(&self.settings) = settings;
    }

    /// Makes every issued token invalid.
    pub fn expire_tokens(&self) {
        lock(&self.tokens).clear();
    }

    /// Back to the start: faults, log, webhooks, rate limit, live sessions and settings. Issued tokens stay valid.
    pub fn reset(&self) {
        lock(&self.faults).clear();
        lock(&self.log).clear();
        lock(&self.inbox).clear();
        lock(&self.rate).clear();
        self.catalog.reset();
        *lock(&self.settings) = self.initial.clone();
    }

    /// The text under which one request can be found again.
    pub(super) fn trace_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        format!("api--sandbox-{number:08}")
    }
}
