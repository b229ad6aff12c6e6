//! Room for a body whose length nobody has told: it moves into a larger place piece by piece while it arrives, since moving
//! all of it at once would keep the thread from others for tens of milliseconds.

/// Shorter bodies move at once.
const LEAST: usize = 1 << 20;

/// A platform that takes no room for its pieces gives up to so much at once.
const MOST_AT_ONCE: usize = 1 << 21;

/// The larger place, while there is one.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<u8>);

impl Room {
    /// Is called whenever bytes have come, and moves some times as many, so that all of them are there before the old place is
    /// full.
    pub(super) fn keep_ahead(&mut self, body: &mut Vec<u8>, arrived: usize) {
        let Room(next) = self;
        if next.capacity() == 0 {
            // Where there is no memory for it now, the body asks for it again when it needs it, and then says so.
            let full = body.capacity();
            let has_room = body.len() <= full / 4 * 3 && full - body.len() >= 2 * MOST_AT_ONCE;
            let larger = full + (full / 2).max(2 * MOST_AT_ONCE);
            if body.len() < LEAST || has_room || next.try_reserve_exact(larger).is_err() {
                return;
            }
        }
        let end = body.len().min(next.len() + 8 * arrived);
        next.extend_from_slice(body.get(next.len()..end).unwrap_or_default());
        if next.len() == body.len() {
            *body = std::mem::take(next);
        }
    }

    /// The body is another one now.
    pub(super) fn forget(&mut self) {
        self.0 = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_never_moved_at_once_and_stays_what_it_is() {
        let (mut room, mut body, mut moves) = (Room::default(), Vec::new(), 0);
        let pieces = [1, 70_000, 3, 1_500_000, 40_000, 65_536].into_iter().cycle();
        let mut all = Vec::new();
        for (piece, byte) in pieces.zip((0..=u8::MAX).cycle()).take(400) {
            let full = body.capacity();
            body.resize(body.len() + piece, byte);
            all.resize(body.len(), byte);
            assert!(body.capacity() == full || body.len() < 4 * LEAST, "{} of {full}", body.len());
            let before = body.capacity();
            room.keep_ahead(&mut body, piece);
            moves += usize::from(body.capacity() > before);
        }
        assert!(body == all && moves > 3, "{moves}");
    }

    #[test]
    fn what_was_forgotten_does_not_come_back() {
        let mut room = Room::default();
        let mut body = vec![1; 8 * LEAST];
        room.keep_ahead(&mut body, 0);
        room.forget();
        body = vec![2; 8 * LEAST];
        (0..9).for_each(|_| room.keep_ahead(&mut body, LEAST));
        assert!(body.capacity() > 8 * LEAST && body.iter().all(|byte| *byte == 2));
    }
}
