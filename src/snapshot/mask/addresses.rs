//! Addresses of people and machines.

/// An e-mail address around the `@` at `at`.
pub(super) fn email(text: &[u8], at: usize) -> bool {
    const MOST_LOCAL: usize = 64;
    const MOST_DOMAIN: usize = 255;
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-'".contains(byte) || !byte.is_ascii();
    let local = before.iter().rev().take(MOST_LOCAL).take_while(|byte| is_local(byte)).count();
    let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte) || !byte.is_ascii();
    let length = after.iter().take(MOST_DOMAIN).take_while(|byte| is_domain(byte)).count();
    let domain = after.get(..length).unwrap_or_default().trim_ascii_end();
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    let Some(dot) = domain.iter().rposition(|byte| *byte == b'.') else { return false };
    let last = domain.get(dot + 1..).unwrap_or_default();
    local > 0 && dot > 0 && last.len() >= 2 && last.iter().all(|byte| !byte.is_ascii_digit()) && !is_image(domain, last)
}

/// `logo@2x.png` names a picture for a dense screen.
fn is_image(domain: &[u8], last: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 6] = [b"png", b"jpg", b"jpeg", b"gif", b"webp", b"svg"];
    domain.first().is_some_and(u8::is_ascii_digit) && ENDINGS.contains(&last)
}

/// Whether an address of IPv4 begins the text, other than those of the machine itself and of nobody.
pub(super) fn ipv4(text: &[u8]) -> bool {
    let mut octets = [0u16; 4];
    let mut at = 0;
    for (place, octet) in octets.iter_mut().enumerate() {
        if place > 0 {
            if text.get(at) != Some(&b'.') {
                return false;
            }
            at += 1;
        }
        let digits = text.iter().skip(at).take(3).take_while(|byte| byte.is_ascii_digit()).count();
        *octet = text.iter().skip(at).take(digits).fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        if digits == 0 || *octet > 255 {
            return false;
        }
        at += digits;
    }
    let goes_on = match (text.get(at), text.get(at + 1)) {
        (Some(b'.'), Some(next)) => next.is_ascii_digit(),
        (Some(next), _) => next.is_ascii_alphanumeric() || *next == b'_',
        (None, _) => false,
    };
    !goes_on && !matches!(octets, [0 | 127, ..] | [255, 255, 255, 255])
}

/// Whether an address of IPv6 begins the text, other than `::1` and its like.
pub(super) fn ipv6(text: &[u8]) -> bool {
    const LONGEST: usize = 40;
    let length = text.iter().take(LONGEST).take_while(|byte| byte.is_ascii_hexdigit() || **byte == b':').count();
    let run = text.get(..length).unwrap_or_default();
    if text.get(length).is_some_and(|next| next.is_ascii_alphanumeric())
        || !run.contains(&b':')
        || !run.iter().any(u8::is_ascii_digit)
    {
        return false;
    }
    let (mut groups, mut empty) = (0, 0);
    for group in run.split(|byte| *byte == b':') {
        match group.len() {
            0 => empty += 1,
            1..=4 => groups += 1,
            _ => return false,
        }
    }
    (groups == 8 && empty == 0) || ((2..=7).contains(&groups) && empty == 1)
}

/// Whether a telephone number begins the text: 9 to 15 digits behind `+` or `0`, grouped as people write them.
pub(super) fn phone(text: &[u8]) -> bool {
    const LONGEST: usize = 64;
    let mut digits = 0;
    if !matches!(text.first(), Some(b'+' | b'0' | b'(')) {
        return false;
    }
    for byte in text.iter().take(LONGEST) {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'+' | b' ' | b'-' | b'(' | b')' | b'/' | b'.' => {}
            _ if byte.is_ascii_alphabetic() => return false,
            _ => break,
        }
        if digits > 15 {
            return false;
        }
    }
    digits >= 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_people() {
        let is = |text: &str| text.find('@').is_some_and(|at| email(text.as_bytes(), at));
        assert!(is("max.muster+x@mail.example.com") && is("write to j@b.de.") && is("käthe@müller.example"));
        assert!(!is("logo@2x.png") && !is("@types/node") && !is("user@host") && !is("a@b.1") && !is("pkg@1.2.3"));
    }

    #[test]
    fn addresses_of_machines() {
        assert!(ipv4(b"203.0.113.7") && ipv4(b"10.0.0.1:80") && ipv4(b"8.8.8.8."));
        assert!(
            !ipv4(b"127.0.0.1") && !ipv4(b"0.0.0.0") && !ipv4(b"1.2.3") && !ipv4(b"1.2.3.4.5") && !ipv4(b"300.1.1.1")
        );
        assert!(
            ipv6(b"2001:db8::8a2e:370:7334") && ipv6(b"fe80::1") && ipv6(b"2001:0db8:0000:0000:0000:ff00:0042:8329")
        );
        assert!(
            !ipv6(b"12:30:45") && !ipv6(b"::1") && !ipv6(b"aa:bb:cc:dd:ee:ff") && !ipv6(b"a::b") && !ipv6(b"1::2::3")
        );
    }
}
