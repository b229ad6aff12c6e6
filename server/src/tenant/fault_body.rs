//! Bodies that begin well and do not end well.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;

/// How a body goes wrong after its good part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The connection is cut.
    Cut,
    /// Nothing more comes, and the connection stays open until the client leaves.
    Stall,
    /// The rest comes, as text that is no JSON.
    Garbage,
}

/// The first `good` bytes of a body, then its ending.
pub(super) struct BrokenBody {
    inner: Body,
    good: u64,
    ending: Ending,
    paused: bool,
}

impl BrokenBody {
    pub(super) fn new(inner: Body, good: u64, ending: Ending) -> BrokenBody {
        BrokenBody { inner, good, ending, paused: false }
    }

    /// What is sent of a frame that arrived.
    fn spoil(&mut self, data: Bytes) -> Bytes {
        let good = usize::try_from(self.good).unwrap_or(usize::MAX).min(data.len());
        self.good = self.good.saturating_sub(good as u64);
        let kept = data.slice(..good);
        if self.ending != Ending::Garbage {
            return kept;
        }
        let mut bytes = kept.to_vec();
        // A control character can stand nowhere in JSON, in a string as little as outside of one.
        bytes.resize(data.len(), 1);
        Bytes::from(bytes)
    }
}

impl HttpBody for BrokenBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.good == 0 && self.ending != Ending::Garbage {
            return match self.ending {
                // An error right after the data would have the server drop what it has not written yet.
                Ending::Cut if !self.paused => {
                    self.paused = true;
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                Ending::Cut => Poll::Ready(Some(Err(axum::Error::new("the body ends here, as ordered")))),
                _ => Poll::Pending,
            };
        }
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => Poll::Ready(Some(Ok(Frame::data(self.spoil(data))))),
                Err(other) => Poll::Ready(Some(Ok(other))),
            },
            other => other,
        }
    }
}
