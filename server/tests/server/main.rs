//! The server half from outside: routers without a network where that is enough, loopback ports where it is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
// The modules of one test program are public to one another only.
#![allow(unreachable_pub)]

mod broker_refusals;
mod broker_token;
mod cors;
mod environment;
mod faults;
mod limits;
mod page;
mod paging;
mod programs;
mod relay;
mod sandbox;
mod session_contents;
mod support;
mod tls;
mod token_endpoint;
mod variables;
