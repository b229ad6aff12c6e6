//! Faults on demand: what is to go wrong, how often, and for which session.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The answer comes `delayMs` later.
    Delay,
    /// 429, with `retryAfter` if given.
    RateLimit,
    /// 500 or the `status` given, as problem JSON.
    ServerError,
    /// The body ends early and the connection is cut.
    TruncatedBody,
    /// 200 with a body that stops being JSON half-way.
    BadJson,
    /// All issued tokens become invalid when the request arrives.
    ExpiredToken,
    /// 502 or the `status` given, with a page of HTML.
    HtmlError,
    /// The body stops half-way and the connection stays open.
    Stall,
    /// The answer lacks its CORS headers.
    NoCorsHeaders,
}

impl Kind {
    /// Whether the kind only changes how an answer arrives, so that another fault may act on the same request.
    fn is_manner(self) -> bool {
        matches!(self, Kind::Delay | Kind::NoCorsHeaders)
    }
}

/// Which endpoint a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// The variables of a session.
    #[default]
    Variables,
    /// The token endpoint.
    Token,
}

/// One order for faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// How many requests it strikes. Default: 1.
    #[serde(default = "once")]
    pub count: u32,
    /// Which endpoint. Default: the variables.
    #[serde(default)]
    pub on: Route,
    /// Only this session. Default: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// `Retry-After`, as it is to be sent; `date:3` becomes the HTTP date in three seconds. Default: no header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// How much later, in ms. Default: 1,000. At most 120,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// The status of an error. Default: of its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// What is wrong with the order, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.count == 0 {
            Some("count is at least 1.")
        } else if self.status.is_some_and(|status| !(400..600).contains(&status)) {
            Some("status is from 400 to 599.")
        } else if self.delay_ms.is_some_and(|delay| delay > 120_000) {
            Some("delayMs is at most 120,000.")
        } else {
            None
        }
    }

    fn strikes(&self, route: Route, session: Option<&str>) -> bool {
        self.on == route && self.session.as_deref().is_none_or(|wanted| session == Some(wanted))
    }
}

/// The orders that are open, oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults {
    open: Vec<Fault>,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.open.push(fault);
    }

    pub(super) fn open(&self) -> &[Fault] {
        &self.open
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
    }

    /// The faults for one request: each manner of arrival at most once, and at most one other.
    pub(super) fn take(&mut self, route: Route, session: Option<&str>) -> Vec<Fault> {
        let mut taken: Vec<Fault> = Vec::new();
        for fault in &mut self.open {
            let rival = |other: &Fault| match fault.kind.is_manner() {
                true => other.kind == fault.kind,
                false => !other.kind.is_manner(),
            };
            if fault.strikes(route, session) && !taken.iter().any(rival) {
                fault.count = fault.count.saturating_sub(1);
                taken.push(fault.clone());
            }
        }
        self.open.retain(|fault| fault.count > 0);
        taken
    }
}
