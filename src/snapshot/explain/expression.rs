//! What a flow writes to read a variable.

/// The namespaces that flows address by name. What stands in `default` is copied into `context` when a session begins.
const ADDRESSED: [&str; 3] = ["input", "context", "profile"];

/// `context.order`, or `context["order id"]` where the name is no identifier. `None` for what flows cannot address.
pub(in crate::snapshot) fn expression(scope: &str, name: &str) -> Option<String> {
    if !ADDRESSED.contains(&scope) {
        return None;
    }
    let mut out = String::from(scope);
    push_member(&mut out, name);
    Some(out)
}

/// `.order`, or `["order id"]` where the name is no identifier; `order` where nothing is in front.
pub(in crate::snapshot) fn push_member(out: &mut String, name: &str) {
    if is_identifier(name) {
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(name);
        return;
    }
    out.push_str("[\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // No line terminator and no control character may stand in a literal as it is, or be mistaken by a reader.
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => push_escape(out, c),
            _ => out.push(c),
        }
    }
    out.push_str("\"]");
}

/// What may follow a dot in any version of the language; letters beyond ASCII may too, but are safer in brackets.
fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'_' | b'$'))
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
}

pub(in crate::snapshot) fn push_escape(out: &mut String, c: char) {
    out.push_str("\\u");
    let code = u32::from(c);
    out.extend([12, 8, 4, 0].map(|shift| char::from_digit(code >> shift & 15, 16).unwrap_or('0')));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_can_be_read_by_its_expression() {
        let of = |name| expression("context", name).unwrap();
        assert_eq!([of("order"), of("$a_1")], ["context.order", "context.$a_1"]);
        assert_eq!([of("a.b"), of("1a"), of("")], [r#"context["a.b"]"#, r#"context["1a"]"#, r#"context[""]"#]);
        assert_eq!(of("\"\\\n\u{2028}é"), r#"context["\"\\\u000a\u2028é"]"#);
        assert_eq!(expression("user", "a"), None);
    }
}
