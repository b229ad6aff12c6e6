//! What is kept of a snapshot to tell later which names are others, where the snapshot itself would be too much.

use crate::snapshot::snapshot::Snapshot;

/// What every name resolved to, as a number; side by side, what all scopes have.
#[derive(Debug, Clone)]
pub(crate) struct Prints {
    /// By the number of the name.
    names: Vec<(String, u64)>,
}

impl Prints {
    /// `hash` makes a number of bytes. It need not be a secret: the numbers are shown to nobody.
    pub(crate) fn of(snapshot: &Snapshot, hash: fn(&[u8]) -> u64) -> Prints {
        let store = &snapshot.store;
        let mut names: Vec<(String, u64)> = snapshot.name_ids().map(|id| (store.name(id).into_owned(), 0)).collect();
        for (_, entry) in snapshot.compared(store.columns.precedence().is_side_by_side()) {
            let Some((_, print)) = names.get_mut(entry.name as usize) else { continue };
            let declared = store.columns.declared(entry).unwrap_or_default();
            for part in [store.columns.scope(entry).as_bytes(), declared.as_bytes(), store.bytes(entry)] {
                *print = print.wrapping_mul(31).wrapping_add(hash(part));
            }
        }
        Prints { names }
    }

    /// About so many bytes of memory.
    pub(crate) fn bytes(&self) -> usize {
        self.names.iter().map(|(name, _)| name.len() + size_of::<(String, u64)>()).sum()
    }

    /// The names that are others in `later`, or gone, and then those that are new there. `prints` are those of `later`.
    pub(crate) fn changed<'a>(&'a self, later: &Snapshot, prints: &'a Prints) -> Vec<&'a str> {
        let mut met = vec![false; prints.names.len()];
        let mut changed = Vec::new();
        for (name, print) in &self.names {
            let found = later.store.find(name).map(|id| id as usize);
            if let Some(met) = found.and_then(|id| met.get_mut(id)) {
                *met = true;
            }
            if found.and_then(|id| prints.names.get(id)).is_none_or(|(_, now)| now != print) {
                changed.push(name.as_str());
            }
        }
        changed.extend(prints.names.iter().zip(met).filter(|(_, met)| !met).map(|((name, _), _)| name.as_str()));
        changed
    }
}
