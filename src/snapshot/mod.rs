//! All variables of one session at one moment, resolved: the store, what is asked of it, and how it is written out.
//!
//! The store keeps the bytes of the body and, for every variable, a record of spans into them. Readings, previews and
//! trees are made when somebody looks.

mod absence;
mod arrange;
mod at;
mod builder;
mod copy;
mod diff;
mod entry;
mod explain;
mod export;
mod file;
mod find;
mod gone;
mod history;
mod judged;
mod kinds;
mod markdown;
mod mask;
mod name_order;
mod opened;
mod origin;
mod path_text;
mod preview;
mod room;
mod row;
mod search;
#[allow(clippy::module_inception)]
mod snapshot;
mod sorted;
mod store;
mod through;
mod tree;
mod unreadable;
mod view;
mod warm_up;
mod watch;
mod wire;

pub use arrange::{ArrangedRow, Arrangement, Group, GroupKind, Grouping, Item, Pin, Place, ViewState};
pub use at::{Step, ValuePart};
pub use builder::{IngestOptions, SnapshotBuilder, Taken};
pub use copy::CopyForm;
pub(crate) use diff::Prints;
pub use diff::{
    ChangeKind, DiffOptions, DiffSide, Differences, ListMatch, PieceKind, SnapshotDiff, TextPiece, ValueChange,
    ValueDiff, VariableChange, text_diff,
};
pub use entry::Variable;
pub use explain::{Candidate, ExplainOptions, Explanation, Provenance, Status, Warning, WarningCode};
pub use export::ExportFormat;
pub use find::{Expression, Hit, HitPart, HitPlace, HitSlice, HitsFrom, Lens, Misread};
pub use history::{History, HistoryOptions, Moment, VariableMoment};
pub use mask::{
    Characters, Hidden, Leaf, Mask, MaskOptions, Masked, Reveals, RuleId, Sanitizer, SizeClass, Spot, ValueRule,
};
pub use origin::Origin;
pub use path_text::{PathDialect, path_text};
pub use row::{Row, RowChange, RowProblem};
pub use search::Search;
pub use snapshot::Snapshot;
pub use store::EntryId;
pub use tree::{TextPart, TreePage, ValueNode};
pub use view::{Sort, SortKey, Window};
pub use warm_up::WarmUp;
pub use watch::{Condition, Observed, WatchEvent, Watchpoint, Watchpoints};
pub use wire::{WireAudit, WireMetrics};
