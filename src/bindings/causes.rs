//! Errors of the host, kept beside the engine, which knows numbers only.

use std::cell::RefCell;
use std::collections::VecDeque;
use wasm_bindgen::JsValue;

/// So many are kept; by then the older ones have long been told.
const MOST: usize = 64;

#[derive(Default)]
struct Causes {
    next: u32,
    kept: VecDeque<(u32, JsValue)>,
}

thread_local! {
    static CAUSES: RefCell<Causes> = RefCell::default();
}

/// Keeps an error and gives its number.
pub(super) fn keep(error: JsValue) -> u32 {
    CAUSES.with_borrow_mut(|causes| {
        causes.next = causes.next.wrapping_add(1);
        if causes.kept.len() >= MOST {
            causes.kept.pop_front();
        }
        causes.kept.push_back((causes.next, error));
        causes.next
    })
}

/// The error of a number. Several callers may share it.
pub(super) fn find(number: u32) -> Option<JsValue> {
    CAUSES.with_borrow(|causes| causes.kept.iter().find(|(kept, _)| *kept == number).map(|(_, error)| error.clone()))
}
