//! What was last posted of each session, so that an event can name what is another since then.

use crate::client::fnv::fnv1a;
use crate::query::VariableQuery;
use crate::snapshot::{Prints, Snapshot};
use std::cell::RefCell;
use std::rc::Rc;

/// No more than so much is kept, in bytes; what was posted longest ago is let go first.
const MOST_BYTES: usize = 8 << 20;
/// Nor of more sessions than so many.
const MOST_SESSIONS: usize = 1_000;

#[derive(Default)]
pub(super) struct Posted {
    /// By the question, the latest last.
    kept: RefCell<Vec<(u64, Rc<Prints>)>>,
}

impl Posted {
    /// What was posted last for this question. It is forgotten until [`Posted::keep`]: what a delivery becomes of which nobody
    /// hears the end is not known.
    pub(super) fn take(&self, question: u64) -> Option<Rc<Prints>> {
        let mut kept = self.kept.borrow_mut();
        let place = kept.iter().position(|(of, _)| *of == question)?;
        Some(kept.remove(place).1)
    }

    /// This has been posted.
    pub(super) fn keep(&self, question: u64, prints: Rc<Prints>) {
        self.take(question);
        let mut kept = self.kept.borrow_mut();
        kept.push((question, prints));
        let mut bytes: usize = kept.iter().map(|(_, prints)| prints.bytes()).sum();
        while bytes > MOST_BYTES || kept.len() > MOST_SESSIONS {
            bytes -= kept.remove(0).1.bytes();
        }
    }
}

/// The prints of a snapshot that is about to be posted.
pub(super) fn prints(snapshot: &Snapshot) -> Rc<Prints> {
    Rc::new(Prints::of(snapshot, fnv1a))
}

/// A number for the session and for how it was asked for: what was asked for in another way says nothing of what changed.
pub(super) fn question(query: &VariableQuery) -> u64 {
    let VariableQuery { session_id, name, name_match, scope, include_system, user_id } = query;
    let flags = include_system.map_or(0, |included| 1 + u64::from(included)) | (*name_match as u64) << 2;
    let parts = [Some(session_id), name.as_ref(), scope.as_ref(), user_id.as_ref()];
    let number = |part: Option<&String>| part.map_or(0, |part| fnv1a(part.as_bytes()));
    parts.into_iter().fold(flags, |sum, part| sum.wrapping_mul(31).wrapping_add(number(part)))
}
