//! The parts inside of a document, one after the other, and their paths as people write them: `cart.items[0].price`.

use super::needle::Needle;
use super::question::TextTest;
use crate::value::json::{Scanned, scan_string, skip_space, unescape};
use std::borrow::Cow;
use std::fmt::Write;

/// Longer paths are not compared with patterns, which are compared with whole paths.
const MOST_COMPARED: usize = 4_096;

/// An object or list that is open: how long the path to it is, and how many of its parts were met.
struct Frame {
    length: usize,
    is_list: bool,
    count: usize,
}

/// A member or an element of a document, at any depth.
pub(super) struct Part<'a> {
    /// From the variable's name down.
    pub(super) path: &'a str,
    /// So many bytes of it are the path of what the part is in.
    known: usize,
    /// The positions that lead to it.
    pub(super) ordinals: &'a [usize],
    /// A member's name.
    pub(super) key: Option<Cow<'a, str>>,
    /// Its JSON source, where it has no parts of its own.
    pub(super) scalar: Option<&'a str>,
}

impl Part<'_> {
    /// Whether its path passes, where that of what it is in did not already.
    pub(super) fn path_passes(&self, test: &TextTest) -> bool {
        passes(self.path, self.known, test)
    }
}

/// Whether the path of any part of a variable passes. `document` is the JSON of its value; a value without parts has one path.
pub(super) fn any_path(name: &str, document: Option<(&str, Scanned)>, test: &TextTest) -> bool {
    path_passes(name, test) || any_path_inside(name, document, test)
}

/// Whether the path of any part inside of a value passes, where the name by itself does not.
pub(super) fn any_path_inside(name: &str, document: Option<(&str, Scanned)>, test: &TextTest) -> bool {
    let Some((source, value)) = document else { return false };
    let mut found = false;
    visit_parts(source, value, name, &mut |part| {
        found = part.path_passes(test);
        found
    });
    found
}

/// Whether the path of a whole variable passes.
pub(super) fn path_passes(name: &str, test: &TextTest) -> bool {
    passes(name, 0, test)
}

/// Shows every part of a document, in its order, until one is enough.
pub(super) fn visit_parts(source: &str, value: Scanned, name: &str, is_enough: &mut dyn FnMut(&Part<'_>) -> bool) {
    walk(source, value, name.to_owned(), is_enough);
}

/// One pass over the tokens. `None` where the source ends too early, which checked documents do not.
fn walk(source: &str, value: Scanned, mut path: String, is_enough: &mut dyn FnMut(&Part<'_>) -> bool) -> Option<()> {
    let bytes = source.as_bytes();
    let mut open: Vec<Frame> = Vec::new();
    let mut ordinals: Vec<usize> = Vec::new();
    let (mut at, mut begins) = (value.start, true);
    while at < value.end {
        at = skip_space(bytes, at);
        let byte = *bytes.get(at)?;
        let mut key = None;
        // A key or an element begins: it is a part of its own.
        let part = !begins && !matches!(byte, b'}' | b']' | b',');
        let mut known = 0;
        if part {
            let depth = open.len();
            let frame = open.last_mut()?;
            known = frame.length;
            path.truncate(known);
            ordinals.truncate(depth - 1);
            ordinals.push(frame.count);
            if frame.is_list {
                let _ = write!(path, "[{}]", frame.count);
            } else {
                let (end, _) = scan_string(bytes, at + 1).ok()?;
                let inside = source.get(at + 1..end - 1)?;
                let name = unescape(inside).unwrap_or(Cow::Borrowed(inside));
                path.push('.');
                path.push_str(&name);
                key = Some(name);
                // Behind the colon.
                at = skip_space(bytes, skip_space(bytes, end) + 1);
            }
            frame.count += 1;
        }
        begins = false;
        let byte = *bytes.get(at)?;
        let end = match byte {
            b'"' => scan_string(bytes, at + 1).ok()?.0,
            b'{' | b'[' | b'}' | b']' | b',' => at + 1,
            _ => {
                let rest = bytes.get(at..)?;
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                at + rest.iter().position(ends).unwrap_or(rest.len())
            }
        };
        if part {
            let scalar = if matches!(byte, b'{' | b'[') { None } else { source.get(at..end) };
            if is_enough(&Part { path: &path, known, ordinals: &ordinals, key, scalar }) {
                return Some(());
            }
        }
        match byte {
            b'{' | b'[' => open.push(Frame { length: path.len(), is_list: byte == b'[', count: 0 }),
            b'}' | b']' => {
                open.pop()?;
            }
            _ => {}
        }
        at = end;
    }
    Some(())
}

/// Whether a path passes whose first `known` bytes did not by themselves: only what reaches into the rest is looked at.
fn passes(path: &str, known: usize, test: &TextTest) -> bool {
    match test {
        TextTest::Contains(needle) => needle.is_in(reaching_into(path, known, needle)),
        _ if path.len() > MOST_COMPARED => false,
        test => test.passes(path),
    }
}

/// The end of a path, from where a text could begin that was not whole before: folding keeps the number of characters.
fn reaching_into<'p>(path: &'p str, known: usize, needle: &Needle) -> &'p str {
    let before = path.get(..known).unwrap_or_default();
    let back = needle.folded().chars().count().saturating_sub(1);
    let from = before.char_indices().rev().take(back).last().map_or(known, |(at, _)| at);
    path.get(from..).unwrap_or(path)
}
