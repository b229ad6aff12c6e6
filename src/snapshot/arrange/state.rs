//! What a person has set up, as a text that can be kept, or handed on in a link: names and paths, no values. It is JSON:
//!
//! ```text
//! {"view":1,"filter":"price","sort":"-size","group":"scope","scope":"user","system":false,"shadowed":true,
//!  "pins":[["cart","user"],["total"]],"open":[["cart","user",[],["items",0]]],"folded":[["scope","bot"]],
//!  "place":["cart","user",["items",0]]}
//! ```
//!
//! A variable is a name and its scope, and the paths into it stand behind. What is as it is at the beginning is not written.

use super::arrangement::Arrangement;
use super::groups::{Group, GroupKind, Grouping, prefix};
use super::kept::{Kept, Pin, Place};
use crate::error::{Code, Error};
use crate::snapshot::at::Step;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::path_text::push_number;
use crate::snapshot::sorted::Sorted;
use crate::snapshot::view::{Sort, Window};
use crate::value::json::{Part, escape_into, scan_value, skip_space, validate};

const VERSION: u64 = 1;
/// So many pins, places and groups that are open or folded are told; a person has fewer.
const MOST_OPEN: usize = 10_000;

/// How rows were shown, as the text of a view tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewState {
    /// Filter, sort and switches.
    pub window: Window,
    /// What puts rows into groups.
    pub by: Grouping,
    /// Where the person was.
    pub place: Option<Place>,
}

impl Arrangement {
    /// What is set up, as a text for [`Arrangement::restore`]: filter, sort, groups and switches of what is shown, what is open, folded
    /// and pinned, and a place, told as the mask of what is shown has it. It holds no value but what the filter
    /// asks for, and nothing that `mask` hides: such a filter, scope, name or member is left out, and `hidden` counts it. So is a folded
    /// prefix, unless a name that is not hidden begins with it. Another mask would number hidden names otherwise, so their
    /// numbers are left out as well. Under a list of those that pass only what is on it is written.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::*;
    /// let mut arrangement = Arrangement::default();
    /// arrangement.pin(Pin { name: "cart".into(), scope: None });
    /// arrangement.pin(Pin { name: "max@mail.example".into(), scope: None });
    /// let mut hidden = Hidden::default();
    /// let text = arrangement.state_text(None, &Mask::standard(), &mut hidden);
    /// assert_eq!((text.as_str(), hidden.total()), (r#"{"view":1,"pins":[["cart"]]}"#, 1));
    /// let mut other = Arrangement::default();
    /// other.restore(&text)?;
    /// assert_eq!(other.pins()[0].name, "cart");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn state_text(&self, place: Option<&Place>, mask: &Mask, hidden: &mut Hidden) -> String {
        let mut out = Writer { out: String::from("{\"view\":1"), mask, hidden };
        if let Some(shown) = &self.shown {
            let Window { filter, sort, scope, system, shadowed, .. } = &shown.asked.window;
            out.option("filter", filter);
            if *sort != Sort::default() {
                out.word("sort", &sort.word());
            }
            if shown.asked.by != Grouping::None {
                out.word("group", shown.asked.by.as_str());
            }
            if let Some(scope) = scope {
                out.option("scope", &shown.asked.mask.behind(scope));
            }
            if !system {
                out.field("system").push_str("false");
            }
            if *shadowed {
                out.field("shadowed").push_str("true");
            }
        }
        let (pins, mut many) = (out.begin("pins"), 0);
        for Pin { name, scope } in &self.kept.pins {
            many += 1;
            if many <= MOST_OPEN && out.passes(name, scope.as_deref()) {
                out.item(name, scope.as_deref(), &[]);
            }
        }
        out.end(pins);
        let open = out.begin("open");
        for ((scope, name), paths) in self.kept.open.iter() {
            let mut told = Vec::new();
            if out.passes(name, Some(scope)) {
                let paths = paths.iter().map(|(path, ())| path.as_slice());
                told.extend(paths.filter(|path| out.seen(name, scope, path) == path.len()));
            }
            many += told.len();
            if !told.is_empty() && many <= MOST_OPEN {
                out.item(name, Some(scope), &told);
            }
        }
        out.end(open);
        let (folded, prefixes) = (out.begin("folded"), self.told_prefixes(mask));
        for (group, ()) in self.kept.folded.iter() {
            let Group { kind, label } = group;
            many += 1;
            let may_be_told = *kind != GroupKind::Prefix || mask.is_off() || prefixes.contains(group);
            if many <= MOST_OPEN && (label.is_empty() || (may_be_told && out.passes(label, None))) {
                out.item(kind.as_str(), Some(label), &[]);
            }
        }
        out.end(folded);
        if let Some(place) = place.map(|place| place.behind(&self.mask()))
            && out.passes(&place.name, place.scope.as_deref())
        {
            // A scope may be hidden with all that is in it, so nothing is told of what has none.
            let known = place.scope.clone().or_else(|| self.shown.as_ref()?.scope_of(&place));
            let seen = known.map_or(0, |scope| out.seen(&place.name, &scope, &place.path));
            out.field("place");
            out.item(&place.name, place.scope.as_deref(), &[place.path.get(..seen).unwrap_or_default()]);
        }
        out.out.push('}');
        out.out
    }

    /// The folded prefixes that a name tells which nothing hides: what begins a hidden one may be as secret.
    fn told_prefixes(&self, mask: &Mask) -> Sorted<Group, ()> {
        let mut told = Sorted::default();
        let Some(shown) = self.shown.as_ref().filter(|_| !mask.is_off()) else { return told };
        for name in shown.snapshot.name_ids() {
            let name = shown.snapshot.store.name(name);
            let Some(label) = prefix(&name) else { continue };
            let group = Group { kind: GroupKind::Prefix, label: label.to_owned() };
            if self.kept.folded.contains(&group)
                && !told.contains(&group)
                && is_open(&mask.cover_variable_name(&name, &mut Hidden::default()))
            {
                told.insert(group, ());
            }
        }
        told
    }

    /// Sets up what such a text holds, in the place of what was open, folded and pinned, and tells how rows were shown: with that the
    /// next snapshot is to be shown.
    ///
    /// # Errors
    /// `FILE_TOO_NEW` for a text of a newer version, `FILE_INVALID` for any other that is none of a view. Nothing changes then.
    pub fn restore(&mut self, text: &str) -> Result<ViewState, Error> {
        let none = || Error::new(Code::FileInvalid, "This is no text of a view, or it is damaged.");
        let bytes = text.as_bytes();
        validate(bytes, usize::MAX).map_err(|_| none())?;
        let whole = Part { bytes, value: scan_value(bytes, skip_space(bytes, 0)).map_err(|_| none())? };
        match whole.member("view").and_then(Part::number) {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                let newer = "The view was written by a newer version of the debugger. Restore it with that one.";
                return Err(Error::new(Code::FileTooNew, newer));
            }
            _ => return Err(none()),
        }
        let (mut kept, mut room, mut state) = (Kept::default(), MOST_OPEN, ViewState::default());
        for (name, part) in whole.children() {
            take((&mut kept, &mut room), &mut state, name, part).ok_or_else(none)?;
        }
        self.kept = kept;
        self.again();
        Ok(state)
    }
}

/// Takes a member; `None` where it is not what it has to be.
fn take((kept, room): (&mut Kept, &mut usize), state: &mut ViewState, name: &str, part: Part<'_>) -> Option<()> {
    let window = &mut state.window;
    match name {
        "filter" => window.filter = part.text()?,
        "sort" => window.sort = Sort::parse(&part.text()?)?,
        "group" => state.by = Grouping::parse(&part.text()?)?,
        "scope" => window.scope = Some(part.text()?),
        "system" => window.system = part.flag()?,
        "shadowed" => window.shadowed = part.flag()?,
        "place" => {
            let Item { name, other: scope, paths } = item(part)?;
            state.place = Some(Place { name, scope, path: paths.into_iter().next()? });
        }
        "pins" => part.each(&mut |part| {
            let Item { name, other: scope, .. } = item(part)?;
            *room = room.checked_sub(1)?;
            let pin = Pin { name, scope };
            if !kept.pins.contains(&pin) {
                kept.pins.push(pin);
            }
            Some(())
        })?,
        "open" => part.each(&mut |part| {
            let Item { name, other: scope, paths } = item(part)?;
            let scope = scope?;
            for path in paths {
                *room = room.checked_sub(1)?;
                kept.open(scope.clone(), &name, &path);
            }
            Some(())
        })?,
        "folded" => part.each(&mut |part| {
            let Item { name: kind, other: label, .. } = item(part)?;
            *room = room.checked_sub(1)?;
            kept.folded.insert(Group { kind: GroupKind::parse(&kind)?, label: label? }, ());
            Some(())
        })?,
        // What else is in it changes nothing of what an older version understands.
        _ => {}
    }
    Some(())
}

/// What stands in a list: a text, another one where there are two, and paths.
#[derive(Default)]
struct Item {
    name: String,
    other: Option<String>,
    paths: Vec<Vec<Step>>,
}

#[inline(never)]
fn item(part: Part<'_>) -> Option<Item> {
    let (mut texts, mut paths) = (Vec::new(), Vec::new());
    part.each(&mut |part| {
        if let Some(text) = part.text() {
            texts.push(text);
            return Some(());
        }
        let mut path = Vec::new();
        part.each(&mut |part| {
            path.push(part.text().map(Step::Name).or_else(|| part.count().map(Step::Index))?);
            Some(())
        })?;
        paths.push(path);
        Some(())
    })?;
    let mut texts = texts.into_iter();
    Some(Item { name: texts.next()?, other: texts.next(), paths })
}

/// Whether nothing was hidden, neither now nor by another mask.
fn is_open(covered: &str) -> bool {
    !covered.contains("[masked:")
}

/// A text being written, and what hides things in it. Commas come by themselves.
struct Writer<'a> {
    out: String,
    mask: &'a Mask,
    hidden: &'a mut Hidden,
}

impl Writer<'_> {
    /// Whether a name may be told, and its scope with it.
    fn passes(&mut self, name: &str, scope: Option<&str>) -> bool {
        is_open(&self.mask.cover_variable_name(name, self.hidden))
            && scope.is_none_or(|scope| is_open(&self.mask.cover_scope(scope, name, self.hidden)))
    }

    /// How many steps of a path may be told: what is in something hidden is as secret as that.
    fn seen(&mut self, name: &str, scope: &str, path: &[Step]) -> usize {
        let mut spot = self.mask.variable(name, scope);
        let is_open = |step: &&Step| {
            let told = match step {
                Step::Name(name) => is_open(&self.mask.cover_name(name, self.hidden)),
                Step::Index(_) => true,
            };
            let is_in_sight = spot.whole().is_none();
            spot = spot.step(step);
            told && is_in_sight
        };
        path.iter().take_while(is_open).count()
    }

    fn separate(&mut self) {
        if !self.out.ends_with(['[', ':']) {
            self.out.push(',');
        }
    }

    fn field(&mut self, name: &str) -> &mut String {
        self.out.push_str(",\"");
        self.out.push_str(name);
        self.out.push_str("\":");
        &mut self.out
    }

    fn text(&mut self, text: &str) {
        self.separate();
        escape_into(&mut self.out, text);
    }

    fn word(&mut self, name: &str, word: &str) {
        self.field(name);
        self.text(word);
    }

    /// A text that may be hidden.
    fn option(&mut self, name: &str, text: &str) {
        if !text.is_empty() && self.passes(text, None) {
            self.word(name, text);
        }
    }

    /// Begins a list; no item, no list.
    fn begin(&mut self, name: &str) -> usize {
        let before = self.out.len();
        self.field(name).push('[');
        before
    }

    fn end(&mut self, before: usize) {
        if self.out.ends_with('[') { self.out.truncate(before) } else { self.out.push(']') }
    }

    fn item(&mut self, name: &str, other: Option<&str>, paths: &[&[Step]]) {
        self.separate();
        self.out.push('[');
        self.text(name);
        if let Some(other) = other {
            self.text(other);
        }
        for path in paths {
            self.out.push_str(",[");
            for step in *path {
                match step {
                    Step::Name(name) => self.text(name),
                    Step::Index(index) => {
                        self.separate();
                        push_number(&mut self.out, *index);
                    }
                }
            }
            self.out.push(']');
        }
        self.out.push(']');
    }
}
