//! Bodies by chance, always the same for the same seed: first well formed ones of every shape, then spoilt.

/// Marsaglia's xorshift with 64 bits.
pub struct Chance(u64);

impl Chance {
    /// The numbers of a seed; neighbouring seeds give unlike numbers.
    pub fn new(seed: u64) -> Chance {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        chance.next();
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit.max(1)
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const STRINGS: [&str; 26] = [
    "a",
    "name",
    "",
    "42",
    "007",
    "-0",
    "1.10",
    "1e400",
    "true",
    "null",
    " 42 ",
    "nan",
    "{\\\"a\\\":1}",
    "[1,2]",
    "{\\\"a\\\":",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud83d",
    "é",
    "😀",
    "\\n",
    "\\\\",
    "__proto__",
    "*****",
    "_x",
    "user",
];
const NUMBERS: [&str; 10] =
    ["0", "-0", "42", "1.10", "1e3", "-1.5E-7", "12345678901234567890", "1e400", "9007199254740993", "0.1"];
const SCOPES: [&str; 6] = ["user", "session", "bot", "global", "campaign", ""];
const KEYS: [&str; 12] =
    ["a", "b", "a.b", "__proto__", "", "\\u0061", "\\ud800", "é", "error", "_sys", "lang", "context"];
const FRAGMENTS: [&[u8]; 22] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\u",
    b"\\ud83d",
    b"\xff",
    b"\xed\xa0\x80",
    b"null",
    b"1",
    b"e",
    b"\0",
    b"\xef\xbb\xbf",
    b"\n",
    b"\"variables\":[",
    b"\"context\":",
    b"\"value\":",
    b"{\"a\":1}",
];

/// One body in so many has as many rows as fill the tables of names, scopes and layouts.
const LONG: usize = 500;

/// Writes a body. Shapes have a line each.
pub fn body(chance: &mut Chance, out: &mut Vec<u8>) {
    out.clear();
    let mut text = std::mem::take(out);
    match chance.below(22) {
        _ if chance.below(LONG) == 0 => many_rows(chance, &mut text),
        0..6 => rows(chance, &mut text),
        6 => wrap(chance, &mut text, &[("input", 0), ("context", 0), ("profile", 0), ("state", 1), ("sessionId", 1)]),
        7 => wrap(chance, &mut text, &[("cc", 0), ("contextJson", 2), ("userId", 1)]),
        8 => wrap(chance, &mut text, &[("epoch", 3), ("context", 2), ("flowId", 1)]),
        9 => wrap(chance, &mut text, &[("profile", 0), ("contactIds", 4), ("_id", 1), ("schema", 5)]),
        10 => list(chance, &mut text, "items", &[("inputId", 1), ("source", 1), ("inputText", 1), ("inputData", 3)]),
        11 => list(chance, &mut text, "value", &[("sessionId", 1), ("inputText", 1), ("inputData", 2), ("custom1", 1)]),
        12 => list(chance, &mut text, "items", &[("profile", 0), ("contactIds", 4)]),
        13 => wrap(chance, &mut text, &[("text", 1), ("data", 0), ("outputStack", 6)]),
        15 => wrap(chance, &mut text, &[("session_id", 1), ("variables", 7), ("metrics", 0)]),
        16 => list(chance, &mut text, "items", &[("msg", 1), ("meta", 0), ("traceId", 1), ("type", 1)]),
        17 => wrap(chance, &mut text, &[("meta", 0), ("request", 9), ("response", 0), ("custom", 2)]),
        18 => wrap(chance, &mut text, &[("data", 9)]),
        20 => {
            text.extend_from_slice(b"{\"_embedded\":");
            list(chance, &mut text, "contacts", &[("profile", 0), ("contactIds", 4), ("name", 1)]);
            text.push(b'}');
        }
        21 => wrap(chance, &mut text, &[("schema", 5), ("details", 4), ("items", 4)]),
        14 => wrap(chance, &mut text, &[("context", 0), ("referenceId", 1), ("name", 1)]),
        _ => value(chance, &mut text, 3),
    }
    *out = text;
    if chance.below(2) == 0 {
        spoil(chance, out);
    }
}

fn rows(chance: &mut Chance, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"variables\":[");
    for place in 0..chance.below(4) {
        if place > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"name\":\"");
        out.extend_from_slice(chance.one_of(&STRINGS).as_bytes());
        out.extend_from_slice(b"\",\"value\":");
        value(chance, out, 2);
        out.extend_from_slice(b",\"scope\":\"");
        out.extend_from_slice(chance.one_of(&SCOPES).as_bytes());
        out.extend_from_slice(if chance.below(6) == 0 { b"\",\"type\":\"int\"}" } else { b"\"}" });
    }
    out.extend_from_slice(b"]}");
}

/// Rows of up to 40 scopes in up to 12 layouts, which differ in the order of members, white space, and members without a meaning.
fn many_rows(chance: &mut Chance, out: &mut Vec<u8>) {
    let (scopes, layouts) = (1 + chance.below(40), 1 + chance.below(12));
    out.extend_from_slice(b"{\"variables\":[");
    for place in 0..40 + chance.below(61) {
        let layout = chance.below(layouts);
        let space = &b"    "[..layout / 3];
        out.extend_from_slice(if place > 0 { b",{" } else { b"{" });
        for member in 0..3 {
            out.extend_from_slice(space);
            match (member + layout) % 3 {
                0 => out.extend_from_slice(b"\"name\":"),
                1 => out.extend_from_slice(b"\"value\":"),
                _ => out.extend_from_slice(b"\"scope\":"),
            }
            out.extend_from_slice(space);
            match (member + layout) % 3 {
                0 if chance.below(8) == 0 => string(chance, out, &STRINGS),
                0 => out.extend_from_slice(format!("\"n{}\"", chance.below(120)).as_bytes()),
                1 => value(chance, out, 1),
                _ => out.extend_from_slice(format!("\"s{}\"", chance.below(scopes)).as_bytes()),
            }
            out.extend_from_slice(if member < 2 { b"," } else { b"" });
        }
        if layout % 4 == 3 {
            out.extend_from_slice(format!(",\"x{layout}\":{layout}").as_bytes());
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
}

/// An object with these members; the number says what each of them is.
fn wrap(chance: &mut Chance, out: &mut Vec<u8>, members: &[(&str, u8)]) {
    out.push(b'{');
    let mut first = true;
    for (name, what) in members {
        if chance.below(5) == 0 {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        member(chance, out, *what);
    }
    out.push(b'}');
}

fn member(chance: &mut Chance, out: &mut Vec<u8>, what: u8) {
    match what {
        0 => object(chance, out, 2),
        1 => string(chance, out, &STRINGS),
        2 => {
            let mut inner = Vec::new();
            object(chance, &mut inner, 1);
            out.push(b'"');
            for byte in inner {
                if matches!(byte, b'"' | b'\\') {
                    out.push(b'\\');
                }
                out.push(byte);
            }
            out.push(b'"');
        }
        4 => array(chance, out, 1),
        5 => out.extend_from_slice(b"{\"a\":\"number\",\"b\":\"string\",\"lang\":7}"),
        6 => {
            out.extend_from_slice(b"[{\"data\":");
            value(chance, out, 2);
            out.extend_from_slice(b"},1]");
        }
        7 => {
            out.extend_from_slice(b"{\"a\":{\"value\":1,\"scope\":\"user\"},");
            string(chance, out, &KEYS);
            out.extend_from_slice(b":");
            wrap(chance, out, &[("value", 3), ("scope", 1), ("type", 1), ("is_system", 3), ("others", 8)]);
            out.push(b'}');
        }
        9 => {
            out.extend_from_slice(b"{\"__debug\":");
            wrap(chance, out, &[("context", 2), ("profile", 0), ("v", 3)]);
            out.push(b'}');
        }
        8 => {
            out.push(b'[');
            wrap(chance, out, &[("value", 3), ("scope", 1)]);
            out.extend_from_slice(b",1]");
        }
        _ => value(chance, out, 1),
    }
}

fn list(chance: &mut Chance, out: &mut Vec<u8>, name: &str, members: &[(&str, u8)]) {
    out.extend_from_slice(b"{\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":[");
    for place in 0..chance.below(3) {
        if place > 0 {
            out.push(b',');
        }
        wrap(chance, out, members);
    }
    out.extend_from_slice(b"],\"total\":1}");
}

fn string(chance: &mut Chance, out: &mut Vec<u8>, of: &[&str]) {
    out.push(b'"');
    out.extend_from_slice(chance.one_of(of).as_bytes());
    out.push(b'"');
}

fn value(chance: &mut Chance, out: &mut Vec<u8>, depth: usize) {
    match chance.below(if depth == 0 { 8 } else { 11 }) {
        0..4 => string(chance, out, &STRINGS),
        4..6 => out.extend_from_slice(chance.one_of(&NUMBERS).as_bytes()),
        6 => out.extend_from_slice(chance.one_of(&["true", "false"]).as_bytes()),
        7 => out.extend_from_slice(b"null"),
        8 => array(chance, out, depth),
        _ => object(chance, out, depth),
    }
}

fn array(chance: &mut Chance, out: &mut Vec<u8>, depth: usize) {
    out.push(b'[');
    for place in 0..chance.below(3) {
        if place > 0 {
            out.extend_from_slice(b", ");
        }
        value(chance, out, depth - 1);
    }
    out.push(b']');
}

fn object(chance: &mut Chance, out: &mut Vec<u8>, depth: usize) {
    out.push(b'{');
    for place in 0..chance.below(4) {
        if place > 0 {
            out.push(b',');
        }
        string(chance, out, &KEYS);
        out.push(b':');
        value(chance, out, depth - 1);
    }
    out.push(b'}');
}

/// Changes a few bytes: one is flipped, lost, or doubled, a fragment is put in, or the end is cut off.
fn spoil(chance: &mut Chance, out: &mut Vec<u8>) {
    for _ in 0..=chance.below(3) {
        let at = chance.below(out.len() + 1);
        match chance.below(5) {
            0 => out.truncate(at),
            1 if at < out.len() => {
                out.remove(at);
            }
            2 if at < out.len() => out[at] ^= 1 << chance.below(8),
            3 => {
                let end = (at + chance.below(12)).min(out.len());
                out.extend_from_within(at..end);
            }
            _ => {
                let fragment = FRAGMENTS[chance.below(FRAGMENTS.len())];
                out.splice(at..at, fragment.iter().copied());
            }
        }
    }
}
