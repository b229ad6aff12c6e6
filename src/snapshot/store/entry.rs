//! The record of one variable.

use super::NONE;
use crate::value::ValueType;
use crate::value::json::JsonKind;

/// Identifies a variable within its snapshot: its position in order of appearance.
pub type EntryId = u32;

/// What the flags of an [`Entry`] say.
pub(super) mod flag {
    pub(in super::super) const ESCAPED: u8 = 1;
    pub(in super::super) const SYSTEM: u8 = 2;
    pub(in super::super) const SYSTEM_DECLARED: u8 = 4;
    pub(in super::super) const TOO_DEEP: u8 = 8;
    pub(in super::super) const UNREADABLE: u8 = 16;
    pub(in super::super) const STRINGIFIED: u8 = 32;
    pub(in super::super) const DUPLICATE: u8 = 64;
    pub(in super::super) const SHADOWED: u8 = 128;
}

/// What the data says a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Declared {
    #[default]
    Nothing,
    Type(ValueType),
    Unknown,
}

impl Declared {
    pub(super) fn of(word: &str) -> Declared {
        match ValueType::from_declared(word) {
            Some(value_type) => Declared::Type(value_type),
            None if word.trim().is_empty() => Declared::Nothing,
            None => Declared::Unknown,
        }
    }

    /// The word for the type; one that is no type's where none is known.
    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            Declared::Nothing => None,
            Declared::Type(value_type) => Some(value_type.as_str()),
            Declared::Unknown => Some("?"),
        }
    }
}

/// One variable: where its value stands, and what is known of it without looking.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Entry {
    pub(super) start: u32,
    pub(super) len: u32,
    /// `NONE` for an unreadable item.
    pub(in super::super) name: u32,
    /// `NONE` for an unreadable item.
    pub(super) scope: u32,
    /// The next entry of the same name.
    pub(super) next: u32,
    pub(super) declared: Declared,
    pub(in super::super) kind: JsonKind,
    pub(super) flags: u8,
}

impl Entry {
    /// An item that cannot be read.
    pub(super) fn unreadable(start: u32, len: u32) -> Entry {
        let (declared, kind, flags) = (Declared::Nothing, JsonKind::Null, flag::UNREADABLE);
        Entry { start, len, name: NONE, scope: NONE, next: NONE, declared, kind, flags }
    }

    /// The same for all entries of one scope.
    pub(in super::super) fn scope_number(self) -> u32 {
        self.scope
    }

    fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(in super::super) fn is_system(self) -> bool {
        self.has(flag::SYSTEM)
    }

    pub(in super::super) fn system_is_declared(self) -> bool {
        self.has(flag::SYSTEM_DECLARED)
    }

    pub(in super::super) fn is_unreadable(self) -> bool {
        self.has(flag::UNREADABLE)
    }

    /// Whether another entry of the same name and scope counts instead.
    pub(in super::super) fn is_duplicate(self) -> bool {
        self.has(flag::DUPLICATE)
    }

    /// Whether another entry of the same name wins.
    pub(super) fn is_shadowed(self) -> bool {
        self.has(flag::SHADOWED)
    }

    pub(in super::super) fn is_too_deep(self) -> bool {
        self.has(flag::TOO_DEEP)
    }

    /// Whether the platform is known to write typed values as texts here.
    pub(in super::super) fn is_stringified(self) -> bool {
        self.has(flag::STRINGIFIED)
    }

    pub(in super::super) fn is_escaped(self) -> bool {
        self.has(flag::ESCAPED)
    }

    /// Whether the same bytes mean the same here and there.
    pub(in super::super) fn reads_as(self, other: Entry) -> bool {
        let meaning = |flags: u8| flags & (flag::TOO_DEEP | flag::STRINGIFIED);
        self.declared == other.declared && meaning(self.flags) == meaning(other.flags)
    }

    /// Bytes of the value in the body.
    pub(in super::super) fn size(self) -> usize {
        self.len as usize
    }

    /// Where the value stands in the body.
    pub(in super::super) fn span(self) -> (usize, usize) {
        let start = self.start as usize;
        (start, start + self.size())
    }
}
