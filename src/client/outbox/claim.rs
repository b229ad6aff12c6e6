//! Whose turn it is to send: a note in the store says so, and is good for a while. It holds where there are no locks, and where the tab
//! that has the lock has been halted.

use super::drain::Next;
use super::entry::whole;
use super::service::Inner;
use crate::client::options::DAY_MS;
use crate::platform::{Change, Store, StoreError};

/// A claim is good for so many ms more than an attempt can take: what came of it is still to be stored.
const SPARE_MS: f64 = 5_000.0;
/// Signing takes a day at most, and so does sending.
const LONGEST_CLAIM_MS: f64 = 2.0 * DAY_MS + SPARE_MS;
/// Whoever holds one may be done before, so that it is looked at again after so many ms.
const CLAIMED_MS: f64 = 1_000.0;
/// The end of a claim whose holder has the lock as well.
const LOCKED: &str = " locked";

impl Inner {
    /// What comes next, and nothing that another tab is sending.
    pub(super) async fn next_claimed(&self, store: &dyn Store, locked: bool) -> Result<Next, StoreError> {
        let now_ms = self.desk.platform.wall_ms();
        let before = store.note(&self.endpoint.claim).await?;
        let holder = before.as_deref().and_then(|claim| holder(claim, now_ms));
        let is_mine = holder.is_some_and(|(name, _)| name == self.sender);
        // Who had the lock that is ours now, is gone.
        if holder.is_some_and(|(_, had_lock)| !(is_mine || locked && had_lock)) {
            return Ok(Next::Later(CLAIMED_MS));
        }
        let next = self.next(store).await?;
        if !matches!(next, Next::Due(..)) {
            if is_mine {
                self.claim(store, before, None).await?;
            }
            return Ok(next);
        }
        let until_ms = now_ms + 2.0 * self.timeout_ms + SPARE_MS;
        let mine = [whole(until_ms).to_string().as_str(), " ", &self.sender, if locked { LOCKED } else { "" }].concat();
        if !self.claim(store, before, Some(mine.clone())).await? {
            return Ok(Next::Later(CLAIMED_MS));
        }
        if is_mine {
            return Ok(next);
        }
        // Another may have sent it before the claim.
        let again = self.next(store).await?;
        if !matches!(again, Next::Due(..)) {
            self.claim(store, Some(mine), None).await?;
        }
        Ok(again)
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

/// Whose it is as long as it is good, and whether that one had the lock. One that is good for longer than any can be is from before the
/// clock was set back.
fn holder(claim: &str, now_ms: f64) -> Option<(&str, bool)> {
    let (until, holder) = claim.split_once(' ')?;
    let left_ms = until.parse().unwrap_or(0.0) - now_ms;
    let unlocked = holder.strip_suffix(LOCKED);
    (left_ms > 0.0 && left_ms <= LONGEST_CLAIM_MS).then(|| (unlocked.unwrap_or(holder), unlocked.is_some()))
}
