//! A sweep takes as long as it has sessions: what its end says of one is asked of no other.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/linear.rs"]
mod linear;
mod support;

use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::{BulkOptions, DebuggerOptions};
use cognigy_session_debugger::platform::{Reply, Request, VirtualPlatform};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use linear::{grows_at_most, time};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use support::{body, debugger, options};

const FEW: usize = 6_000;
const TIMES: usize = 8;
/// What is linear takes eight times as long, what takes the square sixty-four times.
const MOST: u32 = 12;

/// Reads so many sessions, and is told how far it is.
fn sweep(sessions: usize) -> Duration {
    let platform = VirtualPlatform::new(1);
    platform.serve(|_: &Request, _: f64| Reply::json(body(&["a"])).after(20.0));
    let rate_limit = RateLimit { requests: 100, window_ms: 1_000.0 };
    let debugger = debugger(&platform, DebuggerOptions { rate_limit, ..options() });
    let queries: Vec<_> = (0..sessions).map(|number| VariableQuery::session(format!("s{number}"))).collect();
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    let on_progress = Rc::new(move |_: &_| count.set(count.get() + 1));
    let taken = time(|| {
        let outcomes =
            debugger.snapshots_with(queries, BulkOptions { progress: Some(on_progress), ..BulkOptions::default() });
        let read = outcomes.fold(0, |read, outcome| std::future::ready(read + usize::from(outcome.result.is_ok())));
        assert_eq!(platform.run(read), Some(sessions));
    });
    assert!(told.get() >= sessions);
    taken
}

#[test]
fn a_sweep_takes_as_long_as_it_has_sessions() {
    assert!(grows_at_most(MOST, || sweep(FEW), || sweep(FEW * TIMES)));
}
