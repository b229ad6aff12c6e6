//! Makes a snapshot from bytes while they arrive, page by page.

use super::mask::{Hidden, Mask};
use super::room::Room;
use super::snapshot::Snapshot;
use super::store::{Columns, EntryId, Mark, Store};
use super::wire::WireMetrics;
use crate::error::{Code, Error};
use crate::ingest::{Limits, Reader, Shape};
use crate::query::{NameFilter, NextPage};
use crate::scope::Precedence;
use crate::value::Policy;
use std::rc::Rc;

/// Memory comes in pages of this size or a larger one.
const PAGE: usize = 4_096;

/// How bytes become a snapshot.
#[derive(Debug, Clone, Default)]
pub struct IngestOptions {
    /// The session that the bytes belong to. Default: what they say, else empty.
    pub session_id: Option<String>,
    /// Which readings of texts are allowed. Default: the shape's own, `lossless` for variable rows and for texts in which
    /// the platform writes typed values, else `none`.
    pub policy: Option<Policy>,
    /// How variables of one name are resolved. Default: the shape's own, layered for variable rows, else side by side.
    pub precedence: Option<Precedence>,
    /// The shape, where it is known: the bytes have to have it. Default: detected.
    pub shape: Option<Shape>,
    /// Types of variables that declare none, by name and in whatever scope; of equal names the last one counts. That is how the
    /// fields of a profile schema are told of contacts that stand in another body.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Snapshot};
    /// use cognigy_session_debugger::value::NoteCode;
    /// let types = [("age".to_owned(), "number".to_owned())].into();
    /// let body = br#"{"profile":{"age":"unknown"},"contactIds":["c-1"]}"#;
    /// let contact = Snapshot::parse(body.to_vec(), IngestOptions { types, ..IngestOptions::default() }, 0.0)?;
    /// assert_eq!(contact.get("age", None).unwrap().note.unwrap().code, NoteCode::DeclaredTypeNotMet);
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub types: Rc<[(String, String)]>,
    /// How much of everything the bytes may hold.
    pub limits: Limits,
    /// Something was left out on request. How many items the pages say there are may count that as well, and then tells
    /// nothing of what is missing.
    pub filtered: bool,
    /// The only names that were asked for: others are dropped where they come all the same, and are *not loaded* rather than *not
    /// set*.
    pub names: Option<NameFilter>,
    /// System variables are dropped where they come.
    pub without_system: bool,
    /// The only scope that was asked for: the others are *not loaded* rather than *not set*.
    pub loaded_scope: Option<String>,
    /// A random number that keeps the table of names unpredictable. The default is 0: with a number that is always the same,
    /// whoever chooses the names of a body can choose many that meet in one place of the table, and reading them takes the square
    /// of their number. For names from outside take one from the system for each run of the program, for example
    /// `std::hash::RandomState::new().hash_one(())` (of the trait `std::hash::BuildHasher`). The bindings do so.
    pub seed: u64,
}

/// When and how a snapshot was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Milliseconds since 1970.
    pub at_ms: f64,
    /// Whether no page is missing. A snapshot that [falls short](SnapshotBuilder::falls_short) is not complete either.
    pub complete: bool,
    /// What the wire format tells of the reads of this session.
    pub metrics: WireMetrics,
}

impl Taken {
    /// Taken at a moment, complete, without a history.
    pub fn at(at_ms: f64) -> Taken {
        Taken { at_ms, complete: true, metrics: WireMetrics::default() }
    }
}

/// What the pages so far tell of themselves.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub(super) session_id: Option<String>,
    pub(super) shape: Option<Shape>,
    pub(super) loaded: Option<Vec<&'static str>>,
    /// How many entries there were at the end of each page.
    pub(super) page_ends: Vec<EntryId>,
    records: usize,
    /// Items of all lists.
    items: usize,
    /// How many items the last page that said so says there are.
    total: Option<u64>,
    /// Bytes that were put behind pages.
    added: usize,
}

/// Takes the bytes of one or more pages and makes a snapshot of them.
///
/// ```
/// use cognigy_session_debugger::snapshot::{IngestOptions, SnapshotBuilder, Taken};
/// let mut builder = SnapshotBuilder::new(IngestOptions::default());
/// for slice in [&b"{\"variables\":[{\"name\":\"age\",\"va"[..], b"lue\":\"42\",\"scope\":\"user\"}]}"] {
///     builder.buffer().extend_from_slice(slice);
///     builder.advance()?;
/// }
/// assert_eq!(builder.end_page()?, None);
/// assert_eq!(builder.finish(Taken::at(0.0)).names().collect::<Vec<_>>(), ["age"]);
/// # Ok::<(), cognigy_session_debugger::Error>(())
/// ```
#[derive(Debug)]
pub struct SnapshotBuilder {
    options: IngestOptions,
    store: Store,
    room: Room,
    reader: Reader,
    /// How far the reader has been let.
    offered: usize,
    /// Where the page being read begins.
    mark: Mark,
    page: usize,
    told: Told,
}

impl SnapshotBuilder {
    /// A builder without bytes.
    pub fn new(options: IngestOptions) -> SnapshotBuilder {
        let columns = Columns::new(options.precedence.clone(), &options.limits, options.seed)
            .only(options.names.clone(), options.without_system);
        let store = Store { body: Vec::new(), columns };
        let mark = store.columns.mark(&store.body);
        let reader = Reader::new(0, options.limits).following(options.shape, 0);
        SnapshotBuilder {
            reader,
            store,
            room: Room::default(),
            offered: 0,
            mark,
            page: 1,
            told: Told::default(),
            options,
        }
    }

    /// The rows stand for a body of this shape: which of equal names counts, and what precedence means, is that shape's.
    pub(super) fn taken_for(mut self, shape: Shape) -> SnapshotBuilder {
        self.store.columns.take_for(shape);
        self
    }

    /// Makes room for a page whose length is known, so that its bytes are not moved while they arrive.
    ///
    /// # Errors
    /// `BODY_TOO_LARGE` where the announced length breaks the limit; nothing is read then.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        let whole = self.store.body.len().saturating_add(bytes);
        if whole > self.options.limits.body_bytes.min(Limits::MAX_BODY_BYTES) {
            return Err(Error::new(Code::BodyTooLarge, "The answer is larger than the limit for a body."));
        }
        self.store.columns.expect(whole);
        self.reader.expect(whole);
        self.store
            .body
            .try_reserve(bytes)
            .map_err(|_| Error::new(Code::BodyTooLarge, "There is no memory for the answer."))
    }

    /// Has the memory made ready for so many bytes that are to come: a platform gives it page by page, when it is first
    /// written to.
    pub fn touch_ahead(&mut self, bytes: usize) {
        for page in self.store.body.spare_capacity_mut().chunks_mut(PAGE).take(bytes / PAGE) {
            if let Some(first) = page.first_mut() {
                first.write(0);
            }
        }
    }

    /// Makes room for what is to come where nobody knows how much that is: to be called before bytes are awaited. `false`
    /// where it has more to do and is to be called again first; others may have their turn before.
    pub fn make_room(&mut self) -> bool {
        self.room.keep_ahead(&mut self.store)
    }

    /// Where the bytes go: append to it, and change nothing before its end.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.store.body
    }

    /// Reads as far as the bytes reach.
    ///
    /// # Errors
    /// `JSON_SYNTAX`, or one of the limits. The page cannot be read on after that.
    pub fn advance(&mut self) -> Result<(), Error> {
        self.advance_by(usize::MAX).map(|_| ())
    }

    /// Reads at most so many bytes further, and says whether there are more: for whoever shares its thread.
    ///
    /// # Errors
    /// As [`SnapshotBuilder::advance`].
    pub fn advance_by(&mut self, bytes: usize) -> Result<bool, Error> {
        let body = &self.store.body;
        self.offered = self.offered.saturating_add(bytes).min(body.len());
        self.reader.advance(body.get(..self.offered).unwrap_or_default(), &mut self.store.columns)?;
        Ok(self.offered < body.len())
    }

    /// The variables that have been read of the first page while it is still arriving, as a snapshot of their own that
    /// says it is not complete. `None` where the body is no list of rows.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{IngestOptions, SnapshotBuilder, Taken};
    /// let mut builder = SnapshotBuilder::new(IngestOptions::default());
    /// builder.buffer().extend_from_slice(br#"{"variables":[{"name":"a","value":"1","scope":"user"},{"name":"b","#);
    /// builder.advance()?;
    /// let first = builder.so_far(Taken::at(0.0)).unwrap();
    /// assert_eq!((first.names().count(), first.is_complete()), (1, false));
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn so_far(&self, taken: Taken) -> Option<Snapshot> {
        let end = self.reader.end_of_rows().filter(|_| self.page == 1)?;
        let mut first = SnapshotBuilder::new(self.options.clone());
        first.buffer().extend_from_slice(self.store.body.get(..end)?);
        first.buffer().extend_from_slice(b"]}");
        first.end_page().ok()?;
        Some(first.finish(Taken { complete: false, ..taken }))
    }

    /// Ends the page whose bytes are all there, and says where the next one is.
    ///
    /// # Errors
    /// As [`SnapshotBuilder::advance`]; `BODY_EMPTY`, `SHAPE_UNKNOWN`, `SCHEMA_MISMATCH`. A page that was refused is
    /// forgotten with [`SnapshotBuilder::reset_page`].
    pub fn end_page(&mut self) -> Result<Option<NextPage>, Error> {
        let received = self.store.body.len();
        self.store.columns.expect(received);
        let end = self.reader.end(&mut self.store.body, &mut self.store.columns).map_err(fit_for_logs)?;
        self.store.columns.settle(&self.store.body);
        self.told.added += self.store.body.len() - received;
        self.told.session_id = self.told.session_id.take().or(end.session_id);
        self.told.shape = Some(end.shape);
        self.told.records = end.records;
        if let Some(items) = end.items {
            self.told.items += items;
            self.told.total = end.total.or(self.told.total);
        }
        if let Some(loaded) = end.loaded {
            self.told.loaded.get_or_insert_default().extend(loaded);
        }
        let entries = self.store.columns.entry_count() + self.store.columns.unreadable_count();
        self.told.page_ends.push(EntryId::try_from(entries).unwrap_or(EntryId::MAX));
        self.page += 1;
        self.mark = self.store.columns.mark(&self.store.body);
        self.begin_page();
        Ok(end.next)
    }

    /// Forgets the page being read: it will be asked for again.
    pub fn reset_page(&mut self) {
        self.room.forget();
        self.store.columns.rewind(&mut self.store.body, self.mark);
        self.begin_page();
    }

    fn begin_page(&mut self) {
        let start = self.store.body.len();
        self.offered = start;
        self.store.columns.begin_page(start, self.page);
        let shape = self.told.shape.or(self.options.shape);
        self.reader = Reader::new(start, self.options.limits).following(shape, self.told.records);
    }

    /// Whether rows may be dropped, since others were asked for.
    pub(crate) fn drops_rows(&self) -> bool {
        self.options.names.is_some() || self.options.without_system
    }

    /// Variables so far, in all scopes.
    pub fn variables(&self) -> usize {
        self.store.columns.entry_count()
    }

    /// Bytes so far, in all pages.
    pub fn bytes(&self) -> usize {
        self.store.body.len() - self.told.added
    }

    /// Whether fewer items came than the pages say there are, where everything was asked for.
    pub fn falls_short(&self) -> bool {
        !self.options.filtered && self.told.total.is_some_and(|total| (self.told.items as u64) < total)
    }

    /// The snapshot of what has been read. An unfinished page is left out.
    pub fn finish(mut self, taken: Taken) -> Snapshot {
        self.reset_page();
        self.store.columns.mark_duplicates();
        for (name, word) in self.options.types.iter().rev() {
            self.store.declare(name, word);
        }
        // Where nobody told the length, up to half of the room is empty. It is given back without a move.
        self.store.body.shrink_to_fit();
        // A page may say that there is more without saying where.
        let taken = Taken { complete: taken.complete && !self.falls_short(), ..taken };
        Snapshot::new(self.store, self.told, taken, self.options)
    }
}

/// So much is told of each name of a body that nobody knows, in characters.
const MOST_OF_A_NAME: usize = 40;

/// An error whose names, which are data, are shortened and hold nothing that looks like a secret.
#[cold]
fn fit_for_logs(error: Error) -> Error {
    let (mask, mut hidden) = (Mask::standard(), Hidden::default());
    error.with(|facts| {
        for name in &mut facts.members {
            *name = mask.cover_name(name, &mut hidden).chars().take(MOST_OF_A_NAME).collect();
        }
    })
}
