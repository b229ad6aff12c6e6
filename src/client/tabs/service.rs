//! One tab among others: joins them, hears them, and waits for what they allow.

use super::books::{Books, Learned, Wish};
use super::options::TabsOptions;
use super::state::{Place, State};
use super::token_turn::Kept;
use super::words::{Said, read, whole, write};
use crate::client::fnv::fnv1a_text;
use crate::client::ledger::{MAX_POLICIES, RateLimit};
use crate::client::rate_fields::Policy;
use crate::client::timing::within;
use crate::platform::{Budget, Heard, Lock, NextTry, Platform};
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

/// What is not answered is said again after so long, in ms.
const AGAIN_MS: f64 = 2_000.0;
/// Without a word from whoever leads, a tab goes on alone after so long, in ms: the other one may be halted by its debugger.
const ALONE_MS: f64 = 10_000.0;
/// A tab that goes on alone asks all the same, and waits so long, in ms: whoever leads may be back.
const BACK_MS: f64 = 50.0;
/// A leader that nobody needs any more stays for so long, in ms: whoever comes in its place is told what was used.
const STAY_MS: f64 = 1_000.0;
/// A leader that says nothing for so long, in ms, was there and may have used all; one that ends sooner was just leaving.
const SILENT_MS: f64 = 1_000.0;
/// No tab keeps the others away for longer than an hour.
const LONGEST_GATE_MS: f64 = 3_600_000.0;
/// That a request reached the tenant longer ago, or needs longer to, is not believed.
const MOST_LATE_MS: f64 = 60_000.0;

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
    pub(super) inner: Rc<Inner>,
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

impl Tabs {
    /// Joins the others, in the background.
    pub fn new(platform: Rc<dyn Platform>, options: &TabsOptions) -> Tabs {
        let [a, b, c, d, e, f, g, h, ..] = platform.secret();
        let state = State::new(Books::new(options.rate, 2.0 * options.timeout_ms), platform.monotonic_ms());
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

impl Drop for Tabs {
    fn drop(&mut self) {
        if self.inner.is_leader() {
            let (inner, stay) = (Rc::clone(&self.inner), self.inner.platform.sleep(STAY_MS));
            self.inner.platform.spawn(Box::pin(async move {
                stay.await;
                drop(inner);
            }));
        }
    }
}

/// Joins the channel and waits for the lock. Keeps no tab alive that nobody uses any more.
async fn enter(weak: Weak<Inner>) {
    let Some((join, lock, asked_ms)) = weak.upgrade().map(|inner| {
        let ear = Weak::clone(&weak);
        let hear = Rc::new(move |heard| {
            match (ear.upgrade(), heard) {
                (Some(inner), Heard::Word(word)) => inner.hear(&word),
                // The token that was to be handed on.
                (Some(inner), Heard::Leaving) => inner.keep(None),
                (None, _) => {}
            }
        });
        (inner.platform.join(&inner.name, hear), inner.platform.lock(&inner.name), inner.now())
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
        (Some(inner), Some(lock)) => inner.lead(lock, inner.now() - asked_ms >= SILENT_MS),
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

    fn lead(self: &Rc<Inner>, lock: Lock, was_silent: bool) {
        let latest = {
            let mut state = self.state.borrow_mut();
            // Whoever led before may have used all of it.
            if lock.waited && was_silent && !state.informed {
                state.books.fill(self.now());
            }
            state.informed = true;
            // Nobody else is waited for any more.
            state.deserted = false;
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

    /// Whether another tab leads.
    pub(super) fn is_led(&self) -> bool {
        matches!(self.state.borrow().place, Place::Among)
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
        let (now, leads) = (self.now(), self.is_leader());
        match said.word {
            "hello" if leads => self.tell_books(now),
            "ask" if leads => self.hear_ask(&said),
            "books" | "lead" | "grant" | "wait" if !leads => self.hear_leader(&said, now),
            "done" => {
                let wish = Wish { tab: said.at(0), id: said.at(1), cost: said.count(2), bulk: false };
                let mut state = self.state.borrow_mut();
                let [late_ms, early_ms] = [4, 5].map(|place| (said.at(place) as f64).min(MOST_LATE_MS));
                let reached = (said.at(3) == 1).then_some(now + late_ms - early_ms);
                if state.books.done(now, wish, reached) && leads {
                    state.books.interrupt();
                }
                drop(state);
                // At once: a timer of a hidden tab may take a second. Whoever was refused has said so before.
                self.pump();
            }
            "policies" => {
                let policies = said.rest(0).chunks_exact(2).take(MAX_POLICIES);
                let policies = policies.filter_map(|pair| pair.first().copied().zip(pair.last().copied()));
                self.state.borrow_mut().books.heed(policies.map(|(quota, ms)| policy(quota, ms as f64)).collect());
                self.pump();
            }
            "gate" => {
                let ms = (said.at(0) as f64).min(LONGEST_GATE_MS);
                self.close_gate(ms, said.at(3) == 1, said.at(1) == 1, said.at(2) as f64);
            }
            "passed" if self.learns() => self.let_through((said.at(0) as f64).min(LONGEST_GATE_MS)),
            "refused" if self.learns() => {
                let hint_ms = said.at(1).checked_sub(1).map(|ms| (ms as f64).min(LONGEST_GATE_MS));
                self.refused((said.at(0) as f64).min(LONGEST_GATE_MS), hint_ms);
            }
            "forget" => {
                self.state.borrow_mut().drops += 1;
                self.forget();
            }
            "want" if self.share_token => self.hand_on(said.at(0)),
            // One that was on its way when the user logged out is not heard.
            "token" if self.share_token && !self.has_logged_out() => {
                self.state.borrow_mut().kept = Kept::new(&*self.platform, said.text, said.at(0) as f64);
                self.wake();
            }
            _ => {}
        }
    }

    fn tell_books(&self, now: f64) {
        let mut state = self.state.borrow_mut();
        let mut numbers = vec![state.books.latest, whole(state.books.gate_ms(now))];
        numbers.extend(state.books.learned().map_or([0; 3], |Learned { limit, is_guess }| {
            [limit.requests as u64, whole(limit.window_ms), u64::from(is_guess)]
        }));
        // Rounded down, what counts goes later rather than too early.
        numbers.extend(state.books.ages(now).into_iter().map(|age| whole(age.floor())));
        drop(state);
        self.say("books", &numbers);
        self.tell_policies();
    }

    /// What this tab knows of the policies of the tenant, since somebody may not.
    fn tell_policies(&self) {
        let state = self.state.borrow();
        let numbers =
            state.books.policies().iter().flat_map(|Policy { quota, window_ms }| [*quota as u64, whole(*window_ms)]);
        let numbers: Vec<u64> = numbers.collect();
        drop(state);
        if !numbers.is_empty() {
            self.say("policies", &numbers);
        }
    }

    /// The tenant has told its policies in this tab.
    pub(super) fn heed(&self, policies: &[(usize, f64)]) {
        let policies = policies.iter().map(|(quota, ms)| policy(*quota as u64, *ms)).collect();
        if self.state.borrow_mut().books.heed(policies) {
            self.tell_policies();
        }
    }

    fn hear_ask(self: &Rc<Inner>, said: &Said<'_>) {
        let wish = Wish { tab: said.at(0), id: said.at(1), cost: said.count(2), bulk: said.at(5) == 1 };
        let mut state = self.state.borrow_mut();
        state.books.heed_tab(policy(said.at(3), said.at(4) as f64));
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
                let limit = RateLimit { requests: said.count(2), window_ms: said.at(3) as f64 };
                let learned = Learned { limit, is_guess: said.at(4) == 1 };
                let ages = said.rest(5).iter().map(|age| *age as f64);
                state.books.take_over(now, said.at(0), (said.at(1) as f64).min(LONGEST_GATE_MS), learned, ages);
                state.informed = true;
            }
            "grant" => {
                let missed = said.at(0) != state.books.latest + 1 && state.informed;
                state.books.latest = said.at(0);
                let wish = Wish { tab: said.at(1), id: said.at(2), cost: said.count(3), bulk: false };
                state.books.grant(now, wish);
                let unwanted = wish.tab == self.me && !state.grant_mine(self.me, &wish);
                state.informed &= !missed;
                drop(state);
                if unwanted {
                    self.give_back(wish, None);
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
                drop(state);
                self.tell_policies();
                return self.wake();
            }
            // Nothing has changed but that somebody is there.
            _ => return,
        }
        drop(state);
        self.wake();
    }

    /// A grant comes back, or a wish is withdrawn. What was sent has reached the server in so many ms from now, or had before.
    fn give_back(self: &Rc<Inner>, wish: Wish, reached_ms: Option<f64>) {
        let now = self.now();
        self.state.borrow_mut().books.done(now, wish, reached_ms.map(|ms| now + ms));
        let ms = reached_ms.unwrap_or(0.0);
        // Rounded to the later side.
        let (late, early) = (whole(ms.ceil()), whole(-ms.ceil()));
        self.say("done", &[wish.tab, wish.id, wish.cost as u64, u64::from(reached_ms.is_some()), late, early]);
        self.pump();
    }

    /// Nobody sends for so long, since the tenant refused what was sent `age_ms` ago.
    pub(super) fn close_gate(self: &Rc<Inner>, ms: f64, asked: bool, over_limit: bool, age_ms: f64) {
        let now = self.now();
        let mut state = self.state.borrow_mut();
        state.books.close_gate(now, ms, over_limit, now - age_ms);
        if asked {
            state.asked_until = state.asked_until.max(now + ms);
        }
        drop(state);
        self.pump();
    }

    /// Whether the tabs learn a limit together that nobody has told; a tab that goes on alone learns by itself.
    pub(super) fn learns(&self) -> bool {
        let state = self.state.borrow();
        self.rate == RateLimit::UNKNOWN && !matches!(state.place, Place::Alone) && !state.deserted
    }

    pub(super) fn budget(&self, requests: usize) -> Option<Budget> {
        self.learns().then(|| self.state.borrow_mut().books.budget(self.now(), requests))
    }

    /// A request that was sent `age_ms` ago was let through.
    pub(super) fn let_through(self: &Rc<Inner>, age_ms: f64) {
        let now = self.now();
        self.state.borrow_mut().books.let_through(now, now - age_ms);
        self.pump();
    }

    /// A request that was sent `age_ms` ago was one too many.
    pub(super) fn refused(&self, age_ms: f64, hint_ms: Option<f64>) -> Option<NextTry> {
        let now = self.now();
        self.state.borrow_mut().books.refused(now, now - age_ms, hint_ms)
    }

    /// How long the tenant has asked to be left alone, in ms.
    pub(super) fn asked_ms(&self) -> f64 {
        (self.state.borrow().asked_until - self.now()).max(0.0)
    }

    pub(super) fn new_wish(&self, cost: usize, bulk: bool) -> Wish {
        let mut state = self.state.borrow_mut();
        state.last_id += 1;
        let id = state.last_id;
        state.mine.push((id, false));
        Wish { tab: self.me, id, cost, bulk }
    }

    pub(super) fn end_wish(self: &Rc<Inner>, wish: Wish, reached_ms: Option<f64>) {
        self.state.borrow_mut().mine.retain(|(id, _)| *id != wish.id);
        self.give_back(wish, reached_ms);
    }

    /// Waits for the right to send.
    pub(super) async fn obtain(self: &Rc<Inner>, wish: Wish) {
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
        let left_ms = match state.deserted {
            // Whoever leads was waited for just now, and in vain.
            true if now - state.alone_ms < AGAIN_MS => 0.0,
            true => began + BACK_MS - now,
            false => (state.heard_ms.max(began) + ALONE_MS - now).min(AGAIN_MS),
        };
        let alone = left_ms <= 0.0;
        if alone {
            if !state.deserted || now - state.alone_ms >= AGAIN_MS {
                state.alone_ms = now;
            }
            if !std::mem::replace(&mut state.deserted, true) {
                state.books.interrupt();
            }
            state.books.grant(now, wish);
        }
        drop(state);
        if now - *asked >= AGAIN_MS {
            *asked = now;
            let RateLimit { requests, window_ms } = self.rate;
            let limit = (requests as u64, whole(window_ms));
            // Also where nobody is waited for: whoever leads counts it when it is back, and says so.
            self.say("ask", &[wish.tab, wish.id, wish.cost as u64, limit.0, limit.1, u64::from(wish.bulk)]);
        }
        (!alone).then_some(left_ms)
    }

    /// How often any tab forgot its token.
    pub(super) fn drops(&self) -> u64 {
        self.state.borrow().drops
    }

    pub(super) fn kept(&self) -> Option<Kept> {
        self.state.borrow().kept.clone()
    }

    pub(super) fn keep(&self, kept: Option<Kept>) {
        self.state.borrow_mut().kept = kept;
    }

    /// The user has logged out, here or in another tab.
    pub(super) fn forget(&self) {
        self.keep(None);
        self.set_logged_out(true);
    }

    pub(super) fn has_logged_out(&self) -> bool {
        self.state.borrow().logged_out
    }

    pub(super) fn set_logged_out(&self, logged_out: bool) {
        self.state.borrow_mut().logged_out = logged_out;
    }
}

fn policy(quota: u64, window_ms: f64) -> Policy {
    Policy { quota: usize::try_from(quota).unwrap_or(usize::MAX), window_ms }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::token_turn::Turn;
    use super::*;
    use crate::platform::{Spawn, VirtualOrigin, VirtualPlatform};

    #[test]
    fn a_tab_that_went_on_alone_learns_with_the_others_again_when_it_leads() {
        let world = VirtualPlatform::new(1);
        let origin = VirtualOrigin::new(&world);
        let options = TabsOptions { rate: RateLimit::UNKNOWN, ..TabsOptions::new("https://tenant.example") };
        let (old, new) = (origin.open(), origin.open());
        let [_before, tabs] = [&old, &new].map(|tab| Tabs::new(Rc::new(tab.clone()), &options));
        world.run_for(10.0);
        old.halt();
        let (inner, wish) = (Rc::clone(&tabs.inner), tabs.inner.new_wish(1, false));
        new.spawn(Box::pin(async move { inner.obtain(wish).await }));
        world.run_for(ALONE_MS + 10.0);
        assert!(!tabs.inner.learns(), "nobody leads it");
        old.kill();
        world.run_for(10.0);
        assert!(tabs.inner.learns() && tabs.inner.is_leader());
    }

    #[test]
    fn a_token_that_was_on_its_way_when_the_user_logged_out_is_not_kept() {
        let world = VirtualPlatform::new(1);
        let options = TabsOptions { share_token: true, ..TabsOptions::new("https://tenant.example") };
        let inner = Tabs::new(Rc::new(VirtualOrigin::new(&world).open()), &options).inner.clone();
        inner.hear("token 300000 before");
        assert!(inner.kept().is_some());
        inner.hear("forget");
        inner.hear("token 300000 late");
        assert!(inner.kept().is_none());
        world.run(Turn::take(Rc::clone(&inner), 0));
        inner.hear("token 300000 next");
        assert!(inner.kept().is_some(), "this tab has asked for it");
    }

    #[test]
    fn a_tab_that_is_left_keeps_no_token_for_others() {
        let world = VirtualPlatform::new(1);
        let tab = VirtualOrigin::new(&world).open();
        let options = TabsOptions { share_token: true, ..TabsOptions::new("https://tenant.example") };
        let tabs = Tabs::new(Rc::new(tab.clone()), &options);
        world.run_for(10.0);
        tabs.inner.keep(Kept::new(&tab, "t0ken", 300_000.0));
        assert!(tabs.inner.kept().is_some());
        tab.close();
        assert!(tabs.inner.kept().is_none());
    }
}
