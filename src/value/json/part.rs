//! A value in a document that the debugger itself has written, asked for what it has to be.

use super::children::{Child, Children};
use super::scan::{JsonKind, Scanned};
use super::text::unescape;

/// A value where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) value: Scanned,
}

impl<'a> Part<'a> {
    /// The members or elements; none where there are none. They are not collected: a list of very many would take many times its
    /// bytes.
    pub(crate) fn children(self) -> impl Iterator<Item = (&'a str, Part<'a>)> + use<'a> {
        let children = Children::new(self.bytes, self.value.start).map_while(Result::ok);
        children.map(move |child| (part_name(self.bytes, &child), Part { value: child.value, ..self }))
    }

    /// Of equal names the last one counts, as for `JSON.parse`.
    pub(crate) fn member(self, name: &str) -> Option<Part<'a>> {
        self.children().filter(|(known, _)| *known == name).last().map(|(_, part)| part)
    }

    /// Takes each element; `None` where there is one that cannot be taken, or this is no array.
    #[inline(never)]
    pub(crate) fn each(self, take: &mut dyn FnMut(Part<'a>) -> Option<()>) -> Option<()> {
        for (_, part) in (self.value.kind == JsonKind::Array).then(|| self.children())? {
            take(part)?;
        }
        Some(())
    }

    pub(crate) fn text(self) -> Option<String> {
        let inside = self.bytes.get(self.value.start + 1..self.value.end - 1)?;
        let inside = std::str::from_utf8(inside).ok().filter(|_| self.value.kind == JsonKind::String)?;
        unescape(inside).map(String::from)
    }

    pub(crate) fn texts(self) -> Option<Vec<String>> {
        let mut all = Vec::new();
        self.each(&mut |part| {
            all.push(part.text()?);
            Some(())
        })?;
        Some(all)
    }

    pub(crate) fn flag(self) -> Option<bool> {
        match self.value.kind {
            JsonKind::True => Some(true),
            JsonKind::False => Some(false),
            _ => None,
        }
    }

    pub(crate) fn number(self) -> Option<u64> {
        let digits = self.bytes.get(self.value.start..self.value.end)?;
        std::str::from_utf8(digits).ok().filter(|_| self.value.kind == JsonKind::Integer)?.parse().ok()
    }

    pub(crate) fn count(self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }
}

/// The name of a member; empty for an element. Those that have a meaning are written without escapes.
pub(crate) fn part_name<'a>(bytes: &'a [u8], child: &Child) -> &'a str {
    let (start, end) = child.key.unwrap_or_default();
    std::str::from_utf8(bytes.get(start..end).unwrap_or_default()).unwrap_or_default()
}
