//! Clocks that jump, over random schedules. A failure names the schedule that repeats it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use cognigy_session_debugger::client::{Journal, TokenCache, TokenEndpoint};
use cognigy_session_debugger::platform::{Clock, Random, Request, Sleep, Spawn, VirtualPlatform};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use support::{TOKEN_URL, figure, token_json};

const HOUR_MS: f64 = 3_600_000.0;
const YEAR_MS: f64 = 365.25 * 24.0 * HOUR_MS;
const LIVES_S: [u32; 6] = [20, 60, 600, 3_600, 36_000, 86_400];

/// What happens to the clocks of a computer.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// The wall clock is set.
    Set(f64),
    /// The computer sleeps: only the wall clock goes on.
    Sleep(f64),
    /// The wall clock stands still meanwhile.
    WallStands(f64),
    /// The monotonic clock alone jumps ahead.
    MonotonicJumps(f64),
    /// Time passes, and both clocks with it.
    Pass(f64),
}

const EVENTS: [Event; 9] = [
    Event::Set(HOUR_MS),
    Event::Set(-HOUR_MS),
    Event::Set(10.0 * YEAR_MS),
    Event::Set(-10.0 * YEAR_MS),
    Event::Sleep(8.0 * HOUR_MS),
    Event::WallStands(8.0 * HOUR_MS),
    Event::MonotonicJumps(8.0 * HOUR_MS),
    Event::Pass(8.0 * HOUR_MS),
    Event::Pass(f64::NAN),
];

/// A computer, and the time outside of it.
struct World {
    platform: VirtualPlatform,
    /// What the monotonic clock has missed, or made up.
    missed_ms: Cell<f64>,
    /// When each token ends, in real ms.
    ends: RefCell<Vec<f64>>,
}

impl World {
    fn real_ms(&self) -> f64 {
        self.platform.monotonic_ms() + self.missed_ms.get()
    }

    fn happen(&self, event: Event) {
        let miss = |ms: f64| self.missed_ms.set(self.missed_ms.get() + ms);
        match event {
            Event::Set(ms) => self.platform.step_wall_clock(ms),
            Event::Sleep(ms) => {
                self.platform.step_wall_clock(ms);
                miss(ms);
            }
            Event::WallStands(ms) => self.platform.step_monotonic_clock(ms),
            Event::MonotonicJumps(ms) => {
                self.platform.step_monotonic_clock(ms);
                miss(-ms);
            }
            Event::Pass(ms) => self.platform.run_for(ms),
        }
    }

    /// Asks for a token and sends it. How much later than its end, in real ms.
    fn send(&self, cache: &TokenCache) -> f64 {
        let cache = cache.clone();
        let token = self.platform.run(async move { cache.get().await }).unwrap().unwrap();
        let number: usize = token.header().strip_prefix("Bearer token-").unwrap().parse().unwrap();
        self.real_ms() - self.ends.borrow()[number]
    }
}

/// One schedule: how late a token was sent at most, in ms, and how many refreshes one event caused at most.
fn schedule(seed: u64) -> (f64, usize) {
    let platform = VirtualPlatform::new(seed);
    let dice = VirtualPlatform::new(seed ^ 0xC10C);
    let pick = |count: usize| (dice.unit() * count as f64) as usize;
    let life_s = LIVES_S[pick(LIVES_S.len())];
    let world = Rc::new(World { platform: platform.clone(), missed_ms: Cell::new(0.0), ends: RefCell::default() });
    let backend = Rc::downgrade(&world);
    platform.serve(move |_: &Request, _: f64| {
        let world = backend.upgrade().unwrap();
        let mut ends = world.ends.borrow_mut();
        ends.push(world.real_ms() + f64::from(life_s) * 1_000.0);
        token_json(&format!("token-{}", ends.len() - 1), life_s).after(100.0)
    });
    let source = TokenEndpoint::new(Rc::new(platform.clone()), TOKEN_URL);
    let journal = Journal::new(Rc::new(platform.clone()), None);
    let cache = TokenCache::new(Rc::new(platform.clone()), Box::new(source), 15_000.0, journal);
    let (mut latest, mut most) = (world.send(&cache), 0);
    for _ in 0..8 {
        let event = match EVENTS[pick(EVENTS.len())] {
            Event::Pass(ms) if ms.is_nan() => Event::Pass(dice.unit() * 2_000.0 * f64::from(life_s)),
            event => event,
        };
        // Now and then while a token is on its way.
        if pick(4) == 0 {
            let (cache, clock) = (cache.clone(), platform.clone());
            platform.spawn(Box::pin(async move {
                clock.sleep(1.0).await;
                drop(cache.get().await);
            }));
            platform.run_for(50.0);
        }
        let before = world.ends.borrow().len();
        world.happen(event);
        let passed = matches!(event, Event::Pass(_));
        // Reads at once, and soon after: too soon for a token to grow old by itself.
        for _ in 0..3 {
            latest = latest.max(world.send(&cache));
            platform.run_for(300.0);
        }
        let refreshes = world.ends.borrow().len() - before;
        most = if passed { most } else { most.max(refreshes) };
    }
    (latest, most)
}

#[test]
fn r10_no_jump_of_a_clock_sends_an_old_token_or_refreshes_twice() {
    const SCHEDULES: u64 = 100_000;
    let run = |from: u64| {
        let mut worst = (f64::NEG_INFINITY, 0);
        for seed in (from..SCHEDULES).step_by(2) {
            let (late, refreshes) = schedule(seed);
            assert!(late <= 1_000.0, "schedule {seed}: sent {late} ms after its end");
            assert!(refreshes <= 1, "schedule {seed}: {refreshes} refreshes for one step");
            worst = (worst.0.max(late), worst.1.max(refreshes));
        }
        worst
    };
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| run(1));
        (run(0), other.join().unwrap())
    });
    let (late, refreshes) = (one.0.max(other.0), one.1.max(other.1));
    assert_eq!(refreshes, 1, "a step that is seen does cause a refresh");
    figure(
        "R10",
        format!(
            "{SCHEDULES} schedules: sent {:.1} s before its end at the latest (asked: <= 1 s after it), {refreshes} refresh a step at most (asked: 1)",
            -late / 1_000.0
        ),
    );
}
