//! What people write into a search box: words, and fields with values.
//!
//! `term := ['-'] (field (':' [op] | op) value {'|' value} | text)`; all terms have to hold. A part that looks like a field and cannot
//! be read is a text, and the reader is told which part that is.

use super::expression::{Expression, Misread, Term};
use super::fold::folded;
use super::needle::Needle;
use super::question::{Flag, Order, PathWord, Test, TextTest, is_number, longest_name};
use crate::value::ValueType;
use std::ops::Range;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Scope,
    Type,
    Value,
    Path,
    Note,
    Size,
    Flag(Flag),
}

const FIELDS: [(&str, Field); 14] = [
    ("name", Field::Name),
    ("scope", Field::Scope),
    ("type", Field::Type),
    ("value", Field::Value),
    ("path", Field::Path),
    ("note", Field::Note),
    ("size", Field::Size),
    ("system", Field::Flag(Flag::System)),
    ("shadowed", Field::Flag(Flag::Shadowed)),
    ("masked", Field::Flag(Flag::Masked)),
    ("changed", Field::Flag(Flag::Changed)),
    ("added", Field::Flag(Flag::Added)),
    ("removed", Field::Flag(Flag::Removed)),
    ("unreadable", Field::Flag(Flag::Unreadable)),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// A colon alone.
    Has,
    Is,
    IsNot,
    Like,
    Compare(Order),
}

const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::IsNot),
    (">=", Operator::Compare(Order::AtLeast)),
    ("<=", Operator::Compare(Order::AtMost)),
    (">", Operator::Compare(Order::More)),
    ("<", Operator::Compare(Order::Less)),
    ("=", Operator::Is),
    ("~", Operator::Like),
];

impl From<&str> for Expression {
    fn from(source: &str) -> Expression {
        let mut expression = Expression::default();
        let mut at = 0;
        while let Some(start) =
            source.get(at..).and_then(|rest| rest.find(|c: char| !c.is_whitespace())).map(|skip| at + skip)
        {
            let (end, closed) = end_of_part(source, start);
            let part = source.get(start..end).unwrap_or_default();
            if !closed {
                let why = "The quote is not closed; it ends with the search.";
                expression.misread.push(Misread { at: start..end, why });
            }
            expression.read(part, start..end);
            at = end;
        }
        expression
    }
}

impl Expression {
    fn read(&mut self, part: &str, at: Range<usize>) {
        // A minus alone is a text.
        let (negated, body) =
            part.strip_prefix('-').filter(|rest| !rest.is_empty()).map_or((false, part), |rest| (true, rest));
        match field_term(body) {
            Some(Ok((inverse, any_of))) => {
                self.terms.push(Term { source: part.to_owned(), negated: negated != inverse, any_of });
            }
            Some(Err(why)) => {
                self.misread.push(Misread { at, why });
                self.text(part, negated, body);
            }
            None => self.text(part, negated, body),
        }
    }

    fn text(&mut self, part: &str, negated: bool, body: &str) {
        if let Some(needle) = Needle::new(&unquoted(body)) {
            let any_of = [Test::Anywhere(needle)].into_iter().chain(PathWord::of(body).map(Test::Inside)).collect();
            self.terms.push(Term { source: part.to_owned(), negated, any_of });
        }
    }
}

/// Where the part ends that begins at `start`: at white space outside of quotes. And whether its quotes are closed.
fn end_of_part(source: &str, start: usize) -> (usize, bool) {
    let (mut quoted, mut escaped) = (false, false);
    for (place, c) in source.get(start..).unwrap_or_default().char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => return (start + place, true),
            _ => {}
        }
    }
    (source.len(), !quoted)
}

/// A value without its quotes; inside of them a backslash makes a quote or a backslash a character of the value.
fn unquoted(value: &str) -> String {
    let (mut out, mut quoted) = (String::with_capacity(value.len()), false);
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => out.extend(chars.next_if(|next| matches!(next, '"' | '\\')).or(Some('\\'))),
            c => out.push(c),
        }
    }
    out
}

/// The values between `|`, outside of quotes.
fn alternatives(values: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let is_end = |c: char| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '|' => return !quoted,
            _ => {}
        }
        false
    };
    values.split(is_end).collect()
}

/// `None` where the part is no field at all; a reason where it is one that cannot be read.
fn field_term(body: &str) -> Option<Result<(bool, Vec<Test>), &'static str>> {
    let end = body.find(|c: char| !c.is_ascii_alphabetic())?;
    let (word, rest) = body.split_at_checked(end)?;
    let (colon, rest) = rest.strip_prefix(':').map_or((false, rest), |rest| (true, rest));
    let operator = OPERATORS.iter().find_map(|(sign, operator)| Some((*operator, rest.strip_prefix(sign)?)));
    let (operator, values) = match operator {
        Some(found) => found,
        None if colon => (Operator::Has, rest),
        None => return None,
    };
    let word = word.to_ascii_lowercase();
    // `https://…` and `a=b` are what people look for.
    let (_, field) = FIELDS.iter().find(|(name, _)| *name == word)?;
    let tests: Result<Vec<Test>, _> =
        alternatives(values).into_iter().map(|value| test(*field, operator, &unquoted(value))).collect();
    Some(tests.map(|tests| (operator == Operator::IsNot, tests)))
}

fn test(field: Field, operator: Operator, value: &str) -> Result<Test, &'static str> {
    if let (Field::Value, Operator::Compare(order)) = (field, operator) {
        return number(value).map(|number| Test::Number(order, number)).ok_or("Only numbers can be compared.");
    }
    match field {
        Field::Name | Field::Scope | Field::Value | Field::Path | Field::Note => {
            let same = matches!(operator, Operator::Has | Operator::Is | Operator::IsNot);
            if let (Field::Note, true, Some(flag)) = (field, same, yes_or_no(value)) {
                return Ok(Test::Flag(Flag::Noted, flag));
            }
            let test = text_test(
                if field == Field::Scope && operator == Operator::Has { Operator::Is } else { operator },
                value,
            )?;
            Ok(match field {
                Field::Name => Test::Name(test),
                Field::Scope => Test::Scope(test),
                Field::Value => {
                    let text = match &test {
                        // Numbers are the same in other spellings, too.
                        TextTest::Is(text) if !is_number(text) => Needle::new(text),
                        _ => None,
                    };
                    Test::Value(test, text)
                }
                Field::Path => {
                    let name = matches!(test, TextTest::Contains(_)).then(|| longest_name(value)).flatten();
                    Test::Path(test, name)
                }
                _ => Test::Note(test),
            })
        }
        Field::Type => match operator {
            Operator::Has | Operator::Is | Operator::IsNot => {
                ValueType::from_declared(value).map(Test::Type).ok_or("There is no such type.")
            }
            _ => Err("Types are the same or not."),
        },
        Field::Size => {
            let order = match operator {
                Operator::Has | Operator::Is | Operator::IsNot => Order::Equal,
                Operator::Compare(order) => order,
                Operator::Like => return Err("Sizes are compared as numbers."),
            };
            size(value)
                .map(|bytes| Test::Size(order, bytes))
                .ok_or("A size is a number with B, kB or MB behind it, or nothing.")
        }
        Field::Flag(flag) => match operator {
            Operator::Has | Operator::Is | Operator::IsNot => {
                yes_or_no(value).map(|yes| Test::Flag(flag, yes)).ok_or("This field is yes or no.")
            }
            _ => Err("This field is yes or no."),
        },
    }
}

fn text_test(operator: Operator, value: &str) -> Result<TextTest, &'static str> {
    match operator {
        Operator::Has => Ok(Needle::new(value).map_or(TextTest::Empty, TextTest::Contains)),
        Operator::Is | Operator::IsNot => Ok(TextTest::Is(folded(value))),
        Operator::Like => Ok(TextTest::Like(value.split('*').map(folded).collect())),
        Operator::Compare(_) => Err("Texts have no order here."),
    }
}

fn yes_or_no(value: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
    if is(["yes", "true", ""]) { Some(true) } else { is(["no", "false", "-"]).then_some(false) }
}

fn number(value: &str) -> Option<String> {
    is_number(value).then(|| value.to_owned())
}

/// `1kb`, `1.5 MB`, `200`: in bytes.
fn size(value: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 4] = [("mb", 1_000_000), ("kb", 1_000), ("b", 1), ("", 1)];
    let value = value.to_ascii_lowercase();
    let (digits, unit) = UNITS.iter().find_map(|(name, unit)| Some((value.strip_suffix(name)?.trim_end(), *unit)))?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || part.len() > 6 {
        return None;
    }
    let tenths = part.parse::<u64>().ok()?.checked_mul(unit)? / 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    whole.parse::<u64>().ok()?.checked_mul(unit)?.checked_add(tenths)
}
