//! `Arrangement` as a JavaScript class.

use super::encode;
use super::json_text::JsonText;
use super::mask::{Mask as HeldMask, held_mask, mask, sight, tell_masked};
use super::options::{check_known, invalid, member, named_path, part, path, text, window_of};
use super::snapshot::{entry_id, held};
use super::snapshot_diff::given;
use super::snapshot_hits::{part_of, slice};
use crate::error::Error;
use crate::snapshot::{
    ArrangedRow, Arrangement as Inner, EntryId, Group, GroupKind, Grouping, Hidden, Item, Mask, Pin, Place, Snapshot,
    Step, ViewState,
};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

const KNOWN: [&str; 8] = ["filter", "sort", "scope", "system", "shadowed", "earlier", "mask", "groupBy"];

/// The rows of a tree table over one snapshot after the other.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Default)]
pub struct Arrangement {
    inner: Inner,
    /// What is looked through, and what at, where that can reveal something.
    mask: Option<(HeldMask, Rc<Snapshot>)>,
}

/// What a call is about.
enum Target {
    Group(Group),
    Place(Place),
    Part(EntryId, Vec<usize>),
    Removed(EntryId),
}

#[wasm_bindgen]
impl Arrangement {
    /// Nothing is shown yet, and nothing open.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Arrangement {
        Arrangement::default()
    }

    /// Shows a snapshot in the place of the one before.
    pub fn show(&mut self, snapshot: &JsValue, options: &JsValue) -> Result<(), JsValue> {
        let window = window_of(options, &KNOWN)?;
        let by = given(options, "groupBy").map_or(Ok(Grouping::None), |by| {
            let known = Grouping::parse(&text(&by)?);
            known.ok_or_else(|| invalid("Rows are grouped by scope, by prefix, or by none."))
        })?;
        let snapshot = held(snapshot)?.ok_or_else(|| invalid("What has to be a snapshot is none, or was freed."))?;
        let mask = sight(options, &snapshot)?;
        self.mask = held_mask(&member(options, "mask")).map(|mask| (mask, Rc::clone(&snapshot)));
        self.inner.show(snapshot, held(&member(options, "earlier"))?, &window, by, &mask);
        Ok(())
    }

    /// Lets go of the snapshots.
    pub fn hide(&mut self) {
        self.mask = None;
        self.inner.hide();
    }

    /// How many rows there are.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.inner.len()
    }

    /// How many variables were selected.
    #[wasm_bindgen(getter)]
    pub fn selected(&self) -> usize {
        self.inner.selected()
    }

    /// How many variables there would be without the filter.
    #[wasm_bindgen(getter)]
    pub fn unfiltered(&self) -> usize {
        self.inner.unfiltered()
    }

    /// Some of the rows.
    pub fn rows(&mut self, options: &JsValue) -> Result<JsValue, JsValue> {
        let (offset, limit) = part(options, 100)?;
        // What is revealed ends by itself.
        if let Some((mask, snapshot)) = &self.mask {
            self.inner.see_through(mask.now(snapshot));
        }
        let mut out = JsonText::default();
        out.list(&self.inner.rows(offset, limit), encode);
        Ok(out.parse())
    }

    /// Opens a value or a group.
    pub fn expand(&mut self, target: &JsValue) -> Result<bool, JsValue> {
        Ok(match decode(target)? {
            Target::Group(group) => self.inner.expand_group(&group),
            Target::Place(place) => self.inner.expand(&place),
            Target::Part(..) | Target::Removed(_) => return Err(by_name().into()),
        })
    }

    /// Closes a value or a group.
    pub fn collapse(&mut self, target: &JsValue) -> Result<bool, JsValue> {
        Ok(match decode(target)? {
            Target::Group(group) => self.inner.collapse_group(group),
            Target::Place(place) => self.inner.collapse(&place),
            Target::Part(..) | Target::Removed(_) => return Err(by_name().into()),
        })
    }

    /// The row of the next variable that changed, or of the one before.
    #[wasm_bindgen(js_name = nextChange)]
    pub fn next_change(&mut self, row: usize, backward: Option<bool>) -> Option<usize> {
        self.inner.next_change(row, backward != Some(true))
    }

    /// Opens all that stand beside a row.
    #[wasm_bindgen(js_name = expandSiblings)]
    pub fn expand_siblings(&mut self, row: usize) -> usize {
        self.inner.expand_siblings(row)
    }

    /// Pins a variable.
    pub fn pin(&mut self, pinned: &JsValue) -> Result<bool, JsValue> {
        Ok(self.inner.pin(pin(pinned)?))
    }

    /// Takes a pin away.
    pub fn unpin(&mut self, pinned: &JsValue) -> Result<bool, JsValue> {
        Ok(self.inner.unpin(&pin(pinned)?))
    }

    /// The pins, uppermost first.
    #[wasm_bindgen(getter)]
    pub fn pins(&self) -> JsValue {
        let mut out = JsonText::default();
        out.list(&self.inner.pins(), |out, pin| out.object(|out| put_pin(out, pin)));
        out.parse()
    }

    /// The row of a variable, a part of one, or a group.
    pub fn position(&self, target: &JsValue) -> Result<Option<usize>, JsValue> {
        Ok(match decode(target)? {
            Target::Group(group) => self.inner.position_of_group(&group),
            Target::Place(place) => self.inner.position(&place),
            Target::Part(entry, steps) => self.inner.position_of_part(entry, &steps),
            Target::Removed(entry) => self.inner.position_of_removed(entry),
        })
    }

    /// Opens what has to be open for a variable or a part of one to show, and gives its row.
    pub fn reveal(&mut self, target: &JsValue) -> Result<Option<usize>, JsValue> {
        Ok(match decode(target)? {
            Target::Group(group) => self.inner.position_of_group(&group),
            Target::Place(place) => self.inner.reveal(&place),
            Target::Part(entry, steps) => self.inner.reveal_part(entry, &steps),
            Target::Removed(entry) => self.inner.position_of_removed(entry),
        })
    }

    /// A slice of the hits of the filter.
    pub fn hits(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        check_known(options, &["after", "before", "limit"])?;
        let (from, limit) = part_of(options)?;
        Ok(slice(&self.inner.hits(from, limit)))
    }

    /// What is set up, as a text.
    #[wasm_bindgen(js_name = stateText)]
    pub fn state_text(&self, options: &JsValue) -> Result<String, JsValue> {
        check_known(options, &["mask", "onMasked", "place"])?;
        let place = given(options, "place").map(|place| place_of(&place)).transpose()?;
        let (mask, mut hidden) = (mask(&member(options, "mask"), Mask::standard)?, Hidden::default());
        let state = self.inner.state_text(place.as_ref(), &mask, &mut hidden);
        tell_masked(options, &mask, &hidden)?;
        Ok(state)
    }

    /// Sets up what such a text holds.
    pub fn restore(&mut self, state: &JsValue) -> Result<JsValue, JsValue> {
        let ViewState { window, by, place } = self.inner.restore(&text(state)?)?;
        let mut out = JsonText::default();
        out.object(|out| {
            out.field("options").object(|out| {
                let (sort, by) = (window.sort.word(), by.as_str());
                let texts = [("filter", Some(&*window.filter)), ("sort", Some(&sort)), ("groupBy", Some(by))];
                for (name, text) in texts.into_iter().chain([("scope", window.scope.as_deref())]) {
                    out.some_text(name, text);
                }
                for (name, flag) in [("system", window.system), ("shadowed", window.shadowed)] {
                    out.field(name).flag(flag);
                }
            });
            if let Some(Place { name, scope, path }) = place {
                out.field("place").object(|out| {
                    put_pin(out, &Pin { name, scope });
                    put_path(out, &path);
                });
            }
        });
        Ok(out.parse())
    }

    /// The row that a row stands below.
    pub fn parent(&self, row: usize) -> Option<usize> {
        self.inner.parent(row)
    }
}

fn by_name() -> Error {
    invalid("What is opened and closed is told by its name, since it outlives the snapshot.")
}

fn decode(target: &JsValue) -> Result<Target, Error> {
    if let Some(group) = given(target, "group") {
        let kind = GroupKind::parse(&text(&member(&group, "kind"))?);
        let kind = kind.ok_or_else(|| invalid("There is no such kind of group."))?;
        let label = given(&group, "label").map_or(Ok(String::new()), |label| text(&label))?;
        return Ok(Target::Group(Group { kind, label }));
    }
    if let Some(entry) = given(target, "entry") {
        if member(target, "removed").is_truthy() {
            return Ok(Target::Removed(entry_id(&entry)?));
        }
        return Ok(Target::Part(entry_id(&entry)?, path(&member(target, "steps"))?));
    }
    Ok(Target::Place(place_of(target)?))
}

fn place_of(target: &JsValue) -> Result<Place, Error> {
    let Pin { name, scope } = named(target)?;
    let path = given(target, "path").map_or(Ok(Vec::new()), |path| named_path(&path))?;
    Ok(Place { name, scope, path })
}

fn pin(pinned: &JsValue) -> Result<Pin, Error> {
    check_known(pinned, &["name", "scope"])?;
    named(pinned)
}

fn named(value: &JsValue) -> Result<Pin, Error> {
    let scope = given(value, "scope").map(|scope| text(&scope)).transpose()?;
    Ok(Pin { name: text(&member(value, "name"))?, scope })
}

fn encode(out: &mut JsonText, row: &ArrangedRow) {
    out.object(|out| {
        for (name, number) in [("depth", row.depth), ("position", row.position), ("siblings", row.siblings)] {
            out.field(name).count(number);
        }
        if let Some(expanded) = row.expanded {
            out.field("expanded").flag(expanded);
        }
        out.field("pinned").flag(row.pinned);
        match &row.item {
            Item::Group { group, count } => {
                out.field("kind").text("group");
                out.field("group").object(|out| {
                    out.field("kind").text(group.kind.as_str());
                    out.field("label").text(&group.label);
                });
                out.field("count").count(*count);
            }
            Item::Variable(variable) | Item::Removed(variable) => {
                let removed = matches!(row.item, Item::Removed(_));
                out.field("kind").text(if removed { "removed" } else { "variable" });
                encode::row(out.field("row"), variable);
            }
            Item::Member { entry, name, scope, path, ordinals, node } => {
                out.field("kind").text("member");
                out.field("entry").count(*entry as usize);
                out.field("name").text(name);
                out.field("scope").text(scope);
                put_path(out, path);
                out.field("steps").list(ordinals, |out, ordinal| out.count(*ordinal));
                encode::node(out.field("node"), node);
            }
            Item::Gone { pin, not_loaded } => {
                out.field("kind").text("gone");
                put_pin(out, pin);
                out.field("notLoaded").flag(*not_loaded);
            }
        }
    });
}

fn put_pin(out: &mut JsonText, pin: &Pin) {
    out.field("name").text(&pin.name);
    out.some_text("scope", pin.scope.as_deref());
}

pub(super) fn put_path(out: &mut JsonText, path: &[Step]) {
    out.field("path").list(path, |out, step| match step {
        Step::Name(name) => out.text(name),
        Step::Index(index) => out.count(*index),
    });
}
