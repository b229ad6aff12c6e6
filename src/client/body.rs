//! Reads the body of an answer while it arrives, without keeping its thread from others.

use super::audit::{Action, Journal};
use super::call::Call;
use super::progress::Phase;
use super::wire::wire_metrics;
use crate::error::Error;
use crate::platform::{Response, TransportError};
use crate::snapshot::{Snapshot, SnapshotBuilder, Taken, WarmUp};
use futures_util::future::select;
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

/// After so many ms others get their turn. A page that is to answer within a frame can spare twice that.
const TURN_MS: f64 = 4.0;
/// Between two looks at the clock.
const SLICE: usize = 1 << 18;
/// A table shows so many at first.
const FIRST_ROWS: usize = 50;
/// So much is read again for them at most, where others are dropped.
const MOST_FIRST_BYTES: usize = 1_048_576;
/// As long as there are fewer.
const FIRST_SLICE: usize = 1 << 16;
/// So much memory is had from the platform before bytes come for it, so that the last of them need not wait for any.
const AHEAD: usize = 1 << 21;

/// Is given the first rows.
pub type OnFirstRows = Rc<dyn Fn(Snapshot)>;

/// Why a body could not be read to its end.
pub(crate) enum Broken {
    /// Its bytes are not what they should be.
    Refused(Error),
    /// It did not arrive.
    Lost(TransportError),
}

/// Reads all of it into `ingest`; `arrived` is told whenever something came, and of how much there is. `parsing` grows by the ms
/// that reading takes.
pub(crate) async fn read_body(
    response: &mut Response,
    call: &Call,
    ingest: &mut SnapshotBuilder,
    parsing: &Cell<f64>,
    mut arrived: impl FnMut(usize),
) -> Result<usize, Broken> {
    let platform = &call.desk.platform;
    let announced = response.body.content_length();
    if let Some(bytes) = announced {
        ingest.reserve(bytes).map_err(Broken::Refused)?;
    }
    let mut received = 0;
    let mut turn_began = platform.monotonic_ms();
    loop {
        while announced.is_none() && !ingest.make_room() {
            take_turns(call, &mut turn_began).await;
        }
        let bytes = response.body.read_into(ingest.buffer()).await.map_err(Broken::Lost)?;
        if bytes == 0 {
            return Ok(received);
        }
        received += bytes;
        arrived(received);
        loop {
            let slice = if ingest.variables() < FIRST_ROWS { FIRST_SLICE } else { SLICE };
            let began = platform.monotonic_ms();
            let more = ingest.advance_by(slice);
            parsing.set(parsing.get() + platform.monotonic_ms() - began);
            let more = more.map_err(Broken::Refused)?;
            ingest.touch_ahead(AHEAD);
            tell_first_rows(call, ingest).await;
            take_turns(call, &mut turn_began).await;
            if !more {
                break;
            }
        }
        call.tell(Phase::Body, |progress| {
            progress.bytes = ingest.bytes();
            progress.variables = ingest.variables();
            progress.page_bytes = announced;
        });
    }
}

async fn tell_first_rows(call: &Call, ingest: &SnapshotBuilder) {
    let platform = &call.desk.platform;
    if ingest.variables() < FIRST_ROWS {
        // They are read again for a snapshot of their own, with all that was dropped between them.
        if ingest.drops_rows() && ingest.bytes() > MOST_FIRST_BYTES {
            call.first_rows.take();
        }
        return;
    }
    let Some(listener) = call.first_rows.take() else { return };
    // What a listener shows for the first time takes a turn of its own.
    platform.breathe().await;
    if let Some(first) = ingest.so_far(Taken::at(platform.wall_ms())) {
        listener(first);
    }
    platform.breathe().await;
}

async fn take_turns(call: &Call, began: &mut f64) {
    let platform = &call.desk.platform;
    if platform.monotonic_ms() - *began >= TURN_MS {
        platform.breathe().await;
        *began = platform.monotonic_ms();
    }
}

/// Waits for an answer. The first time the wait is used to warm up what will read it; native code needs none.
pub(crate) async fn while_warming_up<T>(call: &Call, answer: impl Future<Output = T>) -> T {
    static WARM: AtomicBool = AtomicBool::new(cfg!(not(target_arch = "wasm32")));
    if WARM.swap(true, Ordering::Relaxed) {
        return answer.await;
    }
    let platform = &call.desk.platform;
    // All that led here ran for the first time, and so will what sends.
    platform.breathe().await;
    let warm_up = async {
        let mut warm_up = WarmUp::new();
        // The request goes out first.
        platform.breathe().await;
        rehearse_end(call);
        platform.breathe().await;
        while warm_up.step() {
            platform.breathe().await;
        }
        std::future::pending().await
    };
    let (answer, warm_up) = (pin!(answer), pin!(warm_up));
    select(answer, warm_up).await.factor_first().0
}

/// Writes a record that nobody keeps. Else all that does so would be compiled just when the last byte is there and rows are
/// waited for, which is a fifth of the work of that moment.
fn rehearse_end(call: &Call) {
    let journal = Journal::new(Rc::clone(&call.desk.platform), None);
    let mut entry = journal.begin(Action::Read, &Rc::clone(&call.session), Some(&call.session), 1);
    entry.sent();
    entry.record.page = Some(1);
    entry.record.parse_ms = Some(0.5);
    entry.record.count = Some(0);
    entry.close(None);
    wire_metrics(&journal, &call.session);
}
