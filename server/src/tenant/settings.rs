//! What a test or a demo can set up.

use serde::{Deserialize, Serialize};

/// How a page says where the next one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// `pagination.nextCursor`, answered with `next=<cursor>`.
    Cursor,
    /// `pagination.next`, a path of the same origin.
    Link,
    /// `pagination.page` and `pages`, answered with `page=<number>`.
    Number,
}

impl Paging {
    /// The form of a word: `cursor`, `link` or `number`.
    pub fn parse(word: &str) -> Option<Paging> {
        match word {
            "cursor" => Some(Paging::Cursor),
            "link" => Some(Paging::Link),
            "number" => Some(Paging::Number),
            _ => None,
        }
    }
}

/// The tenant's settings. In JSON, members that are left out take their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Default: `cursor`.
    pub paging: Paging,
    /// Elements of a page, unless the query says otherwise. Default: 100; 1,000 for the large session.
    pub page_size: Option<usize>,
    /// Life of a token in seconds. Default: 900.
    pub token_lifetime: u64,
    /// Requests that one client may make within a minute. Default: 100.
    pub requests_per_minute: usize,
    /// Pages of other origins that may read the variables, such as `http://localhost:5173`. Default: none.
    pub cors_origins: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            paging: Paging::Cursor,
            page_size: None,
            token_lifetime: 900,
            requests_per_minute: 100,
            cors_origins: Vec::new(),
        }
    }
}

impl Settings {
    /// Elements of a page where no setting and no query says otherwise.
    pub const PAGE_SIZE: usize = 100;
    /// The largest page that a query may ask for.
    pub const MAX_PAGE_SIZE: usize = 1_000;

    /// What is wrong with the settings, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match self.page_size {
            Some(size) if size == 0 || size > Settings::MAX_PAGE_SIZE => Some("pageSize is from 1 to 1,000."),
            _ if self.requests_per_minute == 0 => Some("requestsPerMinute is at least 1."),
            _ => None,
        }
    }
}
