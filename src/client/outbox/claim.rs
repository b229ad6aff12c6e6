//! Whose turn it is to send where there are no locks: a note in the store says so, and is good for a while.

use super::drain::Next;
use super::entry::whole;
use super::service::Inner;
use crate::client::options::DAY_MS;
use crate::platform::{Change, Store, StoreError};

/// A claim is good for so many ms more than an attempt can take: what came of it is still to be stored.
const SPARE_MS: f64 = 5_000.0;
/// An attempt takes a day at most.
const LONGEST_CLAIM_MS: f64 = DAY_MS + SPARE_MS;
/// Whoever holds one may be done before, so that it is looked at again after so many ms.
const CLAIMED_MS: f64 = 1_000.0;

impl Inner {
    /// What comes next, and nothing that another tab is sending.
    pub(super) async fn next_claimed(&self, store: &dyn Store) -> Result<Next, StoreError> {
        let now_ms = self.desk.platform.wall_ms();
        let good_ms = self.timeout_ms + SPARE_MS;
        let before = store.note(&self.endpoint.claim).await?;
        if before.as_deref().is_some_and(|claim| is_of_another(claim, &self.sender, now_ms)) {
            return Ok(Next::Later(CLAIMED_MS));
        }
        let mine = [&whole(now_ms + good_ms).to_string(), " ", &self.sender].concat();
        if !self.claim(store, before, Some(mine.clone())).await? {
            return Ok(Next::Later(CLAIMED_MS));
        }
        let next = self.next(store).await?;
        if !matches!(next, Next::Due(..)) {
            self.claim(store, Some(mine), None).await?;
        }
        Ok(next)
    }

    async fn claim(
        &self,
        store: &dyn Store,
        before: Option<String>,
        after: Option<String>,
    ) -> Result<bool, StoreError> {
        let name = &self.endpoint.claim;
        store.commit(vec![Change::Expect(name.clone(), before), Change::Note(name.clone(), after)]).await
    }
}

/// Until when it is good, and whose it is. One that is good for longer than any can be is from before the clock was set back.
fn is_of_another(claim: &str, sender: &str, now_ms: f64) -> bool {
    let Some((until, holder)) = claim.split_once(' ') else { return false };
    let left_ms = until.parse().unwrap_or(0.0) - now_ms;
    holder != sender && left_ms > 0.0 && left_ms <= LONGEST_CLAIM_MS
}
