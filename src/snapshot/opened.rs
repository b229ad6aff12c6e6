//! Objects and lists that were opened lately, so that whoever scrolls through one does not read all of it again.

use super::store::EntryId;
use crate::value::Keys;
use crate::value::json::{Child, Children, unescape};
use std::borrow::Cow;
use std::rc::Rc;

/// So many are kept: the way down to what is looked at.
const KEPT: usize = 4;

/// An object or a list, with its children found.
#[derive(Debug)]
pub(super) struct Opened {
    entry: EntryId,
    path: Vec<usize>,
    /// The names on the way down; none where a step leads into a list.
    pub(super) names: Vec<Option<String>>,
    pub(super) source: String,
    pub(super) children: Vec<Child>,
    /// Of each child whose name stands more than once: whether it is the last of its kind. Empty where no name does.
    twice: Vec<Option<bool>>,
}

impl Opened {
    pub(super) fn new(entry: EntryId, path: &[usize], names: Vec<Option<String>>, source: &str) -> Opened {
        let children = Children::new(source.as_bytes(), 0).filter_map(Result::ok).collect();
        Opened::with(entry, path, names, source.to_owned(), children)
    }

    /// A text that is an object or a list from its first byte to its last, and of no more than so many levels. Looking for
    /// its children checks it too.
    pub(super) fn text(entry: EntryId, text: String, most_levels: usize) -> Option<Opened> {
        let mut walk = Children::new(text.as_bytes(), 0);
        let fits = |child: &Child| {
            let lone = child.key_strings.lone_surrogate || child.value.strings.lone_surrogate;
            !lone && child.value.depth < most_levels
        };
        let mut children = Vec::new();
        for child in walk.by_ref() {
            children.push(child.ok().filter(fits)?);
        }
        (most_levels > 0 && walk.end() == text.len()).then(|| Opened::with(entry, &[], Vec::new(), text, children))
    }

    fn with(
        entry: EntryId,
        path: &[usize],
        names: Vec<Option<String>>,
        source: String,
        children: Vec<Child>,
    ) -> Opened {
        let twice = if source.starts_with('{') { twice(&source, &children) } else { Vec::new() };
        Opened { entry, path: path.to_vec(), names, source, children, twice }
    }

    pub(super) fn kept(&self, ordinal: usize) -> Option<bool> {
        self.twice.get(ordinal).copied().flatten()
    }
}

/// What was opened lately, the latest first.
#[derive(Debug, Default)]
pub(super) struct Recent(Vec<Rc<Opened>>);

impl Recent {
    pub(super) fn find(&self, entry: EntryId, path: &[usize]) -> Option<Rc<Opened>> {
        self.0.iter().find(|opened| opened.entry == entry && opened.path == path).map(Rc::clone)
    }

    /// The container that the last step of a path leads out of.
    pub(super) fn parent<'p>(&self, entry: EntryId, path: &'p [usize]) -> Option<(Rc<Opened>, &'p usize)> {
        let (last, above) = path.split_last()?;
        Some((self.find(entry, above)?, last))
    }

    /// Puts one in front, which may be there already.
    pub(super) fn keep(&mut self, opened: &Rc<Opened>) {
        self.0.retain(|other| !Rc::ptr_eq(other, opened));
        self.0.truncate(KEPT - 1);
        self.0.insert(0, Rc::clone(opened));
    }
}

pub(super) fn key<'a>(source: &'a str, child: &Child) -> Option<Cow<'a, str>> {
    let (start, end) = child.key?;
    let key = source.get(start..end)?;
    if !child.key_strings.escaped {
        return Some(Cow::Borrowed(key));
    }
    Some(unescape(key).unwrap_or(Cow::Borrowed(key)))
}

pub(super) fn twice(source: &str, children: &[Child]) -> Vec<Option<bool>> {
    let mut names = Keys::default();
    for child in children {
        names.text(&key(source, child).unwrap_or_default());
        names.end();
    }
    let order = names.sorted();
    let mut found = Vec::new();
    for pair in order.windows(2) {
        let [one, other] = pair else { continue };
        if names.same(*one, *other) {
            found.resize(children.len(), None);
            for (place, kept) in [(*one, false), (*other, true)] {
                if let Some(slot) = found.get_mut(place) {
                    *slot = Some(kept);
                }
            }
        }
    }
    found
}
