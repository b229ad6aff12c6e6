//! The members of an object and the elements of an array, one by one.

use super::scan::{Fault, FaultKind, JsonKind, Scanned, Strings, scan_value, skip_space};
use super::strings::scan_string;

/// A member or an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Child {
    /// Where the member's name stands, without its quotes; `None` in an array.
    pub key: Option<(usize, usize)>,
    /// What the name holds.
    pub key_strings: Strings,
    /// The value.
    pub value: Scanned,
}

/// Walks the children of a container. Yields a fault once, where the text stops being JSON, and then ends.
///
/// ```
/// use cognigy_session_debugger::value::json::Children;
/// let text = br#"{"a": 1, "b": [2]}"#;
/// let kinds: Vec<_> = Children::new(text, 0).map(|child| child.unwrap().value.kind).collect();
/// assert_eq!(kinds.len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Children<'a> {
    bytes: &'a [u8],
    at: usize,
    object: bool,
    first: bool,
    done: bool,
}

impl<'a> Children<'a> {
    /// The children of the container whose opening bracket is at `at`. A scalar has none.
    pub fn new(bytes: &'a [u8], at: usize) -> Children<'a> {
        let bracket = bytes.get(at).copied();
        let container = matches!(bracket, Some(b'{' | b'['));
        Children { bytes, at: at + 1, object: bracket == Some(b'{'), first: true, done: !container }
    }

    /// The byte after the container's closing bracket, once all children have been taken.
    pub fn end(&self) -> usize {
        self.at
    }

    /// The same walk, over bytes that begin with those it began on: a buffer that has grown since.
    ///
    /// ```
    /// use cognigy_session_debugger::value::json::Children;
    /// let mut buffer = b"[1,2]".to_vec();
    /// let mut walk = Children::new(&buffer, 0);
    /// assert_eq!(walk.next().unwrap().unwrap().value.start, 1);
    /// let parked = walk.on(&[]);
    /// buffer.extend_from_slice(b" more");
    /// assert_eq!(parked.on(&buffer).next().unwrap().unwrap().value.start, 3);
    /// ```
    pub fn on(self, bytes: &[u8]) -> Children<'_> {
        Children { bytes, at: self.at, object: self.object, first: self.first, done: self.done }
    }

    fn fault(&self, at: usize) -> Fault {
        let kind = if at >= self.bytes.len() { FaultKind::End } else { FaultKind::Syntax };
        Fault { kind, offset: at }
    }

    fn expect(&self, at: usize, byte: u8) -> Result<usize, Fault> {
        if self.bytes.get(at) == Some(&byte) { Ok(at + 1) } else { Err(self.fault(at)) }
    }

    fn step(&mut self) -> Result<Option<Child>, Fault> {
        let mut at = skip_space(self.bytes, self.at);
        let close = if self.object { b'}' } else { b']' };
        if self.bytes.get(at) == Some(&close) {
            self.at = at + 1;
            return Ok(None);
        }
        if !self.first {
            at = skip_space(self.bytes, self.expect(at, b',')?);
        }
        self.first = false;
        let mut key = None;
        let mut key_strings = Strings::default();
        if self.object {
            let start = self.expect(at, b'"')?;
            let (end, strings) = scan_string(self.bytes, start)?;
            key_strings = strings;
            key = Some((start, end - 1));
            at = skip_space(self.bytes, self.expect(skip_space(self.bytes, end), b':')?);
        }
        let value = scan_value(self.bytes, at)?;
        self.at = value.end;
        Ok(Some(Child { key, key_strings, value }))
    }
}

impl Iterator for Children<'_> {
    type Item = Result<Child, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let child = self.step().transpose();
        self.done = !matches!(child, Some(Ok(_)));
        child
    }
}

/// How many children a container has; 0 for a scalar and for what is not JSON.
pub fn count(bytes: &[u8], value: Scanned) -> usize {
    if value.kind == JsonKind::Array || value.kind == JsonKind::Object {
        Children::new(bytes, value.start).filter(Result::is_ok).count()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_members_and_elements() {
        let text = br#" { "a" : 1 , "b":[2,{"c":3}], "a":"x" } "#;
        let mut children = Children::new(text, 1);
        let keys: Vec<_> = children
            .by_ref()
            .map(|child| {
                let (start, end) = child.unwrap().key.unwrap();
                std::str::from_utf8(&text[start..end]).unwrap().to_owned()
            })
            .collect();
        assert_eq!(keys, ["a", "b", "a"]);
        assert_eq!(children.end(), text.len() - 1);
        assert_eq!(Children::new(b"[]", 0).count(), 0);
        assert_eq!(Children::new(b"12", 0).count(), 0);
    }

    #[test]
    fn stops_at_the_first_fault() {
        let results: Vec<_> = Children::new(b"[1 2]", 0).collect();
        assert_eq!(results.len(), 2);
        assert_eq!(results[1].unwrap_err().offset, 3);
        assert_eq!(Children::new(b"[1,", 0).last().unwrap().unwrap_err().kind, FaultKind::End);
    }
}
