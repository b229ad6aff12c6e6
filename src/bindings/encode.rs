//! Fixed names into JavaScript objects. Names from outside never pass here: they are values.

use super::values::to_js;
use crate::snapshot::{
    Candidate, Explanation, Expression, Misread, Origin, Row, SnapshotDiff, TextPart, TreePage, ValueNode, ValuePart,
    Variable, Warning,
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
    let out = object();
    put(&out, "code", note.code.as_str());
    put(&out, "message", note.code.message());
    if let Some((value_type, text)) = &note.would_be {
        let would_be = object();
        put(&would_be, "type", value_type.as_str());
        put(&would_be, "text", text.as_str());
        put(&out, "wouldBe", would_be);
    }
    out
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
    out
}

pub(super) fn value_part(part: &ValuePart) -> JsValue {
    let out = object();
    put(&out, "value", to_js(&part.value));
    put(&out, "type", part.value_type.as_str());
    put(&out, "raw", part.raw.as_str());
    put(&out, "entry", part.entry);
    put(&out, "steps", list(part.ordinals.iter().copied(), |ordinal| count(ordinal).into()));
    out
}

pub(super) fn rows((total, rows): (usize, Vec<Row>), filter: &str) -> JsValue {
    let out = object();
    put(&out, "total", count(total));
    put(&out, "rows", list(&rows, row));
    let expression = Expression::from(filter);
    if !expression.misread().is_empty() {
        put(&out, "misread", list(expression.misread(), |part| misread(part, filter)));
    }
    out
}

fn misread(part: &Misread, filter: &str) -> JsValue {
    // JavaScript counts UTF-16 units.
    let units = |end: usize| count(filter.get(..end).unwrap_or_default().encode_utf16().count());
    let out = object();
    put(&out, "start", units(part.at.start));
    put(&out, "end", units(part.at.end));
    put(&out, "why", part.why);
    out
}

fn row(row: &Row) -> JsValue {
    let out = object();
    put(&out, "entry", row.entry);
    put(&out, "name", row.name.as_str());
    put(&out, "scope", row.scope.as_str());
    put(&out, "rank", row.rank);
    put(&out, "type", row.value_type.map_or("unreadable", |value_type| value_type.as_str()));
    put(&out, "text", row.text.as_str());
    put(&out, "truncated", row.truncated);
    put_some(&out, "raw", row.raw.as_deref());
    put_some(&out, "note", row.note.as_ref().map(note));
    put_some(&out, "origin", row.origin.map(Origin::as_str));
    put(&out, "isSystem", row.is_system);
    put(&out, "systemSource", if row.system_declared { "declared" } else { "name" });
    put(&out, "hides", count(row.hides));
    put(&out, "hidden", row.hidden);
    put(&out, "size", count(row.size));
    put_some(&out, "childCount", row.child_count.map(count));
    if let Some(problem) = &row.problem {
        let told = object();
        put(&told, "reason", problem.reason);
        put(&told, "path", problem.path.as_str());
        put(&told, "offset", count(problem.offset));
        put(&told, "page", count(problem.page));
        put(&out, "problem", told);
    }
    out
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
    put_some(&out, "entry", candidate.entry);
    out
}

pub(super) fn tree(page: &TreePage) -> JsValue {
    let out = object();
    put(&out, "total", count(page.total));
    put(&out, "nodes", list(&page.nodes, node));
    out
}

fn node(node: &ValueNode) -> JsValue {
    let out = object();
    put(&out, "ordinal", count(node.ordinal));
    put_some(&out, "key", node.key.as_deref());
    put(&out, "type", node.value_type.as_str());
    put(&out, "text", node.text.as_str());
    put(&out, "truncated", node.truncated);
    put(&out, "size", count(node.size));
    put_some(&out, "childCount", node.child_count.map(count));
    put_some(&out, "duplicate", node.kept.map(|kept| if kept { "kept" } else { "dropped" }));
    out
}

pub(super) fn text(part: &TextPart) -> JsValue {
    let out = object();
    put(&out, "text", part.text.as_str());
    put(&out, "total", count(part.total));
    put(&out, "offset", count(part.offset));
    out
}

pub(super) fn diff(diff: &SnapshotDiff) -> JsValue {
    let out = object();
    put(&out, "added", list(&diff.added, |name| JsValue::from_str(name)));
    put(&out, "removed", list(&diff.removed, |name| JsValue::from_str(name)));
    let change = |change: &crate::snapshot::VariableChange| {
        let out = object();
        put(&out, "name", change.after.name.as_str());
        put(&out, "before", variable(&change.before));
        put(&out, "after", variable(&change.after));
        put(&out, "kinds", list(&change.kinds, |kind| JsValue::from_str(kind.as_str())));
        out
    };
    put(&out, "changed", list(&diff.changed, change));
    put(&out, "unchangedCount", count(diff.unchanged));
    out
}
