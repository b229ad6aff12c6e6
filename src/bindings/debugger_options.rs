//! The options of a session debugger: plain data by serde, callbacks by hand.

use super::debugger::listener;
use super::encode_client;
use super::host::{SourceCallback, TokenCallback};
use super::mask::mask;
use super::options::{decode, limits, member, parameters, policy, precedence, types};
use super::signers::{KeySigner, SignCallback};
use crate::client::ledger::RateLimit;
use crate::client::{
    AuditStorage, DebuggerOptions, OutboxStorage, RevealOptions, SessionNaming, Signer, TabSharing, TokenOption,
    WebhookOptions, WebhookPayload,
};
use crate::error::{Code, Error};
use crate::ingest::Limits;
use crate::snapshot::Mask;
use js_sys::{Array, Function};
use serde::Deserialize;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

const KNOWN: [&str; 24] = [
    "baseUrl",
    "token",
    "source",
    "path",
    "parameters",
    "maxConcurrent",
    "rateLimit",
    "countPreflight",
    "retry",
    "timeoutMs",
    "stallMs",
    "deadlineMs",
    "policy",
    "precedence",
    "types",
    "limits",
    "requireSessionPrefix",
    "actor",
    "audit",
    "webhook",
    "mask",
    "reveal",
    "tabs",
    "onCheckpoint",
];

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OptionsJs {
    base_url: Option<String>,
    path: Option<String>,
    max_concurrent: Option<f64>,
    timeout_ms: Option<f64>,
    stall_ms: Option<f64>,
    count_preflight: Option<bool>,
    deadline_ms: Option<f64>,
    policy: Option<String>,
    require_session_prefix: Option<String>,
    actor: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateLimitJs {
    requests: Option<f64>,
    window_ms: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetryJs {
    attempts: Option<f64>,
    base_delay_ms: Option<f64>,
    throttle_delay_ms: Option<f64>,
    max_delay_ms: Option<f64>,
    outlast_ms: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WebhookJs {
    url: Option<String>,
    timeout_ms: Option<f64>,
    storage: Option<String>,
    ordered: Option<bool>,
    checkpoints: Option<bool>,
    max_bytes: Option<f64>,
}

#[derive(Default, Deserialize)]
struct AuditJs {
    storage: Option<String>,
    sessions: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RevealJs {
    for_ms: Option<f64>,
    reason: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TabsJs {
    name: Option<String>,
    share_token: Option<bool>,
}

fn config(message: &'static str) -> Error {
    Error::new(Code::ConfigInvalid, message)
}

/// What cannot be decoded here is an error of the configuration, not of one call.
fn as_config(error: Error) -> Error {
    Error::new(Code::ConfigInvalid, error.message().to_owned())
}

pub(super) fn debugger_options(value: &JsValue) -> Result<DebuggerOptions, Error> {
    read(value).map_err(as_config)
}

fn read(value: &JsValue) -> Result<DebuggerOptions, Error> {
    let given: OptionsJs = decode(value, &KNOWN)?;
    let mut options = DebuggerOptions { token: token(&member(value, "token"))?, ..DebuggerOptions::default() };
    options.limits = limits(&member(value, "limits"), Limits::default())?;
    let limits = options.limits;
    options.source = function(&member(value, "source"), "The option source is not a function.")?
        .map(|function| Box::new(SourceCallback { function, limits }) as _);
    options.base_url = given.base_url;
    options.path = given.path;
    options.parameters = parameters(&member(value, "parameters"))?;
    options.policy = policy(given.policy.as_deref())?;
    options.precedence = precedence(&member(value, "precedence"))?;
    options.types = types(&member(value, "types"))?;
    options.require_session_prefix = given.require_session_prefix;
    options.actor = given.actor;
    options.audit = audit(&member(value, "audit"))?;
    set(&mut options.timeout_ms, given.timeout_ms);
    set(&mut options.stall_ms, given.stall_ms);
    set(&mut options.deadline_ms, given.deadline_ms);
    options.count_preflight = given.count_preflight.unwrap_or(false);
    set_whole(&mut options.max_concurrent, given.max_concurrent)?;
    read_rate_limit(&member(value, "rateLimit"), &mut options)?;
    read_retry(&member(value, "retry"), &mut options)?;
    options.reveal = reveal_options(&member(value, "reveal"))?;
    options.tabs = tabs(&member(value, "tabs"))?;
    options.on_checkpoint = listener(value, "onCheckpoint")?
        .map(|tell| Rc::new(move |checkpoint| tell(encode_client::checkpoint(checkpoint))) as _);
    options.webhook = webhook(&member(value, "webhook"), &member(value, "mask"))?;
    Ok(options)
}

fn token(value: &JsValue) -> Result<TokenOption, Error> {
    if let Some(url) = value.as_string() {
        return Ok(TokenOption::Endpoint(url));
    }
    let function = function(value, "The option token is neither a URL nor a function.")?;
    Ok(function.map_or(TokenOption::None, |function| TokenOption::Callback(Box::new(TokenCallback(function)))))
}

fn function(value: &JsValue, otherwise: &'static str) -> Result<Option<Function>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    value.dyn_ref::<Function>().cloned().map(Some).ok_or_else(|| config(otherwise))
}

fn read_rate_limit(value: &JsValue, options: &mut DebuggerOptions) -> Result<(), Error> {
    if value.as_string().as_deref() == Some("learn") {
        options.rate_limit = RateLimit::UNKNOWN;
        return Ok(());
    }
    let given: RateLimitJs = decode(value, &["requests", "windowMs"])?;
    set_whole(&mut options.rate_limit.requests, given.requests)?;
    set(&mut options.rate_limit.window_ms, given.window_ms);
    Ok(())
}

fn read_retry(value: &JsValue, options: &mut DebuggerOptions) -> Result<(), Error> {
    let given: RetryJs = decode(value, &["attempts", "baseDelayMs", "throttleDelayMs", "maxDelayMs", "outlastMs"])?;
    let mut attempts = options.retry.attempts as usize;
    set_whole(&mut attempts, given.attempts)?;
    options.retry.attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
    set(&mut options.retry.base_delay_ms, given.base_delay_ms);
    set(&mut options.retry.throttle_delay_ms, given.throttle_delay_ms);
    set(&mut options.retry.max_delay_ms, given.max_delay_ms);
    set(&mut options.retry.outlast_ms, given.outlast_ms);
    Ok(())
}

fn webhook(value: &JsValue, masked: &JsValue) -> Result<Option<WebhookOptions>, Error> {
    let mask = mask(masked, Mask::standard)?;
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    const KNOWN: [&str; 9] =
        ["url", "timeoutMs", "sign", "keys", "storage", "payload", "ordered", "checkpoints", "maxBytes"];
    let given: WebhookJs = decode(value, &KNOWN)?;
    let url = given.url.ok_or_else(|| config("The option webhook has no url."))?;
    let mut options = WebhookOptions::new(url);
    options.mask = mask;
    set(&mut options.timeout_ms, given.timeout_ms);
    options.checkpoints = given.checkpoints.unwrap_or(false);
    options.ordered = given.ordered.unwrap_or(true);
    set_whole(&mut options.max_bytes, given.max_bytes)?;
    options.storage = match given.storage.as_deref() {
        None | Some("persistent") => OutboxStorage::Persistent,
        Some("memory") => OutboxStorage::Memory,
        Some(_) => return Err(config("The option webhook.storage is neither persistent nor memory.")),
    };
    let payload = member(value, "payload");
    if payload == "thin" {
        options.payload = WebhookPayload::Thin;
    } else if !payload.is_undefined() && payload != "snapshot" {
        return Err(config("The option webhook.payload is neither snapshot nor thin."));
    }
    options.signer = signer(value)?;
    Ok(Some(options))
}

fn audit(value: &JsValue) -> Result<AuditStorage, Error> {
    let given: AuditJs = decode(value, &["storage", "sessions"])?;
    let naming = match given.sessions.as_deref() {
        None | Some("hmac") => SessionNaming::Hmac,
        Some("plain") => SessionNaming::Plain,
        Some(_) => return Err(config("The option audit.sessions is neither hmac nor plain.")),
    };
    match given.storage.as_deref() {
        None | Some("memory") => Ok(AuditStorage::Memory),
        Some("persistent") => Ok(AuditStorage::Persistent(naming)),
        Some(_) => Err(config("The option audit.storage is neither persistent nor memory.")),
    }
}

pub(super) fn reveal_options(value: &JsValue) -> Result<RevealOptions, Error> {
    if let Some(allowed) = value.as_bool() {
        return Ok(RevealOptions { allowed, ..RevealOptions::default() });
    }
    let given: RevealJs = decode(value, &["forMs", "reason"])?;
    let mut options = RevealOptions::default();
    set(&mut options.for_ms, given.for_ms);
    options.needs_reason = match given.reason.as_deref() {
        None | Some("optional") => false,
        Some("required") => true,
        Some(_) => return Err(config("The option reveal.reason is neither required nor optional.")),
    };
    Ok(options)
}

fn tabs(value: &JsValue) -> Result<Option<TabSharing>, Error> {
    if let Some(shared) = value.as_bool() {
        return Ok(shared.then(TabSharing::default));
    }
    let given: TabsJs = decode(value, &["name", "shareToken"])?;
    Ok(Some(TabSharing { name: given.name, token: given.share_token.unwrap_or(false) }))
}

fn signer(webhook: &JsValue) -> Result<Option<Rc<dyn Signer>>, Error> {
    let sign = function(&member(webhook, "sign"), "The option webhook.sign is not a function.")?;
    let keys = member(webhook, "keys");
    if keys.is_undefined() || keys.is_null() {
        return Ok(sign.map(|function| Rc::new(SignCallback(function)) as _));
    }
    let keys: Array = keys.dyn_into().map_err(|_| config("The option webhook.keys is not an array of keys."))?;
    if sign.is_some() || keys.length() == 0 {
        return Err(config("Give the webhook either sign or at least one of keys."));
    }
    if !keys.iter().all(|key| can_sign(&key)) {
        return Err(config(
            "Each of webhook.keys has to be a CryptoKey that is not extractable, of HMAC with SHA-256 and 24 to 64 bytes or of Ed25519.",
        ));
    }
    Ok(Some(Rc::new(KeySigner(keys))))
}

/// Whether a key signs as Standard Webhooks knows it, and no script can read it.
fn can_sign(key: &JsValue) -> bool {
    let algorithm = member(key, "algorithm");
    let known = match member(&algorithm, "name").as_string().as_deref() {
        Some("HMAC") => member(&member(&algorithm, "hash"), "name") == "SHA-256" && has_length(&algorithm),
        Some("Ed25519") => true,
        _ => false,
    };
    let signs = member(key, "usages").dyn_into::<Array>().is_ok_and(|usages| usages.includes(&"sign".into(), 0));
    known && signs && member(key, "extractable") == false
}

/// Whether a secret has the 24 to 64 bytes that Standard Webhooks asks for. WebCrypto tells bits.
fn has_length(algorithm: &JsValue) -> bool {
    member(algorithm, "length").as_f64().is_some_and(|bits| (192.0..=512.0).contains(&bits))
}

fn set(slot: &mut f64, given: Option<f64>) {
    if let Some(given) = given {
        *slot = given;
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn set_whole(slot: &mut usize, given: Option<f64>) -> Result<(), Error> {
    match given {
        None => Ok(()),
        Some(given) if given >= 0.0 && given.fract() == 0.0 && given <= f64::from(u32::MAX) => {
            *slot = given as usize;
            Ok(())
        }
        Some(_) => Err(config(
            "The options maxConcurrent, rateLimit.requests, retry.attempts and webhook.maxBytes are whole numbers.",
        )),
    }
}
