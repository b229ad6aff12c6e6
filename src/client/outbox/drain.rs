//! Sends what waits: one entry after the other, by one tab of the origin at a time.

use super::entry::{Head, whole};
use super::schedule::{LONGEST_MS, pause_ms};
use super::service::{BATCH, Inner, Outbox, ROOM};
use crate::client::audit::Action;
use crate::client::calendar::rfc3339;
use crate::client::hint::DelaySource;
use crate::client::retry::Decided;
use crate::client::timing::turn;
use crate::client::webhook::{Attempt, Delivery};
use crate::error::Code;
use crate::platform::{Change, Store, StoreError};
use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Either, abortable, select};
use std::pin::pin;
use std::rc::Rc;

/// The store is looked at again after so many ms at the latest: another tab may have brought dead letters back, or be gone.
const LOOK_MS: f64 = 60_000.0;

impl Outbox {
    /// Sends in the background. Where that happens already, whoever rests looks again.
    pub(super) fn drain(&self) {
        let inner = Rc::clone(&self.inner);
        inner.wanted.set(true);
        if inner.running.replace(true) {
            return inner.rest.take().iter().for_each(AbortHandle::abort);
        }
        let platform = Rc::clone(&inner.desk.platform);
        platform.spawn(Box::pin(async move {
            while inner.wanted.replace(false) {
                inner.send_all().await;
                // A tab that is closed leaves what it has stored to those that are still open.
                if !inner.wanted.get() && inner.store().await.durable() && inner.pause(LOOK_MS).await {
                    inner.wanted.set(true);
                }
            }
            inner.running.set(false);
        }));
    }
}

/// What comes next.
pub(super) enum Next {
    Nothing,
    /// In so many ms.
    Later(f64),
    Due(u64, Head),
}

impl Inner {
    /// Until nothing waits.
    async fn send_all(&self) {
        let store = self.store().await;
        // A store of this tab alone is nobody else's business.
        let shared = store.durable();
        let lock = if shared { turn(&*self.desk.platform, &self.endpoint.lock).await } else { None };
        loop {
            let next = match shared {
                true => self.next_claimed(&*store, lock.is_some()).await,
                false => self.next(&*store).await,
            };
            let ms = match next {
                Ok(Next::Nothing) => return,
                Ok(Next::Later(ms)) => ms.min(LOOK_MS),
                Ok(Next::Due(number, head)) => match store.body(number).await {
                    Ok(body) => {
                        let noted = match body {
                            Some(body) => self.send_one(&*store, number, head, body).await,
                            None => self.settle(&*store, vec![self.removal(number)]).await,
                        };
                        if noted {
                            continue;
                        }
                        // The debugger is gone: it would be sent again and again.
                        return;
                    }
                    Err(StoreError) => LOOK_MS,
                },
                Err(StoreError) => LOOK_MS,
            };
            if !self.rest_for(ms).await {
                return;
            }
        }
    }

    /// A pause; after an attempt that found no network until there is one at the latest.
    async fn rest_for(&self, ms: f64) -> bool {
        let mut online = self.desk.platform.online();
        // A browser may say that it is online while nothing can be reached: then the pause is as long as it is.
        if self.offline.get().is_none() || (&mut online).now_or_never().is_some() {
            return self.pause(ms).await;
        }
        match select(pin!(self.pause(ms)), online).await {
            Either::Left((goes_on, _)) => goes_on,
            Either::Right(_) => {
                self.at_once.set(self.offline.get());
                self.not_before_ms.set(0.0);
                true
            }
        }
    }

    /// Rests for so long, or until somebody wants something sent. `false` where the debugger has gone in the meantime: nobody's timer
    /// outlives it.
    async fn pause(&self, ms: f64) -> bool {
        // Asked for while nobody rested.
        if self.wanted.replace(false) {
            return !self.left.is_cancelled();
        }
        let (sleep, rest) = abortable(self.desk.platform.sleep(ms));
        self.rest.set(Some(rest));
        self.left.race(sleep).await.is_ok()
    }

    /// The first entry; where order does not matter, the first that is due.
    pub(super) async fn next(&self, store: &dyn Store) -> Result<Next, StoreError> {
        if store.note(&self.endpoint.disabled).await?.is_some() {
            return Ok(Next::Nothing);
        }
        if !self.ordered
            && let Some(left_ms) = left_ms(self.not_before_ms.get(), self.desk.platform.wall_ms())
        {
            return Ok(Next::Later(left_ms));
        }
        // Most often the first are due; all are looked at where none of these is.
        let looks: &[usize] = if self.ordered { &[1] } else { &[BATCH, ROOM.records] };
        let mut soonest_ms = f64::INFINITY;
        for most in looks {
            let heads = store.heads(&self.endpoint.waiting, *most).await?;
            let are_all = heads.len() < *most;
            for (number, text) in heads {
                let Some(head) = Head::read(&text) else {
                    // Of another version; kept for it, out of the way of the others.
                    let (list, to) = (self.endpoint.waiting.clone(), self.endpoint.dead.clone());
                    store.commit(vec![Change::Head { list, number, to, head: text }]).await?;
                    return Ok(Next::Later(0.0));
                };
                match left_ms(head.due_ms, self.desk.platform.wall_ms()).filter(|_| self.at_once.get() != Some(number))
                {
                    Some(left_ms) => soonest_ms = soonest_ms.min(left_ms),
                    None => return Ok(Next::Due(number, head)),
                }
            }
            if are_all {
                break;
            }
        }
        Ok(if soonest_ms.is_finite() { Next::Later(soonest_ms) } else { Next::Nothing })
    }

    /// Gives whether what came of it is stored.
    async fn send_one(&self, store: &dyn Store, number: u64, head: Head, body: String) -> bool {
        let platform = &self.desk.platform;
        // A checkpoint is of no session.
        let session: Option<Rc<str>> = Some(head.session.as_str()).filter(|id| !id.is_empty()).map(Rc::from);
        let mut entry = self.desk.journal.begin(Action::Webhook, &self.route, session.as_ref(), head.failed + 1);
        entry.admitted();
        entry.sent();
        entry.record.bytes = body.len();
        let sent_s = whole(platform.wall_ms() / 1_000.0);
        let delivery = Delivery { id: head.id.clone(), timestamp: sent_s.to_string(), body };
        self.at_once.set(None);
        let attempt = self.receiver.deliver(&delivery).await;
        let is_offline = attempt.error.as_ref().is_some_and(|error| error.code() == Code::Offline);
        self.offline.set(is_offline.then_some(number));
        entry.record.status = attempt.status;
        let mut changes = vec![Change::Log(line(&head, &attempt, platform.wall_ms()))];
        entry.record.decided = self.decide(number, head, &attempt, &mut changes);
        let stored = self.settle(store, changes).await;
        entry.close(attempt.error.as_ref());
        stored
    }

    /// What an attempt changes, and what was decided where it failed.
    fn decide(&self, number: u64, mut head: Head, attempt: &Attempt, changes: &mut Vec<Change>) -> Option<Decided> {
        let Some(class) = attempt.class else {
            changes.push(self.removal(number));
            return None;
        };
        let unit = self.desk.platform.unit();
        let gone = attempt.status == Some(410);
        // That this computer is offline says nothing about the receiver.
        head.failed += u32::from(!attempt.ours);
        let failed = if attempt.ours { 2 } else { head.failed };
        let scheduled_ms = pause_ms(failed, None, unit);
        let delay_ms = pause_ms(failed, attempt.hint.map(|hint| hint.ms), unit).filter(|_| !gone);
        let from = self.endpoint.waiting.clone();
        let mut to = from.clone();
        match delay_ms {
            Some(ms) => {
                head.due_ms = self.desk.platform.wall_ms() + ms;
                if attempt.ours || attempt.hint.is_some() {
                    self.not_before_ms.set(head.due_ms);
                }
            }
            // It is the first that a replay tries.
            None if gone => head.due_ms = 0.0,
            None => to.clone_from(&self.endpoint.dead),
        }
        if gone {
            changes.push(Change::Note(self.endpoint.disabled.clone(), Some(String::new())));
        }
        changes.push(Change::Head { list: from, number, to, head: head.to_text() });
        let asked = attempt.hint.filter(|_| delay_ms > scheduled_ms).map(|hint| hint.source);
        let source = delay_ms.map(|_| asked.unwrap_or(DelaySource::Backoff));
        Some(Decided { class, delay_ms, source })
    }

    fn removal(&self, number: u64) -> Change {
        Change::Remove { list: self.endpoint.waiting.clone(), number }
    }

    /// Insists, since what has been delivered would otherwise be delivered again; as another tab may do, where there are no locks, once
    /// the claim is over. `false` where the debugger has gone before it was stored.
    async fn settle(&self, store: &dyn Store, changes: Vec<Change>) -> bool {
        while store.commit(changes.clone()).await.is_err() {
            if !self.pause(LOOK_MS).await {
                return false;
            }
        }
        true
    }
}

/// Until a moment that lies ahead. One that lies further ahead than any can is from before the clock was set back.
fn left_ms(due_ms: f64, now_ms: f64) -> Option<f64> {
    Some(due_ms - now_ms).filter(|left_ms| *left_ms > 0.0 && *left_ms <= LONGEST_MS + 1.0)
}

/// The line of the lasting log: which message, when, and what became of it. Holds nothing that needs escaping.
fn line(head: &Head, attempt: &Attempt, wall_ms: f64) -> String {
    let mut out = String::from("{\"at\":\"");
    out.push_str(&rfc3339(wall_ms));
    out.push_str("\",\"id\":\"");
    out.push_str(&head.id);
    out.push_str("\",\"attempt\":");
    out.push_str(&(head.failed + 1).to_string());
    if let Some(status) = attempt.status {
        out.push_str(",\"status\":");
        out.push_str(&status.to_string());
    }
    out.push_str(",\"outcome\":\"");
    out.push_str(attempt.error.as_ref().map_or("OK", |error| Code::as_str(error.code())));
    out.push_str("\"}");
    out
}
