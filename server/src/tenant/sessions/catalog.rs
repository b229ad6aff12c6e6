//! Which sessions exist, and what a read of each gives.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Item, large, live};

/// The sessions kept as files: everything about them is in the file.
const FILES: [&str; 5] = [
    include_str!("../../../data/shop.json"),
    include_str!("../../../data/claim.json"),
    include_str!("../../../data/travel.json"),
    include_str!("../../../data/tutorial.json"),
    include_str!("../../../data/damaged.json"),
];

/// A session of another tenant: it exists, and nobody here may read it.
const FOREIGN: &str = "sess_other_tenant_1";

#[derive(Deserialize)]
struct File<'a> {
    id: String,
    sentence: String,
    #[serde(borrow)]
    variables: Vec<&'a RawValue>,
}

/// One session.
pub struct Session {
    /// Its id.
    pub id: String,
    /// What it is good for, in one sentence.
    pub sentence: String,
    content: Content,
}

enum Content {
    Fixed(Vec<Item>),
    Large,
    Live(AtomicU64),
    Foreign,
}

impl Session {
    /// How many elements a page has unless the query or the settings say otherwise.
    pub fn default_page_size(&self) -> Option<usize> {
        matches!(self.content, Content::Large).then_some(1_000)
    }

    /// Whether the session belongs to another tenant.
    pub fn is_foreign(&self) -> bool {
        matches!(self.content, Content::Foreign)
    }

    /// What the session holds. `first_page`: a new read begins, on which a live session moves on by one turn.
    pub fn read(&self, first_page: bool) -> Cow<'_, [Item]> {
        match &self.content {
            Content::Fixed(items) => Cow::Borrowed(items),
            Content::Large => Cow::Borrowed(large::items()),
            Content::Live(reads) if first_page => Cow::Owned(live::items(reads.fetch_add(1, Ordering::Relaxed))),
            Content::Live(reads) => Cow::Owned(live::items(reads.load(Ordering::Relaxed).saturating_sub(1))),
            Content::Foreign => Cow::Borrowed(&[]),
        }
    }
}

/// All sessions, in the order of the list.
pub struct Catalog {
    sessions: Vec<Session>,
}

impl Catalog {
    /// Reads the files and generates the rest.
    ///
    /// # Errors
    /// When a file is not of the expected layout, which a test rules out.
    pub fn load() -> Result<Catalog, serde_json::Error> {
        let mut sessions = Vec::new();
        for source in FILES {
            let file: File<'_> = serde_json::from_str(source)?;
            let items = file.variables.iter().map(|raw| Item::from_json(raw.get())).collect();
            sessions.push(Session { id: file.id, sentence: file.sentence, content: Content::Fixed(items) });
        }
        sessions.push(session("sess_large_10000", large::SENTENCE, Content::Large));
        sessions.push(session("sess_live_1", live::SENTENCE, Content::Live(AtomicU64::new(0))));
        sessions.push(session(FOREIGN, "Belongs to another tenant: every read is refused with 403.", Content::Foreign));
        Ok(Catalog { sessions })
    }

    /// The session of an id.
    pub fn get(&self, id: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// All sessions.
    pub fn iter(&self) -> impl Iterator<Item = &Session> {
        self.sessions.iter()
    }

    /// Starts the live sessions again.
    pub fn reset(&self) {
        for session in &self.sessions {
            if let Content::Live(reads) = &session.content {
                reads.store(0, Ordering::Relaxed);
            }
        }
    }
}

fn session(id: &str, sentence: &str, content: Content) -> Session {
    Session { id: id.to_owned(), sentence: sentence.to_owned(), content }
}
