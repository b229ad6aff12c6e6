//! What became of one variable.

use super::delta::{Delta, RowRef};
use super::ring::{History, Moment};
use crate::snapshot::diff::{ChangeKind, Rules, kinds};
use crate::snapshot::entry::Variable;
use crate::snapshot::mask::{Hidden, Mask};
use crate::snapshot::snapshot::Snapshot;

/// A snapshot in which a variable is not what it was in the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableMoment {
    /// The snapshot.
    pub moment: Moment,
    /// What changed; nothing where the variable is new or gone.
    pub kinds: Vec<ChangeKind>,
    /// The variable; `None` where it is gone.
    pub variable: Option<Variable>,
}

/// The rows of one name, and where they stand in the snapshot.
type Tracked = Vec<(u32, RowRef)>;

impl History {
    /// What a variable was, the oldest snapshot first, and every snapshot in which it came, changed or went. Without a scope
    /// it is the one that the name resolved to.
    ///
    /// A snapshot that cannot tell, since pages are missing or another scope was asked for, is no sign that it is gone.
    pub fn variable(&self, name: &str, scope: Option<&str>) -> Vec<VariableMoment> {
        self.variable_through(name, scope, &Mask::off(), &mut Hidden::default())
    }

    /// The same through a mask, name and scope as they are or as it has shown them. That something changed is told of what it
    /// hides, too; a turn that looks like a secret is hidden. `hidden` counts what it hid.
    ///
    /// ```
    /// use cognigy_session_debugger::snapshot::{Hidden, History, HistoryOptions, IngestOptions, Mask, Snapshot};
    /// let body = br#"{"variables":[{"name":"pin","value":"4711","scope":"user"}]}"#;
    /// let mut history = History::new(HistoryOptions::default());
    /// history.push(std::rc::Rc::new(Snapshot::parse(body.to_vec(), IngestOptions::default(), 0.0)?), None)?;
    /// let told = history.variable_through("pin", None, &Mask::standard(), &mut Hidden::default());
    /// assert_eq!(told[0].variable.as_ref().unwrap().raw, "[masked:one-time-code]");
    /// # Ok::<(), cognigy_session_debugger::Error>(())
    /// ```
    pub fn variable_through(
        &self,
        name: &str,
        scope: Option<&str>,
        mask: &Mask,
        hidden: &mut Hidden,
    ) -> Vec<VariableMoment> {
        let name = mask.behind(name);
        let scope = scope.map(|scope| mask.scope_behind(scope, &name));
        let mut told = self.moments_of(&name, scope.as_deref());
        for one in &mut told {
            one.variable = one.variable.take().map(|variable| variable.through(mask, hidden));
            one.moment = one.moment.clone().through(mask, hidden);
        }
        told
    }

    fn moments_of(&self, name: &str, scope: Option<&str>) -> Vec<VariableMoment> {
        let Some(newest) = &self.newest else { return Vec::new() };
        let columns = &newest.snapshot.store.columns;
        let found = newest.snapshot.store.find(name);
        let ids = found.into_iter().flat_map(|name| columns.chain(name));
        let mut rows: Tracked = ids.map(|(id, _)| (id, RowRef { pack: self.older.len(), row: id })).collect();
        let mut told = Vec::new();
        // What is told of a snapshot depends on the one before it, which comes after it here.
        let mut later = self.look(&newest.snapshot, &rows, name, (scope, None)).map(|seen| (&newest.moment, seen));
        let mut head = &*newest.snapshot;
        for (pack, kept) in self.older.iter().enumerate().rev() {
            rows = back(&kept.delta, &rows, pack, name);
            let stood = later.as_ref().and_then(|(_, seen)| seen.as_ref()).map(|later| later.scope.as_str());
            let Some(seen) = self.look(&kept.head, &rows, name, (scope, stood)) else { continue };
            if let (Some(seen), Some((_, None))) = (&seen, &later)
                && !head.tells_absence(name, Some(&seen.scope))
            {
                // Its namespace did not come with the one after it.
                later = None;
            }
            head = &kept.head;
            if let Some((moment, after)) = later.take() {
                tell(&mut told, moment, seen.as_ref(), after);
            }
            later = Some((&kept.moment, seen));
        }
        if let Some((moment, first)) = later {
            tell(&mut told, moment, None, first);
        }
        told.reverse();
        told
    }

    /// What a snapshot has; `None` where it cannot tell. Without a scope it is looked for where it `stood` in the one after it.
    fn look(
        &self,
        head: &Snapshot,
        rows: &Tracked,
        name: &str,
        (scope, stood): (Option<&str>, Option<&str>),
    ) -> Option<Option<Variable>> {
        let refs: Vec<RowRef> = rows.iter().map(|(_, row)| *row).collect();
        let mut variable = head.with_store(self.store_of(head, &refs)).get(name, scope);
        if let Some(found) = &mut variable {
            found.entry = rows.get(found.entry as usize).map_or(found.entry, |(place, _)| *place);
        }
        let stood = stood.filter(|_| head.loaded_scope.is_none());
        let tells = head.tells_of(name, scope) && head.tells_absence(name, scope.or(stood));
        (variable.is_some() || tells).then_some(variable)
    }
}

fn tell(told: &mut Vec<VariableMoment>, moment: &Moment, before: Option<&Variable>, after: Option<Variable>) {
    let kinds = match (before, &after) {
        (None, None) => return,
        (Some(before), Some(after)) => kinds(before, after, &Rules::default()),
        _ => Vec::new(),
    };
    if !kinds.is_empty() || before.is_none() || after.is_none() {
        told.push(VariableMoment { moment: moment.clone(), kinds, variable: after });
    }
}

/// Where the rows of a name stand in the older snapshot.
fn back(delta: &Delta, newer: &Tracked, pack: usize, name: &str) -> Tracked {
    let mut rows = Vec::new();
    let (mut at, mut own) = (0, 0);
    for run in &delta.runs {
        let first = newer.partition_point(|(place, _)| *place < run.from);
        let shared = newer.iter().skip(first).take_while(|(place, _)| *place < run.from + run.len);
        rows.extend(shared.map(|(place, row)| (at + (place - run.from), *row)));
        at += run.len;
        for _ in 0..run.own {
            if delta.pack.row(own).is_some_and(|row| !row.is_unreadable() && row.name() == name) {
                rows.push((at, RowRef { pack, row: own }));
            }
            (at, own) = (at + 1, own + 1);
        }
    }
    rows
}
