//! Room for a body whose length nobody has told. Memory of WebAssembly never shrinks, and what a body grows out of is as long
//! as the body: so it stays where it is and takes what stands behind it. Where that are the columns, they make way one by one,
//! since they are the smaller part. Where it is anything else, the body moves into a larger place piece by piece: all of it at
//! once would keep the thread from others for tens of milliseconds.

use super::store::Store;
use std::hint::black_box;

/// A step is at least so long, and such a part of the body.
const LEAST: usize = 1 << 16;
const PART: usize = 64;
/// A body is followed by more room than this, or than half a step.
const AHEAD: usize = 1 << 18;
/// A moving body moves by so much at once.
const MOVED_AT_ONCE: usize = 1 << 20;
/// Small things that are made with the first rows and stay where they are find so much room before the body.
const SMALL: usize = 1 << 14;
/// So many free places before the body are passed over.
const PLACES: usize = 128;
/// So many times columns make way for one step.
const MOVES: usize = 8;
/// The allocator of WebAssembly keeps 4 to 19 bytes between two neighbours. If anything stands between them, it is more.
const BETWEEN: usize = 19;

/// How a body grows.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// The larger place, while the body moves.
    next: Vec<u8>,
    has_moved: bool,
}

impl Room {
    /// Is called before bytes are awaited. `false` where it has to be called again first: others may have their turn before.
    pub(super) fn keep_ahead(&mut self, store: &mut Store) -> bool {
        let (full, length) = (store.body.capacity(), store.body.len());
        let step = (length / PART).max(LEAST);
        if full == 0 {
            let small = black_box(Vec::<u8>::with_capacity(SMALL));
            // Where there is no memory, the body asks for it again when it needs it, and then says so.
            let _ = store.body.try_reserve_exact(step);
            drop(small);
            return true;
        }
        if self.next.capacity() == 0 {
            if full - length > AHEAD.min(step / 2) || extend(store, step) {
                store.columns.expect(store.body.capacity());
                return true;
            }
            // Whoever has to move once more stands among others who grow, and will have to again.
            let larger = full + (full / if self.has_moved { 2 } else { 8 }).max(LEAST);
            self.has_moved = true;
            if self.next.try_reserve_exact(larger).is_err() {
                return true;
            }
        }
        let (body, next) = (&mut store.body, &mut self.next);
        let moved = body.get(next.len()..).unwrap_or_default();
        next.extend_from_slice(moved.get(..MOVED_AT_ONCE).unwrap_or(moved));
        if next.len() < body.len() {
            return false;
        }
        *body = std::mem::take(next);
        store.columns.expect(body.capacity());
        true
    }

    /// The body is another one now.
    pub(super) fn forget(&mut self) {
        self.next = Vec::new();
    }
}

/// Gives the body about so many bytes behind it without moving it, if they are free, or columns stand there.
fn extend(store: &mut Store, bytes: usize) -> bool {
    let enough = store.body.capacity() + bytes / 2;
    for _ in 0..MOVES {
        let mut gap = Vec::new();
        if take_what_follows(&mut store.body, bytes, &mut gap) {
            return true;
        }
        // Until it is moved again the others will have been, too.
        store.columns.expect(store.body.capacity() + store.columns.room() + bytes);
        let end = end(&store.body);
        let Some((start, left)) = store.columns.make_way(end..end + 8 * bytes) else { return false };
        // It stood between the columns and the one that was moved: there is room for the body when it has come so far.
        drop(gap);
        if start <= end + BETWEEN {
            grow(&mut store.body, left - end);
        } else {
            // What lies between may be free, or not.
            take_what_follows(&mut store.body, (left - end).saturating_sub(2 * BETWEEN), &mut Vec::new());
        }
        if store.body.capacity() >= enough {
            return true;
        }
    }
    false
}

/// Lets the body grow by so many bytes if they are free behind it: if another piece of memory is put there. One that is put
/// further away is handed back in `gap`.
fn take_what_follows(body: &mut Vec<u8>, bytes: usize, gap: &mut Vec<u8>) -> bool {
    let end = end(body);
    let mut before = [const { Vec::<u8>::new() }; PLACES];
    for piece in &mut before {
        // What nobody uses might not be asked for at all.
        if black_box(&mut *piece).try_reserve_exact(bytes).is_err() {
            return false;
        }
        let start = piece.as_ptr().addr();
        if start > end + BETWEEN {
            *gap = std::mem::take(piece);
            return false;
        }
        if start >= end {
            drop(before);
            return grow(body, start + bytes - end);
        }
    }
    false
}

fn end(body: &Vec<u8>) -> usize {
    body.as_ptr().addr() + body.capacity()
}

fn grow(body: &mut Vec<u8>, bytes: usize) -> bool {
    body.try_reserve_exact(body.capacity() - body.len() + bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::builder::{IngestOptions, SnapshotBuilder, Taken};
    use super::super::store::Columns;
    use super::*;
    use crate::ingest::Limits;

    /// A body of rows, with columns that grow as it does.
    fn rows(bytes: usize) -> Vec<u8> {
        let mut body = b"{\"variables\":[".to_vec();
        for row in 0.. {
            let comma = if row == 0 { "" } else { "," };
            body.extend_from_slice(
                format!("{comma}{{\"name\":\"n{row}\",\"value\":\"{row:0>90}\",\"scope\":\"user\"}}").as_bytes(),
            );
            if body.len() > bytes {
                break;
            }
        }
        body.extend_from_slice(b"]}");
        body
    }

    #[test]
    fn a_body_keeps_room_and_stays_what_it_is_while_columns_make_way() {
        let whole = rows(12 * MOVED_AT_ONCE);
        for piece in [16_000, 300_000, 1_500_000] {
            let mut builder = SnapshotBuilder::new(IngestOptions::default());
            let (mut at, mut in_pieces) = (0, 0);
            while at < whole.len() {
                while !builder.make_room() {
                    in_pieces += 1;
                }
                let body = builder.buffer();
                let (place, spare) = (body.as_ptr(), body.capacity() - body.len());
                assert!(spare > 0, "{piece} at {at}");
                let end = whole.len().min(at + piece.min(spare));
                body.extend_from_slice(&whole[at..end]);
                assert_eq!(body.as_ptr(), place, "bytes that come move nothing");
                at = end;
                builder.advance().unwrap();
            }
            assert!(*builder.buffer() == whole, "{piece}");
            assert!(in_pieces < 100, "{in_pieces}");
            builder.end_page().unwrap();
            let snapshot = builder.finish(Taken::at(0.0));
            let last = format!("n{}", snapshot.len() - 1);
            assert!(snapshot.get(&last, None).is_some() && snapshot.get("n0", None).is_some());
        }
    }

    #[test]
    fn what_stands_behind_a_body_and_is_free_is_taken() {
        // Whether it is depends on the allocator; what the body holds does not.
        let mut body = vec![7; LEAST];
        let full = body.capacity();
        let took = take_what_follows(&mut body, LEAST, &mut Vec::new());
        assert_eq!(body.capacity() > full, took);
        assert!(body.iter().all(|byte| *byte == 7) && body.len() == LEAST);
    }

    #[test]
    fn what_was_forgotten_does_not_come_back() {
        let columns = Columns::new(None, &Limits::default(), 0);
        let mut store = Store { body: Vec::new(), columns };
        let mut room = Room { next: Vec::with_capacity(9 * MOVED_AT_ONCE), has_moved: true };
        store.body = vec![1; 8 * MOVED_AT_ONCE];
        assert!(!room.keep_ahead(&mut store));
        room.forget();
        store.body = vec![2; 8 * MOVED_AT_ONCE];
        while !room.keep_ahead(&mut store) {}
        assert!(store.body.capacity() > 8 * MOVED_AT_ONCE && store.body.iter().all(|byte| *byte == 2));
    }
}
