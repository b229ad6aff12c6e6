//! One tab among others: joins them, hears them, and waits for what they allow.

use super::books::{Books, Wish};
use super::token_turn::{Kept, Turn, mark};
use super::words::{Said, read, whole, write};
use crate::client::fnv::fnv1a_text;
use crate::client::ledger::RateLimit;
use crate::client::timing::within;
use crate::platform::{Channel, Coordinator, Grant, Heard, LocalFuture, Lock, Platform, TokenTurn};
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

/// What is not answered is said again after so long, in ms.
const AGAIN_MS: f64 = 2_000.0;
/// Without a word from whoever leads, a tab goes on alone after so long, in ms: the other one may be halted by its debugger.
const ALONE_MS: f64 = 10_000.0;
/// What others were told the same moment arrives together, within so many ms.
const TOGETHER_MS: f64 = 1.0;
/// No tab keeps the others away for longer than an hour.
const LONGEST_GATE_MS: f64 = 3_600_000.0;

/// How the tabs of one origin go together.
#[derive(Debug, Clone, PartialEq)]
pub struct TabsOptions {
    /// Tabs with the same name share: the tenant and the user, say. Only a hash of it is told to anybody.
    pub name: String,
    /// What all of them may send. Of several limits the lowest holds. Default: 100 per 60,000 ms.
    pub rate: RateLimit,
    /// Per attempt, in ms: who has a right to send and is not heard of for twice as long is taken to have used it.
    /// Default: 15,000.
    pub timeout_ms: f64,
    /// Whether a token travels to other tabs over a channel that any script of the origin can listen to. Default: no, each
    /// tab gets its own, one after the other.
    pub share_token: bool,
}

impl TabsOptions {
    /// Everything else by default.
    pub fn new(name: impl Into<String>) -> TabsOptions {
        TabsOptions { name: name.into(), rate: RateLimit::default(), timeout_ms: 15_000.0, share_token: false }
    }
}

/// The tabs of one origin, as one of them sees them.
///
/// ```
/// use cognigy_session_debugger::client::{CallOptions, DebuggerOptions, SessionDebugger, Tabs, TabsOptions};
/// use cognigy_session_debugger::platform::{VirtualOrigin, VirtualPlatform};
/// use std::rc::Rc;
/// let world = VirtualPlatform::new(1);
/// let tab = Rc::new(VirtualOrigin::new(&world).open());
/// let tabs = Tabs::new(tab.clone(), &TabsOptions::new("https://tenant.example"));
/// let options = DebuggerOptions {
///     base_url: Some("https://tenant.example".into()),
///     coordinator: Some(Rc::new(tabs)),
///     ..DebuggerOptions::default()
/// };
/// let debugger = SessionDebugger::new(options, tab)?;
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
pub struct Tabs {
    inner: Rc<Inner>,
}

pub(super) struct Inner {
    pub(super) platform: Rc<dyn Platform>,
    /// What the locks of these tabs are called.
    pub(super) name: String,
    pub(super) share_token: bool,
    me: u64,
    rate: RateLimit,
    state: RefCell<State>,
}

struct State {
    place: Place,
    channel: Option<Box<dyn Channel>>,
    books: Books,
    /// Whether the books hold what was before this tab came.
    informed: bool,
    /// Wishes of this tab, and whether they are granted.
    mine: Vec<(u64, bool)>,
    last_id: u64,
    /// When the leader was last heard, on the monotonic clock.
    heard_ms: f64,
    /// Whether nobody has been heard for so long that this tab goes on without a leader.
    deserted: bool,
    /// When the leader looks again.
    look_ms: f64,
    wakers: Vec<Waker>,
    drops: u64,
    kept: Option<Kept>,
}

enum Place {
    /// Not known yet, or behind another tab.
    Among,
    /// Hands out rights while it has the lock.
    Leads(#[allow(dead_code, reason = "held until dropped")] Lock),
    /// There are no others that it could hear of.
    Alone,
}

impl Tabs {
    /// Joins the others, in the background.
    pub fn new(platform: Rc<dyn Platform>, options: &TabsOptions) -> Tabs {
        let books = Books::new(options.rate, 2.0 * options.timeout_ms);
        let [a, b, c, d, e, f, g, h, ..] = platform.secret();
        let state = State {
            place: Place::Among,
            channel: None,
            books,
            informed: false,
            mine: Vec::new(),
            last_id: 0,
            heard_ms: platform.monotonic_ms(),
            deserted: false,
            look_ms: f64::INFINITY,
            wakers: Vec::new(),
            drops: 0,
            kept: None,
        };
        let inner = Rc::new(Inner {
            name: ["tabs:", &fnv1a_text(options.name.as_bytes())].concat(),
            share_token: options.share_token,
            me: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            rate: options.rate,
            state: RefCell::new(state),
            platform,
        });
        inner.platform.spawn(Box::pin(enter(Rc::downgrade(&inner))));
        Tabs { inner }
    }
}

/// Joins the channel and waits for the lock. Keeps no tab alive that nobody uses any more.
async fn enter(weak: Weak<Inner>) {
    let Some((join, lock)) = weak.upgrade().map(|inner| {
        let ear = Weak::clone(&weak);
        let hear = Rc::new(move |heard| {
            if let (Some(inner), Heard::Word(word)) = (ear.upgrade(), heard) {
                inner.hear(&word);
            }
        });
        (inner.platform.join(&inner.name, hear), inner.platform.lock(&inner.name))
    }) else {
        return;
    };
    let Some(channel) = join.await else {
        return weak.upgrade().map_or((), |inner| inner.go_alone());
    };
    if let Some(inner) = weak.upgrade() {
        inner.state.borrow_mut().channel = Some(channel);
        inner.say("hello", &[]);
        inner.wake();
    }
    let lock = lock.await;
    match (weak.upgrade(), lock) {
        (Some(inner), Some(lock)) => inner.lead(lock),
        (Some(inner), None) => inner.go_alone(),
        _ => {}
    }
}

impl Inner {
    fn now(&self) -> f64 {
        self.platform.monotonic_ms()
    }

    pub(super) fn say(&self, word: &str, numbers: &[u64]) {
        self.say_text(&write(word, numbers));
    }

    pub(super) fn say_text(&self, text: &str) {
        if let Some(channel) = &self.state.borrow().channel {
            channel.say(text);
        }
    }

    fn wake(&self) {
        let wakers = std::mem::take(&mut self.state.borrow_mut().wakers);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits until something has changed, or `ms` are over.
    pub(super) async fn change(&self, ms: f64) {
        let mut asked = false;
        let changed = poll_fn(|context| {
            if std::mem::replace(&mut asked, true) {
                return Poll::Ready(());
            }
            self.state.borrow_mut().wakers.push(context.waker().clone());
            Poll::Pending
        });
        within(&*self.platform, ms, changed).await;
    }

    fn go_alone(&self) {
        self.state.borrow_mut().place = Place::Alone;
        self.wake();
    }

    fn lead(self: &Rc<Inner>, lock: Lock) {
        let latest = {
            let mut state = self.state.borrow_mut();
            // Whoever led before may have used all of it.
            if lock.waited && !state.informed {
                state.books.fill(self.now());
            }
            state.informed = true;
            state.place = Place::Leads(lock);
            state.books.latest
        };
        self.say("lead", &[latest]);
        self.pump();
        self.wake();
    }

    fn is_leader(&self) -> bool {
        matches!(self.state.borrow().place, Place::Leads(_))
    }

    /// Grants what may be granted.
    fn pump(self: &Rc<Inner>) {
        if !self.is_leader() {
            return;
        }
        let now = self.now();
        let mut granted = false;
        let look_ms = loop {
            let mut state = self.state.borrow_mut();
            match state.books.next(now) {
                Ok(wish) => {
                    let latest = state.books.latest;
                    granted |= state.grant_mine(self.me, &wish);
                    drop(state);
                    self.say("grant", &[latest, wish.tab, wish.id, wish.cost as u64]);
                }
                Err(at) => break at,
            }
        };
        self.look_at(look_ms);
        if granted {
            self.wake();
        }
    }

    /// Pumps at that moment. What arrives until then is pumped with it.
    fn look_at(self: &Rc<Inner>, at: f64) {
        let mut state = self.state.borrow_mut();
        if at >= state.look_ms || !at.is_finite() {
            return;
        }
        state.look_ms = at;
        drop(state);
        let (weak, sleep) = (Rc::downgrade(self), self.platform.sleep(at - self.now()));
        self.platform.spawn(Box::pin(async move {
            sleep.await;
            let Some(inner) = weak.upgrade() else { return };
            let is_latest = inner.state.borrow().look_ms == at;
            if is_latest {
                inner.state.borrow_mut().look_ms = f64::INFINITY;
                inner.pump();
            }
        }));
    }

    fn hear(self: &Rc<Inner>, text: &str) {
        let Some(said) = read(text) else { return };
        let now = self.now();
        match said.word {
            "hello" if self.is_leader() => self.tell_books(now),
            "ask" if self.is_leader() => self.hear_ask(&said),
            "books" | "lead" | "grant" | "wait" if !self.is_leader() => self.hear_leader(&said, now),
            "done" => {
                let wish = Wish { tab: said.at(0), id: said.at(1), cost: said.count(2) };
                self.state.borrow_mut().books.done(now, wish, said.at(3) == 1);
                // A refusal may follow.
                self.look_at(now + TOGETHER_MS);
            }
            "gate" => {
                let ms = (said.at(0) as f64).min(LONGEST_GATE_MS);
                self.state.borrow_mut().books.close_gate(now, ms, said.at(1) == 1, now - said.at(2) as f64);
                self.pump();
            }
            "forget" => {
                let mut state = self.state.borrow_mut();
                state.drops += 1;
                state.kept = None;
            }
            "want" if self.share_token => self.hand_on(said.at(0)),
            "token" if self.share_token => {
                self.state.borrow_mut().kept = Kept::new(&*self.platform, said.text, said.at(0) as f64);
                self.wake();
            }
            _ => {}
        }
    }

    fn tell_books(&self, now: f64) {
        let mut state = self.state.borrow_mut();
        let mut numbers = vec![state.books.latest, whole(state.books.gate_ms(now))];
        // Rounded down, what counts goes later rather than too early.
        numbers.extend(state.books.ages(now).into_iter().map(|age| whole(age.floor())));
        drop(state);
        self.say("books", &numbers);
    }

    fn hear_ask(self: &Rc<Inner>, said: &Said<'_>) {
        let wish = Wish { tab: said.at(0), id: said.at(1), cost: said.count(2) };
        let mut state = self.state.borrow_mut();
        state.books.heed(said.count(3), said.at(4) as f64);
        let is_new = state.books.ask(wish);
        drop(state);
        if !is_new {
            self.say("wait", &[]);
        }
        self.pump();
    }

    fn hear_leader(self: &Rc<Inner>, said: &Said<'_>, now: f64) {
        let mut state = self.state.borrow_mut();
        state.heard_ms = now;
        state.deserted = false;
        match said.word {
            "books" => {
                let ages = said.rest(2).iter().map(|age| *age as f64);
                state.books.take_over(now, said.at(0), (said.at(1) as f64).min(LONGEST_GATE_MS), ages);
                state.informed = true;
            }
            "grant" => {
                let missed = said.at(0) != state.books.latest + 1 && state.informed;
                state.books.latest = said.at(0);
                let wish = Wish { tab: said.at(1), id: said.at(2), cost: said.count(3) };
                state.books.grant(now, wish);
                let unwanted = wish.tab == self.me && !state.grant_mine(self.me, &wish);
                state.informed &= !missed;
                drop(state);
                if unwanted {
                    self.give_back(wish, false);
                }
                if missed {
                    self.say("hello", &[]);
                }
                return if wish.tab == self.me {
                    self.wake()
                };
            }
            "lead" => {
                state.books.latest = said.at(0);
                // Those who wait ask the new one at once.
                state.heard_ms = f64::INFINITY;
            }
            // Nothing has changed but that somebody is there.
            _ => return,
        }
        drop(state);
        self.wake();
    }

    /// A grant comes back, or a wish is withdrawn.
    fn give_back(self: &Rc<Inner>, wish: Wish, sent: bool) {
        let now = self.now();
        self.state.borrow_mut().books.done(now, wish, sent);
        self.say("done", &[wish.tab, wish.id, wish.cost as u64, u64::from(sent)]);
        self.look_at(now + TOGETHER_MS);
    }

    /// Waits for the right to send.
    async fn obtain(self: &Rc<Inner>, wish: Wish) {
        let began = self.now();
        let mut asked = f64::NEG_INFINITY;
        while let Some(ms) = self.step(wish, began, &mut asked) {
            self.change(ms).await;
        }
    }

    /// Does what can be done for a wish now. `None` where it is fulfilled, else how long to wait for a change, in ms.
    fn step(self: &Rc<Inner>, wish: Wish, began: f64, asked: &mut f64) -> Option<f64> {
        let now = self.now();
        let mut state = self.state.borrow_mut();
        if state.is_granted(wish.id) {
            return None;
        }
        match state.place {
            Place::Alone => return None,
            Place::Leads(_) => {
                let is_new = state.books.ask(wish);
                drop(state);
                if is_new {
                    self.pump();
                }
                let granted = self.state.borrow().is_granted(wish.id);
                return (!granted).then_some(f64::INFINITY);
            }
            Place::Among => {}
        }
        if state.heard_ms == f64::INFINITY {
            (state.heard_ms, *asked) = (now, f64::NEG_INFINITY);
        }
        if state.deserted || now - state.heard_ms.max(began) >= ALONE_MS {
            state.deserted = true;
            state.books.grant(now, wish);
            return None;
        }
        drop(state);
        if now - *asked >= AGAIN_MS {
            *asked = now;
            let RateLimit { requests, window_ms } = self.rate;
            self.say("ask", &[wish.tab, wish.id, wish.cost as u64, requests as u64, whole(window_ms)]);
        }
        Some(AGAIN_MS)
    }

    pub(super) fn kept(&self) -> Option<Kept> {
        self.state.borrow().kept.clone()
    }

    pub(super) fn keep(&self, kept: Option<Kept>) {
        self.state.borrow_mut().kept = kept;
    }
}

impl State {
    fn is_granted(&self, id: u64) -> bool {
        self.mine.iter().any(|(mine, granted)| *mine == id && *granted)
    }

    /// `false` where it is not wanted any more.
    fn grant_mine(&mut self, me: u64, wish: &Wish) -> bool {
        match self.mine.iter_mut().find(|(id, _)| *id == wish.id && wish.tab == me) {
            Some((_, granted)) => {
                *granted = true;
                true
            }
            None => false,
        }
    }
}

/// A wish that has been or will be fulfilled; withdrawn or given back when dropped.
struct Pass {
    inner: Rc<Inner>,
    wish: Wish,
    sent: bool,
}

impl Grant for Pass {
    fn mark_sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.inner.state.borrow_mut().mine.retain(|(id, _)| *id != self.wish.id);
        self.inner.give_back(self.wish, self.sent);
    }
}

impl Coordinator for Tabs {
    fn grant(&self, cost: usize) -> LocalFuture<Box<dyn Grant>> {
        let inner = Rc::clone(&self.inner);
        let wish = {
            let mut state = inner.state.borrow_mut();
            state.last_id += 1;
            let id = state.last_id;
            state.mine.push((id, false));
            Wish { tab: inner.me, id, cost }
        };
        let pass = Pass { inner, wish, sent: false };
        Box::pin(async move {
            pass.inner.obtain(pass.wish).await;
            Box::new(pass) as Box<dyn Grant>
        })
    }

    fn keep_away(&self, ms: f64, too_many_ms: Option<f64>) {
        let now = self.inner.now();
        let age_ms = too_many_ms.unwrap_or(0.0);
        self.inner.state.borrow_mut().books.close_gate(now, ms, too_many_ms.is_some(), now - age_ms);
        self.inner.say("gate", &[whole(ms), u64::from(too_many_ms.is_some()), whole(age_ms)]);
        self.inner.pump();
    }

    fn token_turn(&self, refused: Option<&str>) -> LocalFuture<Box<dyn TokenTurn>> {
        Box::pin(Turn::take(Rc::clone(&self.inner), refused.map_or(0, mark)))
    }

    fn drop_token(&self) {
        self.inner.keep(None);
        self.inner.say("forget", &[]);
    }

    fn token_drops(&self) -> u64 {
        self.inner.state.borrow().drops
    }
}
