//! Several tabs of one origin in one virtual world. A tab can be killed at any moment, as a browser's can.

use super::memory_store::MemoryStore;
use super::origin::{Channel, Hear, Heard, Lock, Origin, Store};
use super::page::Page;
use super::traits::{Clock, LocalFuture, Random, Request, Response, Sleep, Spawn, Transport, TransportError};
use super::virtual_store::TabStore;
use super::virtual_time::VirtualPlatform;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

/// An origin: what its tabs share, and what outlives them.
///
/// ```
/// use cognigy_session_debugger::platform::{Origin, VirtualOrigin, VirtualPlatform};
/// let world = VirtualPlatform::new(1);
/// let origin = VirtualOrigin::new(&world);
/// let (one, other) = (origin.open(), origin.open());
/// let held = world.run(one.lock("x")).unwrap();
/// assert!(world.run(other.lock("x")).is_none(), "it waits for ever");
/// # drop(held);
/// ```
#[derive(Clone)]
pub struct VirtualOrigin {
    world: VirtualPlatform,
    shared: Rc<Shared>,
}

#[derive(Default)]
pub(super) struct Shared {
    tabs: Cell<u64>,
    pub(super) store: MemoryStore,
    /// From now on so many commits succeed, and the others fail.
    commits_left: Cell<Option<usize>>,
    locks: RefCell<VecDeque<Wish>>,
    wishes: Cell<u64>,
    /// The store answers nothing.
    silent: Cell<bool>,
    /// The browser knows no locks.
    lockless: Cell<bool>,
    ears: RefCell<Vec<Ear>>,
}

/// A lock that is held, where it is the first of its name, or waited for.
struct Wish {
    id: u64,
    tab: u64,
    name: String,
    waker: Option<Waker>,
}

#[derive(Clone)]
struct Ear {
    id: u64,
    tab: Rc<Tab>,
    channel: String,
    hear: Hear,
}

impl VirtualOrigin {
    /// An origin without tabs, with an empty store.
    pub fn new(world: &VirtualPlatform) -> VirtualOrigin {
        VirtualOrigin { world: world.clone(), shared: Rc::default() }
    }

    /// Opens a tab.
    pub fn open(&self) -> VirtualTab {
        let id = self.shared.tabs.get() + 1;
        self.shared.tabs.set(id);
        let tab = Rc::new(Tab { id, ..Tab::default() });
        VirtualTab { world: self.world.clone(), shared: Rc::clone(&self.shared), tab }
    }

    /// What the store's log holds.
    pub fn log(&self) -> Vec<String> {
        self.shared.store.log()
    }

    /// From now on there are no locks, as in an old browser.
    pub fn forget_locks(&self) {
        self.shared.lockless.set(true);
    }

    /// Lets every write after the next `commits` fail, or all succeed again.
    pub fn fail_writes_after(&self, commits: Option<usize>) {
        self.shared.commits_left.set(commits);
    }

    /// Whether what is asked of the store from now on is never done nor answered, as behind the transaction of a tab that hangs.
    pub fn silence_store(&self, silent: bool) {
        self.shared.silent.set(silent);
    }
}

/// A tab: the world's clocks and network, with tasks, locks and channels that end with the tab. Clones are the same tab.
#[derive(Clone)]
pub struct VirtualTab {
    pub(super) world: VirtualPlatform,
    pub(super) shared: Rc<Shared>,
    tab: Rc<Tab>,
}

#[derive(Default)]
struct Tab {
    id: u64,
    closed: Cell<bool>,
    /// Nothing of it runs, as where a debugger has stopped it.
    halted: Cell<bool>,
    /// Tasks that were to run meanwhile, and words that came.
    parked: RefCell<Vec<Waker>>,
    unheard: RefCell<Vec<(Hear, String)>>,
    tasks: RefCell<Vec<Task>>,
    leavers: RefCell<Vec<Leaver>>,
}

/// Who is told when the tab is closed, by number.
type Leaver = (u64, Rc<dyn Fn()>);

/// Taken away when its tab dies.
type Task = Rc<RefCell<Option<LocalFuture<()>>>>;

impl VirtualTab {
    /// Ends the tab in the middle of whatever it does, as `kill -9` ends a browser. Its locks are free at once.
    pub fn kill(&self) {
        self.tab.closed.set(true);
        self.shared.ears.borrow_mut().retain(|ear| ear.tab.id != self.tab.id);
        let tasks = std::mem::take(&mut *self.tab.tasks.borrow_mut());
        for task in tasks {
            // One that is running just now ends when it next waits.
            drop(task.try_borrow_mut().ok().and_then(|mut task| task.take()));
        }
        self.shared.release(|wish| wish.tab == self.tab.id);
        self.resume();
    }

    /// Closes the tab in good order: it may say a last word first.
    pub fn close(&self) {
        let ears: Vec<Hear> = {
            let ears = self.shared.ears.borrow();
            ears.iter().filter(|ear| ear.tab.id == self.tab.id).map(|ear| Rc::clone(&ear.hear)).collect()
        };
        ears.iter().for_each(|hear| hear(Heard::Leaving));
        let leavers: Vec<_> = self.tab.leavers.borrow().iter().map(|(_, tell)| Rc::clone(tell)).collect();
        leavers.iter().for_each(|tell| tell());
        self.kill();
    }

    /// Stops all that the tab does, as a debugger's breakpoint: it keeps its locks, and what is sent to it waits.
    pub fn halt(&self) {
        self.tab.halted.set(true);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.tab.halted.set(false);
        let unheard = std::mem::take(&mut *self.tab.unheard.borrow_mut());
        if !self.is_closed() {
            unheard.into_iter().for_each(|(hear, word)| hear(Heard::Word(word)));
        }
        let parked = std::mem::take(&mut *self.tab.parked.borrow_mut());
        parked.into_iter().for_each(Waker::wake);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.tab.closed.get()
    }
}

impl Tab {
    fn hear(&self, hear: &Hear, word: String) {
        match self.halted.get() {
            true => self.unheard.borrow_mut().push((Rc::clone(hear), word)),
            false => hear(Heard::Word(word)),
        }
    }
}

impl Shared {
    /// Takes wishes away and wakes those who are next.
    fn release(&self, of: impl Fn(&Wish) -> bool) {
        self.locks.borrow_mut().retain(|wish| !of(wish));
        let wakers: Vec<Waker> = self.locks.borrow_mut().iter_mut().filter_map(|wish| wish.waker.take()).collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    fn is_first(&self, id: u64, name: &str) -> bool {
        self.locks.borrow().iter().find(|wish| wish.name == name).is_some_and(|wish| wish.id == id)
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent.get()
    }

    pub(super) fn may_write(&self) -> bool {
        let left = self.commits_left.get();
        self.commits_left.set(left.map(|left| left.saturating_sub(1)));
        left != Some(0)
    }
}

/// Takes the wish for a lock back when dropped.
struct Held {
    shared: Rc<Shared>,
    id: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let id = self.id;
        self.shared.release(|wish| wish.id == id);
    }
}

impl Origin for VirtualTab {
    fn lock(&self, name: &str) -> LocalFuture<Option<Lock>> {
        let (shared, name) = (Rc::clone(&self.shared), name.to_owned());
        if shared.lockless.get() {
            return Box::pin(async { None });
        }
        let id = shared.wishes.get() + 1;
        shared.wishes.set(id);
        let wish = Wish { id, tab: self.tab.id, name: name.clone(), waker: None };
        shared.locks.borrow_mut().push_back(wish);
        let held = Held { shared: Rc::clone(&shared), id };
        let waited = !shared.is_first(id, &name);
        Box::pin(async move {
            poll_fn(|context| {
                if shared.is_first(id, &name) {
                    return Poll::Ready(());
                }
                if let Some(wish) = shared.locks.borrow_mut().iter_mut().find(|wish| wish.id == id) {
                    wish.waker = Some(context.waker().clone());
                }
                Poll::Pending
            })
            .await;
            Some(Lock { waited, held: Box::new(held) as Box<dyn Any> })
        })
    }

    fn join(&self, name: &str, hear: Hear) -> LocalFuture<Option<Box<dyn Channel>>> {
        let id = self.shared.wishes.get() + 1;
        self.shared.wishes.set(id);
        let ear = Ear { id, tab: Rc::clone(&self.tab), channel: name.to_owned(), hear };
        self.shared.ears.borrow_mut().push(ear);
        let channel = VirtualChannel { tab: self.clone(), name: name.to_owned(), id };
        Box::pin(async move { Some(Box::new(channel) as Box<dyn Channel>) })
    }

    fn store(&self) -> LocalFuture<Option<Rc<dyn Store>>> {
        let tab = self.clone();
        Box::pin(async move { Some(Rc::new(TabStore { tab }) as Rc<dyn Store>) })
    }
}

struct VirtualChannel {
    tab: VirtualTab,
    name: String,
    id: u64,
}

/// A word is under way for so long, in ms.
const CHANNEL_MS: f64 = 1.0;

impl Channel for VirtualChannel {
    fn say(&self, word: &str) {
        if self.tab.tab.closed.get() {
            return;
        }
        let (id, name, word) = (self.id, self.name.clone(), word.to_owned());
        let (world, shared) = (self.tab.world.clone(), Rc::clone(&self.tab.shared));
        self.tab.world.spawn(Box::pin(async move {
            world.sleep(CHANNEL_MS).await;
            let hears = |ear: &&Ear| ear.channel == name && ear.id != id;
            let ears: Vec<Ear> = shared.ears.borrow().iter().filter(hears).cloned().collect();
            ears.iter().for_each(|ear| ear.tab.hear(&ear.hear, word.clone()));
        }));
    }
}

impl Drop for VirtualChannel {
    fn drop(&mut self) {
        self.tab.shared.ears.borrow_mut().retain(|ear| ear.id != self.id);
    }
}

impl Spawn for VirtualTab {
    fn spawn(&self, task: LocalFuture<()>) {
        let task = Rc::new(RefCell::new(Some(task)));
        let mut tasks = self.tab.tasks.borrow_mut();
        tasks.retain(|task| task.try_borrow().map_or(true, |task| task.is_some()));
        tasks.push(Rc::clone(&task));
        drop(tasks);
        let tab = Rc::clone(&self.tab);
        self.world.spawn(Box::pin(poll_fn(move |context| {
            if tab.halted.get() && !tab.closed.get() {
                tab.parked.borrow_mut().push(context.waker().clone());
                return Poll::Pending;
            }
            let mut running = task.borrow_mut();
            let over = match running.as_mut() {
                Some(future) if !tab.closed.get() => future.as_mut().poll(context).is_ready(),
                _ => true,
            };
            if over || tab.closed.get() {
                *running = None;
                return Poll::Ready(());
            }
            Poll::Pending
        })));
    }
}

impl Clock for VirtualTab {
    fn monotonic_ms(&self) -> f64 {
        self.world.monotonic_ms()
    }

    fn wall_ms(&self) -> f64 {
        self.world.wall_ms()
    }
}

impl Random for VirtualTab {
    fn unit(&self) -> f64 {
        self.world.unit()
    }

    fn secret(&self) -> [u8; 16] {
        self.world.secret()
    }
}

impl Sleep for VirtualTab {
    fn sleep(&self, ms: f64) -> LocalFuture<()> {
        self.world.sleep(ms)
    }

    fn breathe(&self) -> LocalFuture<()> {
        self.world.breathe()
    }
}

impl Page for VirtualTab {
    fn online(&self) -> LocalFuture<()> {
        self.world.online()
    }

    fn visible(&self) -> LocalFuture<()> {
        self.world.visible()
    }

    fn on_leave(&self, tell: Box<dyn Fn()>) -> Box<dyn Any> {
        let id = self.shared.wishes.get() + 1;
        self.shared.wishes.set(id);
        self.tab.leavers.borrow_mut().push((id, tell.into()));
        Box::new(Listening { tab: Rc::downgrade(&self.tab), id })
    }
}

/// Is told of nothing any more when dropped.
struct Listening {
    tab: Weak<Tab>,
    id: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(tab) = self.tab.upgrade() {
            tab.leavers.borrow_mut().retain(|(id, _)| *id != self.id);
        }
    }
}

impl Transport for VirtualTab {
    fn send(&self, request: Request) -> LocalFuture<Result<Response, TransportError>> {
        self.world.send(request)
    }
}
