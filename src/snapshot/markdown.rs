//! Cells of a Markdown table that no renderer takes for markup.

/// Writes a cell: what could begin markup has a backslash in front (CommonMark 2.4, GitHub's tables and links), and line breaks, which
/// would end the row, are shown as `↵`.
pub(super) fn write_cell(out: &mut String, cell: &str) {
    let mut before = ' ';
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\n' | '\r' => out.push('↵'),
            '\t' => out.push(' '),
            c if c.is_control() => out.push('\u{fffd}'),
            // A link begins at `://` and behind `www`, wherever they stand.
            ':' if chars.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if matches!(before, 'w' | 'W') => out.push_str("\\."),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '<' | '>' | '&' | '$' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_is_escaped_and_nothing_else() {
        for (cell, written) in [
            ("plain, 1.50 (really) - #1!", "plain, 1.50 (really) - #1!"),
            ("a|b\\|c", "a\\|b\\\\\\|c"),
            ("two\r\nlines\n", "two↵lines↵"),
            ("<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>"),
            ("https://host.example www.host.example", "https\\://host.example www\\.host.example"),
            ("\u{0}\t", "\u{fffd} "),
        ] {
            let mut out = String::new();
            write_cell(&mut out, cell);
            assert_eq!(out, written);
        }
    }
}
