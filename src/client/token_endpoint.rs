//! Tokens from the team's own endpoint, which knows its user by its own cookie and keeps the client secret.

use super::hint::hint;
use super::problem::{read_up_to, words_of};
use super::token::{TokenAnswer, TokenReason, TokenSource};
use super::verdict::reason;
use crate::error::{Code, Error};
use crate::platform::{Credentials, LocalFuture, Method, Platform, Request, Response, TransportError};
use std::rc::Rc;

/// No token answer is longer.
const MAX_ANSWER: usize = 64 * 1_024;

/// Asks the endpoint: POST of the form `reason=<initial|expiring|rejected>`, cookies of the page's own origin. The reason
/// tells an endpoint that caches tokens when the tenant no longer takes the one it holds.
pub struct TokenEndpoint {
    platform: Rc<dyn Platform>,
    url: Rc<str>,
}

impl TokenEndpoint {
    /// An endpoint at a URL or at a path of the page's own origin.
    pub fn new(platform: Rc<dyn Platform>, url: &str) -> TokenEndpoint {
        TokenEndpoint { platform, url: url.into() }
    }
}

impl TokenSource for TokenEndpoint {
    fn route(&self) -> &'static str {
        "token endpoint"
    }

    fn repeats(&self) -> bool {
        true
    }

    fn fetch(&self, reason: TokenReason) -> LocalFuture<Result<TokenAnswer, Error>> {
        let platform = Rc::clone(&self.platform);
        let request = Request {
            method: Method::Post,
            url: self.url.to_string(),
            headers: vec![
                ("accept", "application/json".to_owned()),
                // A form needs no preflight.
                ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ],
            body: Some(format!("reason={}", reason.as_str())),
            credentials: Credentials::SameOrigin,
        };
        Box::pin(async move {
            let response = platform.send(request).await.map_err(unreachable_endpoint)?;
            if (200..300).contains(&response.status) {
                let body = read_up_to(response, MAX_ANSWER).await.map_err(unreachable_endpoint)?;
                return TokenAnswer::from_json(&body);
            }
            Err(refused(&*platform, response).await)
        })
    }
}

async fn refused(platform: &dyn Platform, response: Response) -> Error {
    let status = response.status;
    let hint_ms = hint(&response.headers, platform.wall_ms()).map(|hint| hint.ms);
    let what_to_do = match status {
        401 | 403 => "Sign in to your own application, and check that it may debug sessions.",
        404 => "Check the URL in the option token.",
        429 => "It asks for fewer requests; try again later.",
        300..=399 => "It redirects, perhaps to a sign-in page. Sign in to your own application.",
        _ => "Look into the log of your backend.",
    };
    let problem = words_of(platform, f64::INFINITY, response).await;
    Error::new(Code::TokenProviderFailed, format!("The token endpoint gave no token ({status}). {what_to_do}")).with(
        |facts| {
            facts.status = Some(status);
            facts.retry_after_ms = hint_ms.or(problem.retry_after_ms);
            facts.problem = problem.text;
            facts.request_id = problem.trace;
        },
    )
}

fn unreachable_endpoint(error: TransportError) -> Error {
    let message = match error {
        TransportError::Offline => {
            return Error::new(
                Code::Offline,
                "The browser is offline, so no token could be had. Connect and try again.",
            );
        }
        TransportError::Unreachable(why) => {
            return Error::new(
                Code::TokenProviderFailed,
                "The token endpoint did not answer. Check the URL in the option token, and that its host can be reached from here.",
            )
            .with(|facts| facts.problem = reason(&why));
        }
        TransportError::Aborted => "The request for a token was ended by the platform.",
        TransportError::Network | TransportError::Redirect => {
            "The token endpoint did not answer, redirected, or its answer was withheld by the browser. Check the URL in the option token, and that it allows this page's origin."
        }
    };
    Error::new(Code::TokenProviderFailed, message)
}
