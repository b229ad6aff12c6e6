//! What JavaScript sees: decode, call, encode. Nothing is decided here.
//!
//! The declarations that the package ships are written by hand in `www/entry/*.d.ts`, and so are its words.

mod abort;
mod arrangement;
mod causes;
mod debugger;
mod debugger_options;
mod encode;
mod encode_client;
mod encode_diff;
mod errors;
mod functions;
mod history;
mod host;
mod iterator;
mod json_source;
mod json_text;
mod mapping;
mod mask;
mod options;
mod signers;
mod snapshot;
mod snapshot_copy;
mod snapshot_diff;
mod snapshot_file;
mod snapshot_hits;
mod snapshot_search;
mod values;
mod watchpoints;

pub use arrangement::Arrangement;
pub use debugger::SessionDebugger;
pub use functions::{build_variables_url, coerce, diff_text, path_text, set_origin_loader, version, warm_up};
pub use history::History;
pub use iterator::SnapshotIterator;
pub use snapshot::Snapshot;
pub use snapshot_search::search_rows;
pub use watchpoints::Watchpoints;
