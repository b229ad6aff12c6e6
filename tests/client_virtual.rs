//! The virtual platform itself: what it counts and how its time runs. Everything else about the client rests on it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::platform::{
    Clock, Credentials, Ending, Fate, Method, Random, Reply, Request, Sleep, Spawn, Transport, TransportError,
    VirtualPlatform,
};
use std::cell::RefCell;
use std::rc::Rc;

fn get(url: &str) -> Request {
    Request { method: Method::Get, url: url.into(), headers: vec![], body: None, credentials: Credentials::Omit }
}

#[test]
fn the_server_sees_what_was_sent_and_what_became_of_it() {
    let platform = VirtualPlatform::new(1);
    platform.serve(|request: &Request, _: f64| match request.url.as_str() {
        "/never" => Reply::silence(),
        "/refused" => Reply::error(TransportError::Network),
        _ => Reply::json("{}").after(30.0).pieces(1, 10.0),
    });
    let client = platform.clone();
    let bytes = platform.run(async move {
        let mut response = client.send(get("/good")).await.unwrap();
        assert_eq!((response.status, response.body.content_length()), (200, Some(2)));
        let mut bytes = Vec::new();
        while response.body.read_into(&mut bytes).await.unwrap() > 0 {}
        assert_eq!(client.send(get("/refused")).await.unwrap_err(), TransportError::Network);
        let never = client.send(get("/never"));
        client.spawn(Box::pin(async move { drop(futures_util::future::select(never, Box::pin(async {})).await) }));
        client.sleep(1.0).await;
        bytes
    });
    assert_eq!(bytes.unwrap(), b"{}");
    let seen: Vec<_> = platform.seen().iter().map(|seen| (seen.request.url.clone(), seen.fate, seen.at_ms)).collect();
    assert_eq!(
        seen,
        [
            ("/good".into(), Fate::Ended, 0.0),
            ("/refused".into(), Fate::Ended, 60.0),
            ("/never".into(), Fate::Dropped, 60.0)
        ]
    );
    assert_eq!(platform.most_in_flight(), 1);
}

#[test]
fn bodies_break_as_they_are_told() {
    for (ending, outcome) in
        [(Ending::Broken, Some(Err(TransportError::Network))), (Ending::Short, Some(Ok(0))), (Ending::Stalled, None)]
    {
        let platform = VirtualPlatform::new(1);
        platform.serve(move |_: &Request, _: f64| Reply::json("abcdef").cut(4, ending));
        let client = platform.clone();
        let ended = platform.run(async move {
            let mut response = client.send(get("/")).await.unwrap();
            let mut bytes = Vec::new();
            assert_eq!(response.body.read_into(&mut bytes).await, Ok(4));
            assert_eq!(bytes, b"abcd");
            response.body.read_into(&mut bytes).await
        });
        assert_eq!(ended, outcome);
    }
}

#[test]
fn timers_fire_in_order_and_dropped_ones_do_not() {
    let platform = VirtualPlatform::new(1);
    let log: Rc<RefCell<Vec<(u32, f64)>>> = Rc::default();
    for (name, ms) in [(1, 50.0), (2, 10.0), (3, 50.0)] {
        let (clock, log) = (platform.clone(), Rc::clone(&log));
        platform.spawn(Box::pin(async move {
            clock.sleep(ms).await;
            log.borrow_mut().push((name, clock.monotonic_ms()));
        }));
    }
    drop(platform.sleep(5.0));
    platform.run_for(49.0);
    assert_eq!(*log.borrow(), [(2, 10.0)]);
    platform.step_wall_clock(-3_600_000.0);
    let wall = platform.wall_ms();
    platform.run_for(1.0);
    assert_eq!(*log.borrow(), [(2, 10.0), (1, 50.0), (3, 50.0)]);
    assert_eq!(platform.wall_ms() - wall, 1.0);
    assert_eq!(platform.tasks(), 0);
}

#[test]
fn a_seed_repeats_its_numbers() {
    let numbers = |seed| {
        let platform = VirtualPlatform::new(seed);
        (0..1_000).map(|_| platform.unit()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(7), numbers(7));
    assert_ne!(numbers(7), numbers(8));
    assert!(numbers(7).iter().all(|unit| (0.0..1.0).contains(unit)));
    let mean = numbers(7).iter().sum::<f64>() / 1_000.0;
    assert!((0.45..0.55).contains(&mean), "{mean}");
}
