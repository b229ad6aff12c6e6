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
    /// What of a piece did not fit into the room that there was.
    rest: Option<Uint8Array>,
    abort: AbortOnDrop,
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
        BrowserBody { state: State::Fresh(response.into()), length, rest: None, abort }
    }

    async fn read(&mut self, into: &mut Vec<u8>) -> Result<usize, TransportError> {
        loop {
            let piece = match self.rest.take() {
                Some(rest) => rest,
                None => match self.next().await.map_err(|error| reason(&error))? {
                    Some(piece) => piece,
                    None => return Ok(0),
                },
            };
            let appended = append(&piece, into)?;
            if appended < piece.length() {
                self.rest = Some(piece.subarray(appended, piece.length()));
            } else if let State::Streaming(reader) = &mut self.state {
                reader.reuse(&piece);
            }
            // An empty piece is not the end.
            if appended > 0 {
                return Ok(appended as usize);
            }
        }
    }

    /// The next piece, if there is one.
    async fn next(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        if let State::Fresh(response) = &self.state {
            match response.body().filter(|stream| !stream.locked()) {
                Some(stream) => self.state = State::Streaming(Reader::of(&stream)),
                None => {
                    let promise = response.array_buffer()?;
                    self.state = State::Ended;
                    return Ok(Some(Uint8Array::new(&JsFuture::from(promise).await?)));
                }
            }
        }
        let State::Streaming(reader) = &self.state else { return Ok(None) };
        let piece = reader.read().await?;
        if property(&piece, "done").is_truthy() {
            self.state = State::Ended;
            self.abort.is_over();
            return Ok(None);
        }
        let value = property(&piece, "value");
        Ok(Some(value.dyn_into::<Uint8Array>().unwrap_or_else(|value| Uint8Array::new(&value))))
    }
}

/// Copies what fits of a piece straight to the end of the buffer, so that this does not move; all of it where there is no room.
fn append(bytes: &Uint8Array, into: &mut Vec<u8>) -> Result<u32, TransportError> {
    let at = into.len();
    let mut length = bytes.length();
    if into.capacity() > at {
        length = length.min(u32::try_from(into.capacity() - at).unwrap_or(u32::MAX));
    }
    into.try_reserve(length as usize).map_err(|_| TransportError::Network)?;
    into.resize(at + length as usize, 0);
    if let Some(room) = into.get_mut(at..) {
        bytes.subarray(0, length).copy_to(room);
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
