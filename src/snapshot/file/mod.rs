//! A snapshot as a file that is opened again without a network.
//!
//! The file is one JSON object: what is known of the snapshot, and its variables as the tutorial's rows, so that whoever reads
//! those rows reads the file. The name of the format and the version stand first. A file of a newer version is refused by its
//! version alone, whatever else is in it; members that a reader does not know are left alone.

mod header;
mod open;
mod write;

/// The name of the format.
const FORMAT: &str = "cognigy-session-debugger";
/// The version that is written, and the newest that is read.
const VERSION: u64 = 1;
