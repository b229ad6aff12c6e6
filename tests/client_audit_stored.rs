//! The audit trail in the origin's store: one chain of all tabs, in whatever order they write and wherever one of them ends.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::{
    AuditStorage, CallOptions, Checkpoint, DebuggerOptions, OnCheckpoint, SessionDebugger, SessionNaming,
};
use cognigy_session_debugger::platform::{Change, Origin, Reply, VirtualOrigin, VirtualPlatform, VirtualTab};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::snapshot::IngestOptions;
use cognigy_session_debugger::{Code, Error};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::rc::Rc;
use support::*;

const PERSISTENT: AuditStorage = AuditStorage::Persistent(SessionNaming::Hmac);

fn stored() -> DebuggerOptions {
    DebuggerOptions { audit: PERSISTENT, ..options() }
}

fn in_tab(tab: &VirtualTab, options: DebuggerOptions) -> SessionDebugger {
    SessionDebugger::new(options, Rc::new(tab.clone())).unwrap()
}

fn world() -> (VirtualPlatform, VirtualOrigin) {
    let world = VirtualPlatform::new(11);
    world.serve(|_: &_, _| Reply::json(body(&["a"])));
    let origin = VirtualOrigin::new(&world);
    (world, origin)
}

fn read(world: &VirtualPlatform, debugger: &SessionDebugger, session: &str) {
    let read = debugger.snapshot(VariableQuery::session(session), CallOptions::default());
    assert!(world.run(read).unwrap().is_ok());
}

/// One record each, with an error in every seventh.
fn push(debugger: &SessionDebugger, records: usize) {
    for number in 0..records {
        let body = if number % 7 == 3 { "nonsense" } else { r#"{"variables":[]}"# };
        let _ = debugger.ingest(body.into(), IngestOptions::default());
    }
}

fn lines(world: &VirtualPlatform, debugger: &SessionDebugger, session: Option<&str>) -> Result<Vec<String>, Error> {
    world.run(debugger.stored_audit_trail(session.map(Into::into))).unwrap()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks numbers, hashes and the chain by serde_json, whose objects are sorted as canonical JSON asks.
fn checked(lines: &[String]) -> Vec<Value> {
    let mut records = Vec::new();
    let mut before: Option<(u64, String)> = None;
    for line in lines {
        let mut record: Value = serde_json::from_str(line).unwrap();
        let hash = record.as_object_mut().unwrap().remove("hash").unwrap().as_str().unwrap().to_owned();
        assert_eq!(hash, hex(Sha256::digest(record.to_string())), "{line}");
        let (seq, prev) = (record["seq"].as_u64().unwrap(), record["prev"].as_str().unwrap());
        let (expected, chained) = before.unwrap_or((seq, prev.to_owned()));
        assert_eq!((seq, prev), (expected, chained.as_str()), "{line}");
        before = Some((seq + 1, hash));
        records.push(record);
    }
    records
}

#[test]
fn r15_tabs_write_one_chain_which_outlives_them() {
    let (world, origin) = world();
    let tabs = [origin.open(), origin.open(), origin.open()];
    let debuggers = tabs.each_ref().map(|tab| in_tab(tab, stored()));
    for round in 0..20 {
        for (number, debugger) in debuggers.iter().enumerate() {
            read(&world, debugger, &format!("sess_{number}"));
            push(debugger, round);
        }
    }
    let own: usize = debuggers.iter().map(|debugger| debugger.audit_trail().len()).sum();
    world.run_for(1_000.0);
    tabs[0].kill();
    let records = checked(&lines(&world, &debuggers[1], None).unwrap());
    assert_eq!(records.len(), own);
    assert_eq!((records[0]["seq"].as_u64(), records[0]["prev"].as_str()), (Some(1), Some("0".repeat(64).as_str())));
    let different = |member: &str| {
        let mut all: Vec<&str> = records.iter().map(|record| record[member].as_str().unwrap()).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    assert_eq!((different("tab"), different("trail")), (3, 1));
    // Each tab's records stand in the order in which they happened, by its own clock.
    for tab in records.iter().map(|record| &record["tab"]) {
        let of_tab = records.iter().filter(|record| record["tab"] == *tab);
        let times: Vec<f64> = of_tab.map(|record| record["monoMs"].as_f64().unwrap()).collect();
        assert!(times.is_sorted());
    }
    // A new visit goes on with it.
    tabs.iter().for_each(VirtualTab::kill);
    let next = in_tab(&origin.open(), stored());
    push(&next, 1);
    assert_eq!(checked(&lines(&world, &next, None).unwrap()).len(), own + 1);
    figure("R15", format!("{} records of 4 tabs are one chain (asked: all)", own + 1));
}

#[test]
fn without_locks_nobody_writes_over_another() {
    let (world, origin) = world();
    origin.forget_locks();
    let debuggers: Vec<SessionDebugger> = (0..5).map(|_| in_tab(&origin.open(), stored())).collect();
    for _ in 0..40 {
        debuggers.iter().for_each(|debugger| push(debugger, 3));
        world.run_for(1.5);
    }
    world.run_for(1_000.0);
    assert_eq!(checked(&lines(&world, &debuggers[4], None).unwrap()).len(), 5 * 40 * 3);
}

/// A tab that writes is halted at any moment, with the lock, and goes on at any other.
#[test]
fn a_halted_tab_that_has_the_lock_is_not_waited_for_and_the_chain_holds() {
    for halted_ms in 0..10 {
        for resumed_ms in [3_000.0, 10_001.0, 10_003.0, 20_000.0] {
            let (world, origin) = world();
            let tab = origin.open();
            let (halted, other) = (in_tab(&tab, stored()), in_tab(&origin.open(), stored()));
            push(&halted, 250);
            world.run_for(f64::from(halted_ms) * 1.5);
            tab.halt();
            push(&other, 3);
            if resumed_ms > 15_000.0 {
                let before = checked(&lines(&world, &other, None).unwrap());
                // Of the halted one whole batches are there, or none.
                assert!([3, 103, 203, 253].contains(&before.len()), "{}", before.len());
            }
            world.run_for(resumed_ms);
            push(&other, 150);
            world.run_for(1.5);
            tab.resume();
            push(&halted, 1);
            world.run_for(30_000.0);
            assert_eq!(checked(&lines(&world, &other, None).unwrap()).len(), 250 + 3 + 150 + 1);
        }
    }
}

#[test]
fn r15_the_latest_ten_thousand_are_kept_and_checkpoints_cover_the_others() {
    let (world, origin) = world();
    let told: Rc<RefCell<Vec<Checkpoint>>> = Rc::default();
    let keep = Rc::clone(&told);
    let tell: OnCheckpoint = Rc::new(move |checkpoint| keep.borrow_mut().push(checkpoint));
    let debugger = in_tab(&origin.open(), DebuggerOptions { on_checkpoint: Some(tell), ..stored() });
    for _ in 0..123 {
        push(&debugger, 100);
        world.run_for(10.0);
    }
    let records = checked(&lines(&world, &debugger, None).unwrap());
    assert_eq!((records.len(), records[0]["seq"].as_u64()), (10_000, Some(2_301)));
    let told = told.borrow();
    assert!(told.windows(2).all(|pair| pair[1].seq - pair[0].seq <= 200), "none is dropped before one covers it");
    for checkpoint in told.iter().filter(|checkpoint| checkpoint.seq >= 2_301) {
        let after = records.iter().find(|record| record["seq"].as_u64() == Some(checkpoint.seq + 1));
        assert!(after.is_none_or(|after| after["prev"] == checkpoint.hash.to_string()));
        assert_eq!(records[0]["trail"], checkpoint.trail.unwrap().to_string());
    }
    assert_eq!(told.last().unwrap().seq, 12_300);
    figure(
        "R15",
        format!(
            "12,300 records stored: the last {} are one chain, and {} checkpoints cover all",
            records.len(),
            told.len()
        ),
    );
}

#[test]
fn a_session_is_found_by_its_id_which_is_not_stored() {
    let (world, origin) = world();
    let debugger = in_tab(&origin.open(), stored());
    for session in ["sess_\"1\"", "sess_2", "sess_\"1\""] {
        read(&world, &debugger, session);
    }
    let all = lines(&world, &debugger, None).unwrap();
    assert!(all.iter().all(|line| !line.contains("sess_")));
    let of_first = checked_apart(&lines(&world, &debugger, Some("sess_\"1\"")).unwrap());
    assert_eq!(of_first.len(), 2);
    assert_eq!(of_first[0]["sessionRef"], of_first[1]["sessionRef"]);
    assert_eq!(lines(&world, &debugger, Some("sess_3")).unwrap(), [""; 0]);
    // Another origin has another key.
    let elsewhere = in_tab(&VirtualOrigin::new(&world).open(), stored());
    read(&world, &elsewhere, "sess_\"1\"");
    let there = checked_apart(&lines(&world, &elsewhere, None).unwrap());
    assert_ne!(there[0]["sessionRef"], of_first[0]["sessionRef"]);
    assert_ne!(there[0]["trail"], of_first[0]["trail"]);
    // Plain ones are found beside the others, and no text within a name is taken for one.
    let plain = DebuggerOptions { audit: AuditStorage::Persistent(SessionNaming::Plain), ..options() };
    let plain = in_tab(&origin.open(), plain);
    read(&world, &plain, "sess_\"1\"");
    read(&world, &plain, r#"x","sessionId":"sess_4"#);
    let both = checked_apart(&lines(&world, &plain, Some("sess_\"1\"")).unwrap());
    assert_eq!((both.len(), both[2]["sessionId"].as_str()), (3, Some("sess_\"1\"")));
    assert_eq!(lines(&world, &plain, Some("sess_4")).unwrap(), [""; 0]);
    assert_eq!(checked(&lines(&world, &plain, None).unwrap()).len(), 5);
}

/// Each by itself.
fn checked_apart(lines: &[String]) -> Vec<Value> {
    lines.chunks(1).flat_map(checked).collect()
}

#[test]
fn what_a_terminal_would_obey_is_stored_as_escapes() {
    let (world, origin) = world();
    let debugger =
        in_tab(&origin.open(), DebuggerOptions { audit: AuditStorage::Persistent(SessionNaming::Plain), ..options() });
    let session = "a\u{202e}b\u{2028}c\u{9b}d\u{7f}e\u{feff}ü";
    read(&world, &debugger, session);
    let line = &lines(&world, &debugger, Some(session)).unwrap()[0];
    assert!(line.contains(r"a\u202eb\u2028c\u009bd\u007fe"), "{line}");
    assert_eq!(checked(std::slice::from_ref(line))[0]["sessionId"], session);
}

#[test]
fn a_store_that_fails_for_a_while_loses_nothing_and_is_in_nobodys_way() {
    let (world, origin) = world();
    let debugger = in_tab(&origin.open(), stored());
    push(&debugger, 5);
    world.run_for(100.0);
    origin.fail_writes_after(Some(0));
    read(&world, &debugger, "sess_1");
    push(&debugger, 5);
    world.run_for(100.0);
    assert_eq!(lines(&world, &debugger, None).unwrap_err().code(), Code::StorageUnavailable);
    assert_eq!(debugger.audit_trail().len(), 11);
    origin.fail_writes_after(None);
    assert_eq!(checked(&lines(&world, &debugger, None).unwrap()).len(), 11);
}

/// Keeps what `on_checkpoint` is told.
fn told() -> (Rc<RefCell<Vec<Checkpoint>>>, Option<OnCheckpoint>) {
    let told: Rc<RefCell<Vec<Checkpoint>>> = Rc::default();
    let keep = Rc::clone(&told);
    (told, Some(Rc::new(move |checkpoint| keep.borrow_mut().push(checkpoint))))
}

#[test]
fn what_could_not_be_written_is_written_by_itself_and_checkpoints_go_on_meanwhile() {
    let (world, origin) = world();
    let (told, on_checkpoint) = told();
    let debugger = in_tab(&origin.open(), DebuggerOptions { on_checkpoint, ..stored() });
    push(&debugger, 1);
    world.run_for(61_000.0);
    assert!(told.borrow()[0].trail.is_some());
    origin.fail_writes_after(Some(0));
    push(&debugger, 150);
    world.run_for(10.0);
    let own = *told.borrow().last().unwrap();
    assert_eq!((own.trail, own.seq > 100), (None, true), "of the debugger's own trail, which goes on");
    origin.fail_writes_after(None);
    world.run_for(122_000.0);
    // Read by another one, which has nothing to write.
    let reader = in_tab(&origin.open(), stored());
    assert_eq!(checked(&lines(&world, &reader, None).unwrap()).len(), 151);
    assert_eq!(told.borrow().last().map(|last| (last.trail.is_some(), last.seq)), Some((true, 151)));
}

#[test]
fn a_debugger_that_is_gone_tries_no_more() {
    let left = [options(), stored()].map(|options| {
        let (world, origin) = world();
        let debugger = in_tab(&origin.open(), options);
        push(&debugger, 1);
        world.run_for(10.0);
        origin.fail_writes_after(Some(0));
        push(&debugger, 1);
        world.run_for(10.0);
        drop(debugger);
        world.run_for(10.0);
        world.tasks()
    });
    assert_eq!(left[1], left[0]);
}

#[test]
fn what_somebody_has_spoiled_is_begun_anew_under_another_name() {
    for note in ["audit-head", "audit-key"] {
        let (world, origin) = world();
        let tab = origin.open();
        let debugger = in_tab(&tab, stored());
        read(&world, &debugger, "sess_1");
        let before = checked(&lines(&world, &debugger, None).unwrap());
        let store = world.run(tab.store()).unwrap().unwrap();
        let spoiled = Change::Note(note.into(), Some("spoiled".into()));
        assert_eq!(world.run(store.commit(vec![spoiled])).unwrap(), Ok(true));
        read(&world, &debugger, "sess_1");
        let after = checked(&lines(&world, &debugger, None).unwrap());
        let is_new = note == "audit-head";
        assert_eq!((after.len(), after[0]["seq"].as_u64()), (if is_new { 1 } else { 2 }, Some(1)));
        assert_eq!(after[0]["trail"] != before[0]["trail"], is_new);
        assert_eq!(lines(&world, &debugger, Some("sess_1")).unwrap().len(), 1, "by the key of now");
    }
}

#[test]
fn a_trail_that_is_cleared_under_a_debugger_is_begun_anew_and_told_of() {
    let (world, origin) = world();
    let (told, on_checkpoint) = told();
    let tab = origin.open();
    let debugger = in_tab(&tab, DebuggerOptions { on_checkpoint, ..stored() });
    push(&debugger, 350);
    world.run_for(100.0);
    let store = world.run(tab.store()).unwrap().unwrap();
    let cleared = ["audit-head", "audit-key"].map(|note| Change::Note(note.into(), None));
    assert_eq!(world.run(store.commit(cleared.to_vec())).unwrap(), Ok(true));
    push(&debugger, 130);
    world.run_for(61_000.0);
    let seqs: Vec<u64> = told.borrow().iter().map(|checkpoint| checkpoint.seq).collect();
    assert_eq!(seqs, [100, 200, 300, 100, 130], "{seqs:?}");
    assert_ne!(told.borrow()[2].trail, told.borrow()[3].trail);
    // A page that is opened later tells of what it adds alone.
    let (later, on_checkpoint) = self::told();
    let next = in_tab(&origin.open(), DebuggerOptions { on_checkpoint, ..stored() });
    push(&next, 1);
    world.run_for(59_000.0);
    assert!(later.borrow().is_empty());
    world.run_for(2_000.0);
    assert_eq!(later.borrow()[0].seq, 131);
}

#[test]
fn where_there_is_no_store_checkpoints_are_of_the_own_trail() {
    let told: Rc<RefCell<Vec<Checkpoint>>> = Rc::default();
    let keep = Rc::clone(&told);
    let tell: OnCheckpoint = Rc::new(move |checkpoint| keep.borrow_mut().push(checkpoint));
    let world = VirtualPlatform::new(3);
    let debugger = debugger(&world, DebuggerOptions { on_checkpoint: Some(tell), ..stored() });
    push(&debugger, 3);
    world.run_for(60_000.0);
    assert_eq!(*told.borrow(), [debugger.audit_checkpoint()]);
    assert_eq!(lines(&world, &debugger, None).unwrap_err().code(), Code::StorageUnavailable);
    let unasked = support::debugger(&world, options());
    assert_eq!(lines(&world, &unasked, None).unwrap_err().code(), Code::ConfigInvalid);
}
