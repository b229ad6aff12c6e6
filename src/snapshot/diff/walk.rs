//! Walks two JSON documents side by side, from the root down, and tells where they differ.

use super::align::{self, Alignment};
use super::kinds::same_document;
use crate::snapshot::at::Step;
use crate::snapshot::opened::key;
use crate::value::json::Children;
use std::borrow::Cow;

/// Containers are read again on every level that leads to a difference. So often the length of both documents is read; what
/// is nested beyond that is told as a whole.
const MOST_PASSES: usize = 16;
/// Short documents may be as deep as they like.
const FREE_BYTES: usize = 1 << 20;
/// A container with more children than this is told as a whole: its children would take many times its own memory.
const MOST_CHILDREN: usize = 1 << 18;

/// By these, elements of lists are told apart where nobody says otherwise.
const LIST_KEYS: [&str; 5] = ["id", "_id", "uuid", "key", "name"];

/// A child of a container.
pub(super) struct Member<'a> {
    /// Empty in a list.
    pub(super) key: Cow<'a, str>,
    pub(super) source: &'a str,
}

/// What a walk came across, as JSON source.
pub(super) enum Found<'a, 'k> {
    Removed(&'a str),
    Added(&'a str),
    Changed(&'a str, &'a str),
    /// The same in another spelling.
    Respelled(&'a str, &'a str),
    /// An element of a list that was matched by a key stands elsewhere, or members of an object come in another order.
    Moved(&'a str, &'a str),
    /// A list that was looked into, and the key by which its elements were matched.
    List(Option<&'k str>),
}

/// How two documents are walked.
pub(in crate::snapshot) struct Rules {
    /// Keys by which elements of lists are matched, the best first. None: always by position.
    list_keys: Vec<Step>,
    /// Whether what is told can be done one after the other: what is new in a list comes before what changed in it, and what
    /// is gone last one first.
    in_steps: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules::of(LIST_KEYS.map(String::from).into())
    }
}

impl Rules {
    pub(super) fn of(list_keys: Vec<String>) -> Rules {
        Rules { list_keys: list_keys.into_iter().map(Step::Name).collect(), in_steps: false }
    }

    pub(super) fn in_steps() -> Rules {
        Rules { list_keys: Vec::new(), in_steps: true }
    }
}

/// Where a walk is: a tree, so that a step that many differences share is kept once.
#[derive(Default)]
pub(super) struct Paths {
    nodes: Vec<Node>,
}

struct Node {
    parent: PathId,
    /// As it was, and as it is.
    steps: [Step; 2],
}

/// A path of [`Paths`].
pub(super) type PathId = usize;

const ROOT: PathId = usize::MAX;

/// A side of a comparison.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Before,
    After,
}

impl Paths {
    /// The steps from the root, of one side.
    pub(super) fn steps(&self, id: PathId, side: Side) -> Vec<Step> {
        let (mut steps, mut at) = (Vec::new(), id);
        while let Some(Node { parent, steps: [before, after] }) = self.nodes.get(at) {
            steps.push(if matches!(side, Side::Before) { before } else { after }.clone());
            at = *parent;
        }
        steps.reverse();
        steps
    }
}

/// Something to look at: a pair, or what only one side has.
struct Task<'a> {
    path: PathId,
    before: Option<&'a str>,
    after: Option<&'a str>,
    moved: bool,
}

/// Tells every difference to `see`, which ends the walk by answering `false`. In each container: what is gone, what changed,
/// what is new.
pub(super) fn walk<'a>(
    before: &'a str,
    after: &'a str,
    rules: &Rules,
    see: &mut dyn FnMut(&Paths, PathId, Found<'a, '_>) -> bool,
) {
    let mut paths = Paths::default();
    let mut budget = (before.len() + after.len()).saturating_mul(MOST_PASSES).saturating_add(FREE_BYTES);
    let mut tasks = vec![Task { path: ROOT, before: Some(before), after: Some(after), moved: false }];
    while let Some(Task { path, before, after, moved }) = tasks.pop() {
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (Some(before), None) if see(&paths, path, Found::Removed(before)) => continue,
            (None, Some(after)) if see(&paths, path, Found::Added(after)) => continue,
            _ => return,
        };
        if moved && !see(&paths, path, Found::Moved(before, after)) {
            return;
        }
        if before == after {
            continue;
        }
        let is_list = before.starts_with('[') && after.starts_with('[');
        let cost = before.len() + after.len();
        let opened = if cost <= budget && (is_list || before.starts_with('{') && after.starts_with('{')) {
            budget -= cost;
            members(before).zip(members(after))
        } else {
            None
        };
        let go_on = if let Some((one, other)) = opened {
            let (by, alignment) = align(&one, &other, is_list, rules);
            let told = match by {
                _ if is_list => see(&paths, path, Found::List(by)),
                _ => alignment.in_order() || see(&paths, path, Found::Moved(before, after)),
            };
            let first = tasks.len();
            push_children(&mut tasks, &mut paths, (path, is_list), &one, &other, &alignment, by.is_some(), rules);
            // The last one in is looked at first.
            tasks.get_mut(first..).unwrap_or_default().reverse();
            told
        } else if same_document(before, after) {
            see(&paths, path, Found::Respelled(before, after))
        } else {
            see(&paths, path, Found::Changed(before, after))
        };
        if !go_on {
            return;
        }
    }
}

/// The children of a container; `None` where there are too many.
fn members(source: &str) -> Option<Vec<Member<'_>>> {
    let member = |child| Member {
        key: key(source, &child).unwrap_or_default(),
        source: source.get(child.value.start..child.value.end).unwrap_or_default(),
    };
    let children = Children::new(source.as_bytes(), 0).filter_map(Result::ok);
    let members: Vec<_> = children.take(MOST_CHILDREN + 1).map(member).collect();
    (members.len() <= MOST_CHILDREN).then_some(members)
}

fn align<'r>(
    one: &[Member<'_>],
    other: &[Member<'_>],
    is_list: bool,
    rules: &'r Rules,
) -> (Option<&'r str>, Alignment) {
    if !is_list {
        return (None, align::members(one, other));
    }
    match align::by_field(one, other, &rules.list_keys) {
        Some((Step::Name(field), alignment)) => (Some(field), alignment),
        _ => (None, align::by_position(one, other)),
    }
}

#[allow(clippy::too_many_arguments)]
fn push_children<'a>(
    tasks: &mut Vec<Task<'a>>,
    paths: &mut Paths,
    (parent, is_list): (PathId, bool),
    one: &[Member<'a>],
    other: &[Member<'a>],
    alignment: &Alignment,
    by_field: bool,
    rules: &Rules,
) {
    let mut push = |before: Option<usize>, after: Option<usize>, moved: bool| {
        let (old, new) = (before.and_then(|place| one.get(place)), after.and_then(|place| other.get(place)));
        let (Some(named), Some(place)) = (new.or(old), after.or(before)) else { return };
        if !moved && old.map(|old| old.source) == new.map(|new| new.source) {
            return;
        }
        let step = |index| if is_list { Step::Index(index) } else { Step::Name(named.key.clone().into_owned()) };
        paths.nodes.push(Node { parent, steps: [step(before.unwrap_or(place)), step(place)] });
        let path = paths.nodes.len() - 1;
        tasks.push(Task { path, before: old.map(|old| old.source), after: new.map(|new| new.source), moved });
    };
    let gone = alignment.removed.iter();
    if rules.in_steps {
        gone.rev().for_each(|place| push(Some(*place), None, false));
        alignment.added.iter().for_each(|place| push(None, Some(*place), false));
    } else {
        gone.for_each(|place| push(Some(*place), None, false));
    }
    let moved = if by_field && !alignment.in_order() { alignment.moved() } else { Vec::new() };
    for (pair, (before, after)) in alignment.pairs.iter().enumerate() {
        push(Some(*before), Some(*after), moved.get(pair) == Some(&true));
    }
    if !rules.in_steps {
        alignment.added.iter().for_each(|place| push(None, Some(*place), false));
    }
}
