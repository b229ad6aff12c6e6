//! The paths inside of a document, as people write them: `cart.items[0].price`.

use super::expression::TextTest;
use super::needle::Needle;
use crate::value::json::{Scanned, scan_string, skip_space, unescape};
use std::borrow::Cow;
use std::fmt::Write;

/// Longer paths are not compared with patterns, which are compared with whole paths.
const MOST_COMPARED: usize = 4_096;

/// An object or list that is open: how long the path to it is, and at which element it is.
struct Frame {
    length: usize,
    index: Option<usize>,
}

/// Whether the path of any part of a variable passes. `document` is the JSON of its value; a value without parts has one path.
pub(super) fn any_path(name: &str, document: Option<(&str, Scanned)>, test: &TextTest) -> bool {
    let mut path = name.to_owned();
    if passes(&path, 0, test) {
        return true;
    }
    let Some((source, value)) = document else { return false };
    walk(source, value, &mut path, test).unwrap_or(false)
}

/// One pass over the tokens. `None` where the source ends too early, which checked documents do not.
fn walk(source: &str, value: Scanned, path: &mut String, test: &TextTest) -> Option<bool> {
    let bytes = source.as_bytes();
    let mut open: Vec<Frame> = Vec::new();
    let (mut at, mut begins) = (value.start, true);
    while at < value.end {
        at = skip_space(bytes, at);
        let byte = *bytes.get(at)?;
        // A key or an element begins: it is a path of its own.
        if !begins && !matches!(byte, b'}' | b']' | b',') {
            let frame = open.last_mut()?;
            path.truncate(frame.length);
            match &mut frame.index {
                Some(index) => {
                    let _ = write!(path, "[{index}]");
                    *index += 1;
                }
                None => {
                    let (end, _) = scan_string(bytes, at + 1).ok()?;
                    let inside = source.get(at + 1..end - 1)?;
                    path.push('.');
                    path.push_str(&unescape(inside).unwrap_or(Cow::Borrowed(inside)));
                    // Behind the colon.
                    at = skip_space(bytes, skip_space(bytes, end) + 1);
                }
            }
            if passes(path, frame.length, test) {
                return Some(true);
            }
        }
        begins = false;
        match *bytes.get(at)? {
            b'{' => open.push(Frame { length: path.len(), index: None }),
            b'[' => open.push(Frame { length: path.len(), index: Some(0) }),
            b'}' | b']' => {
                open.pop()?;
            }
            b',' => {}
            b'"' => {
                at = scan_string(bytes, at + 1).ok()?.0;
                continue;
            }
            _ => {
                let rest = bytes.get(at..)?;
                at += rest
                    .iter()
                    .position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'))
                    .unwrap_or(rest.len());
                continue;
            }
        }
        at += 1;
    }
    Some(false)
}

/// Whether a path passes whose first `known` bytes did not by themselves: only what reaches into the rest is looked at.
fn passes(path: &str, known: usize, test: &TextTest) -> bool {
    match test {
        TextTest::Contains(needle) => needle.is_in(reaching_into(path, known, needle)),
        _ if path.len() > MOST_COMPARED => false,
        test => test.passes(path),
    }
}

/// The end of a path, from where a text could begin that was not whole before.
fn reaching_into<'p>(path: &'p str, known: usize, needle: &Needle) -> &'p str {
    // A character folds to one of at most three times its length.
    let mut from = known.saturating_sub(needle.folded().len().saturating_mul(3));
    while !path.is_char_boundary(from) {
        from -= 1;
    }
    path.get(from..).unwrap_or(path)
}
