//! One error type and one list of codes for the whole engine.
//!
//! A message holds our own words, numbers and route templates: never a token, a value, a session id or a body.

use std::borrow::Cow;
use std::fmt;

/// What went wrong, as a word that programs can rely on.
///
/// The text of a code is part of the JavaScript contract and does not change between versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An option of the debugger cannot be used.
    ConfigInvalid,
    /// An argument of one call cannot be used.
    InputInvalid,
    /// The team's token endpoint or token callback did not give a token.
    TokenProviderFailed,
    /// The token answer was not an RFC 6749 bearer token.
    TokenInvalid,
    /// The host's own source of data failed.
    SourceFailed,
    /// The tenant refused the token, and a fresh one as well; or it asks for one, and none is configured.
    Unauthenticated,
    /// The token is valid but may not read this session.
    Forbidden,
    /// The tenant knows no such session.
    NotFound,
    /// The request does not fit what the tenant has by now (409).
    Conflict,
    /// The tenant refused the request for another reason (another 4xx).
    RequestRejected,
    /// The tenant asked for fewer requests, and the wait did not fit the deadline or the attempts.
    RateLimited,
    /// Too many calls are waiting already.
    QueueFull,
    /// The browser says that it is offline.
    Offline,
    /// No answer came, or the browser withheld it for want of CORS headers; a page cannot tell which.
    NetworkOrCors,
    /// The connection broke, or the answer ended, in the middle of the body.
    BodyTruncated,
    /// One attempt took longer than its time limit.
    Timeout,
    /// The call with all its waits and retries took longer than its deadline.
    DeadlineExceeded,
    /// The caller's signal was aborted.
    Aborted,
    /// The tenant failed (5xx).
    ServerError,
    /// The tenant answered with a redirect, which would carry the token elsewhere.
    RedirectRefused,
    /// The answer was not declared as JSON.
    BadContentType,
    /// The answer was empty.
    BodyEmpty,
    /// The answer was larger than the limit.
    BodyTooLarge,
    /// One value was larger than the limit.
    ValueTooLarge,
    /// The answer held more variables than the limit.
    TooManyVariables,
    /// The answer was not JSON; the offset says where it stops being so.
    JsonSyntax,
    /// The answer has no shape that is known, or is what a `map` reads, and was nested more deeply than the limit. A variable's value may
    /// be: it stays a text.
    JsonTooDeep,
    /// The answer was JSON but not of a shape that the engine knows.
    ShapeUnknown,
    /// The answer was of the expected shape but a part of its envelope had the wrong kind.
    SchemaMismatch,
    /// The pages of one answer lead in a circle.
    PageLoop,
    /// One answer had more pages than the limit.
    PageLimit,
    /// The webhook receiver did not accept the snapshot.
    WebhookRejected,
    /// The webhook receiver says that it is gone (410): nothing is sent to it until a replay.
    WebhookDisabled,
    /// The outbox holds as much as it may; this snapshot will not be delivered.
    OutboxFull,
    /// The browser's storage refused; this snapshot will not be delivered.
    StorageUnavailable,
    /// A delivery could not be signed.
    SigningFailed,
    /// The file, or the text of a view, was written by a newer version of the debugger.
    FileTooNew,
    /// The file, or the text of a view, is none of the debugger's, or is damaged.
    FileInvalid,
    /// The host does not let hidden values be shown, or asks for a reason.
    RevealRefused,
    /// A content security policy forbids WebAssembly, and so the engine.
    WasmBlocked,
    /// The engine's file could not be fetched or compiled.
    WasmNotLoaded,
    /// The engine broke down and was started anew; what it held is lost.
    WasmTrap,
    /// A fault of the engine itself.
    Internal,
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: [Code; 43] = [
        Code::ConfigInvalid,
        Code::InputInvalid,
        Code::TokenProviderFailed,
        Code::TokenInvalid,
        Code::SourceFailed,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::NotFound,
        Code::Conflict,
        Code::RequestRejected,
        Code::RateLimited,
        Code::QueueFull,
        Code::Offline,
        Code::NetworkOrCors,
        Code::BodyTruncated,
        Code::Timeout,
        Code::DeadlineExceeded,
        Code::Aborted,
        Code::ServerError,
        Code::RedirectRefused,
        Code::BadContentType,
        Code::BodyEmpty,
        Code::BodyTooLarge,
        Code::ValueTooLarge,
        Code::TooManyVariables,
        Code::JsonSyntax,
        Code::JsonTooDeep,
        Code::ShapeUnknown,
        Code::SchemaMismatch,
        Code::PageLoop,
        Code::PageLimit,
        Code::WebhookRejected,
        Code::WebhookDisabled,
        Code::OutboxFull,
        Code::StorageUnavailable,
        Code::SigningFailed,
        Code::FileTooNew,
        Code::FileInvalid,
        Code::RevealRefused,
        Code::WasmBlocked,
        Code::WasmNotLoaded,
        Code::WasmTrap,
        Code::Internal,
    ];

    /// The text that JavaScript sees as `error.code`.
    ///
    /// ```
    /// use cognigy_session_debugger::Code;
    /// assert_eq!(Code::RateLimited.as_str(), "RATE_LIMITED");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Code::ConfigInvalid => "CONFIG_INVALID",
            Code::InputInvalid => "INPUT_INVALID",
            Code::TokenProviderFailed => "TOKEN_PROVIDER_FAILED",
            Code::TokenInvalid => "TOKEN_INVALID",
            Code::SourceFailed => "SOURCE_FAILED",
            Code::Unauthenticated => "UNAUTHENTICATED",
            Code::Forbidden => "FORBIDDEN",
            Code::NotFound => "NOT_FOUND",
            Code::Conflict => "CONFLICT",
            Code::RequestRejected => "REQUEST_REJECTED",
            Code::RateLimited => "RATE_LIMITED",
            Code::QueueFull => "QUEUE_FULL",
            Code::Offline => "OFFLINE",
            Code::NetworkOrCors => "NETWORK_OR_CORS",
            Code::BodyTruncated => "BODY_TRUNCATED",
            Code::Timeout => "TIMEOUT",
            Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Code::Aborted => "ABORTED",
            Code::ServerError => "SERVER_ERROR",
            Code::RedirectRefused => "REDIRECT_REFUSED",
            Code::BadContentType => "BAD_CONTENT_TYPE",
            Code::BodyEmpty => "BODY_EMPTY",
            Code::BodyTooLarge => "BODY_TOO_LARGE",
            Code::ValueTooLarge => "VALUE_TOO_LARGE",
            Code::TooManyVariables => "TOO_MANY_VARIABLES",
            Code::JsonSyntax => "JSON_SYNTAX",
            Code::JsonTooDeep => "JSON_TOO_DEEP",
            Code::ShapeUnknown => "SHAPE_UNKNOWN",
            Code::SchemaMismatch => "SCHEMA_MISMATCH",
            Code::PageLoop => "PAGE_LOOP",
            Code::PageLimit => "PAGE_LIMIT",
            Code::WebhookRejected => "WEBHOOK_REJECTED",
            Code::WebhookDisabled => "WEBHOOK_DISABLED",
            Code::OutboxFull => "OUTBOX_FULL",
            Code::StorageUnavailable => "STORAGE_UNAVAILABLE",
            Code::SigningFailed => "SIGNING_FAILED",
            Code::FileTooNew => "FILE_TOO_NEW",
            Code::FileInvalid => "FILE_INVALID",
            Code::RevealRefused => "REVEAL_REFUSED",
            Code::WasmBlocked => "WASM_BLOCKED",
            Code::WasmNotLoaded => "WASM_NOT_LOADED",
            Code::WasmTrap => "WASM_TRAP",
            Code::Internal => "INTERNAL",
        }
    }

    /// Whether the same call may succeed later without anything being changed.
    ///
    /// ```
    /// use cognigy_session_debugger::Code;
    /// assert!(Code::ServerError.is_retryable());
    /// assert!(!Code::Forbidden.is_retryable());
    /// ```
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Code::TokenProviderFailed
                | Code::SourceFailed
                | Code::RateLimited
                | Code::QueueFull
                | Code::Offline
                | Code::NetworkOrCors
                | Code::BodyTruncated
                | Code::Timeout
                | Code::DeadlineExceeded
                | Code::ServerError
                | Code::WebhookRejected
                | Code::OutboxFull
                | Code::StorageUnavailable
                | Code::SigningFailed
                | Code::WasmNotLoaded
                | Code::WasmTrap
        )
    }
}

/// An error of the engine: a stable code, a sentence for people, and the facts that belong to the code.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    code: Code,
    message: Cow<'static, str>,
    facts: Box<Facts>,
}

/// What a program may want to know beside the code. Every field is absent where it does not apply.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Facts {
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// How many attempts were made, from 1.
    pub attempts: Option<u32>,
    /// When it is worth trying again, in milliseconds from then: as the server has said, or by the rate limit.
    pub retry_after_ms: Option<f64>,
    /// JSON path of the place in the body, for example `$.variables[3].name`.
    pub path: Option<String>,
    /// Byte offset in the body, from 0.
    pub offset: Option<usize>,
    /// The server's id for the request, where it gave one.
    pub request_id: Option<String>,
    /// The server's own words, or the platform's about a broken network (Node's, for example `connect ECONNREFUSED`), shortened and
    /// without control characters. Text only, never markup.
    pub problem: Option<String>,
    /// The first eight top-level names of a body whose shape is not known, the first 40 characters of each. Data of the body: to be shown, not to be logged.
    pub members: Vec<String>,
    /// The host's own error, where its callback failed: a number under which the bindings keep it.
    pub cause: Option<u32>,
}

impl Error {
    /// Makes an error from a code and a sentence of our own.
    #[cold]
    #[inline(never)]
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Error {
        Error { code, message: message.into(), facts: Box::default() }
    }

    /// Sets the facts of an error while it is being made.
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Facts)) -> Error {
        set(&mut self.facts);
        self
    }

    /// What went wrong.
    pub fn code(&self) -> Code {
        self.code
    }

    /// A sentence for people: what happened and what to do next.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The facts that belong to the code.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether the same call may succeed later without anything being changed: as the code says, but not where the token endpoint itself
    /// has refused (3xx, and 4xx but 408, 425 and 429), since somebody has to sign in first, or to mend an option.
    ///
    /// ```
    /// use cognigy_session_debugger::client::{Journal, TokenCache, TokenEndpoint};
    /// use cognigy_session_debugger::platform::{Reply, VirtualPlatform};
    /// use std::rc::Rc;
    /// for (status, retryable) in [(401, false), (503, true)] {
    ///     let platform = VirtualPlatform::new(1);
    ///     platform.serve(move |_: &_, _| Reply::status(status));
    ///     let shared = Rc::new(platform.clone());
    ///     let source = Box::new(TokenEndpoint::new(shared.clone(), "/debug/token"));
    ///     let tokens = TokenCache::new(shared.clone(), source, 15_000.0, Journal::new(shared, None));
    ///     let error = platform.run(async move { tokens.get().await }).unwrap().unwrap_err();
    ///     assert_eq!(error.is_retryable(), retryable);
    /// }
    /// ```
    pub fn is_retryable(&self) -> bool {
        let refused = self.code == Code::TokenProviderFailed
            && matches!(self.facts.status, Some(300..=407 | 409..=424 | 426..=428 | 430..=499));
        self.code.is_retryable() && !refused
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_have_distinct_texts() {
        let texts: HashSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        assert!(texts.iter().all(|text| text.chars().all(|c| c.is_ascii_uppercase() || c == '_')));
    }

    #[test]
    fn the_declarations_name_the_same_codes() {
        let declared = include_str!("../www/entry/error.d.ts");
        let (_, union) = declared.split_once("export type ErrorCode =").unwrap();
        let (union, _) = union.split_once(';').unwrap();
        let texts: Vec<&str> = union.split('"').skip(1).step_by(2).collect();
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts, codes, "the codes that TypeScript knows, and the engine's");
    }

    #[test]
    fn an_error_carries_its_facts() {
        let error = Error::new(Code::JsonSyntax, "The body is not JSON.").with(|facts| facts.offset = Some(7));
        assert_eq!(error.facts().offset, Some(7));
        assert_eq!(error.to_string(), "JSON_SYNTAX: The body is not JSON.");
    }
}
