//! Forty kinds of fault and two more, each alone and each before and after every other: every call ends with the code that
//! is documented, every attempt has exactly one record, and the next good call works.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::{
    Action, AuditRecord, CallOptions, DebuggerOptions, SessionDebugger, WebhookOptions,
};
use cognigy_session_debugger::ingest::Limits;
use cognigy_session_debugger::platform::{Clock, Fate, Reply, Request, VirtualOrigin, VirtualPlatform, VirtualTab};
use cognigy_session_debugger::query::VariableQuery;
use cognigy_session_debugger::snapshot::Snapshot;
use cognigy_session_debugger::{Code, Error};
use futures_util::future::{Either, select};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use support::kinds::{Fault, KINDS, Kind, PAGE_KINDS, Then, good};
use support::*;

/// The longest pause that the client makes by itself, in ms, and what reading takes. A client that rests longer is stuck.
const LONGEST_REST_MS: f64 = 21_000.0;

/// A tenant, a token endpoint, clocks and a browser that have the two faults in turn, until all is mended.
struct Script {
    kinds: [&'static Kind; 2],
    turn: Cell<usize>,
    mended: Cell<bool>,
    /// What each request met, in order. `None` is the refusal of a token that precedes a fault of the token endpoint.
    served: RefCell<Vec<Option<&'static Kind>>>,
    store_fails: Cell<bool>,
    tab: RefCell<Option<VirtualTab>>,
    killed: Cell<bool>,
}

impl Script {
    fn current(&self) -> &'static Kind {
        self.kinds[self.turn.get() % 2]
    }

    fn next(&self) {
        self.turn.set(self.turn.get() + 1);
    }

    fn has_served(&self, kind: &Kind) -> bool {
        self.served.borrow().iter().flatten().any(|served| served.name == kind.name)
    }

    fn answer(&self, request: &Request, platform: &VirtualPlatform, origin: &VirtualOrigin) -> Reply {
        if request.url == HOOK_URL {
            return Reply::status(204).after(5.0);
        }
        let (kind, asks_for_token) = (self.current(), is_token_request(request));
        match (kind.fault, asks_for_token) {
            (_, true) if self.mended.get() => return token_json("canary-token", 300),
            _ if self.mended.get() => return good(),
            (Fault::Token(reply), true) => {
                self.served.borrow_mut().push(Some(kind));
                return reply();
            }
            (Fault::Token(_), false) => {
                self.served.borrow_mut().push(None);
                return Reply::status(401);
            }
            (_, true) => return token_json("canary-token", 300),
            _ => {}
        }
        self.served.borrow_mut().push(Some(kind));
        self.next();
        match kind.fault {
            Fault::Tenant(reply) => return reply(),
            Fault::Clock(ms) => {
                platform.step_wall_clock(ms);
            }
            Fault::Store => {
                self.store_fails.set(true);
                origin.fail_writes_after(Some(0));
            }
            Fault::Tab => {
                self.tab.borrow().as_ref().unwrap().kill();
                self.killed.set(true);
                return Reply::silence();
            }
            Fault::Token(_) => {}
        }
        good()
    }
}

/// What a call comes to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Read,
    Fails(Code),
    /// Its tab was killed.
    Dies,
}

/// What a call must come to that meets the two faults in turn, from that one on.
fn expected(kinds: [&Kind; 2], first: usize) -> Outcome {
    let (mut failures, mut renewed) = (0, false);
    for turn in first.. {
        match kinds[turn % 2].then {
            Then::Ends(code) => return Outcome::Fails(code),
            Then::Goes => return Outcome::Read,
            Then::Dies => return Outcome::Dies,
            Then::Renews if renewed => return Outcome::Fails(Code::Unauthenticated),
            Then::Renews => renewed = true,
            Then::Passes(code) if failures == 3 => return Outcome::Fails(code),
            Then::Passes(_) => failures += 1,
        }
    }
    Outcome::Read
}

/// One origin and its tabs, of which one is open.
struct World {
    platform: VirtualPlatform,
    origin: VirtualOrigin,
    script: Rc<Script>,
    /// Those of killed tabs, and that of the open one.
    debuggers: Vec<SessionDebugger>,
    what: String,
    /// Snapshots that the store took, and those that it refused.
    stored: usize,
    refused: usize,
}

impl World {
    fn new(kinds: [&'static Kind; 2], seed: u64) -> World {
        let script = Rc::new(Script {
            kinds,
            turn: Cell::default(),
            mended: Cell::default(),
            served: RefCell::default(),
            store_fails: Cell::default(),
            tab: RefCell::default(),
            killed: Cell::default(),
        });
        let platform = VirtualPlatform::new(seed);
        let origin = VirtualOrigin::new(&platform);
        let (answers, clock, store) = (Rc::clone(&script), platform.clone(), origin.clone());
        platform.serve(move |request: &Request, _: f64| answers.answer(request, &clock, &store));
        let what = format!("{} and {}, seed {seed}", kinds[0].name, kinds[1].name);
        let mut world = World { platform, origin, script, debuggers: Vec::new(), what, stored: 0, refused: 0 };
        world.open();
        world
    }

    fn open(&mut self) {
        let options = DebuggerOptions {
            limits: Limits { body_bytes: 65_536, ..Limits::default() },
            // Four attempts that end by their time limit, and their pauses, must fit.
            deadline_ms: 120_000.0,
            webhook: Some(WebhookOptions::new(HOOK_URL)),
            ..with_token()
        };
        let tab = self.origin.open();
        self.debuggers.push(SessionDebugger::new(options, Rc::new(tab.clone())).unwrap());
        *self.script.tab.borrow_mut() = Some(tab);
        self.script.killed.set(false);
    }

    /// Reads a session. `None` where the tab dies, and the next one is open.
    fn read(&mut self) -> Option<Result<Snapshot, Error>> {
        let call = self.debuggers.last().unwrap().snapshot(VariableQuery::session("s"), CallOptions::default());
        let script = Rc::clone(&self.script);
        let killed = poll_fn(move |_| if script.killed.get() { Poll::Ready(()) } else { Poll::Pending });
        match self.platform.run(select(Box::pin(call), killed)).expect("the call must end") {
            Either::Left((result, _)) => Some(result),
            Either::Right(((), call)) => {
                drop(call);
                self.open();
                None
            }
        }
    }

    /// A call that meets faults.
    fn call(&mut self) {
        let wanted = expected(self.script.kinds, self.script.turn.get());
        let debugger = self.debuggers.last().unwrap().clone();
        let result = self.read();
        let outcome = match &result {
            None => Outcome::Dies,
            Some(Ok(_)) => Outcome::Read,
            Some(Err(error)) => Outcome::Fails(error.code()),
        };
        assert_eq!(outcome, wanted, "{}", self.what);
        let trail = debugger.audit_trail();
        let last = trail.iter().rfind(|record| record.action == Action::Read).unwrap();
        let code = match outcome {
            Outcome::Read => None,
            Outcome::Fails(code) => Some(code),
            Outcome::Dies => Some(Code::Aborted),
        };
        assert_eq!(last.outcome, code, "{}: the last record of a read says what the call came to", self.what);
        if let Some(Ok(snapshot)) = result {
            self.check_snapshot(&snapshot);
        }
        let met = self.script.served.borrow().last().copied().flatten().unwrap();
        if matches!(met.fault, Fault::Token(_)) {
            self.script.next();
        }
        self.platform.run_for(met.pause_ms);
    }

    fn check_snapshot(&mut self, snapshot: &Snapshot) {
        assert_eq!(snapshot.names().collect::<Vec<_>>(), ["good", "b"], "{}: faults leave nothing behind", self.what);
        *if self.script.store_fails.get() { &mut self.refused } else { &mut self.stored } += 1;
    }

    /// All is well from now on: so is the next call, and all snapshots that were stored are delivered.
    fn mend(&mut self) {
        self.script.mended.set(true);
        self.script.store_fails.set(false);
        self.origin.fail_writes_after(None);
        let began_ms = self.platform.monotonic_ms();
        let snapshot = self.read().unwrap().unwrap_or_else(|error| panic!("{}: the next call: {error}", self.what));
        let took_ms = self.platform.monotonic_ms() - began_ms;
        assert!(took_ms <= LONGEST_REST_MS, "{}: the next good call took {took_ms} ms", self.what);
        self.check_snapshot(&snapshot);
        self.platform.run_for(1_000.0);
        let ids: BTreeSet<String> =
            self.posts().iter().map(|post| header(post, "webhook-id").unwrap().to_owned()).collect();
        assert_eq!(ids.len(), self.stored, "{}: what was stored is delivered", self.what);
    }

    fn posts(&self) -> Vec<Request> {
        let requests = self.platform.seen().into_iter().map(|seen| seen.request);
        requests.filter(|request| request.url == HOOK_URL).collect()
    }

    fn records(&self) -> Vec<AuditRecord> {
        self.debuggers.iter().flat_map(SessionDebugger::audit_trail).collect()
    }

    /// One record for every attempt, in order, which says what the attempt met.
    fn check_attempts(&self) {
        let met_no_tenant = |code| matches!(code, Some(Code::TokenProviderFailed | Code::TokenInvalid));
        let is_attempt = |record: &AuditRecord| match record.action {
            Action::Read => !met_no_tenant(record.outcome),
            Action::Token => record.outcome.is_some(),
            _ => false,
        };
        let told: Vec<_> = self.records().into_iter().filter(is_attempt).map(|record| record.outcome).collect();
        let served = self.script.served.borrow();
        let met: Vec<_> = served.iter().map(|kind| kind.map_or(Some(Code::Unauthenticated), Kind::code)).collect();
        assert_eq!(told, met, "{}", self.what);
    }

    fn check_books(&self) {
        let (records, what) = (self.records(), &self.what);
        let of = |action| records.iter().filter(move |record| record.action == action);
        assert_eq!(of(Action::Token).count(), token_requests(&self.platform), "{what}: one for each token asked for");
        assert!(
            of(Action::Read).all(|record| (record.outcome.is_some() == record.decided.is_some())
                || record.outcome == Some(Code::Aborted)),
            "{what}"
        );
        let is_refused = |record: &&AuditRecord| record.outcome == Some(Code::StorageUnavailable);
        assert_eq!(
            of(Action::Webhook).filter(is_refused).count(),
            self.refused,
            "{what}: one for each that was not stored"
        );
        let posted = of(Action::Webhook).filter(|record| !is_refused(record)).count();
        assert_eq!(posted, self.posts().len(), "{what}: and for each delivery");
        assert!(self.platform.seen().iter().all(|seen| seen.fate != Fate::Open), "{what}: nothing is left running");
        for record in &records {
            let message = record.message.as_deref().unwrap_or_default();
            assert!(!message.contains("canary") && !message.contains(".example"), "{what}: {message}");
        }
    }
}

/// How often each kind was served, and how many records there were.
#[derive(Default)]
struct Tally {
    runs: usize,
    served: BTreeMap<&'static str, usize>,
    records: usize,
}

impl Tally {
    /// Runs calls through the two faults until both have struck, and one more when all is mended.
    fn run(&mut self, kinds: [&'static Kind; 2]) {
        let mut world = World::new(kinds, self.runs as u64);
        world.call();
        if !kinds.iter().all(|kind| world.script.has_served(kind)) {
            world.call();
        }
        for kind in kinds {
            assert!(world.script.has_served(kind), "{}: {} was never served", world.what, kind.name);
            *self.served.entry(kind.name).or_default() += 1;
        }
        world.check_attempts();
        world.mend();
        world.check_books();
        self.runs += 1;
        self.records += world.records().len();
    }

    /// Every kind of the one list before every kind of the other.
    fn run_all(&mut self, firsts: &'static [Kind], seconds: &'static [Kind]) {
        let pairs = firsts.iter().flat_map(|first| seconds.iter().map(move |second| [first, second]));
        pairs.filter(|[first, second]| first.name != second.name).for_each(|pair| self.run(pair));
    }
}

#[test]
fn r12_forty_kinds_of_fault_alone_and_in_pairs() {
    let (mut alone, mut pairs) = (Tally::default(), Tally::default());
    KINDS.iter().for_each(|kind| alone.run([kind, kind]));
    figure("R12", format!("{} kinds alone: each its code, and the next good call works at once", alone.runs));
    pairs.run_all(&KINDS, &KINDS);
    figure("R12", format!("{} pairs in order (asked: 780 in any): both struck, each with its code", pairs.runs));
    figure("R15", format!("{} records, one for each attempt (asked: exactly one)", alone.records + pairs.records));
    assert_eq!((alone.runs, pairs.runs), (40, 1_560));
    assert!(pairs.served.len() == 40 && pairs.served.values().all(|times| *times == 78), "{:?}", pairs.served);
}

#[test]
fn r12_a_store_that_fails_and_a_tab_that_is_killed_beside_every_other_fault() {
    let mut tally = Tally::default();
    PAGE_KINDS.iter().for_each(|kind| tally.run([kind, kind]));
    tally.run_all(&PAGE_KINDS, &KINDS);
    tally.run_all(&KINDS, &PAGE_KINDS);
    tally.run_all(&PAGE_KINDS, &PAGE_KINDS);
    figure("R12", format!("2 kinds more, alone and before and after each other one: {} runs", tally.runs));
    assert_eq!((tally.runs, tally.served.len()), (164, 42));
}
