//! The way to a part of a value, as the languages write it that people paste it into.

use super::at::Step;
use super::explain::expression;
use std::fmt::Write;

/// A language that a path can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathDialect {
    /// RFC 6901, from the variable's value: `/items/0/price`.
    JsonPointer,
    /// RFC 9535's normalised path, from the variable's value: `$['items'][0]['price']`.
    JsonPath,
    /// From an object that has the variable as a member: `cart.items[0].price`, or `["a b"].x`, to be put behind that object's name.
    JavaScript,
    /// As a flow reads it: `{{context.cart.items[0].price}}`. There is none for scopes that flows do not address.
    Expression,
}

impl PathDialect {
    /// The dialect with this name in the JavaScript contract.
    pub fn parse(name: &str) -> Option<PathDialect> {
        match name {
            "json-pointer" => Some(PathDialect::JsonPointer),
            "json-path" => Some(PathDialect::JsonPath),
            "javascript" => Some(PathDialect::JavaScript),
            "expression" => Some(PathDialect::Expression),
            _ => None,
        }
    }
}

/// Writes the way to a part of a variable's value; `None` where the dialect has no words for it.
///
/// ```
/// use cognigy_session_debugger::snapshot::{PathDialect, Step, path_text};
/// let path = [Step::Name("a/b".into()), Step::Index(0)];
/// assert_eq!(path_text(PathDialect::JsonPointer, "cart", "context", &path).unwrap(), "/a~1b/0");
/// assert_eq!(path_text(PathDialect::JsonPath, "cart", "context", &path).unwrap(), "$['a/b'][0]");
/// assert_eq!(path_text(PathDialect::JavaScript, "cart", "context", &path).unwrap(), r#"cart["a/b"][0]"#);
/// assert_eq!(path_text(PathDialect::Expression, "cart", "context", &path).unwrap(), r#"{{context.cart["a/b"][0]}}"#);
/// assert_eq!(path_text(PathDialect::Expression, "cart", "user", &path), None);
/// ```
pub fn path_text(dialect: PathDialect, name: &str, scope: &str, path: &[Step]) -> Option<String> {
    let mut out = String::new();
    match dialect {
        PathDialect::JsonPointer => {
            for step in path {
                out.push('/');
                match step {
                    Step::Name(name) => out.push_str(&name.replace('~', "~0").replace('/', "~1")),
                    Step::Index(index) => push_number(&mut out, *index),
                }
            }
        }
        PathDialect::JsonPath => {
            out.push('$');
            for step in path {
                out.push('[');
                match step {
                    Step::Name(name) => push_single_quoted(&mut out, name),
                    Step::Index(index) => push_number(&mut out, *index),
                }
                out.push(']');
            }
        }
        PathDialect::JavaScript => {
            expression::push_member(&mut out, name);
            push_steps(&mut out, path);
        }
        PathDialect::Expression => {
            out.push_str("{{");
            out.push_str(&expression::expression(scope, name)?);
            push_steps(&mut out, path);
            out.push_str("}}");
        }
    }
    Some(out)
}

fn push_steps(out: &mut String, path: &[Step]) {
    for step in path {
        match step {
            Step::Name(name) => expression::push_member(out, name),
            Step::Index(index) => {
                out.push('[');
                push_number(out, *index);
                out.push(']');
            }
        }
    }
}

pub(super) fn push_number(out: &mut String, number: usize) {
    let _ = write!(out, "{number}");
}

/// RFC 9535 §2.7.
fn push_single_quoted(out: &mut String, name: &str) {
    out.push('\'');
    for c in name.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => expression::push_escape(out, c),
            c => out.push(c),
        }
    }
    out.push('\'');
}
