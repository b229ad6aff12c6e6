//! Names that promise a secret.

use super::rule::RuleId;

/// Where the words of an entry have to stand in a name. Nothing set: anywhere.
pub(super) const END: u8 = 1;
/// The words are the whole name.
pub(super) const WHOLE: u8 = 2;
/// The name is used for other things as well: what is inside an object or list of this name is judged by itself.
pub(super) const LEAF: u8 = 4;
/// Numbers of this name are counts.
pub(super) const TEXT: u8 = 8;
/// The entry is a part of a word, for names that are written as one.
const STEM: u8 = 16;

type Entry = (RuleId, u8, &'static [&'static str]);

/// The words of each rule. The first entry that fits decides.
const TABLE: [Entry; 40] = [
    (RuleId::PASSWORD, STEM, &["password", "passwd", "passphrase", "passwort", "kennwort", "contraseña", "motdepasse"]),
    (RuleId::PASSWORD, 0, &["pwd", "pass phrase", "pass word", "passcode", "mot de passe"]),
    (RuleId::PASSWORD, WHOLE, &["pass"]),
    (RuleId::PASSWORD, END, &["user pass", "db pass", "auth pass", "admin pass", "login pass"]),
    (RuleId::API_KEY, STEM, &["apikey", "secretkey", "accesskey"]),
    (RuleId::API_KEY, 0, &["api key", "secret key", "access key", "account key", "subscription key", "api secret"]),
    (RuleId::PRIVATE_KEY, STEM, &["privatekey"]),
    (RuleId::PRIVATE_KEY, 0, &["private key", "ssh key", "signing key", "encryption key", "master key", "pem key"]),
    (RuleId::SECRET, 0, &["secret", "secrets", "client secret", "shared secret"]),
    (RuleId::SECRET, STEM, &["clientsecret"]),
    (RuleId::CSRF, 0, &["csrf", "xsrf", "csrftoken", "xsrftoken", "csrfmiddlewaretoken"]),
    (RuleId::SESSION, 0, &["session id", "session key", "session token", "session secret", "session cookie"]),
    (RuleId::SESSION, STEM, &["sessionid", "sessid", "sessiontoken", "sessionkey"]),
    (RuleId::SESSION, WHOLE, &["sid", "connect sid", "user session"]),
    (RuleId::SESSION, WHOLE | LEAF, &["session"]),
    (
        RuleId::TOKEN,
        STEM,
        &["accesstoken", "authtoken", "refreshtoken", "idtoken", "bearertoken", "apitoken", "urltoken"],
    ),
    (RuleId::TOKEN, 0, &["token", "jwt", "access tokens", "refresh tokens", "auth tokens", "api tokens"]),
    (RuleId::TOKEN, WHOLE | TEXT, &["tokens"]),
    (RuleId::TOKEN, WHOLE | LEAF, &["refresh"]),
    (RuleId::BEARER, END, &["bearer"]),
    (RuleId::CREDENTIALS, 0, &["credential", "credentials", "creds", "connection string", "connectionstring"]),
    (RuleId::AUTHORIZATION, 0, &["authorization", "authorisation", "auth header", "auth code", "basic auth"]),
    (RuleId::AUTHORIZATION, WHOLE | LEAF, &["auth", "x auth", "http auth"]),
    (RuleId::COOKIE, END, &["cookie", "cookies", "set cookie"]),
    (RuleId::ONE_TIME_CODE, 0, &["otp", "totp", "hotp", "one time password", "one time code", "recovery code"]),
    (
        RuleId::ONE_TIME_CODE,
        0,
        &["verification code", "security code", "backup code", "backup codes", "mfa code", "2fa code"],
    ),
    (RuleId::ONE_TIME_CODE, END, &["mfa", "2fa", "pin", "tan"]),
    (RuleId::ONE_TIME_CODE, 0, &["pin number", "pin code", "pincode", "tan number", "tan code", "passkey"]),
    (
        RuleId::NATIONAL_ID,
        0,
        &["ssn", "social security", "socialsecurity", "national id", "passport number", "passport no"],
    ),
    (RuleId::NATIONAL_ID, 0, &["tax id", "steuer id", "nino", "sozialversicherungsnummer", "drivers license number"]),
    (RuleId::IBAN, 0, &["iban"]),
    (RuleId::CARD, 0, &["card number", "card no", "card num", "cardnumber", "cardno", "cvv", "cvc", "cvv 2", "cvc 2"]),
    (RuleId::CARD, END, &["credit card", "creditcard", "debit card", "debitcard", "ccnum", "cc number", "pan"]),
    (RuleId::CARD, WHOLE | LEAF, &["card"]),
    (RuleId::ACCOUNT, 0, &["account number", "accountnumber", "account no", "acct number", "acct no", "bank account"]),
    (RuleId::ACCOUNT, 0, &["kontonummer", "routing number", "sort code"]),
    (RuleId::BIRTH_DATE, 0, &["dob", "date of birth", "dateofbirth", "birth date", "birthdate", "birthday"]),
    (RuleId::BIRTH_DATE, 0, &["geburtsdatum", "geburtstag", "birth day"]),
    (RuleId::IP, 0, &["ip address", "ipaddress", "ip addr", "remote addr", "client ip", "real ip", "forwarded for"]),
    (RuleId::IP, WHOLE, &["ip", "remote ip", "source ip"]),
];

/// Words that make a name one of a count, a time, a kind: `token_count`, `tokenType`, `session_started_at`.
const HARMLESS_LAST: &str = " count counts type kind used usage limit limits length len size expiry expires expired \
    expiration at in on ttl valid invalid enabled disabled required optional status state policy attempts attempt tries \
    retries changed updated created exists present start started end ended duration time timeout index total remaining \
    left max min strength verified validated url uri endpoint consent format version lifetime seconds ms minutes hours \
    days sent method provider mode algorithm alg brand issuer category label title prompt question reprompt ";

/// And those that make one of it in front: `max_token`, `hasPassword`.
const HARMLESS_FIRST: &str = " max min total num has is are count needs need requires require used remaining forgot \
    forgotten show hide enable disable ";

fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// The rule that a name falls under, and how. `words` are those of the name, behind those of the object that it is a
/// member of, which end at `own`. Asked of every member of every value.
pub(super) fn judge(words: &str, own: usize) -> Option<(RuleId, u8)> {
    let name = words.get(own..)?;
    let harmless = || {
        let mut parts = name.split_ascii_whitespace();
        let (first, last) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
        is_in(HARMLESS_LAST, last) || (!last.is_empty() && is_in(HARMLESS_FIRST, first))
    };
    let may_begin = |bits: &Beginnings, text: &str, at| bits.has(text.as_bytes().get(at..).unwrap_or_default());
    let has_stem = (0..name.len()).any(|at| may_begin(&STEMS, name, at));
    if !has_stem && !word_starts(words).any(|at| may_begin(&WORDS, words, at)) {
        return None;
    }
    let beginnings = word_starts(words).fold(0, |bits, at| bits | pair_at(words, at));
    let (counted, whole) = (without_number(words), without_number(name).strip_suffix(' '));
    let fits = |entry: &str, how: u8| match how {
        _ if how & STEM != 0 => has_stem && memchr::memmem::find(name.as_bytes(), entry.as_bytes()).is_some(),
        _ if how & WHOLE != 0 => whole == Some(entry),
        _ if pair_at(entry, 0) & beginnings == 0 => false,
        _ if how & END != 0 => word_starts(counted).any(|at| is_at(counted, at, own, entry) == Some(counted.len())),
        _ => has_words(words, own, entry),
    };
    let (rule, how, _) = TABLE.iter().find(|(_, how, entries)| entries.iter().any(|entry| fits(entry, *how)))?;
    (!harmless()).then_some((*rule, *how))
}

/// Where the words begin, each of which has a space behind it.
fn word_starts(words: &str) -> impl Iterator<Item = usize> {
    let behind_spaces = words.bytes().enumerate().filter(|(_, byte)| *byte == b' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(behind_spaces)
}

/// A bit for two letters that stand side by side, which other pairs share.
fn pair_at(text: &str, at: usize) -> u64 {
    let letters = text.as_bytes().get(at..).and_then(<[u8]>::first_chunk);
    letters.map_or(0, |[one, other]| 1 << (one.wrapping_mul(7).wrapping_add(*other) & 63))
}

/// The three letters that entries begin with, a bit each, which others share: nearly every name has none of them.
struct Beginnings([u64; 64]);

static STEMS: Beginnings = Beginnings::of(true);
static WORDS: Beginnings = Beginnings::of(false);

impl Beginnings {
    /// Those of the entries that are parts of words, or of all others.
    #[allow(clippy::indexing_slicing)]
    const fn of(stems: bool) -> Beginnings {
        let mut bits = [0; 64];
        let mut row = 0;
        while row < TABLE.len() {
            let (_, how, entries) = TABLE[row];
            let mut at = 0;
            while at < entries.len() && (how & STEM != 0) == stems {
                let entry = entries[at].as_bytes();
                // A word of two letters has its space behind it.
                let place = Beginnings::place(entry[0], entry[1], if entry.len() > 2 { entry[2] } else { b' ' });
                bits[place / 64] |= 1 << (place % 64);
                at += 1;
            }
            row += 1;
        }
        Beginnings(bits)
    }

    const fn place(one: u8, two: u8, three: u8) -> usize {
        (one as usize * 961 + two as usize * 31 + three as usize) % 4_096
    }

    fn has(&self, text: &[u8]) -> bool {
        let place = text.first_chunk().map(|[one, two, three]| Beginnings::place(*one, *two, *three));
        place.is_some_and(|place| self.0.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 != 0))
    }
}

/// Where the words of an entry end with their last space, if they begin at this word. They may begin in what is before the
/// name, as in `card.number`, and do not end there.
fn is_at(words: &str, at: usize, own: usize, entry: &str) -> Option<usize> {
    let rest = words.as_bytes().get(at..)?.strip_prefix(entry.as_bytes())?;
    let end = at + entry.len();
    (rest.first() == Some(&b' ') && end > own).then_some(end + 1)
}

/// Whether a name has the words of an entry, anywhere.
pub(super) fn has_words(words: &str, own: usize, entry: &str) -> bool {
    word_starts(words).any(|at| is_at(words, at, own, entry).is_some())
}

/// `pin 2 ` without the number at its end, since a second pin is one too.
fn without_number(words: &str) -> &str {
    let rest = words.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    words.get(..rest.len() + 1).filter(|rest| rest.ends_with(' ') && rest.len() > 1).unwrap_or(words)
}
