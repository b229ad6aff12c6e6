//! Makes requests wait for their turn, and for what the tenant allows.

use super::ledger::{Admission, Ledger, RateLimit};
use super::queue::{Lane, Queue};
use super::rate_fields;
use super::retry::{RetryKind, RetryPolicy};
use crate::error::{Code, Error};
use crate::platform::{Budget, Coordinator, Grant, Headers, LocalFuture, NextTry, Platform};
use futures_util::future::{Either, select};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

/// So many calls may wait.
pub const MAX_QUEUE: usize = 10_000;
const LONGEST_GATE_MS: f64 = 3_600_000.0;
/// Others were told the same moment, so the gate opens up to so much later, in ms.
const SPREAD_MS: f64 = 1_000.0;
/// Whoever shows the wait is told anew so often, in ms; with many ahead less often.
const TOLD_EVERY_MS: f64 = 1_000.0;
/// Other tabs answer sooner than that, in ms, unless there is something to wait for.
const UNTOLD_MS: f64 = 50.0;
/// As long as nothing has been let through, a request is taken to reach the tenant within so many ms.
const UNSEEN_MS: f64 = 3_000.0;
/// What each answer leaves of the longest time before it.
const FADING: f64 = 0.95;

/// Hands out the right to send. Clones share their books.
#[derive(Clone)]
pub struct Limiter {
    shared: Rc<Shared>,
}

struct Shared {
    platform: Rc<dyn Platform>,
    coordinator: Option<Rc<dyn Coordinator>>,
    policy: RetryPolicy,
    state: RefCell<State>,
    /// What the other tabs are asked for, one at a time, so that who is next is settled here until one is granted.
    wish: RefCell<Option<Wish>>,
    /// Network errors since the last answer.
    silent: Cell<u32>,
}

struct Wish {
    lane: Lane,
    cost: usize,
    grant: LocalFuture<Box<dyn Grant>>,
}

struct State {
    ledger: Ledger,
    /// The longest that the head of an answer has taken of late, in ms.
    longest_ms: Option<f64>,
    queue: Queue,
    /// Pauses since the last request that was let through, and when the last one began.
    strikes: u32,
    struck_at: f64,
    /// The tenant itself has named the time at which the gate opens.
    asked: bool,
}

/// Who wants to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Want {
    /// Which lane it waits in.
    pub lane: Lane,
    /// Callers of a lane take turns.
    pub caller: u64,
    /// What the request counts for: 2 where a preflight goes before it.
    pub cost: usize,
    /// Whether somebody is told about the wait again and again.
    pub shown: bool,
}

/// A wait, as far as it can be foreseen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    /// From now, in ms; `None` where only the end of a request under way is waited for.
    pub ms: Option<f64>,
    /// How many go before.
    pub ahead: usize,
}

impl Limiter {
    /// A limiter that has let nobody through yet.
    pub fn new(platform: Rc<dyn Platform>, rate: RateLimit, max_concurrent: usize) -> Limiter {
        Limiter::shared(platform, rate, max_concurrent, RetryPolicy::default(), None)
    }

    pub(crate) fn shared(
        platform: Rc<dyn Platform>,
        rate: RateLimit,
        max_concurrent: usize,
        policy: RetryPolicy,
        coordinator: Option<Rc<dyn Coordinator>>,
    ) -> Limiter {
        let ledger = Ledger::new(rate, max_concurrent);
        let state = State {
            ledger,
            longest_ms: None,
            queue: Queue::default(),
            strikes: 0,
            struck_at: f64::NEG_INFINITY,
            asked: false,
        };
        let silent = Cell::new(0);
        let (state, wish) = (RefCell::new(state), RefCell::default());
        Limiter { shared: Rc::new(Shared { platform, coordinator, policy, state, wish, silent }) }
    }

    /// Waits for the right to send. `waiting` is told when there is a wait. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// `QUEUE_FULL` where 10,000 calls are waiting already.
    pub async fn acquire(&self, want: Want, mut waiting: impl FnMut(Wait)) -> Result<Slot, Error> {
        let Shared { platform, coordinator, .. } = &*self.shared;
        let ticket = self.queue_up(want)?;
        let mut asked = false;
        loop {
            let now = platform.monotonic_ms();
            let (asks, mut until) = match ticket.turn(now) {
                Turn::Go if coordinator.is_none() => return Ok(ticket.take(now, None)),
                Turn::Go => (true, f64::INFINITY),
                Turn::At(at) => {
                    // What others would grant meanwhile could not be used.
                    self.shared.wish.take();
                    (false, at)
                }
                Turn::Behind => (false, f64::INFINITY),
            };
            if want.shown && asks && !asked {
                until = now + UNTOLD_MS;
            } else if want.shown {
                let wait = ticket.wait(now);
                until = until.min(now + TOLD_EVERY_MS.max(wait.ahead as f64));
                waiting(wait);
            }
            asked |= asks;
            let called = async {
                match until.is_finite() {
                    true => drop(select(ticket.called(), platform.sleep(until - now)).await),
                    false => ticket.called().await,
                }
            };
            if !asks {
                called.await;
            } else if let Some(grant) = first(ticket.granted(want.lane), called).await {
                let now = platform.monotonic_ms();
                // Where somebody else's turn has come meanwhile, the grant goes back, and whoever that is asks for one.
                if matches!(ticket.turn(now), Turn::Go) {
                    return Ok(ticket.take(now, Some(grant)));
                }
            }
        }
    }

    /// The tenant has answered a request that was sent at `sent_ms`, and not to refuse it.
    pub fn answered(&self, sent_ms: f64) {
        let now = self.shared.platform.monotonic_ms();
        self.shared.silent.set(0);
        let together = self.shared.together();
        if let Some(coordinator) = together {
            coordinator.let_through(now - sent_ms);
        }
        let mut state = self.shared.state.borrow_mut();
        match together {
            Some(_) => state.ledger.end_probe(sent_ms),
            None => state.ledger.let_through(now, sent_ms),
        }
        if sent_ms >= state.struck_at {
            state.strikes = 0;
        }
        drop(state);
        self.shared.call_next();
    }

    /// The tenant has refused a request that was sent at `sent_ms`, and perhaps said for how long. `over_limit`: because there
    /// were too many, and not because it is out of service.
    pub fn refused(&self, sent_ms: f64, hint_ms: Option<f64>, over_limit: bool) {
        let now = self.shared.platform.monotonic_ms();
        self.shared.silent.set(0);
        let next = match self.shared.together() {
            _ if !over_limit => None,
            Some(coordinator) => coordinator.refused(now - sent_ms, hint_ms),
            None => {
                let ledger = &mut self.shared.state.borrow_mut().ledger;
                ledger.refused(now, sent_ms, hint_ms);
                ledger.next_try(now)
            }
        };
        self.close_gate(sent_ms, hint_ms, over_limit, next);
    }

    /// No answer came. Once may be chance; twice in a row may be refusals that the browser withholds, which lack CORS headers.
    pub fn silence(&self, sent_ms: f64) {
        self.shared.silent.set(self.shared.silent.get() + 1);
        if self.shared.silent.get() >= 2 {
            self.close_gate(sent_ms, None, false, None);
        }
    }

    /// Heeds what the tenant says of its limit in `RateLimit` and `RateLimit-Policy`, unless a cache says it: that was true at some other
    /// time.
    pub fn heed(&self, headers: &Headers) {
        if headers.get("age").is_some_and(|age| age.trim() != "0") {
            return;
        }
        let policies = rate_fields::policies(headers);
        if let Some(coordinator) = &self.shared.coordinator {
            let policies: Vec<_> = policies.iter().map(|policy| (policy.quota, policy.window_ms)).collect();
            coordinator.heed(&policies);
        }
        let mut state = self.shared.state.borrow_mut();
        state.ledger.heed_policies(&policies);
        if let Some(remaining) = rate_fields::remaining(headers) {
            state.ledger.heed_remaining(self.shared.platform.monotonic_ms(), remaining);
        }
    }

    /// Nobody sends for a while, at most for an hour, since servers can be wrong about it. Without a hint the pause doubles
    /// with every further refusal.
    fn close_gate(&self, sent_ms: f64, hint_ms: Option<f64>, over_limit: bool, next: Option<NextTry>) {
        let Shared { platform, policy, .. } = &*self.shared;
        let now = platform.monotonic_ms();
        let mut state = self.shared.state.borrow_mut();
        // Requests that were under way together are refused together.
        if sent_ms >= state.struck_at {
            state.strikes += 1;
            state.struck_at = now;
        } else if hint_ms.is_none() {
            return;
        }
        let pause_ms = match hint_ms {
            Some(hint_ms) => hint_ms + platform.unit() * SPREAD_MS,
            None => {
                let backoff_ms = policy.backoff_ms(RetryKind::Throttle, state.strikes, platform.unit());
                match next {
                    Some(NextTry::By(ms)) => backoff_ms.min(ms),
                    Some(NextTry::At(ms)) => ms + platform.unit() * SPREAD_MS,
                    None => backoff_ms,
                }
            }
        };
        let pause_ms = pause_ms.min(LONGEST_GATE_MS);
        state.asked = hint_ms.is_some();
        state.ledger.close_gate(now, now + pause_ms);
        drop(state);
        if let Some(coordinator) = &self.shared.coordinator {
            coordinator.keep_away(pause_ms, hint_ms.is_some(), over_limit.then_some(now - sent_ms));
        }
    }

    /// How long nobody sends because the tenant has asked for it, here or in another tab, in ms.
    pub fn asked_ms(&self) -> f64 {
        let state = self.shared.state.borrow();
        let here = if state.asked { state.ledger.gate_ms(self.shared.platform.monotonic_ms()) } else { 0.0 };
        here.max(self.shared.asked_elsewhere_ms())
    }

    /// Requests that count in the current window.
    pub fn used(&self) -> usize {
        self.shared.budget(0).map_or_else(|| self.with_ledger(Ledger::used), |budget| budget.used)
    }

    /// How many requests a window allows.
    pub fn allowed(&self) -> usize {
        let own = self.with_ledger(Ledger::allowed);
        self.shared.budget(0).map_or(own, |budget| budget.allowed.min(own))
    }

    /// How long it takes by the limit until so many more requests have been let go, in ms.
    pub fn eta_ms(&self, requests: usize) -> f64 {
        let own_ms = self.with_ledger(|ledger, now| ledger.eta_ms(now, requests));
        self.shared.budget(requests).map_or(own_ms, |budget| budget.eta_ms.max(own_ms))
    }

    /// The same for one request that counts as `cost`, as this tab knows it, and whether or not the tenant is left alone for now.
    pub(crate) fn room_ms(&self, cost: usize) -> f64 {
        self.with_ledger(|ledger, now| ledger.room_ms(now, cost))
    }

    /// How many calls are waiting.
    pub fn waiting(&self) -> usize {
        self.shared.state.borrow().queue.len()
    }

    fn with_ledger<T>(&self, ask: impl FnOnce(&mut Ledger, f64) -> T) -> T {
        let now = self.shared.platform.monotonic_ms();
        ask(&mut self.shared.state.borrow_mut().ledger, now)
    }

    fn queue_up(&self, want: Want) -> Result<Ticket, Error> {
        let mut state = self.shared.state.borrow_mut();
        if state.queue.len() >= MAX_QUEUE {
            return Err(Error::new(
                Code::QueueFull,
                "10,000 calls are waiting for the rate limit already. Wait for some of them before asking for more.",
            ));
        }
        let number = state.queue.enter(want.lane, want.caller);
        drop(state);
        Ok(Ticket { shared: Rc::clone(&self.shared), number, cost: want.cost.max(1), gone: false })
    }
}

impl Shared {
    fn budget(&self, requests: usize) -> Option<Budget> {
        self.coordinator.as_ref().and_then(|coordinator| coordinator.budget(requests))
    }

    /// The other tabs, where they learn the limit together.
    fn together(&self) -> Option<&Rc<dyn Coordinator>> {
        self.coordinator.as_ref().filter(|coordinator| coordinator.learns())
    }

    fn asked_elsewhere_ms(&self) -> f64 {
        self.coordinator.as_ref().map_or(0.0, |coordinator| coordinator.asked_ms())
    }

    /// Lets whoever is next look again.
    fn call_next(&self) {
        let waker = {
            let mut state = self.state.borrow_mut();
            let queue = &mut state.queue;
            queue.next().and_then(|number| queue.place(number)).and_then(|place| {
                place.called = true;
                place.waker.take()
            })
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// What comes of `one`, unless the other ends before it.
async fn first<T>(one: impl Future<Output = T> + Unpin, other: impl Future) -> Option<T> {
    match select(one, pin!(other)).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(_) => None,
    }
}

/// What somebody who waits is to do.
enum Turn {
    Go,
    /// Not yet, though it is its turn: at infinity, when a request under way ends.
    At(f64),
    /// Others go first; it will be called.
    Behind,
}

/// A place in the queue; leaves it when dropped.
struct Ticket {
    shared: Rc<Shared>,
    number: usize,
    cost: usize,
    gone: bool,
}

impl Ticket {
    /// Only the one who is next asks the books.
    fn turn(&self, now: f64) -> Turn {
        let mut state = self.shared.state.borrow_mut();
        if self.shared.together().is_some() {
            // What this tab has learnt without the others is no limit of all: they used a part of it.
            state.ledger.unlearn();
        }
        if state.queue.next() != Some(self.number) {
            return Turn::Behind;
        }
        match state.ledger.admission(now, self.cost) {
            Admission::Now => Turn::Go,
            Admission::At(at) => Turn::At(at),
            Admission::OnRelease => Turn::At(f64::INFINITY),
        }
    }

    fn wait(&self, now: f64) -> Wait {
        let mut state = self.shared.state.borrow_mut();
        let ahead = state.queue.ahead(self.number);
        let requests = (ahead + 1) * self.cost;
        let together_ms = self.shared.budget(requests).map_or(0.0, |budget| budget.eta_ms);
        let ms = state.ledger.eta_ms(now, requests).max(together_ms).max(self.shared.asked_elsewhere_ms());
        Wait { ms: (ms > 0.0).then_some(ms), ahead }
    }

    /// A grant of the other tabs, as long as it is this one's turn. Another one of the same kind whose turn comes waits for the same
    /// grant.
    fn granted(&self, lane: Lane) -> impl Future<Output = Box<dyn Grant>> + Unpin + '_ {
        let Shared { coordinator, state, wish, .. } = &*self.shared;
        poll_fn(move |context| {
            let Some(coordinator) = coordinator.as_ref().filter(|_| state.borrow().queue.next() == Some(self.number))
            else {
                return Poll::Pending;
            };
            let (cost, mut wish) = (self.cost, wish.borrow_mut());
            if wish.as_ref().is_none_or(|wish| (wish.lane, wish.cost) != (lane, cost)) {
                *wish = Some(Wish { lane, cost, grant: coordinator.grant(cost, lane == Lane::Bulk) });
            }
            let granted = wish.as_mut().map_or(Poll::Pending, |wish| wish.grant.as_mut().poll(context));
            if granted.is_ready() {
                *wish = None;
            }
            granted
        })
    }

    fn called(&self) -> impl Future<Output = ()> + Unpin + '_ {
        poll_fn(|context| {
            let mut state = self.shared.state.borrow_mut();
            let Some(place) = state.queue.place(self.number) else { return Poll::Ready(()) };
            if std::mem::take(&mut place.called) {
                return Poll::Ready(());
            }
            place.waker = Some(context.waker().clone());
            Poll::Pending
        })
    }

    fn take(mut self, now: f64, grant: Option<Box<dyn Grant>>) -> Slot {
        let mut state = self.shared.state.borrow_mut();
        state.ledger.start(now, self.cost);
        state.queue.go(self.number);
        drop(state);
        self.gone = true;
        // Dropping the ticket calls the next one.
        Slot {
            shared: Rc::clone(&self.shared),
            cost: self.cost,
            sent_ms: None,
            passed_ms: None,
            finished: false,
            grant,
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.gone {
            self.shared.state.borrow_mut().queue.leave(self.number);
        }
        if self.shared.state.borrow().queue.len() == 0 {
            self.shared.wish.take();
        }
        self.shared.call_next();
    }
}

/// The right to send one request, given back when dropped. One that was sent and is dropped unfinished was cancelled: it counts as
/// long as it may yet arrive.
pub struct Slot {
    shared: Rc<Shared>,
    cost: usize,
    sent_ms: Option<f64>,
    /// When the head of its answer came, by which it had reached the tenant.
    passed_ms: Option<f64>,
    finished: bool,
    grant: Option<Box<dyn Grant>>,
}

impl Slot {
    /// The request leaves: from now on it counts against the limit, whatever becomes of it.
    pub fn mark_sent(&mut self) {
        self.sent_ms = Some(self.shared.platform.monotonic_ms());
        if let Some(grant) = &mut self.grant {
            grant.mark_sent();
        }
    }

    /// The head of an answer that lets it through is here: the tenant has counted it by now, however long the body takes.
    pub(crate) fn mark_passed(&mut self) {
        let now = self.shared.platform.monotonic_ms();
        if let Some(sent_ms) = self.sent_ms {
            self.passed_ms = Some(now);
            let mut state = self.shared.state.borrow_mut();
            state.longest_ms = Some((now - sent_ms).max(state.longest_ms.unwrap_or(0.0) * FADING));
        }
    }

    /// The request is over: answered, or failed. Whoever waits is called when the slot is dropped: after the books know how it ended.
    pub fn finish(&mut self) {
        let now = self.shared.platform.monotonic_ms();
        self.end(now, self.sent_ms.map(|_| self.passed_ms.unwrap_or(now)));
    }

    /// Nobody waits for the answer any longer. The request may still be on its way, for as long as any has taken: what is freed now is
    /// the place among those under way, and no place in the window.
    pub(crate) fn abandon(&mut self) {
        let now = self.shared.platform.monotonic_ms();
        let longest_ms = self.shared.state.borrow().longest_ms.unwrap_or(UNSEEN_MS);
        self.end(now, self.sent_ms.map(|sent_ms| self.passed_ms.unwrap_or(now.max(sent_ms + longest_ms))));
    }

    /// It has reached the tenant by that moment at the latest, if it was sent.
    fn end(&mut self, now: f64, reached: Option<f64>) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        self.shared.state.borrow_mut().ledger.finish_by(now, self.cost, reached);
        if let (Some(grant), Some(reached)) = (&mut self.grant, reached) {
            grant.reached_in(reached - now);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.abandon();
        self.shared.call_next();
    }
}
