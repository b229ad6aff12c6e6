//! Makes requests wait for their turn: first come, first served, with a bounded queue.

use super::ledger::{Admission, Ledger, RateLimit};
use crate::error::{Code, Error};
use crate::platform::Platform;
use futures_util::future::select;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// So many calls may wait.
pub const MAX_QUEUE: usize = 10_000;
const LONGEST_GATE_MS: f64 = 3_600_000.0;

/// Hands out the right to send. Clones share their books.
#[derive(Clone)]
pub struct Limiter {
    shared: Rc<Shared>,
}

struct Shared {
    platform: Rc<dyn Platform>,
    state: RefCell<State>,
}

struct State {
    ledger: Ledger,
    queue: Queue,
}

/// Places by number of arrival. Whoever leaves from the middle leaves a gap, so that leaving costs nothing.
#[derive(Default)]
struct Queue {
    places: VecDeque<Option<Place>>,
    /// Number of the first place.
    first: u64,
    gaps: usize,
}

impl Queue {
    fn len(&self) -> usize {
        self.places.len() - self.gaps
    }

    fn enter(&mut self) -> u64 {
        self.places.push_back(Some(Place::default()));
        self.first + self.places.len() as u64 - 1
    }

    fn place(&mut self, number: u64) -> Option<&mut Place> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.places.get_mut(index)?.as_mut()
    }

    fn leave(&mut self, number: u64) {
        let index = number.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        if let Some(place) = index.and_then(|index| self.places.get_mut(index))
            && place.take().is_some()
        {
            self.gaps += 1;
        }
        while let Some(None) = self.places.front() {
            self.places.pop_front();
            self.first += 1;
            self.gaps -= 1;
        }
    }
}

#[derive(Default)]
struct Place {
    waker: Option<Waker>,
    called: bool,
}

impl Limiter {
    /// A limiter that has let nobody through yet.
    pub fn new(platform: Rc<dyn Platform>, rate: RateLimit, max_concurrent: usize) -> Limiter {
        let state = State { ledger: Ledger::new(rate, max_concurrent), queue: Queue::default() };
        Limiter { shared: Rc::new(Shared { platform, state: RefCell::new(state) }) }
    }

    /// Waits for the right to send. `waiting` is told when there is a wait, with its length in ms where that is known.
    /// Dropping the future leaves the queue.
    ///
    /// # Errors
    /// `QUEUE_FULL` where 10,000 calls are waiting already.
    pub async fn acquire(&self, mut waiting: impl FnMut(Option<f64>)) -> Result<Slot, Error> {
        let ticket = self.queue_up()?;
        loop {
            let now = self.shared.platform.monotonic_ms();
            match ticket.turn(now) {
                Admission::Now => return Ok(ticket.take()),
                Admission::At(at) => {
                    waiting(Some(at - now));
                    select(ticket.called(), self.shared.platform.sleep(at - now)).await;
                }
                Admission::OnRelease => {
                    waiting(None);
                    ticket.called().await;
                }
            }
        }
    }

    /// Nobody sends for the next `ms` milliseconds; at most an hour, since servers can be wrong about it.
    pub fn close_gate(&self, ms: f64) {
        let now = self.shared.platform.monotonic_ms();
        self.shared.state.borrow_mut().ledger.close_gate(now + ms.min(LONGEST_GATE_MS));
    }

    /// How long nobody sends, in ms.
    pub fn gate_ms(&self) -> f64 {
        let now = self.shared.platform.monotonic_ms();
        self.shared.state.borrow().ledger.gate_ms(now)
    }

    /// Requests that count in the current window.
    pub fn used(&self) -> usize {
        let now = self.shared.platform.monotonic_ms();
        self.shared.state.borrow_mut().ledger.used(now)
    }

    /// How many requests a window allows.
    pub fn allowed(&self) -> usize {
        self.shared.state.borrow().ledger.allowed()
    }

    /// How many calls are waiting.
    pub fn waiting(&self) -> usize {
        self.shared.state.borrow().queue.len()
    }

    fn queue_up(&self) -> Result<Ticket, Error> {
        let mut state = self.shared.state.borrow_mut();
        if state.queue.len() >= MAX_QUEUE {
            return Err(Error::new(
                Code::QueueFull,
                "10,000 calls are waiting for the rate limit already. Wait for some of them before asking for more.",
            ));
        }
        let number = state.queue.enter();
        drop(state);
        Ok(Ticket { shared: Rc::clone(&self.shared), number })
    }
}

impl Shared {
    /// Lets the head of the queue look again.
    fn call_head(&self) {
        let waker = self.state.borrow_mut().queue.places.front_mut().and_then(Option::as_mut).and_then(|head| {
            head.called = true;
            head.waker.take()
        });
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// A place in the queue; leaves it when dropped.
struct Ticket {
    shared: Rc<Shared>,
    number: u64,
}

impl Ticket {
    /// Only the head asks the books; the others wait until they are called.
    fn turn(&self, now: f64) -> Admission {
        let mut state = self.shared.state.borrow_mut();
        if state.queue.first == self.number { state.ledger.admission(now) } else { Admission::OnRelease }
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

    fn take(self) -> Slot {
        self.shared.state.borrow_mut().ledger.start();
        // Dropping the ticket calls the next one.
        Slot { shared: Rc::clone(&self.shared), sent: false }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared.state.borrow_mut().queue.leave(self.number);
        self.shared.call_head();
    }
}

/// The right to send one request, given back when dropped.
pub struct Slot {
    shared: Rc<Shared>,
    sent: bool,
}

impl Slot {
    /// The request leaves: from now on it counts against the limit, whatever becomes of it.
    pub fn mark_sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let now = self.shared.platform.monotonic_ms();
        self.shared.state.borrow_mut().ledger.finish(now, self.sent);
        self.shared.call_head();
    }
}
