//! A value that is open, with all that is open inside it: how many rows it has, and which row stands where. The rows themselves
//! are made when somebody looks.

use super::kept::Paths;
use super::spread::Spread;
use crate::snapshot::at::Step;
use crate::snapshot::mask::Spot;
use crate::snapshot::opened::{key, twice};
use crate::value::json::{Child, Children, JsonKind};
use std::cmp::Ordering;

/// A walk over children can begin anew at each so many of them.
const STRIDE: usize = 64;

/// An open object or array.
#[derive(Debug)]
pub(super) struct Branch {
    /// How many children it has.
    pub(super) count: usize,
    /// Those of them that are open, each with its branch.
    pub(super) spread: Spread,
    walks: Vec<Children<'static>>,
    /// Of children whose name stands more than once, whether it is the last of its kind.
    kept: Vec<Option<bool>>,
}

impl Branch {
    fn rows(&self) -> usize {
        self.count + self.spread.below()
    }

    /// The children from one on.
    pub(super) fn walk<'s>(&self, source: &'s str, from: usize) -> Children<'s> {
        let Some(walk) = self.walks.get(from / STRIDE) else { return Children::new(&[], 0) };
        let mut walk = walk.clone().on(source.as_bytes());
        for _ in 0..from % STRIDE {
            walk.next();
        }
        walk
    }

    pub(super) fn kept(&self, ordinal: usize) -> Option<bool> {
        self.kept.get(ordinal).copied().flatten()
    }

    fn read(source: &str, start: usize) -> (Branch, Vec<Child>) {
        let (mut walks, mut children) = (Vec::new(), Vec::new());
        let mut walk = Children::new(source.as_bytes(), start);
        loop {
            if children.len() % STRIDE == 0 {
                walks.push(walk.clone().on(&[]));
            }
            let Some(Ok(child)) = walk.next() else { break };
            children.push(child);
        }
        let is_object = children.first().is_some_and(|child| child.key.is_some());
        let kept = if is_object { twice(source, &children) } else { Vec::new() };
        (Branch { count: children.len(), spread: Spread::default(), walks, kept }, children)
    }
}

/// The open branches of one value: itself first, and each before those inside it.
#[derive(Debug)]
pub(super) struct OpenValue(Vec<Branch>);

impl OpenValue {
    /// Reads an object or array of which these paths are open, as far as its place lets anybody look.
    pub(super) fn read(source: &str, open: &Paths, spot: &Spot<'_>) -> OpenValue {
        let mut branches: Vec<Branch> = Vec::new();
        let mut found = vec![(Vec::new(), 0, spot.clone())];
        while let Some((path, start, spot)) = found.get(branches.len()).cloned() {
            let (mut branch, children) = Branch::read(source, start);
            let wanted = steps_below(open, &path);
            let is_container = |child: &&Child| matches!(child.value.kind, JsonKind::Array | JsonKind::Object);
            let children = children.iter().enumerate().filter(|(_, child)| !wanted.is_empty() && is_container(child));
            for (ordinal, child) in children {
                let Some(step) = find(&wanted, source, ordinal, child) else { continue };
                let inside = spot.step(&step);
                if inside.whole().is_none() {
                    branch.spread.push(ordinal, 0, found.len());
                    found.push(([path.as_slice(), &[step]].concat(), child.value.start, inside));
                }
            }
            branches.push(branch);
        }
        // What is inside a branch comes after it, so backwards each finds its own already counted.
        let mut rows = vec![0; branches.len()];
        for (place, branch) in branches.iter_mut().enumerate().rev() {
            branch.spread.recount(|inside| rows.get(inside).copied().unwrap_or(0));
            if let Some(slot) = rows.get_mut(place) {
                *slot = branch.rows();
            }
        }
        OpenValue(branches)
    }

    /// How many rows stand below the value.
    pub(super) fn rows(&self) -> usize {
        self.branch(0).map_or(0, Branch::rows)
    }

    pub(super) fn branch(&self, number: usize) -> Option<&Branch> {
        self.0.get(number)
    }

    /// The row of a child below the value; `None` where something above it is not open.
    pub(super) fn row_of(&self, ordinals: &[usize]) -> Option<usize> {
        let (last, above) = ordinals.split_last()?;
        let (mut branch, mut row) = (self.branch(0)?, 0);
        for ordinal in above {
            row += branch.spread.row_of(*ordinal) + 1;
            branch = self.branch(branch.spread.at(*ordinal)?.inside)?;
        }
        Some(row + branch.spread.row_of(*last))
    }
}

/// The last steps of the open paths that are one step longer than this one.
fn steps_below<'a>(open: &'a Paths, path: &[Step]) -> Vec<&'a Step> {
    open.after(path)
        .take_while(|longer| longer.starts_with(path))
        .filter(|longer| longer.len() == path.len() + 1)
        .filter_map(|longer| longer.last())
        .collect()
}

/// Which of the steps, in their order, leads to a child.
fn find(wanted: &[&Step], source: &str, ordinal: usize, child: &Child) -> Option<Step> {
    let key = key(source, child);
    let compare = |step: &&Step| match (step, &key) {
        (Step::Name(name), Some(key)) => name.as_str().cmp(key),
        (Step::Index(index), None) => index.cmp(&ordinal),
        (Step::Name(_), None) => Ordering::Less,
        (Step::Index(_), Some(_)) => Ordering::Greater,
    };
    wanted.get(wanted.binary_search_by(compare).ok()?).copied().cloned()
}
