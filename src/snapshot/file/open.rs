//! Opens the file again.

use super::header::{Header, Unreadable, invalid};
use crate::error::{Code, Error};
use crate::ingest::{Limits, Place, Problem, Reason, Shape};
use crate::snapshot::Snapshot;
use crate::snapshot::builder::{IngestOptions, SnapshotBuilder, Taken};
use std::rc::Rc;

impl Snapshot {
    /// What a file may hold where the caller does not say: as many variables as any body, in 256 MiB.
    pub const FILE_LIMITS: Limits =
        Limits { body_bytes: 256 << 20, value_bytes: 256 << 20, variables: 200_000, depth: Limits::MAX_DEPTH };

    /// The snapshot that [`Snapshot::to_file`] wrote, with the same rows in the same order and the same answers. The file says itself
    /// how deep its values may be. `seed` is a random number that keeps the table of names unpredictable.
    ///
    /// # Errors
    /// `FILE_TOO_NEW` for a file of a newer version, `FILE_INVALID` for what is no such file or is damaged, `BODY_TOO_LARGE`,
    /// `VALUE_TOO_LARGE` and `TOO_MANY_VARIABLES` for the limits. One item that is damaged is an unreadable row instead.
    ///
    /// ```
    /// use cognigy_session_debugger::Code;
    /// use cognigy_session_debugger::snapshot::Snapshot;
    /// let error = |file: &str| Snapshot::open(file.as_bytes().to_vec(), Snapshot::FILE_LIMITS, 0).unwrap_err().code();
    /// assert_eq!(error(r#"{"format":"cognigy-session-debugger","version":2}"#), Code::FileTooNew);
    /// assert_eq!(error(r#"{"variables":[]}"#), Code::FileInvalid);
    /// ```
    pub fn open(file: Vec<u8>, limits: Limits, seed: u64) -> Result<Snapshot, Error> {
        let header = Header::read(&file)?;
        let shape = header.shape.unwrap_or(Shape::VariableRows);
        let limits = Limits { depth: header.depth, ..limits };
        let options = IngestOptions {
            session_id: Some(header.session_id),
            policy: Some(header.policy),
            precedence: Some(header.precedence),
            types: Rc::default(),
            shape: Some(Shape::VariableRows),
            limits,
            filtered: false,
            names: None,
            without_system: false,
            loaded_scope: header.loaded_scope,
            seed,
        };
        let mut builder = SnapshotBuilder::new(options).taken_for(shape);
        *builder.buffer() = file;
        builder.end_page().map_err(as_file)?;
        #[allow(clippy::cast_precision_loss)]
        let at_ms = header.taken_at_ms as f64;
        let mut snapshot = builder.finish(Taken { at_ms, complete: header.complete, metrics: header.metrics });
        snapshot.shape = shape;
        snapshot.stringified_policy = header.stringified_policy;
        snapshot.loaded_names = header.loaded_names;
        snapshot.left_out = header.left_out;
        snapshot.loaded = header.loaded;
        snapshot.page_ends = header.page_ends;
        snapshot.store.columns.mark_stringified(&header.stringified);
        snapshot.restore_unreadable();
        Ok(snapshot)
    }

    /// Each item that stands for one that could not be read becomes that one again.
    fn restore_unreadable(&mut self) {
        let store = &mut self.store;
        for id in store.columns.unreadable_ids() {
            let Some(entry) = store.columns.entry(id) else { continue };
            let Some(told) = Unreadable::read(store.bytes(entry)) else { continue };
            let Some(reason) = Reason::parse(&told.reason) else { continue };
            let place = Place::Path(told.path.into());
            let problem = Problem { reason, place, offset: told.offset, page: told.page, name: None };
            store.restore_unreadable(id, &told.source, told.name.as_deref(), problem);
        }
    }
}

/// What is wrong with a file, rather than with an answer.
fn as_file(error: Error) -> Error {
    if matches!(error.code(), Code::BodyTooLarge | Code::ValueTooLarge | Code::TooManyVariables) {
        return error;
    }
    let (offset, path) = (error.facts().offset, error.facts().path.clone());
    invalid("The file is damaged: its variables cannot be read. Ask for a new one.").with(|facts| {
        facts.offset = offset;
        facts.path = path;
    })
}
