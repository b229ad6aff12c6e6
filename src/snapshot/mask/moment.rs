//! What was found through a mask, and how long it holds.

use super::{Mask, own_tokens};

/// A mask when something was found through it, which holds as long as the mask hides the same.
#[derive(Debug, Clone, Default)]
pub(in crate::snapshot) struct MaskMoment {
    pub(in crate::snapshot) mask: Mask,
    /// How often the engine's own tokens, which every mask hides, had changed by then.
    tokens: u64,
}

impl MaskMoment {
    /// This moment. What is looked for takes it before it looks: a hook may change what holds meanwhile.
    pub(in crate::snapshot) fn of(mask: &Mask) -> MaskMoment {
        MaskMoment { mask: mask.clone(), tokens: own_tokens::changes() }
    }

    /// Whether what was found then holds for a mask now.
    pub(in crate::snapshot) fn holds_for(&self, mask: &Mask) -> bool {
        self.tokens == own_tokens::changes() && self.mask.is_like(mask)
    }
}
