//! What tabs say to each other: a word and whole numbers, separated by spaces.
//!
//! | word | numbers | said by |
//! |---|---|---|
//! | `hello` | | a tab that has just come, or has missed a word |
//! | `books` | number of the latest grant, ms until the gate opens, requests and ms of a limit that was learnt or 0 and 0, 1 where that is a guess, ages of all that counts in ms | the leader, to `hello` |
//! | `lead` | number of the latest grant | a new leader |
//! | `ask` | tab, wish, cost, requests and ms of its limit, 1 where it is one of many | whoever wants to send |
//! | `wait` | | the leader, to whoever asks again |
//! | `grant` | number, tab, wish, cost | the leader |
//! | `done` | tab, wish, cost, 1 where it was sent, ms in which it may yet reach the tenant, ms since it has | whoever has used its grant or no longer wants it |
//! | `policies` | requests and ms of each policy of the tenant | whoever has heard other ones in an answer; whoever knows some, to a new leader; the leader, to `hello` |
//! | `gate` | ms, 1 where there were too many, ms since it was sent, 1 where the tenant named the ms | whoever was refused |
//! | `passed` | ms since it was sent | whoever was let through, while the limit is learnt |
//! | `refused` | ms since it was sent, ms that the tenant named and one, or 0 | whoever was one too many, while the limit is learnt |
//! | `forget` | | whoever has logged out |
//! | `want` | hash of a token that was refused | whoever needs a token, where the host lets tokens travel |
//! | `token` | ms of its life, then the token itself | whoever has one, where the host lets tokens travel |
//!
//! Any script of the origin can say anything: what makes no sense is not heard, and numbers are bounded where they are used.

/// Writes a word.
pub(super) fn write(word: &str, numbers: &[u64]) -> String {
    let mut out = word.to_owned();
    for number in numbers {
        out.push(' ');
        out.push_str(&number.to_string());
    }
    out
}

/// A word that was read.
pub(super) struct Said<'a> {
    pub(super) word: &'a str,
    numbers: Vec<u64>,
    /// Behind the first number of `token`.
    pub(super) text: &'a str,
}

impl Said<'_> {
    /// A number; 0 where there is none.
    pub(super) fn at(&self, place: usize) -> u64 {
        self.numbers.get(place).copied().unwrap_or(0)
    }

    /// The same as a count.
    pub(super) fn count(&self, place: usize) -> usize {
        usize::try_from(self.at(place)).unwrap_or(usize::MAX)
    }

    /// The numbers from a place on.
    pub(super) fn rest(&self, from: usize) -> &[u64] {
        self.numbers.get(from..).unwrap_or_default()
    }
}

/// Longer ones are not heard.
const MOST_BYTES: usize = 200_000;

/// Reads a word. `None` where it is none of ours.
pub(super) fn read(text: &str) -> Option<Said<'_>> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let mut parts = text.split(' ');
    let word = parts.next()?;
    if word == "token" {
        let numbers = vec![parts.next()?.parse().ok()?];
        return Some(Said { word, numbers, text: parts.next()? });
    }
    let numbers = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some(Said { word, numbers, text: "" })
}

/// Milliseconds as a number of a word.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the conversion saturates")]
pub(super) fn whole(ms: f64) -> u64 {
    ms.max(0.0).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let text = write("ask", &[1, u64::MAX]);
        let said = read(&text).unwrap();
        assert_eq!((said.word, said.at(0), said.at(1), said.at(2)), ("ask", 1, u64::MAX, 0));
        assert_eq!(read("token 5 a.b-c").unwrap().text, "a.b-c");
    }

    #[test]
    fn nonsense_is_not_heard() {
        for text in ["ask x", "ask -1", "ask 1  2", "token", "token 1", "token x y", "grant 99999999999999999999"] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read(&"1 ".repeat(MOST_BYTES)).is_none());
    }
}
