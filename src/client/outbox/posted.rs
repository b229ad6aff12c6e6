//! What was last posted of each session, so that an event can name what is another since then.

use crate::client::fnv::fnv1a;
use crate::query::VariableQuery;
use crate::snapshot::{Prints, Snapshot};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// No more than so much is kept, in bytes; what was posted longest ago is let go first.
const MOST_BYTES: usize = 8 << 20;
/// Nor of more sessions than so many.
const MOST_SESSIONS: usize = 1_000;

#[derive(Default)]
pub(super) struct Posted {
    /// The latest last. What was asked for in another way says nothing of what changed.
    kept: RefCell<VecDeque<(VariableQuery, Rc<Prints>)>>,
}

impl Posted {
    /// What was posted last for this query. It is forgotten until [`Posted::keep`]: what a delivery becomes of which nobody
    /// hears the end is not known.
    pub(super) fn take(&self, query: &VariableQuery) -> Option<Rc<Prints>> {
        let mut kept = self.kept.borrow_mut();
        let place = kept.iter().position(|(of, _)| of == query)?;
        kept.remove(place).map(|(_, prints)| prints)
    }

    /// This has been posted.
    pub(super) fn keep(&self, query: VariableQuery, prints: Rc<Prints>) {
        let mut kept = self.kept.borrow_mut();
        kept.retain(|(of, _)| *of != query);
        kept.push_back((query, prints));
        let mut bytes: usize = kept.iter().map(|(_, prints)| prints.bytes()).sum();
        while bytes > MOST_BYTES || kept.len() > MOST_SESSIONS {
            let Some((_, oldest)) = kept.pop_front() else { return };
            bytes -= oldest.bytes();
        }
    }

    /// The prints of a snapshot that is about to be posted.
    pub(super) fn prints(snapshot: &Snapshot) -> Rc<Prints> {
        Rc::new(Prints::of(snapshot, fnv1a))
    }
}
