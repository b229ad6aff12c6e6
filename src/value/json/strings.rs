//! Finds the end of a JSON string and checks its form on the way.

use super::block::{BYTES, Block};
use super::scan::{Fault, FaultKind, Strings};

const fn end(offset: usize) -> Fault {
    Fault { kind: FaultKind::End, offset }
}

const fn syntax(offset: usize) -> Fault {
    Fault { kind: FaultKind::Syntax, offset }
}

/// The end of a string and what is in it, or where it stops being one: in one word, since it is asked for some hundred
/// thousand times a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StringEnd(u64);

impl StringEnd {
    const ESCAPED: u64 = 1 << 56;
    const NON_ASCII: u64 = 2 << 56;
    const LONE_SURROGATE: u64 = 4 << 56;
    /// The bytes end first.
    const ENDS: u64 = 8 << 56;
    /// A byte cannot stand where it does.
    const BROKEN: u64 = 16 << 56;

    /// The byte after the closing quote; where there is none, the one at fault.
    #[inline(always)]
    pub fn offset(self) -> usize {
        (self.0 & (Self::ESCAPED - 1)) as usize
    }

    /// What the string holds.
    #[inline(always)]
    pub fn strings(self) -> Strings {
        Strings {
            escaped: self.0 & Self::ESCAPED != 0,
            non_ascii: self.0 & Self::NON_ASCII != 0,
            lone_surrogate: self.0 & Self::LONE_SURROGATE != 0,
        }
    }

    /// Whether it is no string, or none that Unicode knows.
    #[inline(always)]
    pub fn is_odd(self) -> bool {
        self.0 & (Self::ENDS | Self::BROKEN | Self::LONE_SURROGATE) != 0
    }

    /// Joins what another string holds, and whether it is none. The offset means nothing after that.
    #[inline(always)]
    pub fn add(&mut self, other: StringEnd) {
        self.0 |= other.0;
    }

    /// Joins what other strings hold.
    #[inline(always)]
    pub fn note(&mut self, strings: Strings) {
        let bit = |set, bit| if set { bit } else { 0 };
        self.0 |= bit(strings.escaped, Self::ESCAPED)
            | bit(strings.non_ascii, Self::NON_ASCII)
            | bit(strings.lone_surrogate, Self::LONE_SURROGATE);
    }

    fn at(self, offset: usize) -> StringEnd {
        StringEnd(self.0 | offset as u64)
    }

    fn with(self, flag: u64) -> StringEnd {
        StringEnd(self.0 | flag)
    }

    fn fault(self) -> Option<FaultKind> {
        if self.0 & (Self::ENDS | Self::BROKEN) == 0 {
            return None;
        }
        Some(if self.0 & Self::ENDS != 0 { FaultKind::End } else { FaultKind::Syntax })
    }
}

impl From<Fault> for StringEnd {
    fn from(fault: Fault) -> StringEnd {
        let kind = if fault.kind == FaultKind::End { StringEnd::ENDS } else { StringEnd::BROKEN };
        StringEnd(kind).at(fault.offset)
    }
}

/// Scans a string from the byte after its opening quote; gives the byte after the closing quote.
#[inline]
pub fn scan_string(bytes: &[u8], at: usize) -> Result<(usize, Strings), Fault> {
    let end = string_end(bytes, at);
    match end.fault() {
        None => Ok((end.offset(), end.strings())),
        Some(kind) => Err(Fault { kind, offset: end.offset() }),
    }
}

/// As [`scan_string`], in one word.
pub fn string_end(bytes: &[u8], mut at: usize) -> StringEnd {
    let mut seen = StringEnd::default();
    // Whether the block before ended with a backslash that escapes the first byte of this one.
    let mut open = 0;
    loop {
        let block = Block::at(bytes, at);
        let stops = block.stops();
        if stops | open == 0 {
            if block.any_high() {
                seen = seen.with(StringEnd::NON_ASCII);
            }
            at += BYTES;
            continue;
        }
        let first = at + stops.trailing_zeros() as usize;
        if open == 0 && bytes.get(first) == Some(&b'"') {
            if block.any_high() && block.high() & below_first(stops) != 0 {
                seen = seen.with(StringEnd::NON_ASCII);
            }
            return seen.at(first + 1);
        }
        let backslashes = block.is(b'\\');
        let (escaped, next) = escaped_by(backslashes, open);
        let quotes = block.is(b'"');
        let closing = quotes & !escaped;
        let inside = below_first(closing);
        if backslashes & inside != 0 {
            seen = seen.with(StringEnd::ESCAPED);
        }
        if block.high() & inside != 0 {
            seen = seen.with(StringEnd::NON_ASCII);
        }
        let controls = stops & inside & !quotes & !backslashes;
        // Escapes of other characters than the two that nearly all escapes in nested JSON are of.
        let others = escaped & below_first(controls) & inside & !quotes & !backslashes;
        if let Some(backslash) = first_long_escape(bytes, at, others) {
            match scan_escape(bytes, backslash, &mut seen) {
                Ok(after) => at = after,
                Err(fault) => return fault.into(),
            }
            open = 0;
            continue;
        }
        if controls != 0 {
            let place = at + controls.trailing_zeros() as usize;
            // Zeros stand behind the end of the bytes.
            return if place < bytes.len() { syntax(place) } else { end(bytes.len()) }.into();
        }
        if closing != 0 {
            return seen.at(at + closing.trailing_zeros() as usize + 1);
        }
        open = next;
        at += BYTES;
    }
}

/// The first of these escaped bytes that is no letter which stands for one character, told by its backslash.
#[inline(always)]
fn first_long_escape(bytes: &[u8], at: usize, mut escaped: u64) -> Option<usize> {
    while escaped != 0 {
        let place = at + escaped.trailing_zeros() as usize;
        if !matches!(bytes.get(place), Some(b'n' | b'r' | b't' | b'/' | b'b' | b'f')) {
            return Some(place - 1);
        }
        escaped &= escaped - 1;
    }
    None
}

/// All bits below the lowest one.
const fn below_first(bits: u64) -> u64 {
    !bits & bits.wrapping_sub(1)
}

/// The bytes behind a backslash that is not escaped itself: in a run of backslashes every second one is. `open` says
/// that the first byte of the block is escaped; the second answer says it of the block that follows.
#[inline(always)]
fn escaped_by(backslashes: u64, open: u64) -> (u64, u64) {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let runs = backslashes & !open;
    let follows = runs << 1 | open;
    if follows & runs == 0 {
        return (follows, runs >> 63);
    }
    let starts = runs & !(runs << 1);
    // The carry clears each run that begins in an even place.
    let from_even = runs & !runs.wrapping_add(starts & EVEN);
    let escaping = (from_even & EVEN) | (runs & !from_even & !EVEN);
    (escaping << 1 | open, escaping >> 63)
}

/// Where the first half of a surrogate pair stands that has no other half, in JSON that is well formed otherwise.
///
/// ```
/// use cognigy_session_debugger::value::json::lone_surrogate_at;
/// assert_eq!(lone_surrogate_at(br#"["\ud83d\ude00","\\\ude00"]"#), Some(19));
/// assert_eq!(lone_surrogate_at(br#""\\ud83d""#), None);
/// ```
pub fn lone_surrogate_at(json: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'\\', json.get(at..)?)?;
        let mut seen = StringEnd::default();
        let after = scan_escape(json, at, &mut seen).ok()?;
        if seen.strings().lone_surrogate {
            return Some(at);
        }
        at = after;
    }
}

/// Scans an escape from its backslash. A high surrogate is taken together with the low one that follows it.
fn scan_escape(bytes: &[u8], at: usize, seen: &mut StringEnd) -> Result<usize, Fault> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let unit = hex4(bytes, at + 2)?;
            let next = at + 6;
            match unit {
                0xD800..=0xDBFF if low_surrogate_follows(bytes, next)? => return Ok(next + 6),
                0xD800..=0xDFFF => *seen = seen.with(StringEnd::LONE_SURROGATE),
                _ => {}
            }
            Ok(next)
        }
        Some(_) => Err(syntax(at + 1)),
        None => Err(end(at + 1)),
    }
}

fn low_surrogate_follows(bytes: &[u8], at: usize) -> Result<bool, Fault> {
    for (step, expected) in [b'\\', b'u'].into_iter().enumerate() {
        match bytes.get(at + step) {
            Some(byte) if *byte == expected => {}
            Some(_) => return Ok(false),
            None => return Err(end(at + step)),
        }
    }
    Ok(matches!(hex4(bytes, at + 2)?, 0xDC00..=0xDFFF))
}

pub(super) fn hex4(bytes: &[u8], at: usize) -> Result<u32, Fault> {
    let mut unit = 0;
    for place in at..at + 4 {
        let digit = match bytes.get(place) {
            Some(byte) => char::from(*byte).to_digit(16).ok_or(syntax(place))?,
            None => return Err(end(place)),
        };
        unit = unit << 4 | digit;
    }
    Ok(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte after the other, as RFC 8259 has it.
    fn slowly(bytes: &[u8], mut at: usize) -> Result<(usize, Strings), Fault> {
        let mut seen = Strings::default();
        loop {
            match bytes.get(at) {
                None => return Err(end(at)),
                Some(b'"') => return Ok((at + 1, seen)),
                Some(b'\\') => {
                    seen.escaped = true;
                    let mut more = StringEnd::default();
                    at = scan_escape(bytes, at, &mut more)?;
                    seen.add(more.strings());
                }
                Some(byte) if *byte < 0x20 => return Err(syntax(at)),
                Some(byte) => {
                    seen.non_ascii |= *byte >= 0x80;
                    at += 1;
                }
            }
        }
    }

    #[test]
    fn blocks_see_what_single_bytes_show() {
        const PARTS: [&[u8]; 12] = [
            b"x",
            b"\\\\",
            b"\\",
            b"\\\"",
            b"\"",
            b"\\n",
            b"\\u00e9",
            b"\\ud83d\\ude00",
            b"\x01",
            b"\xc3\xa9",
            b"\\x",
            b"plain text",
        ];
        let mut chance = 1_u64;
        let mut below = |limit: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from((chance >> 33) % limit).unwrap()
        };
        for _ in 0..200_000 {
            let mut text = vec![b'x'; below(90)];
            for _ in 0..below(12) {
                // Plain text and backslashes most of the time.
                let kind = below(3);
                text.extend_from_slice(PARTS[if kind == 0 { below(12) } else { kind - 1 }]);
            }
            text.extend(std::iter::repeat_n(b'y', below(80)));
            text.extend_from_slice(&b"\"                "[..below(18)]);
            assert_eq!(scan_string(&text, 0), slowly(&text, 0), "{}", String::from_utf8_lossy(&text));
        }
    }
}
