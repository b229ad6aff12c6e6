//! The virtual origin itself: its locks, its channel and its store behave as a browser's do.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use cognigy_session_debugger::platform::{
    Change, Heard, Origin, Record, Room, Spawn, StoreError, VirtualOrigin, VirtualPlatform, VirtualTab,
};
use std::cell::RefCell;
use std::rc::Rc;

fn two_tabs() -> (VirtualPlatform, VirtualOrigin, VirtualTab, VirtualTab) {
    let world = VirtualPlatform::new(1);
    let origin = VirtualOrigin::new(&world);
    let (one, other) = (origin.open(), origin.open());
    (world, origin, one, other)
}

#[test]
fn a_lock_passes_on_when_its_tab_dies() {
    let (world, _, one, other) = two_tabs();
    let first = world.run(one.lock("a")).unwrap().unwrap();
    assert!(!first.waited);
    let order = Rc::new(RefCell::new(Vec::new()));
    let (into, wish) = (Rc::clone(&order), other.lock("a"));
    other.spawn(Box::pin(async move {
        let lock = wish.await.unwrap();
        into.borrow_mut().push(lock.waited);
    }));
    world.run_for(1.0);
    assert!(order.borrow().is_empty());
    one.kill();
    world.run_for(1.0);
    assert_eq!(*order.borrow(), [true]);
    drop(first);
    assert!(world.run(other.lock("a")).unwrap().is_some());
}

#[test]
fn words_reach_the_others_and_not_oneself() {
    let (world, _, one, other) = two_tabs();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let join = |tab: &VirtualTab, name: &'static str| {
        let into = Rc::clone(&heard);
        world.run(tab.join("c", Rc::new(move |word| into.borrow_mut().push((name, word))))).unwrap().unwrap()
    };
    let (mine, _theirs) = (join(&one, "one"), join(&other, "other"));
    mine.say("hello");
    world.run_for(10.0);
    assert_eq!(*heard.borrow(), [("other", Heard::Word("hello".into()))]);
    one.close();
    assert_eq!(heard.borrow()[1], ("one", Heard::Leaving));
    mine.say("from beyond");
    world.run_for(10.0);
    assert_eq!(heard.borrow().len(), 2);
}

#[test]
fn a_store_keeps_its_bounds_and_changes_all_or_nothing() {
    let (world, origin, one, other) = two_tabs();
    let store = world.run(one.store()).unwrap().unwrap();
    let room = Room { records: 2, bytes: 10 };
    let append = |body: &str| {
        let record = Record { head: format!("head of {body}"), body: body.into() };
        world.run(store.append("list", record, room)).unwrap()
    };
    assert_eq!(append("12345678901"), Ok(None), "too many bytes");
    assert_eq!((append("123"), append("4567")), (Ok(Some(1)), Ok(Some(2))));
    assert_eq!(append("8"), Ok(None), "too many records");
    assert_eq!(world.run(store.used()).unwrap(), Ok(Room { records: 2, bytes: 7 }));
    let moved = Change::Head { list: "list".into(), number: 1, to: "dead".into(), head: "moved".into() };
    origin.fail_writes_after(Some(0));
    assert_eq!(world.run(store.commit(vec![moved.clone()])).unwrap(), Err(StoreError));
    origin.fail_writes_after(None);
    assert_eq!(world.run(store.commit(vec![moved, Change::Log("moved one".into())])).unwrap(), Ok(true));
    // Another tab of the origin sees the same, also when the first is gone.
    one.kill();
    assert_eq!(world.run(store.used()).unwrap(), Err(StoreError));
    let store = world.run(other.store()).unwrap().unwrap();
    assert_eq!(world.run(store.heads("list", 9)).unwrap(), Ok(vec![(2, "head of 4567".into())]));
    assert_eq!(world.run(store.heads("dead", 9)).unwrap(), Ok(vec![(1, "moved".into())]));
    assert_eq!(world.run(store.body(1)).unwrap(), Ok(Some("123".into())));
    assert_eq!(origin.log(), ["moved one"]);
    let gone = Change::Remove { list: "dead".into(), number: 1 };
    assert_eq!(world.run(store.commit(vec![gone.clone(), gone])).unwrap(), Ok(true));
    assert_eq!(world.run(store.used()).unwrap(), Ok(Room { records: 1, bytes: 4 }));
}

#[test]
fn a_store_changes_nothing_where_a_note_is_not_as_expected() {
    let (world, _, one, other) = two_tabs();
    let commit = |tab: &VirtualTab, changes: &[Change]| {
        let store = world.run(tab.store()).unwrap().unwrap();
        world.run(store.commit(changes.to_vec())).unwrap().unwrap()
    };
    let line = |number| Change::Line { list: "lines".into(), number, text: format!("line {number}") };
    let after = |before: Option<&str>| Change::Expect("n".into(), before.map(Into::into));
    let note = |text: &str| Change::Note("n".into(), Some(text.into()));
    assert!(commit(&one, &[after(None), line(1), line(2), note("2")]));
    assert!(!commit(&other, &[after(None), line(1), note("1")]), "it has been set meanwhile");
    assert!(commit(&other, &[after(Some("2")), line(3), Change::Trim { list: "lines".into(), to: 1 }, note("3")]));
    let store = world.run(one.store()).unwrap().unwrap();
    assert_eq!(world.run(store.heads("lines", 9)).unwrap().unwrap(), [(2, "line 2".into()), (3, "line 3".into())]);
    assert_eq!(world.run(store.note("n")).unwrap(), Ok(Some("3".into())));
    assert_eq!(world.run(store.used()).unwrap(), Ok(Room { records: 0, bytes: 0 }), "lines take no room of records");
}
