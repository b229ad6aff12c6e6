//! Walks the members of a body that has arrived whole, and hands them on as variables.

use super::limits::Limits;
use super::problem::{Place, Reason};
use super::sink::{Item, Label, Sink, Text, Unreadable};
use super::top::{Member, Top, inside, key_text, lossy_text, text};
use crate::error::{Code, Error};
use crate::value::Keys;
use crate::value::json::{Child, Children, JsonKind, Scanned, Strings, escape_into, scan_value, skip_space, spell_out};

/// The walk through one page. What has no place in the page (an unescaped document, a name of our own making) is put
/// behind it.
pub(super) struct Walk<'w> {
    pub(super) body: &'w mut Vec<u8>,
    pub(super) sink: &'w mut dyn Sink,
    pub(super) limits: Limits,
    /// First byte of the page.
    pub(super) start: usize,
    /// Records of the pages before.
    pub(super) records: usize,
    /// Where the string stands that holds what is being read, if one does.
    pub(super) in_text: Option<usize>,
    /// The session that the page names.
    pub(super) session: Option<String>,
    /// The namespaces that the page brings.
    pub(super) loaded: Vec<&'static str>,
}

/// An object whose members are variables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    pub(super) value: Scanned,
    /// Where the string stands that holds it, if one does. The object itself is unescaped behind the page then.
    in_text: Option<usize>,
}

impl From<Scanned> for Object {
    fn from(value: Scanned) -> Object {
        Object { value, in_text: None }
    }
}

/// Declared types by name. Of equal names the last one counts.
#[derive(Debug, Default)]
pub(super) struct Types(Vec<(String, Text)>);

impl Types {
    pub(super) fn new(mut types: Vec<(String, Text)>) -> Types {
        let mut keys = Keys::default();
        for (name, _) in &types {
            keys.text(name);
            keys.end();
        }
        let sorted = keys.sorted().into_iter();
        Types(
            sorted.filter_map(|place| types.get_mut(place).map(|(name, word)| (std::mem::take(name), *word))).collect(),
        )
    }

    fn get(&self, name: &str) -> Option<Text> {
        let end = self.0.partition_point(|(known, _)| known.as_str() <= name);
        let (known, word) = self.0.get(end.checked_sub(1)?)?;
        (known == name).then_some(*word)
    }
}

/// What is known of members before they are looked at.
pub(super) struct Members<'a> {
    pub(super) scope: Label,
    pub(super) system: Option<bool>,
    /// Not these.
    pub(super) except: &'a [&'a str],
    /// Types by name.
    pub(super) declared: Option<&'a Types>,
    /// Whether the platform is known to write typed values as texts here.
    pub(super) stringified: bool,
    /// Asked first.
    pub(super) aside: Option<Aside>,
}

impl Members<'_> {
    pub(super) fn of(scope: Label) -> Members<'static> {
        Members { scope, system: None, except: &[], declared: None, stringified: false, aside: None }
    }
}

/// What is done with each child, whose position among its siblings is told.
type Visit<'v> = dyn FnMut(&mut Walk<'_>, usize, Child) -> Result<(), Error> + 'v;

/// Reads a member by itself where it is something else than a variable, and says whether it was.
type Aside = fn(&mut Walk<'_>, &Child, &str) -> Result<bool, Error>;

impl Walk<'_> {
    /// Calls `visit` for every child of a container.
    pub(super) fn each(
        &mut self,
        container: Scanned,
        mut visit: impl FnMut(&mut Walk<'_>, usize, Child) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.each_of(container, &mut visit)
    }

    // One copy for all of its callers.
    fn each_of(&mut self, container: Scanned, visit: &mut Visit<'_>) -> Result<(), Error> {
        let mut parked = Children::new(self.body, container.start).on(&[]);
        for ordinal in 0.. {
            let mut walk = parked.on(self.body);
            let Some(Ok(child)) = walk.next() else { break };
            parked = walk.on(&[]);
            visit(self, ordinal, child)?;
        }
        Ok(())
    }

    /// Every member of an object as a variable.
    pub(super) fn members(&mut self, object: Object, path: &str, of: &Members<'_>) -> Result<(), Error> {
        self.each(object.value, |walk, _, child| {
            let Some(name) = key_text(&child) else { return Ok(()) };
            let word = text(walk.body, name);
            if word.as_ref().is_some_and(|word| of.except.contains(&word.as_ref())) {
                return Ok(());
            }
            let declared = of.declared.and_then(|types| types.get(word.as_deref()?));
            if of.aside.map_or(Ok(false), |aside| aside(walk, &child, path))? {
                return Ok(());
            }
            let item = Item {
                name,
                value: child.value,
                scope: of.scope,
                declared,
                system: of.system,
                stringified: of.stringified,
            };
            let mut strings = child.key_strings;
            strings.add(child.value.strings);
            walk.put(&item, Span { from: name.start, in_text: object.in_text, strings }, path)
        })
    }

    /// Reads the inside of what was opened: faults stand where its text does, if it came as one.
    pub(super) fn within<R>(&mut self, object: Object, read: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.in_text;
        self.in_text = object.in_text.or(outer);
        let done = read(self);
        self.in_text = outer;
        done
    }

    /// The members of an object but for some, which stand beside what it is there for: system variables.
    pub(super) fn beside(&mut self, top: &Top, path: &str, scope: Label, except: &[&str]) -> Result<(), Error> {
        let Some(object) = top.object else { return Ok(()) };
        self.members(object.into(), path, &Members { system: Some(true), except, ..Members::of(scope) })
    }

    /// A member that is a namespace: an object, or a text that holds one. `null` stands for none.
    pub(super) fn namespace(&mut self, member: &Member, path: &str, scope: &'static str) -> Result<(), Error> {
        if member.value.kind == JsonKind::Null {
            return Ok(());
        }
        match self.open(member.value)? {
            Ok(object) => {
                self.loaded.push(scope);
                self.members(object, &step(path, member.name), &Members::of(Label::Fixed(scope)))
            }
            Err(reason) => self.broken(member, path, reason),
        }
    }

    /// Tells of the members that a later one of their name replaces, as it does for `JSON.parse`: what they hold is not read.
    pub(super) fn tell_replaced(&mut self, top: &Top, name: &str, path: &str) -> Result<(), Error> {
        top.replaced(name).try_for_each(|member| self.broken(member, path, Reason::MemberTwice))
    }

    /// A member that should have been an object.
    pub(super) fn broken(&mut self, member: &Member, path: &str, reason: Reason) -> Result<(), Error> {
        self.count_one()?;
        let Scanned { start, end, .. } = member.value;
        let at = self.in_text.unwrap_or(start);
        let fault = Unreadable { reason, member: None, at, name: Some(member.key) };
        self.sink.unreadable(start, end, Place::Path(step(path, member.name).into()), fault);
        Ok(())
    }

    /// An element that should have been an object.
    pub(super) fn odd_element(&mut self, value: Scanned, path: &str) -> Result<(), Error> {
        self.count_one()?;
        let fault = Unreadable { reason: Reason::NotAnObject, member: None, at: value.start, name: None };
        self.sink.unreadable(value.start, value.end, Place::Path(path.into()), fault);
        Ok(())
    }

    /// The object that a value is, or that its text holds.
    pub(super) fn open(&mut self, value: Scanned) -> Result<Result<Object, Reason>, Error> {
        let place = match (value.kind, inside(value)) {
            (JsonKind::Object, _) => return Ok(Ok(value.into())),
            (_, Some(place)) => place,
            _ => return Ok(Err(Reason::NotAnObject)),
        };
        let source = self.body.get(place.start..place.end).unwrap_or_default().to_vec();
        let start = self.room(source.len())?;
        spell_out(&source, self.body);
        let scanned = scan_value(self.body, skip_space(self.body, start));
        let whole = scanned
            .ok()
            .filter(|found| skip_space(self.body, found.end) == self.body.len() && found.kind == JsonKind::Object);
        if whole.is_none() {
            self.body.truncate(start);
        }
        Ok(whole
            .map(|found| Object { value: found, in_text: self.in_text.or(Some(value.start)) })
            .ok_or(Reason::NotJson))
    }

    /// Puts a text behind the page.
    pub(super) fn append(&mut self, text: &str) -> Result<Text, Error> {
        let start = self.room(text.len())?;
        self.body.extend_from_slice(text.as_bytes());
        Ok(Text { start, end: self.body.len(), escaped: false })
    }

    /// Where a text of at most so many bytes begins that is put behind the page.
    fn room(&mut self, bytes: usize) -> Result<usize, Error> {
        let start = self.body.len();
        let fits = start.saturating_add(bytes) <= self.limits.body_bytes.min(Limits::MAX_BODY_BYTES);
        if !fits || self.body.try_reserve(bytes).is_err() {
            return Err(Error::new(
                Code::BodyTooLarge,
                "The answer with the documents in its texts is larger than the limit for a body.",
            ));
        }
        Ok(start)
    }

    fn count_one(&self) -> Result<(), Error> {
        if self.sink.len() < self.limits.variables {
            return Ok(());
        }
        Err(Error::new(Code::TooManyVariables, "The answer has more variables than the limit."))
    }

    /// Hands on a member of the object at `path`, or says why it cannot be read.
    pub(super) fn put(&mut self, item: &Item, span: Span, path: &str) -> Result<(), Error> {
        self.judge(item, span, |name| step(path, name))
    }

    /// Hands on what was read as a row is, at `path`, or says why it cannot be read.
    pub(super) fn put_row(&mut self, whole: Scanned, row: Result<Item, Unreadable>, path: &str) -> Result<(), Error> {
        let fault = match row {
            // Its strings have been judged.
            Ok(item) => {
                let span = Span { from: item.value.start, in_text: None, strings: Strings::default() };
                return self.put_at(&item, span, path);
            }
            Err(fault) => fault,
        };
        self.count_one()?;
        let path = fault.member.map_or_else(|| path.to_owned(), |member| step(path, member));
        self.sink.unreadable(whole.start, whole.end, Place::Path(path.into()), fault);
        Ok(())
    }

    /// Hands on an item that stands at `path` itself, or says why it cannot be read.
    pub(super) fn put_at(&mut self, item: &Item, span: Span, path: &str) -> Result<(), Error> {
        self.judge(item, span, |_| path.to_owned())
    }

    fn judge(&mut self, item: &Item, span: Span, path: impl FnOnce(&str) -> String) -> Result<(), Error> {
        let span = Span { in_text: span.in_text.or(self.in_text), ..span };
        let Scanned { start, end, .. } = item.value;
        if end - start > self.limits.value_bytes {
            let offset = span.in_text.unwrap_or(start) - self.start;
            return Err(Error::new(Code::ValueTooLarge, "One value is larger than the limit.")
                .with(|facts| facts.offset = Some(offset)));
        }
        self.count_one()?;
        let Some((reason, at)) = self.fault(span, end) else {
            self.sink.variable(self.body, *item);
            return Ok(());
        };
        let shown = lossy_text(self.body, item.name.start, item.name.end);
        let place = Place::Path(path(&shown).into());
        let name = text(self.body, item.name).is_some().then_some(item.name);
        self.sink.unreadable(
            start,
            end,
            place,
            Unreadable { reason, member: None, at: span.in_text.unwrap_or(at), name },
        );
        Ok(())
    }

    fn fault(&self, span: Span, end: usize) -> Option<(Reason, usize)> {
        let bytes = self.body.get(span.from..end).unwrap_or_default();
        let (reason, at) = Reason::of_strings(bytes, span.strings)?;
        // What has been spelled out of a text has half a pair in the bytes that UTF-8 would give it.
        let half = span.in_text.is_some() && matches!(bytes.get(at..at + 2), Some([0xED, 0xA0..=0xBF]));
        Some((if half { Reason::LoneSurrogate } else { reason }, span.from + at))
    }
}

/// The bytes that have to be texts for an item to be readable: up to the end of its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) in_text: Option<usize>,
    pub(super) strings: Strings,
}

impl Span {
    /// Of an item whose name is our own.
    pub(super) fn of_value(value: Scanned) -> Span {
        Span { from: value.start, in_text: None, strings: value.strings }
    }
}

/// The JSON path of a member: `$.context`, or `$["a.b"]` for a name that is no plain word.
pub(super) fn step(path: &str, name: &str) -> String {
    const MOST_CHARS: usize = 80;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.is_empty()
        && name.len() <= MOST_CHARS
        && name.chars().all(plain)
        && !name.starts_with(|c: char| c.is_ascii_digit())
    {
        return format!("{path}.{name}");
    }
    let mut out = format!("{path}[");
    match name.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => escape_into(&mut out, &format!("{}…", name.get(..end).unwrap_or_default())),
        None => escape_into(&mut out, name),
    }
    out.push(']');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_types_counts() {
        let word = |start| Text { start, end: start, escaped: false };
        let types = Types::new([("b", 1), ("a", 2), ("b", 3)].map(|(name, at)| (name.to_owned(), word(at))).to_vec());
        assert_eq!((types.get("b"), types.get("a")), (Some(word(3)), Some(word(2))));
        assert_eq!((types.get("c"), types.get(""), Types::default().get("a")), (None, None, None));
    }

    #[test]
    fn paths_tell_names_from_steps() {
        assert_eq!(step("$", "a_1"), "$.a_1");
        assert_eq!(step("$.x", "a.b"), r#"$.x["a.b"]"#);
        assert_eq!(step("$", ""), r#"$[""]"#);
        assert_eq!(step("$", "1"), r#"$["1"]"#);
        assert_eq!(step("$", &"é".repeat(100)), format!("$[\"{}…\"]", "é".repeat(80)));
    }
}
