//! A tenant, or a token endpoint, that starts anew while sessions are read. A failure names the seed that repeats it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::DebuggerOptions;
use cognigy_session_debugger::client::ledger::RateLimit;
use cognigy_session_debugger::client::retry::RetryPolicy;
use cognigy_session_debugger::platform::{
    Clock, Method, Random, Reply, Request, Server, Sleep, Spawn, TransportError, VirtualPlatform,
};
use cognigy_session_debugger::query::VariableQuery;
use futures_util::StreamExt;
use support::{body, debugger, figure, is_token_request, options, read, token_json, token_requests, with_token};

const SESSIONS: usize = 60;
const RESTART_MS: f64 = 2_000.0;

/// How a server is away.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Away {
    /// Something in front of it answers.
    Answers(u16),
    /// Nothing does.
    Silent,
}

/// Is away for a while; each way of the network takes 10 to 250 ms.
struct Restarting {
    from_ms: f64,
    away: Away,
    dice: VirtualPlatform,
}

impl Restarting {
    fn new(away: Away, seed: u64) -> Restarting {
        let dice = VirtualPlatform::new(seed ^ 0xdead);
        Restarting { from_ms: dice.unit() * 3_000.0, away, dice }
    }
}

impl Server for Restarting {
    fn travel_ms(&self, _: &Request, unit: f64) -> f64 {
        10.0 + 240.0 * unit
    }

    fn answer(&self, request: &Request, now: f64) -> Reply {
        let reply = match self.away {
            _ if !(self.from_ms..self.from_ms + RESTART_MS).contains(&now) => match request.method {
                Method::Post => token_json("abc", 600),
                Method::Get => Reply::json(body(&["a"])),
            },
            Away::Answers(status) => Reply::status(status),
            Away::Silent => Reply::error(TransportError::Network),
        };
        reply.after(10.0 + 240.0 * self.dice.unit())
    }
}

/// How many of the sessions could not be read, and how long it took, in s.
fn sweep(away: Away, outlast_ms: f64, seed: u64) -> (usize, f64) {
    let platform = VirtualPlatform::new(seed);
    platform.serve(Restarting::new(away, seed));
    let retry = RetryPolicy { outlast_ms, ..RetryPolicy::default() };
    let debugger = debugger(&platform, DebuggerOptions { retry, ..options() });
    let queries = (0..SESSIONS).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = debugger.snapshots(queries, None).map(|outcome| outcome.result.is_err()).collect::<Vec<_>>();
    let failed = platform.run(outcomes).unwrap();
    assert_eq!(failed.len(), SESSIONS, "seed {seed}");
    (failed.into_iter().filter(|failed| *failed).count(), platform.monotonic_ms() / 1_000.0)
}

#[test]
fn a_restart_of_two_seconds_fails_no_read_of_a_sweep() {
    const SEEDS: u64 = 200;
    for away in [Away::Answers(503), Away::Answers(502), Away::Silent] {
        let (mut longest, mut without) = (0.0_f64, 0);
        for seed in 1..=SEEDS {
            let (failed, seconds) = sweep(away, RetryPolicy::default().outlast_ms, seed);
            assert_eq!(failed, 0, "{away:?}, seed {seed}: {failed} of {SESSIONS} failed");
            longest = longest.max(seconds);
            without += sweep(away, 0.0, seed).0;
        }
        figure(
            "restart",
            format!(
                "{away:?} for 2 s, {SEEDS} seeds: {SESSIONS} of {SESSIONS} read in each, {longest:.1} s at most; without outlastMs {without} of {} fail",
                SESSIONS as u64 * SEEDS
            ),
        );
    }
}

#[test]
fn a_token_endpoint_that_restarts_fails_no_read() {
    const SEEDS: u64 = 200;
    let mut without = 0;
    for seed in 1..=SEEDS {
        for outlast_ms in [RetryPolicy::default().outlast_ms, 0.0] {
            let platform = VirtualPlatform::new(seed);
            let dice = VirtualPlatform::new(seed ^ 0xdead);
            platform.serve(move |request: &Request, now: f64| match is_token_request(request) {
                true if now < RESTART_MS => Reply::status(503).after(10.0 + 240.0 * dice.unit()),
                true => token_json("abc", 600).after(20.0),
                false => Reply::json(body(&["a"])).after(20.0),
            });
            let retry = RetryPolicy { outlast_ms, ..RetryPolicy::default() };
            let debugger = debugger(&platform, DebuggerOptions { retry, ..with_token() });
            let result = read(&platform, &debugger);
            match outlast_ms {
                0.0 => without += u32::from(result.is_err()),
                _ => assert!(result.is_ok(), "seed {seed}: {:?}", result.err()),
            }
        }
    }
    assert_eq!(without, 200, "or the figure says nothing");
    figure("restart", format!("a token endpoint, {SEEDS} seeds: every read; without outlastMs {without} fail"));
}

/// A sweep of 200 sessions while the token endpoint is away from the start. How many could not be read, the code of one of them, how
/// often the endpoint was asked, and how long it took, in s.
fn sweep_without_token(away: Away, outage_ms: f64, seed: u64) -> (usize, Option<Code>, usize, f64) {
    let platform = VirtualPlatform::new(seed);
    platform.serve(move |request: &Request, now: f64| match (is_token_request(request), away) {
        (false, _) => Reply::json(body(&["a"])).after(20.0),
        (true, _) if now >= outage_ms => token_json("abc", 600).after(20.0),
        (true, Away::Answers(status)) => Reply::status(status).after(20.0),
        (true, Away::Silent) => Reply::error(TransportError::Network).after(20.0),
    });
    let queries = (0..200).map(|number| VariableQuery::session(format!("s{number}")));
    let rate_limit = RateLimit { requests: 1_000, window_ms: 1_000.0 };
    let debugger = debugger(&platform, DebuggerOptions { rate_limit, ..with_token() });
    let outcomes = debugger.snapshots(queries, None).collect::<Vec<_>>();
    let outcomes = platform.run(outcomes).unwrap();
    assert_eq!(outcomes.len(), 200, "seed {seed}");
    let failed: Vec<Code> =
        outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err()).map(|e| e.code()).collect();
    (failed.len(), failed.first().copied(), token_requests(&platform), platform.monotonic_ms() / 1_000.0)
}

#[test]
fn a_token_endpoint_that_is_away_for_ten_seconds_fails_no_read_of_a_sweep() {
    const SEEDS: u64 = 50;
    for (away, most_s) in [(Away::Answers(503), 75.0), (Away::Answers(504), 75.0), (Away::Silent, 40.0)] {
        let (mut longest, mut requests) = (0.0_f64, 0);
        for seed in 1..=SEEDS {
            let (failed, code, asked, seconds) = sweep_without_token(away, 10_000.0, seed);
            assert_eq!(failed, 0, "{away:?}, seed {seed}: {code:?}");
            (longest, requests) = (longest.max(seconds), requests.max(asked));
        }
        assert!(longest < most_s && requests < 20, "{away:?}: {longest} s, {requests} requests");
        figure(
            "restart",
            format!(
                "a token endpoint, {away:?} for 10 s, {SEEDS} seeds: 200 of 200 read in each, {longest:.1} s and {requests} token requests at most"
            ),
        );
    }
}

#[test]
fn a_token_endpoint_that_stays_away_holds_up_no_sweep_for_ever() {
    for away in [Away::Answers(503), Away::Silent] {
        let (failed, code, asked, seconds) = sweep_without_token(away, f64::INFINITY, 1);
        assert_eq!((failed, code), (200, Some(Code::TokenProviderFailed)), "{away:?}");
        assert!(seconds < 330.0 && asked < 100, "{away:?}: {seconds} s, {asked} requests");
    }
    // Whom it has refused it refuses again.
    let (failed, _, asked, seconds) = sweep_without_token(Away::Answers(401), f64::INFINITY, 1);
    assert!(failed == 200 && asked < 20 && seconds < 2.0, "{failed} failed, {asked} requests, {seconds} s");
}

/// How many of two hundred sessions could not be read where the computer has no network for so long from the start, and the codes.
fn sweep_offline(options: DebuggerOptions, outage_ms: f64) -> Vec<Code> {
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match is_token_request(request) {
        true => token_json("abc", 600).after(20.0),
        false => Reply::json(body(&["a"])).after(20.0),
    });
    platform.set_online(false);
    let network = platform.clone();
    platform.spawn(Box::pin(async move {
        network.sleep(outage_ms).await;
        network.set_online(true);
    }));
    let queries = (0..200).map(|number| VariableQuery::session(format!("s{number}")));
    let outcomes = debugger(&platform, options).snapshots(queries, None).collect::<Vec<_>>();
    let outcomes = platform.run(outcomes).unwrap();
    assert_eq!(outcomes.len(), 200);
    outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err()).map(|error| error.code()).collect()
}

/// Nothing is sent meanwhile, and nobody waits for a single one of them: a sweep goes on when the network is back.
#[test]
fn a_computer_without_a_network_for_half_an_hour_fails_no_read_of_a_sweep() {
    for outage_ms in [10_000.0, 1_800_000.0] {
        assert_eq!(sweep_offline(options(), outage_ms), []);
        assert_eq!(sweep_offline(with_token(), outage_ms), []);
    }
    let failed = sweep_offline(options(), 11_000_000.0);
    assert_eq!(failed, [Code::Offline; 5], "those under way, after three waits of an hour");
    figure("offline", "half an hour without a network: 200 of 200 read, with a token endpoint and without");
}
