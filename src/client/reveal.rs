//! Showing something hidden for a while, on the record.

use super::audit::{Action, RevealNote};
use super::debugger::SessionDebugger;
use super::options::within;
use crate::error::{Code, Error};
use crate::snapshot::{CopyForm, EntryId, Hidden, Mask, PathDialect, Reveals, Snapshot};
use std::rc::Rc;

/// Whether and how long hidden values may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RevealOptions {
    /// Whether anybody may ask for it. Default: yes.
    pub allowed: bool,
    /// Whether a reason has to be given. Default: no.
    pub needs_reason: bool,
    /// How long, in ms, at most an hour. Default: 30,000.
    pub for_ms: f64,
}

impl Default for RevealOptions {
    fn default() -> RevealOptions {
        RevealOptions { allowed: true, needs_reason: false, for_ms: 30_000.0 }
    }
}

impl RevealOptions {
    /// No value is shown longer, in ms.
    pub const LONGEST_MS: f64 = 3_600_000.0;

    pub(super) fn check(&self) -> Result<(), Error> {
        within("reveal.forMs", self.for_ms, 1.0, RevealOptions::LONGEST_MS)
    }
}

/// What is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct RevealRequest<'a> {
    /// The snapshot that is looked at.
    pub snapshot: &'a Snapshot,
    /// The row.
    pub entry: EntryId,
    /// The positions that lead down to a part of its value. Empty: the whole value.
    pub path: &'a [usize],
    /// What hides it.
    pub mask: &'a Mask,
    /// Why, in the words of whoever asks. What looks like a secret in it is hidden in the record.
    pub reason: Option<&'a str>,
    /// Whether the host does not let it: nothing is shown then, and the refusal is recorded.
    pub prevented: bool,
}

/// So much of a reason is kept, in characters.
const MOST_REASON: usize = 500;

impl SessionDebugger {
    /// From now on hidden values are shown under these options; what is shown already stays so until its time is over.
    ///
    /// # Errors
    /// `CONFIG_INVALID` for a time that is out of bounds.
    pub fn allow_reveals(&self, options: RevealOptions) -> Result<(), Error> {
        options.check()?;
        self.reveals().set(options);
        Ok(())
    }

    /// Shows something hidden for a while, and gives how long, in ms. The request and its refusal are each one record of the audit
    /// trail, with the rule, the way there as the mask shows it, and the reason. `reveals` is the state of the mask that is looked
    /// through; documents and copies stay masked.
    ///
    /// # Errors
    /// `REVEAL_REFUSED` where the options or the host forbid it, or ask for a reason, `INPUT_INVALID` where nothing is hidden at the place.
    ///
    /// ```
    /// use cognigy_session_debugger::client::{DebuggerOptions, RevealRequest, SessionDebugger};
    /// use cognigy_session_debugger::platform::{Clock, VirtualPlatform};
    /// use cognigy_session_debugger::snapshot::{IngestOptions, Mask, Reveals};
    /// use std::rc::Rc;
    /// let platform = VirtualPlatform::new(1);
    /// let options = DebuggerOptions { base_url: Some("https://tenant.example".into()), ..DebuggerOptions::default() };
    /// let debugger = SessionDebugger::new(options, Rc::new(platform.clone()))?;
    /// let body = br#"{"variables":[{"name":"pin","value":"4711","scope":"user"}]}"#;
    /// let snapshot = debugger.ingest(body.to_vec(), IngestOptions::default())?;
    /// let (mask, mut reveals) = (Mask::standard(), Reveals::default());
    /// let request = RevealRequest { snapshot: &snapshot, entry: 0, path: &[], mask: &mask, reason: None, prevented: false };
    /// assert_eq!(debugger.reveal(&mut reveals, request)?, 30_000.0);
    /// let now = reveals.through(&mask, &snapshot, platform.monotonic_ms());
    /// assert_eq!(snapshot.row_through(0, &now).unwrap().text, "4711");
    /// assert_eq!(debugger.audit_trail().last().unwrap().reveal.as_ref().unwrap().rule, "one-time-code");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn reveal(&self, reveals: &mut Reveals, request: RevealRequest<'_>) -> Result<f64, Error> {
        let RevealRequest { snapshot, entry, path, mask, reason, prevented } = request;
        let rule = snapshot.rule_at(entry, path, mask)?;
        let mut hidden = Hidden::default();
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let form = CopyForm::Path(PathDialect::JavaScript);
        let note = RevealNote {
            rule,
            path: snapshot.copy_text(entry, path, form, mask, &mut hidden)?,
            reason: reason.map(|reason| {
                // Before it is shortened: half a secret has no shape any more.
                mask.cover_text(reason, &mask.nowhere(), &mut hidden).chars().take(MOST_REASON).collect()
            }),
        };
        let (options, desk) = (self.reveals().get(), self.desk());
        let session = mask.cover_name(snapshot.session_id(), &mut hidden);
        let session: Option<Rc<str>> = (!session.is_empty()).then(|| session.into());
        let mut record = desk.journal.begin(Action::Reveal, &"reveal".into(), session.as_ref(), 1);
        record.admitted();
        record.record.reveal = Some(note);
        let refused = if !options.allowed || prevented {
            Some("Hidden values are not shown here.")
        } else if options.needs_reason && reason.is_none() {
            Some("Hidden values are shown for a reason only.")
        } else {
            None
        };
        let refused = refused.map(|why| Error::new(Code::RevealRefused, why));
        record.close(refused.as_ref());
        if let Some(refused) = refused {
            return Err(refused);
        }
        reveals.reveal(snapshot, entry, path, desk.platform.monotonic_ms() + options.for_ms);
        Ok(options.for_ms)
    }
}
