//! What of the hidden is shown for a while, to whoever asked for it.

use super::rules::Mask;
use crate::snapshot::snapshot::Snapshot;
use crate::snapshot::store::EntryId;
use std::rc::Rc;

/// Something hidden that is shown until a moment: a row's value, or a part of it with all that is inside.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Revealed {
    /// The snapshot's number.
    snapshot: u64,
    entry: EntryId,
    path: Vec<usize>,
    until_ms: f64,
}

impl Revealed {
    fn holds(&self, snapshot: u64, entry: EntryId, path: &[usize]) -> bool {
        (self.snapshot, self.entry) == (snapshot, entry) && path.starts_with(&self.path)
    }
}

/// What is revealed, and until when. Times are milliseconds of a clock that never goes back.
///
/// ```
/// use cognigy_session_debugger::snapshot::{Hidden, IngestOptions, Lens, Mask, Reveals, Snapshot};
/// let body = br#"{"variables":[{"name":"pin","value":"4711","scope":"user"}]}"#;
/// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
/// let mut reveals = Reveals::default();
/// reveals.reveal(&snapshot, 0, &[], 30_000.0);
/// let mut text = |now_ms| snapshot.row_through(0, &reveals.through(&Mask::standard(), &snapshot, now_ms)).unwrap().text;
/// assert_eq!((text(29_999.0).as_str(), text(30_000.0).as_str()), ("4711", "••••"));
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Reveals {
    places: Vec<Revealed>,
}

impl Reveals {
    /// Shows what stands at a place until a moment. A place that is shown already is shown until the moment given last.
    pub fn reveal(&mut self, snapshot: &Snapshot, entry: EntryId, path: &[usize], until_ms: f64) {
        self.put(Revealed { snapshot: snapshot.number, entry, path: path.to_vec(), until_ms });
    }

    fn put(&mut self, place: Revealed) {
        let is_it =
            |other: &Revealed| other.holds(place.snapshot, place.entry, &place.path) && other.path == place.path;
        self.places.retain(|other| !is_it(other));
        self.places.push(place);
    }

    /// Shows what others show, too.
    pub fn join(&mut self, others: Reveals) {
        others.places.into_iter().for_each(|place| self.put(place));
    }

    /// Hides everything again: the page is hidden, or its window is left.
    pub fn hide(&mut self) {
        self.places.clear();
    }

    /// The mask with what is revealed of a snapshot now. What is over, and whatever was revealed of another snapshot, is hidden
    /// for good. Documents and copies made through it are masked all the same.
    pub fn through(&mut self, mask: &Mask, snapshot: &Snapshot, now_ms: f64) -> Mask {
        self.places.retain(|place| place.snapshot == snapshot.number && now_ms < place.until_ms);
        let revealed = (!self.places.is_empty()).then(|| self.places.as_slice().into());
        Mask { rules: mask.rules.clone(), revealed }
    }
}

impl Mask {
    /// The same, with nothing revealed.
    pub(in crate::snapshot) fn hiding_all(&self) -> Mask {
        Mask { rules: self.rules.clone(), revealed: None }
    }

    /// Whether a place is shown for now.
    pub(in crate::snapshot) fn reveals(&self, snapshot: &Snapshot, entry: EntryId, path: &[usize]) -> bool {
        let places: Option<&Rc<[Revealed]>> = self.revealed.as_ref();
        places.is_some_and(|places| places.iter().any(|place| place.holds(snapshot.number, entry, path)))
    }
}
