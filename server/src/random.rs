//! Texts that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// An opaque text of 256 random bits in base64url, 43 characters: fits RFC 6750's `b64token` and a cookie value.
///
/// # Errors
/// When the operating system gives no randomness.
pub(crate) fn opaque_text() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::getrandom(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
