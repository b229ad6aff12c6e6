//! Finds a session's records in a trail without a look at all the others. Pure.

use super::fnv::fnv1a;

/// Sessions fall into so many chains, by their hash.
const CHAINS: usize = 1_024;

/// The newest record of each chain, by its `seq`; each record leads to the one before it.
#[derive(Default)]
pub(super) struct Sessions {
    newest: Vec<u64>,
}

impl Sessions {
    /// A record that follows all others. Gives the one before it in its chain, 0 where there is none.
    pub(super) fn add(&mut self, session: &str, seq: u64) -> u64 {
        self.newest.resize(CHAINS, 0);
        self.newest.get_mut(chain(session)).map_or(0, |newest| std::mem::replace(newest, seq))
    }

    /// Where the chain of a session begins, 0 where there is none.
    pub(super) fn newest(&self, session: &str) -> u64 {
        self.newest.get(chain(session)).copied().unwrap_or(0)
    }
}

fn chain(session: &str) -> usize {
    fnv1a(session.as_bytes()) as usize % CHAINS
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use crate::client::audit::{Action, Journal};
    use crate::platform::VirtualPlatform;
    use std::rc::Rc;

    #[test]
    fn a_session_leads_to_its_own_records_as_far_as_they_are_kept() {
        let journal = Journal::new(Rc::new(VirtualPlatform::new(1)), None);
        for number in 1..=12_000 {
            let session = if [1, 5_000, 11_000].contains(&number) { "rare" } else { "often" };
            journal.begin(Action::Read, &"route".into(), Some(&session.into()), 1).close(None);
        }
        let found = |session: &str, most: usize| {
            let mut found = Vec::new();
            journal.of_session(session, |record| {
                found.push(record.seq);
                found.len() < most
            });
            found
        };
        assert_eq!(found("rare", 10), [11_000, 5_000]);
        assert_eq!(found("often", 3), [12_000, 11_999, 11_998]);
        assert_eq!((found("often", usize::MAX).len(), found("never", 10).len()), (9_998, 0));
    }
}
