//! Tells the host how far the audit trail goes, so that it can keep that out of the page's reach.

use super::audit_chain::Checkpoint;
use crate::platform::Platform;
use futures_util::future::{AbortHandle, abortable};
use std::cell::Cell;
use std::rc::Rc;

/// Takes a checkpoint. It is called in a turn of its own, never from within a call of the debugger.
///
/// ```
/// use cognigy_session_debugger::client::{Checkpoint, OnCheckpoint};
/// use std::{cell::Cell, rc::Rc};
/// let newest = Rc::new(Cell::new(Checkpoint::default()));
/// let kept = Rc::clone(&newest);
/// let on_checkpoint: OnCheckpoint = Rc::new(move |checkpoint| kept.set(checkpoint));
/// # let _ = on_checkpoint;
/// ```
pub type OnCheckpoint = Rc<dyn Fn(Checkpoint)>;

/// So many new records make a checkpoint. Far fewer than are kept, so that none is dropped before it is covered.
const RECORDS: u64 = 100;
/// Or so many ms after the first of them.
const LONGEST_MS: f64 = 60_000.0;

/// Follows a trail, and tells of it. The last records are told of when nobody can add to the trail any more.
pub(super) struct Checkpoints {
    platform: Rc<dyn Platform>,
    tell: OnCheckpoint,
    newest: Cell<Checkpoint>,
    /// The `seq` of the latest that was told.
    told: Cell<u64>,
    /// Stops the timer, where one runs.
    timer: Cell<Option<AbortHandle>>,
}

impl Checkpoints {
    pub(super) fn new(platform: Rc<dyn Platform>, tell: OnCheckpoint) -> Rc<Checkpoints> {
        Rc::new(Checkpoints { platform, tell, newest: Cell::default(), told: Cell::default(), timer: Cell::default() })
    }

    /// A trail has grown by so many records. What has `only_posted` checkpoints makes no new one by itself, or there would be one a
    /// minute for ever.
    pub(super) fn reach(self: &Rc<Checkpoints>, newest: Checkpoint, added: u64, only_posted: bool) {
        let before = self.newest.replace(newest);
        // Another trail, or one that was begun anew: nothing of it has been told, but what stood there already need not be.
        if before.trail != newest.trail || newest.seq < before.seq {
            self.told.set(newest.seq.saturating_sub(added));
        }
        if newest.seq.saturating_sub(self.told.get()) >= RECORDS {
            return self.tell_now();
        }
        if only_posted {
            return;
        }
        let running = self.timer.take();
        if running.is_some() {
            return self.timer.set(running);
        }
        let (sleep, timer) = abortable(self.platform.sleep(LONGEST_MS));
        self.timer.set(Some(timer));
        // The timer keeps no trail alive that nobody can reach.
        let weak = Rc::downgrade(self);
        self.platform.spawn(Box::pin(async move {
            let _ = sleep.await;
            if let Some(checkpoints) = weak.upgrade() {
                checkpoints.timer.set(None);
                checkpoints.tell_now();
            }
        }));
    }

    fn tell_now(&self) {
        let newest = self.newest.get();
        if self.told.replace(newest.seq) < newest.seq {
            let tell = Rc::clone(&self.tell);
            self.platform.spawn(Box::pin(async move { tell(newest) }));
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.abort();
        }
        self.tell_now();
    }
}
