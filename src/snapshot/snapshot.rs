//! The snapshot itself: who it is of, and its variables by name.

use super::absence::LeftOut;
use super::builder::{IngestOptions, SnapshotBuilder, Taken, Told};
use super::entry::Variable;
use super::find::LetterIndex;
use super::gone::Gone;
use super::judged::Judged;
use super::mask::MaskMoment;
use super::name_order::NameOrder;
use super::opened::Recent;
use super::store::{EntryId, Store};
use super::view::Selected;
use crate::error::Error;
use crate::ingest::Shape;
use crate::query::NameFilter;
use crate::value::Policy;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// All variables of one session at one moment, resolved. Immutable.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) store: Store,
    pub(super) policy: Policy,
    /// For texts in which the platform is known to write typed values.
    pub(super) stringified_policy: Policy,
    pub(super) taken: Taken,
    pub(super) loaded_scope: Option<String>,
    /// The only names that were asked for.
    pub(super) loaded_names: Option<NameFilter>,
    /// Where system variables were dropped.
    pub(super) left_out: Option<LeftOut>,
    /// The namespaces that the bytes brought, where the shape says.
    pub(super) loaded: Option<Vec<String>>,
    /// How many entries there were at the end of each page.
    pub(super) page_ends: Vec<EntryId>,
    session_id: String,
    pub(super) shape: Shape,
    /// Tells it from every other snapshot.
    pub(super) number: u64,
    /// The rows that were asked for lately, newest first, so that scrolling does not filter and sort again.
    pub(super) selected: RefCell<Vec<Selected>>,
    /// What searches know beforehand.
    pub(super) letters: RefCell<Rc<LetterIndex>>,
    /// Made for the first sort by name, through the last mask and the tokens that it knew.
    pub(super) name_order: RefCell<Option<(MaskMoment, Rc<NameOrder>)>>,
    /// What was gone since a snapshot before, when somebody asked last.
    pub(super) gone: RefCell<Option<Gone>>,
    /// What the values are, once somebody asked.
    pub(super) kinds: OnceCell<Box<[u8]>>,
    /// What the last mask hides of names and values.
    pub(super) judged: RefCell<Judged>,
    /// What was opened lately.
    pub(super) opened: RefCell<Recent>,
}

impl Snapshot {
    pub(super) fn new(store: Store, told: Told, taken: Taken, options: IngestOptions) -> Snapshot {
        let shape = told.shape.or(options.shape).unwrap_or(Shape::VariableRows);
        let left_out = match store.columns.dropped_any() {
            true => LeftOut::Any,
            false => LeftOut::Underscored,
        };
        let left_out = options.without_system.then_some(left_out);
        Snapshot {
            store,
            policy: options.policy.unwrap_or(shape.policy()),
            stringified_policy: options.policy.unwrap_or(Policy::Lossless),
            taken,
            loaded_scope: options.loaded_scope,
            loaded_names: options.names,
            left_out,
            loaded: told.loaded.map(|loaded| loaded.into_iter().map(String::from).collect()),
            page_ends: told.page_ends,
            session_id: options.session_id.or(told.session_id).unwrap_or_default(),
            shape,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            selected: RefCell::default(),
            letters: RefCell::default(),
            name_order: RefCell::default(),
            gone: RefCell::default(),
            kinds: OnceCell::new(),
            judged: RefCell::default(),
            opened: RefCell::default(),
        }
    }

    /// Another snapshot of which the same is told, with other rows.
    pub(super) fn with_store(&self, store: Store) -> Snapshot {
        Snapshot {
            store,
            policy: self.policy,
            stringified_policy: self.stringified_policy,
            taken: self.taken.clone(),
            loaded_scope: self.loaded_scope.clone(),
            loaded_names: self.loaded_names.clone(),
            left_out: self.left_out,
            loaded: self.loaded.clone(),
            page_ends: self.page_ends.clone(),
            session_id: self.session_id.clone(),
            shape: self.shape,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            selected: RefCell::default(),
            letters: RefCell::default(),
            name_order: RefCell::default(),
            gone: RefCell::default(),
            kinds: OnceCell::new(),
            judged: RefCell::default(),
            opened: RefCell::default(),
        }
    }

    /// Reads a whole body of one page.
    ///
    /// # Errors
    /// The codes of a body that cannot be read at all. One bad item is an unreadable row instead.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
    /// let body = br#"{"variables":[
    ///     {"name":"lang","value":"de","scope":"bot"},
    ///     {"name":"lang","value":"ar","scope":"user"}]}"#;
    /// let snapshot = Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?;
    /// assert_eq!(snapshot.get("lang", None).unwrap().raw, "ar");
    /// assert_eq!(snapshot.get("lang", Some("bot")).unwrap().raw, "de");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn parse(body: Vec<u8>, options: IngestOptions, at_ms: f64) -> Result<Snapshot, Error> {
        let mut builder = SnapshotBuilder::new(options);
        *builder.buffer() = body;
        let next = builder.end_page()?;
        Ok(builder.finish(Taken { complete: next.is_none(), ..Taken::at(at_ms) }))
    }

    /// The session, or `""` where nobody said.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// When it was complete, in milliseconds since 1970.
    pub fn taken_at_ms(&self) -> f64 {
        self.taken.at_ms
    }

    /// Whether no page is missing, and not fewer items came than the data says there are.
    pub fn is_complete(&self) -> bool {
        self.taken.complete
    }

    /// The shape that the bytes had.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How many different names.
    pub fn len(&self) -> usize {
        self.store.columns.name_count()
    }

    /// Whether there is no variable.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many variables in all scopes, hidden ones included.
    pub fn entry_count(&self) -> usize {
        self.store.columns.entry_count()
    }

    /// How many items could not be read.
    pub fn unreadable_count(&self) -> usize {
        self.store.columns.unreadable_count()
    }

    /// Every name once, in order of first appearance.
    pub fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.name_ids().map(|id| self.store.name(id))
    }

    /// The name in a row; empty for an unreadable item and for a number that no row has.
    pub fn name_of(&self, entry: EntryId) -> Cow<'_, str> {
        self.store.columns.entry(entry).map_or(Cow::Borrowed(""), |entry| self.store.name(entry.name))
    }

    pub(super) fn name_ids(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.len()).unwrap_or(u32::MAX)
    }

    /// The variable that a name resolves to, or the first of one scope. Side by side the first in the rule's order.
    pub fn get(&self, name: &str, scope: Option<&str>) -> Option<Variable> {
        self.variable(self.find(name, scope)?)
    }

    /// The row of a variable: in a scope, or the one that the name resolves to.
    pub fn entry(&self, name: &str, scope: Option<&str>) -> Option<EntryId> {
        self.find(name, scope)
    }

    pub(super) fn find(&self, name: &str, scope: Option<&str>) -> Option<EntryId> {
        let columns = &self.store.columns;
        let name = self.store.find(name)?;
        match scope {
            None => columns.winner(name),
            Some(scope) => columns.in_scope(name, scope),
        }
    }
}
