//! The body of an answer, copied from the stream into the engine's memory piece by piece.

use super::browser::property;
use super::browser_transport::{AbortOnDrop, reason};
use super::traits::{Body, TransportError};
use gloo_net::http::Response;
use js_sys::Uint8Array;
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamByobReader, ReadableStreamDefaultReader};

/// So much is read at a time. Whoever lends no room is given all that has arrived, in Chromium up to two megabytes, and to copy
/// and read them is one long task.
const PIECE: u32 = 1 << 18;

pub(super) struct BrowserBody {
    state: State,
    length: Option<usize>,
    _abort: AbortOnDrop,
}

enum State {
    /// Nothing has been read.
    Fresh(web_sys::Response),
    Streaming(Reader),
    Ended,
}

enum Reader {
    /// Fills room that is lent to it and comes back with each piece.
    Byob(ReadableStreamByobReader, Uint8Array),
    /// Of streams that take no room, as those of programs often are.
    Default(ReadableStreamDefaultReader),
}

impl Reader {
    fn of(stream: &ReadableStream) -> Reader {
        match ReadableStreamByobReader::new(stream) {
            Ok(reader) => Reader::Byob(reader, Uint8Array::new_with_length(PIECE)),
            Err(_) => Reader::Default(stream.get_reader().unchecked_into()),
        }
    }

    async fn read(&self) -> Result<JsValue, JsValue> {
        JsFuture::from(match self {
            Reader::Byob(reader, room) => reader.read_with_array_buffer_view(room),
            Reader::Default(reader) => reader.read(),
        })
        .await
    }

    /// Takes back the room that a piece stood in.
    fn reuse(&mut self, piece: &Uint8Array) {
        if let Reader::Byob(_, room) = self {
            *room = Uint8Array::new(&piece.buffer());
        }
    }
}

impl BrowserBody {
    pub(super) fn new(response: Response, length: Option<usize>, abort: AbortOnDrop) -> BrowserBody {
        BrowserBody { state: State::Fresh(response.into()), length, _abort: abort }
    }

    async fn read(&mut self, into: &mut Vec<u8>) -> Result<usize, TransportError> {
        if let State::Fresh(response) = &self.state {
            match response.body().filter(|stream| !stream.locked()) {
                Some(stream) => self.state = State::Streaming(Reader::of(&stream)),
                None => {
                    let promise = response.array_buffer().map_err(|error| reason(&error))?;
                    self.state = State::Ended;
                    let buffer = JsFuture::from(promise).await.map_err(|error| reason(&error))?;
                    return append(&Uint8Array::new(&buffer), into);
                }
            }
        }
        let State::Streaming(reader) = &mut self.state else { return Ok(0) };
        loop {
            let piece = reader.read().await.map_err(|error| reason(&error))?;
            if property(&piece, "done").is_truthy() {
                self.state = State::Ended;
                return Ok(0);
            }
            let value = property(&piece, "value");
            let bytes = value.dyn_into::<Uint8Array>().unwrap_or_else(|value| Uint8Array::new(&value));
            let appended = append(&bytes, into)?;
            reader.reuse(&bytes);
            // An empty piece is not the end.
            if appended > 0 {
                return Ok(appended);
            }
        }
    }
}

/// Copies a piece straight to the end of the buffer.
fn append(bytes: &Uint8Array, into: &mut Vec<u8>) -> Result<usize, TransportError> {
    let length = bytes.length() as usize;
    let at = into.len();
    into.try_reserve(length).map_err(|_| TransportError::Network)?;
    into.resize(at + length, 0);
    if let Some(room) = into.get_mut(at..) {
        bytes.copy_to(room);
    }
    Ok(length)
}

impl Body for BrowserBody {
    fn content_length(&self) -> Option<usize> {
        self.length
    }

    fn read_into<'a>(
        &'a mut self,
        into: &'a mut Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Result<usize, TransportError>> + 'a>> {
        Box::pin(self.read(into))
    }
}
