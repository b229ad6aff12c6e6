//! Fixed names into JavaScript objects. Names from outside never pass here: they are values.

use super::json_text::JsonText;
use super::mask::summary_text;
use super::values::to_js;
use crate::snapshot::{
    Candidate, Explanation, Expression, Hidden, Mask, Masked, Misread, Origin, Row, RowChange, TextPart, TreePage,
    ValueNode, ValuePart, Variable, Warning,
};
use crate::value::{Note, Reading};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// Sets a field of an object of our own.
pub(super) fn put(object: &JsValue, field: &str, value: impl Into<JsValue>) {
    // Setting a fixed field of a fresh object cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(field), &value.into());
}

/// Sets a field that is absent where there is nothing to say.
pub(super) fn put_some(object: &JsValue, field: &str, value: Option<impl Into<JsValue>>) {
    if let Some(value) = value {
        put(object, field, value);
    }
}

/// An empty object of our own.
pub(super) fn object() -> JsValue {
    Object::new().into()
}

pub(super) fn list<T>(items: impl IntoIterator<Item = T>, encode: impl Fn(T) -> JsValue) -> JsValue {
    items.into_iter().map(encode).collect::<Array>().into()
}

/// Sizes and counts: JavaScript has one kind of number.
#[allow(clippy::cast_precision_loss)]
fn count(number: usize) -> f64 {
    number as f64
}

fn note(note: &Note) -> JsValue {
    let mut text = JsonText::default();
    note_text(&mut text, note);
    text.parse()
}

pub(super) fn note_text(text: &mut JsonText, note: &Note) {
    text.object(|text| {
        text.field("code").text(note.code.as_str());
        text.field("message").text(note.code.message());
        if let Some((value_type, would_be)) = &note.would_be {
            text.field("wouldBe").object(|text| {
                text.field("type").text(value_type.as_str());
                text.field("text").text(would_be);
            });
        }
    });
}

pub(super) fn masked_text(text: &mut JsonText, masked: &Masked) {
    text.object(|text| {
        text.field("rule").text(&masked.rule);
        text.field("whole").flag(masked.whole);
        text.field("parts").count(masked.parts);
        text.field("size").text(masked.size.as_str());
    });
}

pub(super) fn masked(masked: &Masked) -> JsValue {
    let mut text = JsonText::default();
    masked_text(&mut text, masked);
    text.parse()
}

pub(super) fn reading(text: &str, reading: &Reading<'_>) -> JsValue {
    let out = object();
    put(&out, "value", to_js(&reading.value));
    put(&out, "type", reading.value_type().as_str());
    put(&out, "raw", text);
    put_some(&out, "note", reading.note.as_ref().map(note));
    out
}

pub(super) fn variable(variable: &Variable) -> JsValue {
    let out = object();
    put(&out, "name", variable.name.as_str());
    put(&out, "value", to_js(&variable.value));
    put(&out, "raw", variable.raw.as_str());
    put(&out, "rawKind", if variable.raw_is_text { "text" } else { "json" });
    put(&out, "type", variable.value_type.as_str());
    put(&out, "scope", variable.scope.as_str());
    put(&out, "isSystem", variable.is_system);
    put_some(&out, "note", variable.note.as_ref().map(note));
    put_some(&out, "origin", variable.origin.map(Origin::as_str));
    put_some(&out, "masked", variable.masked.as_ref().map(masked));
    out
}

pub(super) fn value_part(part: &ValuePart) -> JsValue {
    let out = object();
    put(&out, "value", to_js(&part.value));
    put(&out, "type", part.value_type.as_str());
    put(&out, "raw", part.raw.as_str());
    put_some(&out, "note", part.note.as_ref().map(note));
    put(&out, "entry", part.entry);
    put(&out, "steps", list(part.ordinals.iter().copied(), |ordinal| count(ordinal).into()));
    put_some(&out, "masked", part.masked.as_ref().map(masked));
    out
}

pub(super) fn rows((total, rows): (usize, Vec<Row>), filter: &str, mask: &Mask, hidden: &Hidden) -> JsValue {
    window_text(Some(total), &rows, filter, mask, hidden)
}

/// The same where it is not known yet how many there are.
pub(super) fn first_rows(rows: &[Row], filter: &str, mask: &Mask, hidden: &Hidden) -> JsValue {
    window_text(None, rows, filter, mask, hidden)
}

fn window_text(total: Option<usize>, rows: &[Row], filter: &str, mask: &Mask, hidden: &Hidden) -> JsValue {
    let mut text = JsonText::default();
    text.object(|text| {
        if let Some(total) = total {
            text.field("total").count(total);
        }
        text.field("rows").list(rows, row);
        if hidden.total() > 0 {
            summary_text(text.field("masked"), mask, hidden);
        }
        let expression = Expression::from(filter);
        if !expression.is_empty() {
            let (names, values) = expression.sought();
            text.field("sought").object(|text| {
                text.field("names").texts(names);
                text.field("values").texts(values);
            });
        }
        if !expression.misread().is_empty() {
            text.field("misread").list(expression.misread(), |text, part| misread(text, part, filter));
        }
    });
    text.parse()
}

fn misread(text: &mut JsonText, part: &Misread, filter: &str) {
    // JavaScript counts UTF-16 units.
    let units = |end: usize| filter.get(..end).unwrap_or_default().encode_utf16().count();
    text.object(|text| {
        text.field("start").count(units(part.at.start));
        text.field("end").count(units(part.at.end));
        text.field("why").text(part.why);
    });
}

pub(super) fn row(text: &mut JsonText, row: &Row) {
    text.object(|text| {
        text.field("entry").count(row.entry as usize);
        text.field("name").text(&row.name);
        text.field("scope").text(&row.scope);
        text.field("rank").signed(row.rank);
        text.field("type").text(row.value_type.map_or("unreadable", |value_type| value_type.as_str()));
        text.field("text").text(&row.text);
        text.field("truncated").flag(row.truncated);
        text.some_text("raw", row.raw.as_deref());
        if let Some(note) = &row.note {
            note_text(text.field("note"), note);
        }
        text.some_text("origin", row.origin.map(Origin::as_str));
        text.field("isSystem").flag(row.is_system);
        text.field("systemSource").text(if row.system_declared { "declared" } else { "name" });
        text.field("hides").count(row.hides);
        text.field("hidden").flag(row.hidden);
        text.field("size").count(row.size);
        if let Some(children) = row.child_count {
            text.field("childCount").count(children);
        }
        if let Some(masked) = &row.masked {
            masked_text(text.field("masked"), masked);
        }
        if let Some(problem) = &row.problem {
            text.field("problem").object(|text| {
                text.field("reason").text(problem.reason);
                text.field("path").text(&problem.path);
                text.field("offset").count(problem.offset);
                text.field("page").count(problem.page);
            });
        }
        text.some_text("change", row.change.map(RowChange::as_str));
        if let Some(before) = &row.before {
            self::row(text.field("before"), before);
        }
    });
}

pub(super) fn explanation(explanation: &Explanation) -> JsValue {
    let out = object();
    let candidates: Vec<JsValue> = explanation.candidates.iter().map(candidate).collect();
    put(&out, "rule", explanation.rule);
    put(&out, "ruleVersion", explanation.rule_version);
    put(&out, "order", texts(&explanation.order));
    put(&out, "whatIf", explanation.what_if);
    put_some(&out, "winner", explanation.winner.and_then(|place| candidates.get(place)).cloned());
    put(&out, "candidates", list(candidates, |candidate| candidate));
    put_some(&out, "values", explanation.equal.map(|equal| if equal { "equal" } else { "different" }));
    put(&out, "warnings", list(&explanation.warnings, warning));
    put(&out, "sentence", explanation.sentence.as_str());
    out
}

fn texts(texts: &[String]) -> JsValue {
    list(texts, |text| JsValue::from_str(text))
}

fn warning(warning: &Warning) -> JsValue {
    let out = object();
    put(&out, "code", warning.code.as_str());
    put(&out, "message", warning.message.as_str());
    put(&out, "scopes", texts(&warning.scopes));
    put(&out, "names", texts(&warning.names));
    out
}

fn candidate(candidate: &Candidate) -> JsValue {
    let out = object();
    put(&out, "scope", candidate.scope.as_str());
    put(&out, "rank", candidate.rank);
    put(&out, "status", candidate.status.as_str());
    put_some(&out, "hiddenBy", candidate.hidden_by.as_deref());
    if let Some(from) = candidate.provenance {
        let provenance = object();
        put(&provenance, "page", count(from.page));
        put(&provenance, "position", count(from.position));
        put(&out, "provenance", provenance);
    }
    put_some(&out, "expression", candidate.expression.as_deref());
    put_some(&out, "raw", candidate.raw.as_deref());
    put_some(&out, "type", candidate.value_type.map(|value_type| value_type.as_str()));
    put_some(&out, "text", candidate.text.as_deref());
    put_some(&out, "masked", candidate.masked.as_ref().map(masked));
    put_some(&out, "entry", candidate.entry);
    out
}

pub(super) fn tree(page: &TreePage) -> JsValue {
    let mut text = JsonText::default();
    text.object(|text| {
        text.field("total").count(page.total);
        text.field("nodes").list(&page.nodes, node);
    });
    text.parse()
}

pub(super) fn node(text: &mut JsonText, node: &ValueNode) {
    text.object(|text| {
        text.field("ordinal").count(node.ordinal);
        text.some_text("key", node.key.as_deref());
        text.field("type").text(node.value_type.as_str());
        text.field("text").text(&node.text);
        text.field("truncated").flag(node.truncated);
        text.field("size").count(node.size);
        if let Some(children) = node.child_count {
            text.field("childCount").count(children);
        }
        if let Some(masked) = &node.masked {
            masked_text(text.field("masked"), masked);
        }
        if let Some(code) = node.note {
            note_text(text.field("note"), &Note { code, would_be: None });
        }
        text.some_text("origin", node.origin.map(Origin::as_str));
        text.some_text("duplicate", node.kept.map(|kept| if kept { "kept" } else { "dropped" }));
    });
}

pub(super) fn text(part: &TextPart, masked: bool) -> JsValue {
    let out = object();
    put(&out, "text", part.text.as_str());
    put(&out, "total", count(part.total));
    put(&out, "offset", count(part.offset));
    put(&out, "masked", masked);
    out
}
