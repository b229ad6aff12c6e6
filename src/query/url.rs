//! The parts of URLs, judged and written without a URL library: the few forms that are let through are stricter than any.

/// Origin in normal form, and the rest as it stands. The reason for a refusal is one of our own sentences.
pub(super) fn split_url(url: &str) -> Result<(String, String), &'static str> {
    let (scheme, rest) = url.split_once("://").ok_or("The base URL must begin with https://.")?;
    let scheme = scheme.to_ascii_lowercase();
    let cut = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(cut).unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err("The base URL may not contain a user name or password.");
    }
    let (host, port) = split_port(authority).ok_or("The port of the base URL is not a number.")?;
    let host = host.to_ascii_lowercase();
    if !is_host(&host) {
        return Err("The host of the base URL is missing or has characters that a host cannot have.");
    }
    let default_port = match scheme.as_str() {
        "https" => 443,
        "http" if is_loopback(&host) => 80,
        "http" => return Err("The base URL must be https; http is for loopback addresses only."),
        _ => return Err("The base URL must begin with https://."),
    };
    let origin = match port {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    };
    Ok((origin, path.to_owned()))
}

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    // The colons of an IPv6 address stand inside brackets.
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority.get(after_host..)?.rfind(':') {
        None => Some((authority, None)),
        Some(colon) => {
            let (host, port) = authority.split_at_checked(after_host + colon)?;
            let port = port.get(1..)?;
            match port {
                "" => Some((host, None)),
                _ if port.bytes().all(|byte| byte.is_ascii_digit()) => Some((host, Some(port.parse().ok()?))),
                _ => None,
            }
        }
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.contains(':')
            && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    }
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// RFC 6761 §6.3 for the name, RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3 for the addresses, in their usual spellings.
fn is_loopback(host: &str) -> bool {
    let octets: Vec<&str> = host.split('.').collect();
    let is_octet = |octet: &&str| octet.parse::<u8>().is_ok();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || (octets.len() == 4 && octets.first() == Some(&"127") && octets.iter().all(is_octet))
}

/// No dot segment in any spelling, no percent sign but of an escape (what is put behind it would become part of one), nothing that would
/// not be sent as it stands.
pub(super) fn is_plain_path(path: &str) -> bool {
    let clean =
        path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'{' | b'}' | b'"' | b'<' | b'>'));
    let whole = |escape: &str| escape.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    clean
        && path.split('%').skip(1).all(whole)
        && path.split('/').all(|segment| {
            let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
            decoded != "." && decoded != ".."
        })
}

/// What may name a parameter without being encoded.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// A text as one segment of a path.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    encode_into(&mut out, text);
    out
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
pub(super) fn encode_into(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
}
