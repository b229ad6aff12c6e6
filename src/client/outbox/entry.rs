//! What the store keeps beside a payload: the head of an entry, as one line of text.

/// An entry's head.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    /// Attempts that failed.
    pub(super) failed: u32,
    /// When it is due, on the wall clock in ms.
    pub(super) due_ms: f64,
    /// The same with every attempt, so that a receiver can tell a repetition.
    pub(super) id: String,
    /// For the audit.
    pub(super) session: String,
}

impl Head {
    /// The session is last, since it can hold anything.
    pub(super) fn to_text(&self) -> String {
        let mut out = self.failed.to_string();
        out.push(' ');
        out.push_str(&whole(self.due_ms).to_string());
        for part in [&self.id, &self.session] {
            out.push(' ');
            out.push_str(part);
        }
        out
    }

    /// `None` for a text that this version did not write.
    pub(super) fn read(text: &str) -> Option<Head> {
        let mut parts = text.splitn(4, ' ');
        let failed = parts.next()?.parse().ok()?;
        let due: u64 = parts.next()?.parse().ok()?;
        let id = parts.next()?.to_owned();
        let session = parts.next()?.to_owned();
        #[allow(clippy::cast_precision_loss)]
        Some(Head { failed, due_ms: due as f64, id, session })
    }
}

/// Whole milliseconds or seconds; what is before 1970 is 1970.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `msg_` and 128 bits in base 62.
pub(super) fn message_id(mut secret: [u8; 16]) -> String {
    let mut out = String::from("msg_");
    for _ in 0..22 {
        let mut rest = 0;
        for byte in &mut secret {
            let value = rest * 256 + u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or_default();
            rest = value % 62;
        }
        out.push(DIGITS.get(rest as usize).copied().map_or('0', char::from));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_comes_back_whatever_the_session_is_called() {
        for session in ["", "s", "a b  c ", "ü\n1 2 3"] {
            let head = Head { failed: 3, due_ms: 17.0, id: "msg_x".into(), session: session.into() };
            assert_eq!(Head::read(&head.to_text()), Some(head));
        }
        assert_eq!(Head::read("nonsense"), None);
    }

    #[test]
    fn an_id_keeps_all_bits() {
        assert_eq!(message_id([0; 16]), "msg_0000000000000000000000");
        let mut one = [0; 16];
        one[15] = 63;
        assert_eq!(message_id(one), "msg_1100000000000000000000");
        let mut ids: Vec<String> = (0..128)
            .map(|bit| {
                let mut bits = [0; 16];
                bits[bit / 8] = 1 << (bit % 8);
                message_id(bits)
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 128);
    }
}
