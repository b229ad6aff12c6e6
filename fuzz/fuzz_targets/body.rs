//! Any bytes as a body, whole and in slices.

#![no_main]

#[path = "../../tests/support/checks.rs"]
mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The first byte says how long the slices are.
    if let Some((slice, body)) = input.split_first() {
        let _ = checks::check(body, usize::from(*slice));
    }
});
