//! A caller's wish to stop, as a handle that every wait listens to.

use crate::error::{Code, Error};
use futures_util::future::{Either, select};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Cancels a call from outside. Clones are the same handle; once cancelled it stays so.
///
/// ```
/// use cognigy_session_debugger::client::Cancel;
/// let cancel = Cancel::new();
/// cancel.clone().cancel();
/// assert!(cancel.is_cancelled());
/// ```
#[derive(Clone, Default)]
pub struct Cancel {
    state: Rc<State>,
}

#[derive(Default)]
struct State {
    cancelled: Cell<bool>,
    next: Cell<u64>,
    /// Of the races under way; there are never many.
    wakers: RefCell<Vec<(u64, Waker)>>,
}

impl Cancel {
    /// A handle that nobody has cancelled.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Stops whatever listens. May be called again without effect.
    pub fn cancel(&self) {
        self.state.cancelled.set(true);
        // Taken out first: a woken task may come back for its place at once.
        let wakers = std::mem::take(&mut *self.state.wakers.borrow_mut());
        wakers.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// Whether somebody has cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.state.cancelled.get()
    }

    /// Runs a future to its end, or drops it at the moment of cancelling.
    ///
    /// # Errors
    /// `ABORTED`; a handle that is cancelled already lets the future not even begin.
    pub async fn race<T>(&self, future: impl Future<Output = T>) -> Result<T, Error> {
        match select(self.cancelled(), pin!(future)).await {
            Either::Left(_) => Err(aborted()),
            Either::Right((value, _)) => Ok(value),
        }
    }

    /// Is ready at the moment of cancelling.
    pub(crate) fn cancelled(&self) -> Cancelled {
        let id = self.state.next.get();
        self.state.next.set(id + 1);
        Cancelled { state: Rc::clone(&self.state), id }
    }
}

/// The error of a cancelled call.
pub(crate) fn aborted() -> Error {
    Error::new(Code::Aborted, "The call was cancelled by its caller.")
}

/// Ready at the moment of cancelling.
pub(crate) struct Cancelled {
    state: Rc<State>,
    id: u64,
}

impl Future for Cancelled {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.cancelled.get() {
            return Poll::Ready(());
        }
        let mut wakers = self.state.wakers.borrow_mut();
        match wakers.iter_mut().find(|(id, _)| *id == self.id) {
            Some((_, waker)) => waker.clone_from(context.waker()),
            None => wakers.push((self.id, context.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        self.state.wakers.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}
