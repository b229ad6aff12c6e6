//! Numbers that carry their own check: payment cards and bank accounts.

/// The longest number that a card has, in digits.
const MOST_CARD_DIGITS: usize = 19;

/// Whether a payment card's number begins the text: one that a network gives out, with the check digit that Luhn's rule asks
/// for. Groups of digits may stand apart by one space or hyphen.
pub(super) fn card(text: &[u8]) -> bool {
    let mut digits = [0u8; MOST_CARD_DIGITS];
    let mut count = 0;
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte.is_ascii_digit() {
            let Some(slot) = digits.get_mut(count) else { return false };
            *slot = byte - b'0';
            count += 1;
        } else if !matches!(byte, b' ' | b'-') {
            return false;
        }
        let next = bytes.peek().copied();
        let ends = byte.is_ascii_digit() && next.is_none_or(|next| !next.is_ascii_alphanumeric());
        if ends && digits.get(..count).is_some_and(|digits| is_issued(digits) && luhn(digits)) {
            return true;
        }
        if !byte.is_ascii_digit() && !next.is_some_and(|next| next.is_ascii_digit()) {
            return false;
        }
    }
    false
}

/// The ranges that the networks give out, by first four digits and length (ISO/IEC 7812 and the networks' own tables).
fn is_issued(digits: &[u8]) -> bool {
    const RANGES: [(u32, u32, &[usize]); 12] = [
        (4000, 4999, &[16, 19]),
        (5100, 5599, &[16]),
        (2221, 2720, &[16]),
        (3400, 3499, &[15]),
        (3700, 3799, &[15]),
        (6011, 6011, &[16, 19]),
        (6440, 6599, &[16, 19]),
        (6221, 6229, &[16, 19]),
        (3528, 3589, &[16, 19]),
        (3000, 3059, &[14, 16]),
        (3600, 3999, &[14, 16]),
        (5000, 5099, &[16, 18, 19]),
    ];
    let first = digits.iter().take(4).fold(0, |sum, digit| sum * 10 + u32::from(*digit));
    RANGES.iter().any(|(from, to, lengths)| (*from..=*to).contains(&first) && lengths.contains(&digits.len()))
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(*digit) << (place % 2) {
            twice @ 10.. => twice - 9,
            once => once,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Country and length of each IBAN (ISO 13616 registry).
const IBAN_LENGTHS: &[u8] = b"AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24\
    FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27\
    MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28\
    TL23TN24TR26UA29VA22VG24XK20YE30";

/// Whether an IBAN begins the text: a country's length, and the rest of 1 by 97. Groups may stand apart by one space.
pub(super) fn iban(text: &[u8]) -> bool {
    let country = text.get(..2).unwrap_or_default().to_ascii_uppercase();
    let Some(length) = IBAN_LENGTHS.chunks_exact(4).find_map(|known| match known {
        [a, b, tens, ones] if country == [*a, *b] => Some(usize::from(tens - b'0') * 10 + usize::from(ones - b'0')),
        _ => None,
    }) else {
        return false;
    };
    let mut compact = Vec::with_capacity(length);
    let mut bytes = text.iter().copied().peekable();
    while compact.len() < length {
        match bytes.next() {
            Some(byte) if byte.is_ascii_alphanumeric() => compact.push(byte.to_ascii_uppercase()),
            Some(b' ') if bytes.peek().is_some_and(u8::is_ascii_alphanumeric) => {}
            _ => return false,
        }
    }
    compact.rotate_left(4);
    let rest = compact.iter().fold(0u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1 && !bytes.peek().is_some_and(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_issued_and_checked() {
        for yes in
            ["4111111111111111", "4111 1111 1111 1111", "378282246310005", "5555-5555-5555-4444 x", "30569309025904"]
        {
            assert!(card(yes.as_bytes()), "{yes}");
        }
        for no in ["4111111111111112", "1111111111111117", "41111111111111111", "4111111111111111a", "4111", ""] {
            assert!(!card(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn ibans_leave_one_by_97() {
        for yes in
            ["DE89370400440532013000", "de89 3704 0044 0532 0130 00.", "NO9386011117947", "GB29NWBK60161331926819"]
        {
            assert!(iban(yes.as_bytes()), "{yes}");
        }
        for no in [
            "DE88370400440532013000",
            "DE8937040044053201300",
            "XX89370400440532013000",
            "DE",
            "DE893704004405320130001",
        ] {
            assert!(!iban(no.as_bytes()), "{no}");
        }
    }
}
