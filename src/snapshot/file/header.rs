//! What a file says of its snapshot.

use super::{FORMAT, VERSION};
use crate::error::{Code, Error};
use crate::ingest::Shape;
use crate::query::{NameFilter, NameMatch};
use crate::scope::Precedence;
use crate::snapshot::absence::LeftOut;
use crate::snapshot::store::EntryId;
use crate::snapshot::{WireAudit, WireMetrics};
use crate::value::Policy;
use crate::value::json::{Children, JsonKind, Part, part_name, scan_value, skip_space};

/// Everything but the variables.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) session_id: String,
    pub(super) taken_at_ms: u64,
    pub(super) complete: bool,
    pub(super) shape: Option<Shape>,
    pub(super) policy: Policy,
    pub(super) stringified_policy: Policy,
    pub(super) precedence: Precedence,
    pub(super) depth: usize,
    pub(super) loaded_scope: Option<String>,
    pub(super) loaded_names: Option<NameFilter>,
    pub(super) left_out: Option<LeftOut>,
    pub(super) loaded: Option<Vec<String>>,
    pub(super) page_ends: Vec<EntryId>,
    pub(super) stringified: Vec<EntryId>,
    pub(super) metrics: WireMetrics,
}

/// Without these a snapshot would not be what it was.
const REQUIRED: [&str; 8] =
    ["sessionId", "takenAt", "complete", "shape", "policy", "stringifiedPolicy", "precedence", "depth"];

/// What is no file of ours, or no longer whole.
pub(super) fn invalid(what: &'static str) -> Error {
    Error::new(Code::FileInvalid, what)
}

fn broken(member: &str) -> Error {
    let mut path = String::from("$.");
    path.push_str(member);
    invalid("The file is damaged: a part of it is missing or of another kind. Ask for a new one.")
        .with(|facts| facts.path = Some(path))
}

impl Header {
    /// Reads the head of a file. What else is in it is for the reader of rows.
    ///
    /// # Errors
    /// `FILE_INVALID`, and `FILE_TOO_NEW` as soon as the version is known.
    pub(super) fn read(file: &[u8]) -> Result<Header, Error> {
        let no_file = || invalid("This is no file of the session debugger.");
        let start = skip_space(file, if file.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
        if file.get(start) != Some(&b'{') {
            return Err(no_file());
        }
        let mut header = Header::default();
        let (mut is_ours, mut versioned, mut missing) = (false, false, REQUIRED.to_vec());
        for child in Children::new(file, start) {
            let child = child.map_err(|fault| {
                invalid("The file is cut off or no longer JSON; the offset says where.")
                    .with(|facts| facts.offset = Some(fault.offset))
            })?;
            let part = Part { bytes: file, value: child.value };
            match part_name(file, &child) {
                "format" => is_ours = part.text().is_some_and(|format| format == FORMAT),
                "version" if is_ours => {
                    let version = part.number().filter(|version| *version > 0).ok_or_else(|| broken("version"))?;
                    if version > VERSION {
                        return Err(Error::new(
                            Code::FileTooNew,
                            "The file was written by a newer version of the debugger. Open it with that one.",
                        ));
                    }
                    versioned = true;
                }
                name => {
                    header.take(name, part).ok_or_else(|| broken(name))?;
                    missing.retain(|required| *required != name);
                }
            }
        }
        if !is_ours || !versioned {
            return Err(no_file());
        }
        missing.first().map_or(Ok(header), |missing| Err(broken(missing)))
    }

    /// Takes a member; `None` where it is not what it has to be.
    fn take(&mut self, name: &str, part: Part<'_>) -> Option<()> {
        match name {
            "sessionId" => self.session_id = part.text()?,
            "takenAt" => self.taken_at_ms = part.number()?,
            "complete" => self.complete = part.flag()?,
            "shape" => self.shape = Some(Shape::parse(&part.text()?)?),
            "policy" => self.policy = Policy::parse(&part.text()?)?,
            "stringifiedPolicy" => self.stringified_policy = Policy::parse(&part.text()?)?,
            "precedence" if part.value.kind == JsonKind::Array => self.precedence = Precedence::custom(part.texts()?),
            "precedence" => self.precedence = Precedence::parse(&part.text()?)?,
            "depth" => self.depth = part.count()?,
            "loadedScope" => self.loaded_scope = Some(part.text()?),
            "loadedNames" => {
                let text = |member| part.member(member).and_then(Part::text);
                self.loaded_names = Some(NameFilter::new(&text("name")?, NameMatch::parse(&text("match")?)?));
            }
            "systemLeftOut" => self.left_out = Some(LeftOut::parse(&part.text()?)?),
            "loaded" => self.loaded = Some(part.texts()?),
            "pages" => self.page_ends = numbers(part)?,
            "stringified" => self.stringified = numbers(part)?,
            "metrics" => {
                for (name, part) in part.children() {
                    match name {
                        "averageUs" => self.metrics.avg_latency_s = Some(seconds(part.number()?)),
                        "audit" => {
                            for (_, part) in part.children() {
                                self.metrics.audit.push(record(part)?);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Some(())
    }
}

fn numbers(part: Part<'_>) -> Option<Vec<EntryId>> {
    let mut all = Vec::new();
    part.each(&mut |part| {
        all.push(EntryId::try_from(part.number()?).ok()?);
        Some(())
    })?;
    Some(all)
}

fn record(part: Part<'_>) -> Option<WireAudit> {
    let text = |name| part.member(name).and_then(Part::text);
    let number = |name| part.member(name).and_then(Part::number);
    Some(WireAudit {
        timestamp: text("at")?,
        session_id: text("sessionId")?,
        status: text("status")?,
        latency_s: seconds(number("latencyUs")?),
        count: number("count"),
        error: text("error"),
    })
}

/// An item that could not be read, as it was before it was written.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) reason: String,
    pub(super) path: String,
    pub(super) offset: usize,
    pub(super) page: usize,
    pub(super) name: Option<String>,
    pub(super) source: Vec<u8>,
}

impl Unreadable {
    /// What an item of the list says of one; `None` where it is not what was written.
    pub(super) fn read(item: &[u8]) -> Option<Unreadable> {
        let told = Part { bytes: item, value: scan_value(item, 0).ok()? }.member("unreadable")?;
        let text = |name| told.member(name).and_then(Part::text);
        let count = |name| told.member(name).and_then(Part::count);
        Some(Unreadable {
            reason: text("reason")?,
            path: text("path")?,
            offset: count("offset")?,
            page: count("page")?,
            name: text("name"),
            source: match text("source") {
                Some(source) => source.into_bytes(),
                None => bytes(&text("bytes")?)?,
            },
        })
    }
}

/// A byte for each character.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for c in text.chars() {
        bytes.push(u8::try_from(c).ok()?);
    }
    Some(bytes)
}

#[allow(clippy::cast_precision_loss)]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
