//! Which pages may call: only those of the broker's own origin.

use axum::http::{HeaderMap, StatusCode, header};

use crate::problem::Problem;

/// The origins under which the team's console is served, such as `https://console.example`.
#[derive(Debug, Clone)]
pub struct Callers {
    origins: Vec<String>,
}

impl Callers {
    /// Pages of these origins may call.
    pub fn new(origins: Vec<String>) -> Callers {
        Callers { origins }
    }

    /// Refuses what a browser marks as coming from elsewhere: `Sec-Fetch-Site` other than `same-origin`, or an
    /// `Origin` that is not ours. A program that is no browser sends neither, and has no user's cookie to misuse.
    ///
    /// # Errors
    /// 403 as a [`Problem`].
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let refused = || Problem::new(StatusCode::FORBIDDEN, "Only pages of the broker's own origin may call it.");
        if headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin") {
            return Err(refused());
        }
        match headers.get(header::ORIGIN) {
            Some(origin) if !self.origins.iter().any(|ours| ours.as_bytes() == origin.as_bytes()) => Err(refused()),
            _ => Ok(()),
        }
    }
}
