//! What a token is, and where tokens come from.

use super::problem::Members;
use crate::error::{Code, Error};
use crate::platform::LocalFuture;
use std::fmt;
use std::rc::Rc;

/// Life of a token whose answer does not say (RFC 6749 §5.1 only recommends that it does), in seconds.
pub const DEFAULT_LIFE_S: f64 = 300.0;
/// No token is believed to live longer, in seconds: it is meant to be short-lived.
pub const MAX_LIFE_S: f64 = 86_400.0;
/// Longer texts do not fit into a header that servers accept.
const MAX_TOKEN_BYTES: usize = 16 * 1_024;

/// Why a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenReason {
    /// There is none yet.
    Initial,
    /// The one there is runs out.
    Expiring,
    /// The tenant answered 401.
    Rejected,
}

impl TokenReason {
    /// The word that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            TokenReason::Initial => "initial",
            TokenReason::Expiring => "expiring",
            TokenReason::Rejected => "rejected",
        }
    }
}

/// Gives tokens: the team's endpoint, or a callback of the host. Dropping the future cancels the request.
pub trait TokenSource {
    /// A name for the audit; no URL.
    fn route(&self) -> &'static str;

    /// Whether a request that failed on its way is repeated. A callback of the host repeats itself where it wants to.
    fn repeats(&self) -> bool {
        false
    }

    /// Asks for a token.
    ///
    /// # Errors
    /// `TOKEN_PROVIDER_FAILED` where none is given, `TOKEN_INVALID` where the answer cannot be used.
    fn fetch(&self, reason: TokenReason) -> LocalFuture<Result<TokenAnswer, Error>>;
}

/// RFC 6749's answer, as far as it is read. What else it says (when it was issued, a refresh token) is not believed.
#[derive(Clone, PartialEq)]
pub struct TokenAnswer {
    /// The token.
    pub access_token: String,
    /// Must be `Bearer` in any letter case, or absent.
    pub token_type: Option<String>,
    /// In seconds; default 300.
    pub expires_in: Option<f64>,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAnswer").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

impl TokenAnswer {
    /// Reads the body of a token endpoint's answer.
    ///
    /// # Errors
    /// `TOKEN_INVALID`.
    ///
    /// ```
    /// use cognigy_session_debugger::client::TokenAnswer;
    /// let body = br#"{"access_token":"abc","token_type":"bearer","expires_in":600}"#;
    /// assert_eq!(TokenAnswer::from_json(body).unwrap().expires_in, Some(600.0));
    /// assert!(TokenAnswer::from_json(br#"{"token":"abc"}"#).is_err());
    /// ```
    pub fn from_json(body: &[u8]) -> Result<TokenAnswer, Error> {
        let members = Members::of(body)
            .ok_or_else(|| invalid("The token answer is not a JSON object. Check the URL in the option token."))?;
        let access_token = members
            .get("access_token")
            .and_then(|value| members.text(value))
            .ok_or_else(|| invalid("The token answer has no access_token (RFC 6749 section 5.1)."))?;
        let token_type = match members.get("token_type") {
            None => None,
            Some(value) => Some(members.text(value).ok_or_else(|| invalid("The token_type is not a text."))?),
        };
        let expires_in = match members.get("expires_in") {
            None => None,
            Some(value) => Some(members.number(value).ok_or_else(no_number)?),
        };
        Ok(TokenAnswer { access_token, token_type, expires_in })
    }

    /// Checks the answer and gives the token and its life in ms.
    pub(crate) fn check(self, generation: u64) -> Result<(Token, f64), Error> {
        if self.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(invalid("The token is not of the type Bearer, the only one that can be sent."));
        }
        if !is_b64token(&self.access_token) {
            return Err(invalid(
                "The token has characters that no bearer token may have (RFC 6750 section 2.1), or is empty or too long.",
            ));
        }
        let life_s = self.expires_in.unwrap_or(DEFAULT_LIFE_S);
        if !life_s.is_finite() || life_s < 0.0 {
            return Err(invalid("The expires_in of the token is not a number of seconds from 0."));
        }
        Ok((Token { text: self.access_token.into(), generation }, life_s.min(MAX_LIFE_S) * 1_000.0))
    }
}

/// Of what is there and tells no time.
pub(crate) fn no_number() -> Error {
    invalid("The expires_in is not a number.")
}

fn invalid(message: &'static str) -> Error {
    Error::new(Code::TokenInvalid, message)
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`: nothing that could end a header.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() <= MAX_TOKEN_BYTES
        && !body.is_empty()
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

/// A token that can be sent. Knows which one it is, so that a refusal drops this one and no later one.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: Rc<str>,
    /// Counts up with every token that was given.
    pub generation: u64,
}

impl Token {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The value of the `Authorization` header.
    pub fn header(&self) -> String {
        format!("Bearer {}", self.text)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("generation", &self.generation).finish_non_exhaustive()
    }
}
