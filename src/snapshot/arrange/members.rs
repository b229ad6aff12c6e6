//! Walks the members of an open value, row by row, from any row on.

use super::open_value::{Branch, OpenValue};
use super::spread::Found;
use crate::snapshot::at::Step;
use crate::snapshot::mask::{Hidden, Mask, Spot};
use crate::snapshot::opened::key;
use crate::snapshot::tree::{ValueNode, covered_node, node};
use crate::value::json::{Child, Children};

/// One row of an open value.
pub(super) struct Member {
    pub(super) path: Vec<Step>,
    pub(super) ordinals: Vec<usize>,
    pub(super) node: ValueNode,
    pub(super) is_open: bool,
    pub(super) siblings: usize,
    child: Child,
}

impl Member {
    /// The member as a mask shows it. `spot` is the place of the whole value.
    pub(super) fn through(self, source: &str, mask: &Mask, spot: &Spot<'_>, hidden: &mut Hidden) -> Member {
        let above = self.path.len().saturating_sub(1);
        let spot = self.path.iter().take(above).fold(spot.clone(), |spot, step| spot.step(step));
        let node = covered_node(self.node, source, &self.child, mask, &spot, hidden);
        let path = self.path.into_iter().map(|step| step.through(mask, hidden)).collect();
        Member { node, path, ..self }
    }
}

pub(super) struct Members<'a> {
    value: &'a OpenValue,
    source: &'a str,
    frames: Vec<Frame<'a>>,
    /// How to come to the last frame: one step fewer than there are frames.
    path: Vec<Step>,
    ordinals: Vec<usize>,
}

struct Frame<'a> {
    branch: &'a Branch,
    walk: Children<'a>,
    next: usize,
}

impl<'a> Frame<'a> {
    fn new(branch: &'a Branch, source: &'a str, from: usize) -> Frame<'a> {
        Frame { branch, walk: branch.walk(source, from), next: from }
    }

    fn take(&mut self) -> Option<(usize, Child)> {
        let child = self.walk.next()?.ok()?;
        self.next += 1;
        Some((self.next - 1, child))
    }
}

impl<'a> Members<'a> {
    pub(super) fn new(value: &'a OpenValue, source: &'a str, mut row: usize) -> Members<'a> {
        let mut members = Members { value, source, frames: Vec::new(), path: Vec::new(), ordinals: Vec::new() };
        let mut inside = 0;
        while let Some(branch) = value.branch(inside) {
            let (place, below) = match branch.spread.locate(row) {
                Found::Item(place) => (place, None),
                Found::Below(opened, below) => (opened.place, Some((opened.inside, below))),
            };
            let mut frame = Frame::new(branch, source, place);
            let Some(next) = below else {
                members.frames.push(frame);
                break;
            };
            if let Some((ordinal, child)) = frame.take() {
                members.path.push(step(source, ordinal, &child));
                members.ordinals.push(ordinal);
            }
            members.frames.push(frame);
            (inside, row) = next;
        }
        members
    }
}

impl Iterator for Members<'_> {
    type Item = Member;

    fn next(&mut self) -> Option<Member> {
        let (branch, ordinal, child) = loop {
            let frame = self.frames.last_mut()?;
            if let Some((ordinal, child)) = frame.take() {
                break (frame.branch, ordinal, child);
            }
            self.frames.pop();
            self.path.pop();
            self.ordinals.pop();
        };
        self.path.push(step(self.source, ordinal, &child));
        self.ordinals.push(ordinal);
        let opened = branch.spread.at(ordinal).and_then(|opened| self.value.branch(opened.inside));
        let member = Member {
            path: self.path.clone(),
            ordinals: self.ordinals.clone(),
            node: node(self.source, ordinal, &child, branch.kept(ordinal)),
            is_open: opened.is_some(),
            siblings: branch.count,
            child,
        };
        if let Some(opened) = opened {
            self.frames.push(Frame::new(opened, self.source, 0));
        } else {
            self.path.pop();
            self.ordinals.pop();
        }
        Some(member)
    }
}

fn step(source: &str, ordinal: usize, child: &Child) -> Step {
    key(source, child).map_or(Step::Index(ordinal), |key| Step::Name(key.into_owned()))
}
