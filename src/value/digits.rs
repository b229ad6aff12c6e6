//! Decimal digits of all scripts, and their translation to ASCII as Python's `int` and `float` do it.

use std::borrow::Cow;

/// The zeros of all runs of ten decimal digits (general category Nd) beyond ASCII in Unicode 14, the version of Python 3.11.
#[rustfmt::skip]
const ZEROS: [u32; 65] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136,
    0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0,
    0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// The value of a decimal digit of any script.
pub(super) fn decimal_digit(c: char) -> Option<u8> {
    let code = u32::from(c);
    if code < 0x80 {
        return c.is_ascii_digit().then(|| code as u8 - b'0');
    }
    let zero = ZEROS.get(ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?)?;
    u8::try_from(code - zero).ok().filter(|&digit| digit < 10)
}

/// The text with its digits in ASCII; `None` where it holds anything else that is not ASCII.
pub(super) fn to_ascii(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let ascii = |c: char| if c.is_ascii() { Some(c) } else { decimal_digit(c).map(|digit| char::from(b'0' + digit)) };
    text.chars().map(ascii).collect::<Option<String>>().map(Cow::Owned)
}
