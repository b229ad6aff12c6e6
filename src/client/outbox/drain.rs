//! Sends what waits: one entry after the other, by one tab of the origin at a time.

use super::entry::{Head, whole};
use super::schedule::{LONGEST_MS, pause_ms};
use super::service::{BATCH, Inner, Outbox};
use crate::client::audit::Action;
use crate::client::calendar::rfc3339;
use crate::client::webhook::{Attempt, Delivery};
use crate::error::{Code, Error};
use crate::platform::{Change, Store, StoreError};
use std::rc::Rc;

/// The store is looked at again after so many ms at the latest: another tab may have brought dead letters back.
const LOOK_MS: f64 = 60_000.0;

impl Outbox {
    /// Sends in the background. Does nothing where that happens already.
    pub(super) fn drain(&self) {
        let inner = Rc::clone(&self.inner);
        inner.wanted.set(true);
        if inner.running.replace(true) {
            return;
        }
        let platform = Rc::clone(&inner.desk.platform);
        platform.spawn(Box::pin(async move {
            while inner.wanted.replace(false) {
                inner.send_all().await;
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
        let lock = if shared { self.desk.platform.lock(&self.endpoint.lock).await } else { None };
        loop {
            let next =
                if shared && lock.is_none() { self.next_claimed(&*store).await } else { self.next(&*store).await };
            let ms = match next {
                Ok(Next::Nothing) => return,
                Ok(Next::Later(ms)) => ms.min(LOOK_MS),
                Ok(Next::Due(number, head)) => match store.body(number).await {
                    Ok(body) => {
                        match body {
                            Some(body) => self.send_one(&*store, number, head, body).await,
                            None => self.settle(&*store, vec![self.removal(number)]).await,
                        }
                        continue;
                    }
                    Err(StoreError) => LOOK_MS,
                },
                Err(StoreError) => LOOK_MS,
            };
            if !self.pause(ms).await {
                return;
            }
        }
    }

    /// `false` where the debugger has gone in the meantime. Nobody's timer outlives it.
    async fn pause(&self, ms: f64) -> bool {
        self.left.race(self.desk.platform.sleep(ms)).await.is_ok()
    }

    /// The first entry; where order does not matter, the first that is due.
    pub(super) async fn next(&self, store: &dyn Store) -> Result<Next, StoreError> {
        if store.note(&self.endpoint.disabled).await?.is_some() {
            return Ok(Next::Nothing);
        }
        let looked_at = if self.ordered { 1 } else { BATCH };
        let mut soonest_ms = f64::INFINITY;
        for (number, text) in store.heads(&self.endpoint.waiting, looked_at).await? {
            let Some(head) = Head::read(&text) else {
                // Of another version; kept for it, out of the way of the others.
                let (list, to) = (self.endpoint.waiting.clone(), self.endpoint.dead.clone());
                store.commit(vec![Change::Head { list, number, to, head: text }]).await?;
                return Ok(Next::Later(0.0));
            };
            let left_ms = head.due_ms - self.desk.platform.wall_ms();
            if left_ms <= 0.0 || left_ms > LONGEST_MS + 1.0 {
                return Ok(Next::Due(number, head));
            }
            soonest_ms = soonest_ms.min(left_ms);
        }
        Ok(if soonest_ms.is_finite() { Next::Later(soonest_ms) } else { Next::Nothing })
    }

    async fn send_one(&self, store: &dyn Store, number: u64, head: Head, body: String) {
        let platform = &self.desk.platform;
        // A checkpoint is of no session.
        let session: Option<Rc<str>> = Some(head.session.as_str()).filter(|id| !id.is_empty()).map(Rc::from);
        let mut entry = self.desk.journal.begin(Action::Webhook, &self.route, session.as_ref(), head.failed + 1);
        entry.admitted();
        entry.sent();
        entry.record.bytes = body.len();
        let sent_s = whole(platform.wall_ms() / 1_000.0);
        let delivery = Delivery { id: head.id.clone(), timestamp: sent_s.to_string(), body };
        let attempt = self.receiver.deliver(&delivery).await;
        entry.record.status = attempt.status;
        let mut changes = vec![Change::Log(line(&head, &attempt, platform.wall_ms()))];
        changes.extend(self.outcome(number, head, &attempt));
        self.settle(store, changes).await;
        entry.close(attempt.error.as_ref());
    }

    /// What an attempt changes.
    fn outcome(&self, number: u64, mut head: Head, attempt: &Attempt) -> Vec<Change> {
        let Some(error) = &attempt.error else { return vec![self.removal(number)] };
        let mut changes = Vec::new();
        let mut list = &self.endpoint.waiting;
        let unit = self.desk.platform.unit();
        let pause = match attempt.ours {
            // That this computer is offline says nothing about the receiver.
            true => pause_ms(2, None, unit),
            false => {
                head.failed += 1;
                pause_ms(head.failed, hint_ms(error), unit)
            }
        };
        match pause {
            Some(ms) => head.due_ms = self.desk.platform.wall_ms() + ms,
            None => list = &self.endpoint.dead,
        }
        if attempt.status == Some(410) {
            changes.push(Change::Note(self.endpoint.disabled.clone(), Some(String::new())));
        }
        let (from, to) = (self.endpoint.waiting.clone(), list.clone());
        changes.push(Change::Head { list: from, number, to, head: head.to_text() });
        changes
    }

    fn removal(&self, number: u64) -> Change {
        Change::Remove { list: self.endpoint.waiting.clone(), number }
    }

    /// Insists, since what has been delivered would otherwise be delivered again.
    async fn settle(&self, store: &dyn Store, changes: Vec<Change>) {
        while store.commit(changes.clone()).await.is_err() && self.pause(LOOK_MS).await {}
    }
}

/// Those who are overloaded may say when to come back.
fn hint_ms(error: &Error) -> Option<f64> {
    let facts = error.facts();
    facts.retry_after_ms.filter(|_| matches!(facts.status, Some(429 | 502 | 503 | 504)))
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
