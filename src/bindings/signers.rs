//! Who signs webhooks: a callback of the host, or keys of WebCrypto.

use super::encode::{object, put};
use super::host::{call, failed};
use crate::client::{Delivery, Signer};
use crate::error::{Code, Error};
use crate::platform::{LocalFuture, sign_with_keys};
use js_sys::{Array, Function};
use wasm_bindgen::JsValue;

fn refused(error: JsValue) -> Error {
    failed(Code::SigningFailed, "The webhook could not be signed; the reason is the cause.", error)
}

/// A function that signs.
pub(super) struct SignCallback(pub(super) Function);

impl Signer for SignCallback {
    fn sign(&self, delivery: &Delivery) -> LocalFuture<Result<String, Error>> {
        let function = self.0.clone();
        let request = object();
        put(&request, "id", delivery.id.as_str());
        put(&request, "timestamp", delivery.timestamp.as_str());
        put(&request, "body", delivery.body.as_str());
        Box::pin(async move {
            let answer = call(function, request).await.map_err(refused)?;
            // What is no text becomes an empty signature, which is refused.
            Ok(answer.as_string().unwrap_or_default())
        })
    }
}

/// Keys that JavaScript need not be able to read.
pub(super) struct KeySigner(pub(super) Array);

impl Signer for KeySigner {
    fn sign(&self, delivery: &Delivery) -> LocalFuture<Result<String, Error>> {
        let (keys, text) = (self.0.clone(), delivery.signed_text());
        Box::pin(async move { sign_with_keys(&keys, &text).await.map_err(refused) })
    }
}
