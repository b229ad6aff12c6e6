//! A name as the words that it is made of.

/// Appends the words of a name in lower case, each with a space behind it.
///
/// Words end at what is neither a letter nor a digit, before a capital in `camelCase`, before the last capital of
/// `APIKey`, and between a letter and a digit behind it. Wide forms (`ｐｉｎ`) count as the ASCII characters that they
/// show, and what has no width is passed over; there is no further normalisation of Unicode.
pub(super) fn push_words(out: &mut String, name: &str) {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let invisible = |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let mut chars = name.chars().filter(|c| !invisible(c)).map(plain).peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        let starts = (c.is_uppercase() && (!before.is_uppercase() || next_is_lower))
            || (c.is_ascii_digit() && before.is_alphabetic());
        if !c.is_alphanumeric() || starts {
            end_word(out);
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
        before = c;
    }
    end_word(out);
}

fn end_word(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for (name, words) in [
            ("OPENAI_API_KEY", "openai api key "),
            ("openaiApiKey", "openai api key "),
            ("APIKey", "api key "),
            ("x-api-key", "x api key "),
            ("a.b c", "a b c "),
            ("password1", "password 1 "),
            ("2fa", "2fa "),
            ("ｐａｓｓＷｏｒｄ", "pass word "),
            ("pass\u{200b}word", "password "),
            ("Straße", "straße "),
            ("", ""),
            ("__", ""),
        ] {
            let mut out = String::new();
            push_words(&mut out, name);
            assert_eq!(out, words, "{name}");
        }
    }
}
