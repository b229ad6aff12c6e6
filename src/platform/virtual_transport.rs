//! The virtual network: carries requests to the scripted server and its answers back, and keeps count.

use super::traits::{Body, Clock, Headers, Random, Request, Response, Sleep, TransportError};
use super::virtual_server::{Ending, Reply, Server};
use super::virtual_time::VirtualPlatform;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Arrival on the monotonic clock, in ms.
    pub at_ms: f64,
    /// What arrived.
    pub request: Request,
    /// What became of the answer.
    pub fate: Fate,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Still under way.
    Open,
    /// Read to its end, or failed by itself.
    Ended,
    /// The client let go of it.
    Dropped,
}

#[derive(Default)]
pub(super) struct Network {
    server: RefCell<Option<Rc<dyn Server>>>,
    seen: RefCell<Vec<Seen>>,
    in_flight: Cell<usize>,
    most: Cell<usize>,
}

impl Network {
    pub(super) fn serve(&self, server: Rc<dyn Server>) {
        *self.server.borrow_mut() = Some(server);
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    pub(super) fn most_in_flight(&self) -> usize {
        self.most.get()
    }

    pub(super) async fn send(
        self: Rc<Self>,
        platform: VirtualPlatform,
        request: Request,
    ) -> Result<Response, TransportError> {
        let Some(server) = self.server.borrow().clone() else { return Err(TransportError::Network) };
        let mut flight = Flight::new(Rc::clone(&self));
        let travel_ms = server.travel_ms(&request, platform.unit());
        if travel_ms > 0.0 {
            platform.sleep(travel_ms).await;
        }
        flight.arrived(Seen { at_ms: platform.monotonic_ms(), request: request.clone(), fate: Fate::Open });
        let reply = server.answer(&request, platform.monotonic_ms());
        if reply.delay_ms == f64::INFINITY {
            std::future::pending::<()>().await;
        }
        if reply.delay_ms > 0.0 {
            platform.sleep(reply.delay_ms).await;
        }
        if let Some(error) = reply.error.clone() {
            flight.end();
            return Err(error);
        }
        let mut headers = Headers::new();
        for (name, value) in &reply.headers {
            headers.push(name.as_str(), value.as_str());
        }
        let status = reply.status;
        Ok(Response { status, headers, body: Box::new(VirtualBody { platform, reply, at: 0, flight }) })
    }
}

/// Counts a request from its start to its end, or to its drop.
struct Flight {
    network: Rc<Network>,
    index: Option<usize>,
    over: bool,
}

impl Flight {
    fn new(network: Rc<Network>) -> Flight {
        network.in_flight.set(network.in_flight.get() + 1);
        network.most.set(network.most.get().max(network.in_flight.get()));
        Flight { network, index: None, over: false }
    }

    fn arrived(&mut self, seen: Seen) {
        let mut all = self.network.seen.borrow_mut();
        self.index = Some(all.len());
        all.push(seen);
    }

    fn end(&mut self) {
        self.close(Fate::Ended);
    }

    fn close(&mut self, fate: Fate) {
        if std::mem::replace(&mut self.over, true) {
            return;
        }
        self.network.in_flight.set(self.network.in_flight.get().saturating_sub(1));
        let mut all = self.network.seen.borrow_mut();
        if let Some(seen) = self.index.and_then(|index| all.get_mut(index)) {
            seen.fate = fate;
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.close(Fate::Dropped);
    }
}

struct VirtualBody {
    platform: VirtualPlatform,
    reply: Reply,
    at: usize,
    flight: Flight,
}

impl VirtualBody {
    async fn read(&mut self, into: &mut Vec<u8>) -> Result<usize, TransportError> {
        if self.reply.piece_ms > 0.0 {
            self.platform.sleep(self.reply.piece_ms).await;
        }
        let end = self.reply.arrives.min(self.reply.body.len());
        let piece = if self.reply.piece == 0 { usize::MAX } else { self.reply.piece };
        let bytes = self.reply.body.get(self.at..end).unwrap_or_default();
        let bytes = bytes.get(..piece.min(bytes.len())).unwrap_or_default();
        into.extend_from_slice(bytes);
        self.at += bytes.len();
        if !bytes.is_empty() {
            return Ok(bytes.len());
        }
        if self.reply.ending == Ending::Stalled {
            std::future::pending::<()>().await;
        }
        self.flight.end();
        match self.reply.ending {
            Ending::Broken => Err(TransportError::Network),
            _ => Ok(0),
        }
    }
}

impl Body for VirtualBody {
    fn content_length(&self) -> Option<usize> {
        self.reply.announced.then_some(self.reply.body.len())
    }

    fn read_into<'a>(
        &'a mut self,
        into: &'a mut Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Result<usize, TransportError>> + 'a>> {
        Box::pin(self.read(into))
    }
}
