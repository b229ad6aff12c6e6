//! The hits of a search, as JavaScript walks them.

use super::encode::{list, object, put, put_some};
use super::mask::mask;
use super::options::{invalid, member, text, whole, window_of};
use super::snapshot::{Snapshot, held};
use super::snapshot_diff::given;
use crate::error::Error;
use crate::snapshot::{Hit, HitPlace, HitSlice, HitsFrom, Lens, Mask, Window};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

const KNOWN: [&str; 9] = ["after", "before", "limit", "sort", "scope", "system", "shadowed", "earlier", "mask"];
/// So many hits are given where nobody says.
const USUAL: usize = 50;

#[wasm_bindgen]
impl Snapshot {
    /// A slice of the hits.
    pub fn hits(&self, search: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
        let window = Window { filter: text(search)?, ..window_of(options, &KNOWN)? };
        let earlier = held(&member(options, "earlier"))?;
        let mask = mask(&member(options, "mask"), Mask::off)?;
        let lens = Lens { earlier: earlier.as_deref(), mask: &mask };
        let (from, limit) = part_of(options)?;
        Ok(slice(&self.inner().hits(&window, lens, from, limit)))
    }
}

/// Which of the hits are asked for.
pub(super) fn part_of(options: &JsValue) -> Result<(HitsFrom, usize), Error> {
    let limit =
        given(options, "limit").map_or(Ok(USUAL), |limit| whole(Some(limit.as_f64().unwrap_or(-1.0)), USUAL))?;
    let from = match (place(&member(options, "after"))?, place(&member(options, "before"))?) {
        (None, None) => HitsFrom::Start,
        (Some(place), None) => HitsFrom::After(place),
        (None, Some(place)) => HitsFrom::Before(place),
        (Some(_), Some(_)) => return Err(invalid("Hits are asked for after a place or before it.")),
    };
    Ok((from, limit))
}

pub(super) fn slice(slice: &HitSlice) -> JsValue {
    let out = object();
    put(&out, "count", number(slice.count));
    put(&out, "hits", list(&slice.hits, hit));
    put_some(&out, "rest", slice.rest.map(|rest| encode(rest, object())));
    out
}

/// Where a hit stands: any object that says so, as a hit itself does.
fn place(value: &JsValue) -> Result<Option<HitPlace>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let number = |name| whole(Some(member(value, name).as_f64().unwrap_or(-1.0)), 0);
    Ok(Some(HitPlace { row: number("row")?, hit: number("hit")? }))
}

fn encode(place: HitPlace, out: JsValue) -> JsValue {
    put(&out, "row", number(place.row));
    put(&out, "hit", number(place.hit));
    out
}

fn hit(hit: &Hit) -> JsValue {
    let out = encode(hit.place, object());
    put(&out, "entry", hit.entry);
    put_some(&out, "removed", hit.removed.then_some(true));
    put(&out, "where", hit.part.as_str());
    put(&out, "steps", list(hit.steps.iter().copied(), |step| number(step).into()));
    out
}

#[allow(clippy::cast_precision_loss)]
fn number(number: usize) -> f64 {
    number as f64
}
