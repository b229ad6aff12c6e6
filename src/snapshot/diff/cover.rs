//! What a mask leaves of a difference inside of a value: where it is told, and what of both sides.

use super::inside::DiffSide;
use super::walk::{PathId, Paths, Side};
use crate::snapshot::at::{Step, read};
use crate::snapshot::mask::{Hidden, Mask, Spot, mark_of};
use crate::value::{Value, ValueType};

/// The places of both values, seen through a mask.
pub(super) struct Cover<'m> {
    pub(super) mask: &'m Mask,
    pub(super) before: Spot<'m>,
    pub(super) after: Spot<'m>,
}

impl<'m> Cover<'m> {
    fn top(&self, side: Side) -> &Spot<'m> {
        if matches!(side, Side::Before) { &self.before } else { &self.after }
    }

    /// How many steps lead to something that is hidden as a whole on either side, with what is inside of it; `None` where nothing on
    /// the way is.
    pub(super) fn end(&self, paths: &Paths, id: PathId) -> Option<usize> {
        let mut end = None;
        for side in [Side::Before, Side::After] {
            let mut spot = self.top(side).clone();
            let steps = paths.steps(id, side);
            for at in 0..end.unwrap_or(steps.len() + 1) {
                if spot.whole().is_some() {
                    end = Some(at);
                    break;
                }
                if let Some(step) = steps.get(at) {
                    spot = spot.step(step);
                }
            }
        }
        end
    }

    #[inline(never)]
    fn spot(&self, side: Side, steps: &[Step]) -> Spot<'m> {
        steps.iter().fold(self.top(side).clone(), |spot, step| spot.step(step))
    }

    /// One side as it is told. Its type stays told.
    pub(super) fn side(&self, paths: &Paths, id: PathId, side: Side, source: &str) -> DiffSide {
        let steps = paths.steps(id, side);
        let spot = self.spot(side, &steps);
        let mut raw = String::new();
        self.mask.write_json(&mut raw, source, &spot, &mut Hidden::default());
        DiffSide { path: self.path(steps), value_type: read(source).value_type(), value: read(&raw).into_owned(), raw }
    }

    /// A container that is hidden as a whole, in which something differs.
    pub(super) fn hidden(&self, paths: &Paths, id: PathId, side: Side, end: usize) -> DiffSide {
        let mut steps = paths.steps(id, side);
        let inside = steps.get(end);
        let value_type = if matches!(inside, Some(Step::Index(_))) { ValueType::Array } else { ValueType::Object };
        steps.truncate(end);
        let spot = self.spot(side, &steps);
        // Where only the other side hides it, neither is told.
        let rule = spot.whole().map_or("masked", |rule| self.mask.rule(rule));
        let mark = mark_of(rule);
        let raw = ["\"", &mark, "\""].concat();
        DiffSide { path: self.path(steps), value_type, value: Value::String(mark.into()), raw }
    }

    /// A way as it is told.
    pub(super) fn path(&self, steps: Vec<Step>) -> Vec<Step> {
        let mut hidden = Hidden::default();
        steps
            .into_iter()
            .map(|step| if self.mask.is_off() { step } else { step.through(self.mask, &mut hidden) })
            .collect()
    }
}
