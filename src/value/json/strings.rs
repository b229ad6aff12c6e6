//! Finds the end of a JSON string and checks its form on the way.

use super::block::{BYTES, Block};
use super::scan::{Fault, FaultKind, Strings};

const fn end(offset: usize) -> Fault {
    Fault { kind: FaultKind::End, offset }
}

const fn syntax(offset: usize) -> Fault {
    Fault { kind: FaultKind::Syntax, offset }
}

/// Scans a string from the byte after its opening quote; gives the byte after the closing quote.
pub fn scan_string(bytes: &[u8], mut at: usize) -> Result<(usize, Strings), Fault> {
    let mut seen = Strings::default();
    // Whether the block before ended with a backslash that escapes the first byte of this one.
    let mut open = 0;
    loop {
        let block = Block::at(bytes, at);
        let stops = block.stops();
        if stops | open == 0 {
            seen.non_ascii |= block.any_high();
            at += BYTES;
            continue;
        }
        let first = at + stops.trailing_zeros() as usize;
        if open == 0 && bytes.get(first) == Some(&b'"') {
            seen.non_ascii |= block.any_high() && block.high() & below_first(stops) != 0;
            return Ok((first + 1, seen));
        }
        let backslashes = block.is(b'\\');
        let (escaped, next) = escaped_by(backslashes, open);
        let quotes = block.is(b'"');
        let closing = quotes & !escaped;
        let inside = below_first(closing);
        seen.escaped |= backslashes & inside != 0;
        seen.non_ascii |= block.high() & inside != 0;
        // Escapes of other characters than the two that nearly all escapes in nested JSON are of.
        let mut others = escaped & inside & !quotes & !backslashes;
        let controls = stops & inside & !quotes & !backslashes;
        let readable = below_first(controls);
        let resume = loop {
            let place = (others & readable).trailing_zeros() as usize;
            if place == BYTES {
                break None;
            }
            if !matches!(bytes.get(at + place), Some(b'n' | b'r' | b't' | b'/' | b'b' | b'f')) {
                break Some(at + place - 1);
            }
            others &= others - 1;
        };
        if let Some(backslash) = resume {
            at = scan_escape(bytes, backslash, &mut seen)?;
            open = 0;
            continue;
        }
        if controls != 0 {
            let place = at + controls.trailing_zeros() as usize;
            // Zeros stand behind the end of the bytes.
            return Err(if place < bytes.len() { syntax(place) } else { end(bytes.len()) });
        }
        if closing != 0 {
            return Ok((at + closing.trailing_zeros() as usize + 1, seen));
        }
        open = next;
        at += BYTES;
    }
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

/// Scans an escape from its backslash. A high surrogate is taken together with the low one that follows it.
fn scan_escape(bytes: &[u8], at: usize, seen: &mut Strings) -> Result<usize, Fault> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let unit = hex4(bytes, at + 2)?;
            let next = at + 6;
            match unit {
                0xD800..=0xDBFF if low_surrogate_follows(bytes, next)? => return Ok(next + 6),
                0xD800..=0xDFFF => seen.lone_surrogate = true,
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
                    at = scan_escape(bytes, at, &mut seen)?;
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
