//! Walks the members of a body that has arrived whole, and hands them on as variables.

use super::limits::Limits;
use super::problem::{Place, Reason};
use super::sink::{Item, Label, Sink, Text, Unreadable};
use super::top::{Member, inside, key_text, text};
use crate::error::{Code, Error};
use crate::value::json::{
    Child, Children, JsonKind, Scanned, Strings, escape_into, not_utf8_at, scan_value, skip_space, spell_out,
};

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
        types.sort_by(|(one, _), (other, _)| one.cmp(other));
        Types(types)
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
}

impl Members<'_> {
    pub(super) fn of(scope: Label) -> Members<'static> {
        Members { scope, system: None, except: &[], declared: None }
    }
}

impl Walk<'_> {
    /// Calls `visit` for every child of a container.
    pub(super) fn each(
        &mut self,
        container: Scanned,
        mut visit: impl FnMut(&mut Self, usize, Child) -> Result<(), Error>,
    ) -> Result<(), Error> {
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
            let item =
                Item { name, value: child.value, scope: of.scope, declared, system: of.system, stringified: false };
            let mut strings = child.key_strings;
            strings.add(child.value.strings);
            walk.put(&item, Span { from: name.start, in_text: object.in_text, strings }, path)
        })
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

    /// A member that should have been an object.
    pub(super) fn broken(&mut self, member: &Member, path: &str, reason: Reason) -> Result<(), Error> {
        self.count_one()?;
        let Scanned { start, end, .. } = member.value;
        let fault = Unreadable { reason, member: None, at: start, name: Some(member.key) };
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
        Ok(whole.map(|found| Object { value: found, in_text: Some(value.start) }).ok_or(Reason::NotJson))
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

    /// Hands on an item that stands at `path` itself, or says why it cannot be read.
    pub(super) fn put_at(&mut self, item: &Item, span: Span, path: &str) -> Result<(), Error> {
        self.judge(item, span, |_| path.to_owned())
    }

    fn judge(&mut self, item: &Item, span: Span, path: impl FnOnce(&str) -> String) -> Result<(), Error> {
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
        let name = text(self.body, item.name);
        let place = Place::Path(path(name.as_deref().unwrap_or("?")).into());
        let name = name.is_some().then_some(item.name);
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
        if span.strings.non_ascii
            && let Some(at) = not_utf8_at(bytes)
        {
            let half = span.in_text.is_some() && matches!(bytes.get(at..at + 2), Some([0xED, 0xA0..=0xBF]));
            return Some((if half { Reason::LoneSurrogate } else { Reason::NotUtf8 }, span.from + at));
        }
        span.strings.lone_surrogate.then_some((Reason::LoneSurrogate, span.from))
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
