//! The chain through the audit trail shows every change up to the newest checkpoint.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::Code;
use cognigy_session_debugger::client::hint::DelaySource;
use cognigy_session_debugger::client::retry::{Class, Decided};
use cognigy_session_debugger::client::{
    Action, AuditRecord, Checkpoint, DebuggerOptions, MAX_RECORDS, OnCheckpoint, RevealNote, SessionDebugger,
    WebhookOptions, verify_audit,
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

/// Every field has its own number, a note of a reveal three.
const FIELDS: usize = 25;

fn flip_field(record: &mut AuditRecord, which: usize, bit: u32) {
    // A record that gets another field has to get another number, too.
    let AuditRecord {
        seq: _,
        at_ms: _,
        action: _,
        route: _,
        actor: _,
        session_id: _,
        outcome: _,
        message: _,
        status: _,
        attempt: _,
        page: _,
        wait_ms: _,
        token_ms: _,
        network_ms: _,
        first_byte_ms: _,
        parse_ms: _,
        request_id: _,
        bytes: _,
        count: _,
        decided: _,
        reveal: _,
        prev: _,
        hash: _,
    } = &*record;
    let other = |text: Option<&str>| Some(format!("{text:?}{bit}"));
    match which % FIELDS {
        0 => record.seq ^= 1 << (bit % 40),
        1 => record.at_ms = f64::from_bits(record.at_ms.to_bits() ^ (1 << (20 + bit % 30))),
        2 => record.action = if record.action == Action::Webhook { Action::Read } else { Action::Webhook },
        3 => record.route = format!("{}.", record.route).into(),
        4 => record.session_id = other(record.session_id.as_deref()).map(Into::into),
        5 => record.outcome = if record.outcome.is_some() { None } else { Some(Code::JsonSyntax) },
        6 => record.status = Some(record.status.map_or(200, |status| status ^ 1)),
        7 => record.attempt ^= 1 << (bit % 31),
        8 => record.page = Some(record.page.map_or(1, |page| page ^ 1)),
        9 => record.wait_ms += 0.25,
        10 => record.network_ms += 0.25,
        11 => record.bytes ^= 1 << (bit % 31),
        12 => record.prev.0[bit as usize % 32] ^= 1 << (bit % 8),
        13 => record.actor = other(record.actor.as_deref()).map(Into::into),
        14 => record.token_ms = Some(record.token_ms.map_or(0.0, |ms| ms + 0.25)),
        15 => record.first_byte_ms = Some(record.first_byte_ms.map_or(0.0, |ms| ms + 0.25)),
        16 => record.parse_ms = Some(record.parse_ms.map_or(0.0, |ms| ms + 0.25)),
        17 => record.request_id = other(record.request_id.as_deref()),
        18 => record.message = other(record.message.as_deref()),
        19 => record.count = Some(record.count.map_or(0, |count| count ^ 1)),
        20 => record.decided = flip_decided(record.decided, bit),
        21..=23 => {
            let note = RevealNote { rule: "name".to_owned(), path: None, reason: None };
            let note = record.reveal.get_or_insert(note);
            match which % FIELDS {
                21 => note.rule = format!("{}{bit}", note.rule),
                22 => note.path = other(note.path.as_deref()),
                _ => note.reason = other(note.reason.as_deref()),
            }
        }
        _ => record.hash.0[bit as usize % 32] ^= 1 << (bit % 8),
    }
}

/// What was decided about a failure, changed in one of its parts; of a success, that something was.
fn flip_decided(decided: Option<Decided>, bit: u32) -> Option<Decided> {
    let Some(mut decided) = decided else {
        return Some(Decided { class: Class::Never, delay_ms: None, source: None });
    };
    match bit % 4 {
        0 => decided.class = if decided.class == Class::Never { Class::Transient } else { Class::Never },
        1 => decided.delay_ms = Some(decided.delay_ms.map_or(0.0, |ms| ms + 0.25)),
        2 => decided.source = if decided.source.is_some() { None } else { Some(DelaySource::Backoff) },
        _ => return None,
    }
    Some(decided)
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

/// So many changes of a chain of so many records: all of them are found, and no later than where they are.
fn r15(records: usize, cases: u32) {
    let (debugger, trail) = trail_of(records);
    let checkpoints = [debugger.audit_checkpoint()];
    assert_eq!((trail.len(), verify_audit(&trail, &checkpoints)), (records, None));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let input = (0..5_u8, 0..records, 0..records, any::<u32>());
    TestRunner::new(config)
        .run(&input, |(kind, at, other, bit)| {
            let mut changed = trail.clone();
            let at = mutate(&mut changed, kind, at, other, bit);
            // A copy of a record in its own place moves the others by one, so the first that is wrong is the next.
            if changed != trail {
                let found = verify_audit(&changed, &checkpoints);
                prop_assert!(found.is_some());
                // Where the first two change places, a full trail begins late for all that one can see.
                let late = u64::from(changed.first().is_some_and(|first| first.seq != 1));
                prop_assert!(found.unwrap() <= at as u64 + 2 + late, "found {found:?} of {at}");
            }
            Ok(())
        })
        .unwrap();
    figure("R15", format!("{cases} changes of a chain of {records}, all found (asked: all)"));
}

#[test]
fn r15_every_change_before_the_newest_checkpoint_is_found() {
    r15(100, 20_000);
}

/// Each of these reads thousands of records, so there are fewer.
#[test]
fn r15_every_change_of_a_full_trail_is_found() {
    r15(MAX_RECORDS, 200);
}

#[test]
fn the_first_two_of_a_full_trail_do_not_change_places_unseen() {
    let (debugger, mut trail) = trail_of(MAX_RECORDS);
    trail.swap(0, 1);
    assert_eq!(verify_audit(&trail, &[debugger.audit_checkpoint()]), Some(3));
}

#[test]
fn r15_no_field_of_a_record_can_be_changed() {
    let (debugger, trail) = trail_of(4);
    let checkpoints = [debugger.audit_checkpoint()];
    assert!(trail[3].message.is_some() && trail[0].message.is_none(), "a failure, and successes");
    for at in 0..trail.len() {
        for (field, bit) in (0..FIELDS).flat_map(|field| (0..40).map(move |bit| (field, bit))) {
            let mut changed = trail.clone();
            flip_field(&mut changed[at], field, bit);
            assert_ne!(changed[at], trail[at], "field {field}, bit {bit}");
            assert_eq!(verify_audit(&changed, &checkpoints), Some(at as u64 + 1), "field {field}, bit {bit}");
        }
    }
}

#[test]
fn a_full_trail_may_begin_late_and_only_a_full_one() {
    let (debugger, trail) = trail_of(MAX_RECORDS + 5);
    let checkpoint = debugger.audit_checkpoint();
    assert_eq!((trail[0].seq, checkpoint.seq), (6, MAX_RECORDS as u64 + 5));
    assert_eq!(verify_audit(&trail, &[checkpoint]), None);
    assert_eq!(verify_audit(&trail[1..], &[checkpoint]), Some(1));
    let early = Checkpoint { seq: 5, hash: trail[0].prev, trail: None };
    assert_eq!(verify_audit(&trail, &[early, checkpoint]), None);
    let wrong = Checkpoint { seq: 5, hash: trail[0].hash, trail: None };
    assert_eq!(verify_audit(&trail, &[wrong, checkpoint]), Some(6));
}

#[test]
fn what_follows_the_newest_checkpoint_is_not_covered() {
    let (_, trail) = trail_of(20);
    let tenth = Checkpoint { seq: 10, hash: trail[9].hash, trail: None };
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

#[test]
fn a_webhook_is_told_of_checkpoints_and_its_deliveries_make_none() {
    let (platform, hook) = (VirtualPlatform::new(1), WebhookOptions::new(HOOK_URL));
    platform.serve(|_: &_, _| Reply::status(204));
    let webhook = Some(WebhookOptions { checkpoints: true, ..hook });
    let debugger = debugger(&platform, DebuggerOptions { webhook, ..options() });
    for count in [1, 250] {
        for _ in 0..count {
            let _ = debugger.ingest(r#"{"variables":[]}"#.into(), IngestOptions::default());
        }
        platform.run_for(600_000.0);
    }
    let told: Vec<serde_json::Value> =
        platform.seen().iter().map(|seen| serde_json::from_str(seen.request.body.as_ref().unwrap()).unwrap()).collect();
    assert!(told.iter().all(|told| told["type"] == "audit_checkpoint" && told["data"].get("trail").is_none()));
    let seqs: Vec<u64> = told.iter().map(|told| told["data"]["seq"].as_u64().unwrap()).collect();
    // One minute after the first record; a hundred and two hundred later; and those who are left, with their deliveries.
    assert_eq!(seqs.len(), 4, "{seqs:?}");
    let trail = debugger.audit_trail();
    for told in &told {
        let record = &trail[usize::try_from(told["data"]["seq"].as_u64().unwrap()).unwrap() - 1];
        assert_eq!(told["data"]["hash"], record.hash.to_string());
    }
    let posts: Vec<_> = trail.iter().filter(|record| record.action == Action::Webhook).collect();
    assert_eq!((posts.len(), posts[0].session_id.as_deref(), posts[0].outcome), (4, None, None));
}
