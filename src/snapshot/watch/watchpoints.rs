//! Looks at each snapshot in turn.

use super::condition::is_same;
use super::watchpoint::{Observed, WatchEvent, Watchpoint};
use crate::error::{Code, Error};
use crate::snapshot::mask::Mask;
use crate::snapshot::snapshot::Snapshot;

const MOST: usize = 1_000;

/// The watchpoints of one session.
///
/// A snapshot that cannot tell, since pages are missing, another scope was asked for, or the item could not be read, is passed
/// over for that watchpoint: it is no sign that something is gone. Nor does something appear because its namespace came with
/// this snapshot and with none before. A snapshot of another session begins anew.
///
/// ```
/// use cognigy_session_debugger::snapshot::{Condition, IngestOptions, Snapshot, Step, Watchpoint, Watchpoints};
/// let turn = |total: &str| {
///     let body = format!(r#"{{"variables":[{{"name":"cart","value":{{"total":{total}}},"scope":"session"}}]}}"#);
///     Snapshot::parse(body.into_bytes(), IngestOptions::default(), 0.0)
/// };
/// let mut watchpoints = Watchpoints::new();
/// let (path, when) = (vec![Step::Name("total".into())], Condition::Crosses("100".into()));
/// watchpoints.add(Watchpoint { name: "cart".into(), scope: None, path, when })?;
/// assert!(watchpoints.check(&turn("99.90")?).is_empty());
/// assert_eq!(watchpoints.check(&turn("100.00")?).len(), 1);
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Watchpoints {
    points: Vec<Point>,
    session: Option<String>,
    next_id: u32,
}

#[derive(Debug)]
struct Point {
    id: u32,
    watchpoint: Watchpoint,
    hits: u32,
    looks: Looks,
}

/// What the looks so far have left.
#[derive(Debug)]
struct Looks {
    /// What the last look found; `None` before the first.
    last: Option<Option<Observed>>,
    held: bool,
    /// How many looks in a row found the same value.
    same: u32,
    /// The namespaces that came while nothing was found; `None` is all.
    searched: Option<Vec<String>>,
}

impl Looks {
    fn none() -> Looks {
        Looks { last: None, held: false, same: 0, searched: Some(Vec::new()) }
    }

    /// Nothing was found, in as many namespaces as came.
    fn search(&mut self, snapshot: &Snapshot) {
        match (&mut self.searched, &snapshot.loaded) {
            (Some(searched), Some(loaded)) => {
                let more: Vec<_> = loaded.iter().filter(|one| !searched.contains(one)).cloned().collect();
                searched.extend(more);
            }
            (searched, _) => *searched = None,
        }
    }

    /// Whether a namespace came while nothing was found.
    fn has_searched(&self, scope: &str) -> bool {
        self.searched.as_ref().is_none_or(|searched| searched.iter().any(|searched| searched == scope))
    }
}

impl Watchpoints {
    /// No watchpoints yet.
    pub fn new() -> Watchpoints {
        Watchpoints::default()
    }

    /// Adds one and gives its number, from 1.
    ///
    /// # Errors
    /// `INPUT_INVALID` for a condition whose value is no JSON where JSON is asked for, no number, or no count, and for more than
    /// 1,000 watchpoints.
    pub fn add(&mut self, watchpoint: Watchpoint) -> Result<u32, Error> {
        self.add_through(watchpoint, &Mask::off())
    }

    /// The same for a place that is told by names as they are or as a mask has shown them.
    ///
    /// # Errors
    /// As [`Watchpoints::add`].
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Condition, IngestOptions, Mask, Snapshot, Watchpoint, Watchpoints};
    /// let body = br#"{"variables":[{"name":"max@mail.example","value":"1","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let mask = Mask::standard();
    /// let name = snapshot.row_through(0, &mask).unwrap().name; // [masked:email#1]
    /// let mut watchpoints = Watchpoints::new();
    /// let when = Condition::Equals("1".into());
    /// watchpoints.add_through(Watchpoint { name, scope: None, path: Vec::new(), when }, &mask)?;
    /// assert_eq!(watchpoints.check_through(&snapshot, &mask).len(), 1);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn add_through(&mut self, watchpoint: Watchpoint, mask: &Mask) -> Result<u32, Error> {
        watchpoint.when.check()?;
        if self.points.len() >= MOST {
            return Err(Error::new(Code::InputInvalid, "There are 1,000 watchpoints already, which is the limit."));
        }
        let watchpoint = watchpoint.behind(mask);
        self.next_id += 1;
        self.points.push(Point { id: self.next_id, watchpoint, hits: 0, looks: Looks::none() });
        Ok(self.next_id)
    }

    /// Takes one away; `false` where there is no such number.
    pub fn remove(&mut self, id: u32) -> bool {
        let before = self.points.len();
        self.points.retain(|point| point.id != id);
        self.points.len() < before
    }

    /// How often one has been hit; `None` where there is no such number.
    pub fn hits(&self, id: u32) -> Option<u32> {
        self.points.iter().find(|point| point.id == id).map(|point| point.hits)
    }

    /// A watchpoint by its number, with names as they are and not as a mask has shown them: that outlives the mask.
    pub fn watchpoint(&self, id: u32) -> Option<&Watchpoint> {
        self.points.iter().find(|point| point.id == id).map(|point| &point.watchpoint)
    }

    /// Looks at the next snapshot and tells what was met, in the order in which the watchpoints were added.
    pub fn check(&mut self, snapshot: &Snapshot) -> Vec<WatchEvent> {
        self.check_through(snapshot, &Mask::off())
    }

    /// The same, with what was observed told through a mask. Conditions are met by what is really there.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Condition, IngestOptions, Mask, Snapshot, Watchpoint, Watchpoints};
    /// let body = br#"{"variables":[{"name":"pin","value":"4711","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// let mut watchpoints = Watchpoints::new();
    /// let when = Condition::UnchangedFor(1);
    /// watchpoints.add(Watchpoint { name: "pin".into(), scope: None, path: Vec::new(), when })?;
    /// let events = watchpoints.check_through(&snapshot, &Mask::standard());
    /// assert!(events[0].after.as_ref().unwrap().masked.as_ref().unwrap().whole);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn check_through(&mut self, snapshot: &Snapshot, mask: &Mask) -> Vec<WatchEvent> {
        if self.session.as_deref() != Some(snapshot.session_id()) {
            self.session = Some(snapshot.session_id().to_owned());
            for point in &mut self.points {
                point.looks = Looks::none();
            }
        }
        let each = |point: &mut Point| Some(point.check(snapshot)?.through(&point.watchpoint, mask));
        self.points.iter_mut().filter_map(each).collect()
    }
}

impl Point {
    fn check(&mut self, snapshot: &Snapshot) -> Option<WatchEvent> {
        let after = self.watchpoint.look(snapshot, self.looks.last.as_ref().and_then(Option::as_ref))?;
        let (when, looks) = (&self.watchpoint.when, &mut self.looks);
        let before = looks.last.take();
        let last = before.as_ref().and_then(Option::as_ref);
        let same = matches!((last, &after), (Some(last), Some(after)) if is_same(&last.value, &after.value));
        looks.same = if after.is_none() {
            0
        } else if same {
            looks.same.saturating_add(1)
        } else {
            1
        };
        let holds = when.holds(after.as_ref(), looks.same);
        let began = holds && !looks.held;
        looks.held = holds;
        let appears_unseen = last.is_none() && after.as_ref().is_some_and(|after| !looks.has_searched(&after.scope));
        let met = began || (before.is_some() && !appears_unseen && when.is_met_between(last, after.as_ref()));
        match after {
            None => looks.search(snapshot),
            Some(_) => looks.searched = Some(Vec::new()),
        }
        looks.last = Some(after.clone());
        if !met {
            return None;
        }
        self.hits = self.hits.saturating_add(1);
        let taken_at_ms = snapshot.taken_at_ms();
        Some(WatchEvent { id: self.id, hits: self.hits, taken_at_ms, before: before.flatten(), after })
    }
}
