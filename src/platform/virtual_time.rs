//! Time that jumps: runs tasks until none can go on, then moves the clock to the next timer. A day takes milliseconds.

use super::origin::Origin;
use super::page::Page;
use super::slices::sleep_in_slices;
use super::traits::{Clock, LocalFuture, Random, Request, Response, Sleep, Spawn, Transport, TransportError};
use super::virtual_server::Server;
use super::virtual_transport::{Network, Seen};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// A platform of its own for tests: manual clocks, seeded randomness, a scripted server, and the executor of it all.
///
/// ```
/// use cognigy_session_debugger::platform::{Clock, Sleep, VirtualPlatform};
/// let platform = VirtualPlatform::new(1);
/// let sleep = platform.sleep(86_400_000.0);
/// platform.run(sleep).unwrap();
/// assert_eq!(platform.monotonic_ms(), 86_400_000.0);
/// ```
#[derive(Clone)]
pub struct VirtualPlatform {
    world: Rc<World>,
}

/// 2026-01-01T00:00:00Z.
const FIRST_WALL_MS: f64 = 1_767_225_600_000.0;

struct World {
    now: Cell<f64>,
    wall_offset: Cell<f64>,
    /// Work takes so long between two looks at the clock, in ms.
    work_ms: Cell<f64>,
    random: Cell<u64>,
    timers: RefCell<Timers>,
    tasks: RefCell<BTreeMap<u64, LocalFuture<()>>>,
    next_task: Cell<u64>,
    ready: Ready,
    network: Rc<Network>,
    page: Rc<VirtualPage>,
}

/// What the page of this world is told.
#[derive(Default)]
struct VirtualPage {
    origin: RefCell<Option<String>>,
    offline: Cell<bool>,
    hidden: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// Ids of tasks that can go on.
type Ready = Arc<Mutex<VecDeque<u64>>>;

#[derive(Default)]
struct Timers {
    /// Due time as ordered bits and a counter, so that timers of one moment fire in the order they were made.
    due: BTreeMap<(u64, u64), Option<Waker>>,
    made: u64,
}

struct TaskWaker {
    id: u64,
    ready: Ready,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        if let Ok(mut ready) = self.ready.lock() {
            ready.push_back(self.id);
        }
    }
}

impl VirtualPlatform {
    /// A world at time 0 in which nothing has happened. The same seed gives the same run.
    pub fn new(seed: u64) -> VirtualPlatform {
        let world = World {
            now: Cell::new(0.0),
            wall_offset: Cell::new(FIRST_WALL_MS),
            work_ms: Cell::new(0.0),
            random: Cell::new(seed),
            timers: RefCell::default(),
            tasks: RefCell::default(),
            next_task: Cell::new(0),
            ready: Ready::default(),
            network: Rc::default(),
            page: Rc::default(),
        };
        VirtualPlatform { world: Rc::new(world) }
    }

    /// Puts a server at the other end. Replaces an earlier one.
    pub fn serve(&self, server: impl Server + 'static) {
        self.world.network.serve(Rc::new(server));
    }

    /// What the server saw, in order of arrival.
    pub fn seen(&self) -> Vec<Seen> {
        self.world.network.seen()
    }

    /// The most requests that were under way at one moment.
    pub fn most_in_flight(&self) -> usize {
        self.world.network.most_in_flight()
    }

    /// Sets the wall clock forward or back without touching the other.
    pub fn step_wall_clock(&self, ms: f64) {
        self.world.wall_offset.set(self.world.wall_offset.get() + ms);
    }

    /// Moves the monotonic clock alone; the wall clock stays.
    pub fn step_monotonic_clock(&self, ms: f64) {
        self.world.now.set(self.world.now.get() + ms);
        self.step_wall_clock(-ms);
    }

    /// Lets work take time: each look at the monotonic clock moves both clocks on by so many ms, and whoever breathes lets
    /// others go first. Default: 0, by which nothing but waiting takes time.
    ///
    /// ```
    /// use cognigy_session_debugger::platform::{Clock, VirtualPlatform};
    /// let platform = VirtualPlatform::new(1);
    /// platform.set_work_ms(2.0);
    /// assert_eq!((platform.monotonic_ms(), platform.monotonic_ms()), (2.0, 4.0));
    /// ```
    pub fn set_work_ms(&self, ms: f64) {
        self.world.work_ms.set(ms);
    }

    /// Takes the network away, or gives it back.
    pub fn set_online(&self, online: bool) {
        self.world.page.offline.set(!online);
        self.wake_page();
    }

    /// Hides the page, or shows it.
    pub fn set_visible(&self, visible: bool) {
        self.world.page.hidden.set(!visible);
        self.wake_page();
    }

    /// Makes the world a page of that origin.
    pub fn set_origin(&self, origin: &str) {
        *self.world.page.origin.borrow_mut() = Some(origin.to_owned());
    }

    fn wake_page(&self) {
        self.world.page.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// Ends when `hindered` does not hold any more.
    fn page(&self, hindered: fn(&VirtualPage) -> bool) -> LocalFuture<()> {
        let page = Rc::clone(&self.world.page);
        Box::pin(std::future::poll_fn(move |context| {
            if !hindered(&page) {
                return Poll::Ready(());
            }
            page.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        }))
    }

    /// A timer of the monotonic clock.
    fn timer(&self, ms: f64) -> Timer {
        let now = self.world.now.get();
        // However short the wait, time goes on.
        let due = if ms > 0.0 { (now + ms).max(now.next_up()) } else { now };
        let mut timers = self.world.timers.borrow_mut();
        timers.made += 1;
        // Bits of floats that are not negative sort as the floats do.
        let key = (due.to_bits(), timers.made);
        timers.due.insert(key, None);
        Timer { key, world: Rc::clone(&self.world) }
    }

    /// Runs a future to its end. `None` where nothing is left that could wake it.
    pub fn run<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> Option<T> {
        let result = Rc::new(RefCell::new(None));
        let into = Rc::clone(&result);
        self.spawn(Box::pin(async move {
            let value = future.await;
            *into.borrow_mut() = Some(value);
        }));
        loop {
            self.run_ready();
            if let Some(value) = result.borrow_mut().take() {
                return Some(value);
            }
            if !self.jump(f64::INFINITY) {
                return None;
            }
        }
    }

    /// Runs everything that happens in the next `ms` milliseconds.
    pub fn run_for(&self, ms: f64) {
        let end = self.world.now.get() + ms;
        loop {
            self.run_ready();
            if !self.jump(end) {
                // Work may have gone on beyond it.
                self.world.now.set(self.world.now.get().max(end));
                return;
            }
        }
    }

    /// How many tasks have not ended.
    pub fn tasks(&self) -> usize {
        self.world.tasks.borrow().len()
    }

    fn run_ready(&self) {
        loop {
            let next = self.world.ready.lock().ok().and_then(|mut ready| ready.pop_front());
            let Some(id) = next else { return };
            // Taken out while it runs, so that it may spawn others.
            let Some(mut task) = self.world.tasks.borrow_mut().remove(&id) else { continue };
            let waker = Waker::from(Arc::new(TaskWaker { id, ready: Arc::clone(&self.world.ready) }));
            if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
                self.world.tasks.borrow_mut().insert(id, task);
            }
        }
    }

    /// Moves to the next timer no later than `end` and wakes its owner.
    fn jump(&self, end: f64) -> bool {
        let mut timers = self.world.timers.borrow_mut();
        let Some((&(due, made), _)) = timers.due.first_key_value() else { return false };
        let due_ms = f64::from_bits(due);
        if due_ms > end || due_ms.is_infinite() {
            return false;
        }
        self.world.now.set(self.world.now.get().max(due_ms));
        let waker = timers.due.remove(&(due, made)).flatten();
        drop(timers);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }
}

impl Clock for VirtualPlatform {
    fn monotonic_ms(&self) -> f64 {
        self.world.now.set(self.world.now.get() + self.world.work_ms.get());
        self.world.now.get()
    }

    fn wall_ms(&self) -> f64 {
        self.world.wall_offset.get() + self.world.now.get()
    }
}

impl Random for VirtualPlatform {
    /// SplitMix64.
    fn unit(&self) -> f64 {
        let state = self.world.random.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.world.random.set(state);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).wrapping_shr(11) as f64 / (1_u64 << 53) as f64
    }

    /// Anybody who knows the seed can guess these: the world is to repeat itself.
    fn secret(&self) -> [u8; 16] {
        std::array::from_fn(|_| (self.unit() * 256.0) as u8)
    }
}

/// A world without tabs; [`super::VirtualOrigin`] opens some.
impl Origin for VirtualPlatform {}

impl Spawn for VirtualPlatform {
    fn spawn(&self, task: LocalFuture<()>) {
        let id = self.world.next_task.get();
        self.world.next_task.set(id + 1);
        self.world.tasks.borrow_mut().insert(id, task);
        if let Ok(mut ready) = self.world.ready.lock() {
            ready.push_back(id);
        }
    }
}

impl Sleep for VirtualPlatform {
    fn sleep(&self, ms: f64) -> LocalFuture<()> {
        let world = self.clone();
        Box::pin(sleep_in_slices(self.clone(), ms, move |ms| world.timer(ms)))
    }

    fn breathe(&self) -> LocalFuture<()> {
        let mut waits = self.world.work_ms.get() > 0.0;
        Box::pin(std::future::poll_fn(move |context| {
            if std::mem::take(&mut waits) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(())
        }))
    }
}

impl Page for VirtualPlatform {
    fn own_origin(&self) -> Option<String> {
        self.world.page.origin.borrow().clone()
    }

    fn online(&self) -> LocalFuture<()> {
        self.page(|page| page.offline.get())
    }

    fn visible(&self) -> LocalFuture<()> {
        self.page(|page| page.hidden.get())
    }
}

impl Transport for VirtualPlatform {
    fn send(&self, request: Request) -> LocalFuture<Result<Response, TransportError>> {
        if self.world.page.offline.get() {
            return Box::pin(std::future::ready(Err(TransportError::Offline)));
        }
        Box::pin(Rc::clone(&self.world.network).send(self.clone(), request))
    }
}

/// Forgets its timer when dropped.
struct Timer {
    key: (u64, u64),
    world: Rc<World>,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.world.timers.borrow_mut().due.get_mut(&self.key) {
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.world.timers.borrow_mut().due.remove(&self.key);
    }
}
