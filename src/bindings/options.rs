//! Options coming in: read by name, and refused where a name or a kind is not known.

use super::host::failed;
use crate::error::{Code, Error};
use crate::ingest::{Limits, Shape};
use crate::platform::unit;
use crate::query::{NameMatch, Parameters, VariableQuery};
use crate::scope::Precedence;
use crate::snapshot::{IngestOptions, Sort, Step, Window};
use crate::value::Policy;
use js_sys::{Array, Map, Object, Reflect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// An error about an argument. Names of options are ours or the caller's own program text, never data.
pub(super) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Code::InputInvalid, message)
}

/// A text, as it is. Half a surrogate pair, which no Unicode text can hold, would silently become another character.
pub(super) fn text(value: &JsValue) -> Result<String, Error> {
    let text = value
        .as_string()
        .ok_or_else(|| invalid("A text is asked for here, such as a name, a format or a search; this is none."))?;
    if !is_whole(&text, value) {
        return Err(invalid("The text holds half a surrogate pair, which no Unicode text can."));
    }
    Ok(text)
}

/// Whether a text of JavaScript's came over as it is, with no half of a surrogate pair replaced.
pub(super) fn is_whole(text: &str, value: &JsValue) -> bool {
    !text.contains(char::REPLACEMENT_CHARACTER) || JsValue::from_str(text) == *value
}

/// No option's name is longer.
const MOST_WORD: usize = 24;

/// Refuses names that are not known, since a typing error would otherwise be a silent default, and options that throw when
/// they are read.
pub(super) fn check_known(options: &JsValue, known: &[&str]) -> Result<(), Error> {
    read(options, known).map(|_| ())
}

fn threw(error: JsValue) -> Error {
    failed(Code::InputInvalid, "The options cannot be read; the cause is what they threw.", error)
}

/// The options that are known, as they are at this moment: whatever may throw does so here, where it is caught.
fn read(options: &JsValue, known: &[&str]) -> Result<Object, Error> {
    let plain = Object::new();
    if options.is_undefined() || options.is_null() {
        return Ok(plain);
    }
    if !options.is_object() {
        return Err(invalid("An object is asked for here, such as a query or options; this is none."));
    }
    let keys = Reflect::own_keys(options.unchecked_ref()).map_err(threw)?;
    let strange = |key: JsValue| key.as_string().filter(|key| !known.contains(&key.as_str()));
    if let Some(key) = keys.iter().find_map(strange) {
        // Data that was passed as options by mistake is not told.
        let is_word = key.len() <= MOST_WORD && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        let (key, known) = (if is_word { key.as_str() } else { "of this name" }, known.join(", "));
        return Err(invalid(["There is no option ", key, "; the options here are: ", &known, "."].concat()));
    }
    for name in known {
        let name = JsValue::from_str(name);
        let value = Reflect::get(options, &name).map_err(threw)?;
        if !value.is_undefined() {
            Reflect::set(&plain, &name, &value).map_err(threw)?;
        }
    }
    Ok(plain)
}

/// Reads an options object; nothing at all is an empty one.
pub(super) fn decode<T: DeserializeOwned + Default>(options: &JsValue, known: &[&str]) -> Result<T, Error> {
    let plain = read(options, known)?;
    if options.is_undefined() || options.is_null() {
        return Ok(T::default());
    }
    serde_wasm_bindgen::from_value(plain.into()).map_err(|_| {
        let known = known.join(", ");
        invalid(format!("One of the options has a wrong kind or is missing; the options here are: {known}."))
    })
}

/// A member of an options object that is not plain data.
pub(super) fn member(options: &JsValue, name: &str) -> JsValue {
    if options.is_object() {
        Reflect::get(options, &JsValue::from_str(name)).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// A random number for tables that names from outside go into.
pub(super) fn seed() -> u64 {
    (unit() * 9_007_199_254_740_992.0).to_bits()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryJs {
    session_id: Option<String>,
    name: Option<String>,
    name_match: Option<String>,
    scope: Option<String>,
    include_system: Option<bool>,
    user_id: Option<String>,
}

pub(super) fn query(value: &JsValue) -> Result<VariableQuery, Error> {
    let query: QueryJs = decode(value, &["sessionId", "name", "nameMatch", "scope", "includeSystem", "userId"])?;
    if query.session_id.is_none() {
        return Err(invalid("The query has no sessionId."));
    }
    // Read again, since another id would be another session.
    let session_id = text(&member(value, "sessionId"))?;
    let user_id = query.user_id.map(|_| text(&member(value, "userId"))).transpose()?;
    let name_match = query.name_match.map(|rule| {
        NameMatch::parse(&rule)
            .ok_or_else(|| invalid("A name is matched exact, prefix or glob; there is no other way."))
    });
    Ok(VariableQuery {
        session_id,
        name: query.name,
        name_match: name_match.transpose()?.unwrap_or_default(),
        scope: query.scope,
        include_system: query.include_system,
        user_id,
    })
}

/// What the parts of a query are called: a text names one, `null` leaves it out, and without a word it stays as it is.
pub(super) fn parameters(value: &JsValue) -> Result<Parameters, Error> {
    check_known(value, &["name", "scope", "includeSystem", "userId"])?;
    let mut parameters = Parameters::default();
    let slots = [
        ("name", &mut parameters.name),
        ("scope", &mut parameters.scope),
        ("includeSystem", &mut parameters.include_system),
        ("userId", &mut parameters.user_id),
    ];
    for (name, slot) in slots {
        let given = member(value, name);
        if given.is_null() {
            *slot = None;
        } else if !given.is_undefined() {
            *slot = Some(text(&given)?);
        }
    }
    Ok(parameters)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SnapshotOptionsJs {
    session_id: Option<String>,
    policy: Option<String>,
    shape: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LimitsJs {
    body_bytes: Option<f64>,
    value_bytes: Option<f64>,
    variables: Option<f64>,
    depth: Option<f64>,
}

/// Limits of the engine's own cannot be lifted.
pub(super) fn limits(value: &JsValue, default: Limits) -> Result<Limits, Error> {
    let given: LimitsJs = decode(value, &["bodyBytes", "valueBytes", "variables", "depth"])?;
    let limits = Limits {
        body_bytes: whole(given.body_bytes, default.body_bytes)?,
        value_bytes: whole(given.value_bytes, default.value_bytes)?,
        variables: whole(given.variables, default.variables)?,
        depth: whole(given.depth, default.depth)?,
    };
    if limits.body_bytes > Limits::MAX_BODY_BYTES || limits.depth > Limits::MAX_DEPTH {
        return Err(invalid("A limit is too high: a body has at most 1 GiB, a value at most 512 levels."));
    }
    Ok(limits)
}

pub(super) fn snapshot_options(value: &JsValue) -> Result<IngestOptions, Error> {
    let options: SnapshotOptionsJs =
        decode(value, &["sessionId", "policy", "precedence", "types", "shape", "limits", "map"])?;
    let shape =
        options.shape.map(|name| Shape::parse(&name).ok_or_else(|| invalid("There is no such shape."))).transpose()?;
    // Read again, since another id would be another session.
    let session_id = options.session_id.map(|_| text(&member(value, "sessionId"))).transpose()?;
    Ok(IngestOptions {
        session_id,
        policy: policy(options.policy.as_deref())?,
        precedence: precedence(&member(value, "precedence"))?,
        types: types(&member(value, "types"))?,
        shape,
        limits: limits(&member(value, "limits"), Limits::default())?,
        seed: seed(),
        ..IngestOptions::default()
    })
}

pub(super) fn policy(name: Option<&str>) -> Result<Option<Policy>, Error> {
    name.map(|name| {
        Policy::parse(name)
            .ok_or_else(|| invalid("There is no such policy; there are lossless, reference, json and none."))
    })
    .transpose()
}

/// The words for types by the names of variables.
pub(super) fn types(value: &JsValue) -> Result<Rc<[(String, String)]>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(Rc::default());
    }
    // A map would be an object without a name.
    if !value.is_object() || value.is_instance_of::<Map>() {
        return Err(invalid("The option types is an object: by the name of a variable, the word for its type."));
    }
    let mut types = Vec::new();
    for name in Reflect::own_keys(value.unchecked_ref()).map_err(threw)? {
        types.push((text(&name)?, text(&Reflect::get(value, &name).map_err(threw)?)?));
    }
    Ok(types.into())
}

/// A rule's name, or a list of scopes, lowest first; nothing where the shape decides.
pub(super) fn precedence(value: &JsValue) -> Result<Option<Precedence>, Error> {
    let unknown = || invalid("The precedence is layered, side-by-side, or a list of scopes, lowest first.");
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    if let Some(name) = value.as_string() {
        return Precedence::parse(&name).map(Some).ok_or_else(unknown);
    }
    let scopes = value.dyn_ref::<Array>().ok_or_else(unknown)?;
    let scopes: Option<Vec<String>> = scopes.iter().map(|scope| scope.as_string()).collect();
    scopes.map(|scopes| Some(Precedence::custom(scopes))).ok_or_else(unknown)
}

#[derive(Default, Deserialize)]
struct WindowJs {
    offset: Option<f64>,
    limit: Option<f64>,
    filter: Option<String>,
    sort: Option<String>,
    scope: Option<String>,
    system: Option<bool>,
    shadowed: Option<bool>,
}

pub(super) fn window(value: &JsValue) -> Result<Window, Error> {
    window_of(value, &["offset", "limit", "filter", "sort", "scope", "system", "shadowed", "earlier", "mask"])
}

/// The same, of options that are others too.
pub(super) fn window_of(value: &JsValue, known: &[&str]) -> Result<Window, Error> {
    let window: WindowJs = decode(value, known)?;
    let default = Window::default();
    let sort = window
        .sort
        .map(|name| Sort::parse(&name).ok_or_else(|| invalid("There is no such order of rows; there are order, name, scope, type, size and changed, and each with - in front.")))
        .transpose()?;
    Ok(Window {
        offset: whole(window.offset, default.offset)?,
        limit: whole(window.limit, default.limit)?,
        filter: window.filter.unwrap_or_default(),
        sort: sort.unwrap_or_default(),
        scope: window.scope,
        system: window.system.unwrap_or(default.system),
        shadowed: window.shadowed.unwrap_or(default.shadowed),
    })
}

#[derive(Default, Deserialize)]
struct PartJs {
    offset: Option<f64>,
    limit: Option<f64>,
}

/// `{offset, limit}`, with a default for the limit.
pub(super) fn part(value: &JsValue, limit: usize) -> Result<(usize, usize), Error> {
    part_of(value, limit, &["offset", "limit"])
}

fn part_of(value: &JsValue, limit: usize, known: &[&str]) -> Result<(usize, usize), Error> {
    let part: PartJs = decode(value, known)?;
    Ok((whole(part.offset, 0)?, whole(part.limit, limit)?))
}

/// The same beside a mask.
pub(super) fn masked_part(value: &JsValue, limit: usize) -> Result<(usize, usize), Error> {
    part_of(value, limit, &["offset", "limit", "mask"])
}

/// A whole number from 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn whole(number: Option<f64>, default: usize) -> Result<usize, Error> {
    match number {
        None => Ok(default),
        Some(number) if number >= 0.0 && number.fract() == 0.0 && number <= f64::from(u32::MAX) => Ok(number as usize),
        Some(_) => Err(invalid("Offsets and limits are whole numbers from 0.")),
    }
}

/// Names and positions that lead down into a value.
pub(super) fn named_path(value: &JsValue) -> Result<Vec<Step>, Error> {
    let steps = value.dyn_ref::<Array>().ok_or_else(|| invalid("A path is a list of names and positions."))?;
    let step = |step: JsValue| {
        if step.is_string() { text(&step).map(Step::Name) } else { position(&step).map(Step::Index) }
    };
    steps.iter().map(step).collect()
}

fn position(step: &JsValue) -> Result<usize, Error> {
    whole(Some(step.as_f64().unwrap_or(-1.0)), 0)
}

/// Positions that lead down into a value.
pub(super) fn path(value: &JsValue) -> Result<Vec<usize>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    let steps = value.dyn_ref::<Array>().ok_or_else(|| invalid("A path is a list of positions."))?;
    steps.iter().map(|step| position(&step)).collect()
}
