//! The chain through the audit trail shows every change up to the newest checkpoint.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::{
    Action, AuditRecord, Checkpoint, DebuggerOptions, MAX_RECORDS, OnCheckpoint, SessionDebugger, verify_audit,
};
use cognigy_session_debugger::platform::*;
use cognigy_session_debugger::snapshot::IngestOptions;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;
use std::rc::Rc;
use support::*;

fn trail_of(length: usize) -> (SessionDebugger, Vec<AuditRecord>) {
    let debugger = debugger(&VirtualPlatform::new(1), options());
    for number in 0..length {
        let body = if number % 7 == 3 { "nonsense" } else { r#"{"variables":[]}"# };
        let _ = debugger.ingest(body.into(), IngestOptions::default());
    }
    let trail = debugger.audit_trail();
    (debugger, trail)
}

fn flip_field(record: &mut AuditRecord, which: usize, bit: u32) {
    match which % 19 {
        0 => record.seq ^= 1 << (bit % 40),
        1 => record.at_ms = f64::from_bits(record.at_ms.to_bits() ^ (1 << (20 + bit % 30))),
        2 => record.action = if record.action == Action::Webhook { Action::Read } else { Action::Webhook },
        3 => record.route = format!("{}.", record.route).into(),
        4 => record.session_id = Some(format!("{:?}{bit}", record.session_id).into()),
        5 => record.outcome = if record.outcome.is_some() { None } else { Some(Code::JsonSyntax) },
        6 => record.status = Some(record.status.map_or(200, |status| status ^ 1)),
        7 => record.attempt ^= 1 << (bit % 31),
        8 => record.page = Some(record.page.map_or(1, |page| page ^ 1)),
        9 => record.wait_ms += 0.25,
        10 => record.network_ms += 0.25,
        11 => record.bytes ^= 1 << (bit % 31),
        14 => record.actor = Some(format!("{:?}{bit}", record.actor).into()),
        15 => record.token_ms = Some(record.token_ms.map_or(0.0, |ms| ms + 0.25)),
        16 => record.first_byte_ms = Some(record.first_byte_ms.map_or(0.0, |ms| ms + 0.25)),
        17 => record.parse_ms = Some(record.parse_ms.map_or(0.0, |ms| ms + 0.25)),
        18 => record.request_id = Some(format!("{:?}{bit}", record.request_id)),
        12 => record.prev.0[bit as usize % 32] ^= 1 << (bit % 8),
        _ => record.hash.0[bit as usize % 32] ^= 1 << (bit % 8),
    }
}

/// Changes a trail, and tells the first record that is not where or what it was.
fn mutate(trail: &mut Vec<AuditRecord>, kind: u8, at: usize, other: usize, bit: u32) -> usize {
    let length = trail.len();
    let at = at % (length - 1);
    match kind % 5 {
        0 => flip_field(&mut trail[at], other, bit),
        1 => drop(trail.remove(at)),
        2 => trail.swap(at, at + 1),
        3 => trail.insert(at, trail[other % length].clone()),
        _ => trail.truncate(at),
    }
    at
}

#[test]
fn r15_every_change_before_the_newest_checkpoint_is_found() {
    let (debugger, trail) = trail_of(100);
    let checkpoints = [debugger.audit_checkpoint()];
    assert_eq!(verify_audit(&trail, &checkpoints), None);
    let cases = 20_000;
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let input = (0..5_u8, 0..100_usize, 0..100_usize, any::<u32>());
    TestRunner::new(config)
        .run(&input, |(kind, at, other, bit)| {
            let mut changed = trail.clone();
            let at = mutate(&mut changed, kind, at, other, bit);
            // A copy of a record in its own place moves the others by one, so the first that is wrong is the next.
            if changed != trail {
                let found = verify_audit(&changed, &checkpoints);
                prop_assert!(found.is_some());
                prop_assert!(found.unwrap() <= at as u64 + 2, "found {found:?} of {at}");
            }
            Ok(())
        })
        .unwrap();
    println!("R15: {cases} changes of a chain, all found (asked: all of 20,000)");
}

#[test]
fn a_full_trail_may_begin_late_and_only_a_full_one() {
    let (debugger, trail) = trail_of(MAX_RECORDS + 5);
    let checkpoint = debugger.audit_checkpoint();
    assert_eq!((trail[0].seq, checkpoint.seq), (6, MAX_RECORDS as u64 + 5));
    assert_eq!(verify_audit(&trail, &[checkpoint]), None);
    assert_eq!(verify_audit(&trail[1..], &[checkpoint]), Some(1));
    let early = Checkpoint { seq: 5, hash: trail[0].prev };
    assert_eq!(verify_audit(&trail, &[early, checkpoint]), None);
    let wrong = Checkpoint { seq: 5, hash: trail[0].hash };
    assert_eq!(verify_audit(&trail, &[wrong, checkpoint]), Some(6));
}

#[test]
fn what_follows_the_newest_checkpoint_is_not_covered() {
    let (_, trail) = trail_of(20);
    let tenth = Checkpoint { seq: 10, hash: trail[9].hash };
    assert_eq!(verify_audit(&trail[..10], &[tenth]), None, "the tail was cut off without a trace");
    assert_eq!(verify_audit(&trail[..9], &[tenth]), Some(10));
    assert_eq!(verify_audit(&[], &[tenth]), Some(1));
}

#[test]
fn checkpoints_come_every_hundred_records_or_sixty_seconds() {
    let platform = VirtualPlatform::new(1);
    let told: Rc<RefCell<Vec<Checkpoint>>> = Rc::default();
    let kept = Rc::clone(&told);
    let on_checkpoint: OnCheckpoint = Rc::new(move |checkpoint| kept.borrow_mut().push(checkpoint));
    let debugger = debugger(&platform, DebuggerOptions { on_checkpoint: Some(on_checkpoint), ..options() });
    let add = |count| {
        for _ in 0..count {
            let _ = debugger.ingest(r#"{"variables":[]}"#.into(), IngestOptions::default());
        }
    };
    let wait = |ms| platform.run(platform.sleep(ms)).unwrap();
    let seqs = || told.borrow().iter().map(|checkpoint| checkpoint.seq).collect::<Vec<_>>();

    add(1);
    wait(59_000.0);
    add(1);
    assert!(seqs().is_empty());
    wait(2_000.0);
    assert_eq!(seqs(), [2]);
    wait(600_000.0);
    assert_eq!(seqs(), [2], "nothing is new");
    add(250);
    wait(1.0);
    assert_eq!(seqs(), [2, 102, 202]);
    wait(60_000.0);
    add(3);
    let mut trail = debugger.audit_trail();
    drop(debugger);
    wait(1.0);
    assert_eq!(seqs(), [2, 102, 202, 252, 255]);

    assert_eq!(verify_audit(&trail, &told.borrow()), None);
    trail.truncate(253);
    assert_eq!(verify_audit(&trail, &told.borrow()), Some(254));
}
