//! What a page knows of itself.

use super::traits::LocalFuture;
use std::any::Any;

/// What a page knows of itself. Outside of a page there is always a network and somebody who looks.
pub trait Page {
    /// The page's own origin, as `https://host:port`. `None` outside of a page, where no permission is asked for ahead of a
    /// request.
    fn own_origin(&self) -> Option<String> {
        None
    }

    /// Ends when the network is there; at once where it is there or nobody can tell.
    fn online(&self) -> LocalFuture<()> {
        Box::pin(std::future::ready(()))
    }

    /// Ends when the page can be seen.
    fn visible(&self) -> LocalFuture<()> {
        Box::pin(std::future::ready(()))
    }

    /// Calls `tell` when the page is about to be closed, until what is given is dropped. A page that is kept for coming back
    /// to is not closed; a worker ends with its page, and is not told.
    fn on_leave(&self, _tell: Box<dyn Fn()>) -> Box<dyn Any> {
        Box::new(())
    }
}
