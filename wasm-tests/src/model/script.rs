//! What the scripted model answers.

use std::time::Duration;

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};

use crate::body::{BodyScript, End};

/// How a request is answered.
#[derive(Clone, Debug)]
pub enum Script {
    Answer(Box<ScriptedAnswer>),
    /// No answer: the connection is closed (HTTP/1) or the stream reset (HTTP/2).
    Reset,
    /// No answer, ever.
    Silence,
}

/// A head and a body. Built by [`Script`]'s methods.
#[derive(Clone, Debug)]
pub struct ScriptedAnswer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: BodyScript,
    /// Answers when it has seen the request's head, not its body.
    pub(super) early: bool,
}

impl Script {
    pub fn new(status: u16) -> Script {
        Script::Answer(Box::new(ScriptedAnswer {
            status,
            headers: HeaderMap::new(),
            body: BodyScript::default(),
            early: false,
        }))
    }

    fn edit(mut self, edit: impl FnOnce(&mut ScriptedAnswer)) -> Script {
        if let Script::Answer(answer) = &mut self {
            edit(answer);
        }
        self
    }

    pub fn status(self, status: u16) -> Script {
        self.edit(|it| it.status = status)
    }

    /// Adds a header; the same name again adds a second one. A `content-length` is sent as it is, true or not.
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Script {
        let name: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        self.edit(|it| {
            it.headers.append(name, value);
        })
    }

    /// `content-encoding`, and these bytes as they are.
    pub fn encoded(self, coding: &str, bytes: impl Into<Bytes>) -> Script {
        self.header("content-encoding", coding).edit(|it| it.body = BodyScript::whole(bytes))
    }

    /// One more piece of the body. A single piece leaves with its length, more of them in chunks.
    pub fn piece(self, bytes: impl Into<Bytes>) -> Script {
        self.piece_after(Duration::ZERO, bytes)
    }

    pub fn piece_after(self, pause: Duration, bytes: impl Into<Bytes>) -> Script {
        self.edit(|it| it.body.pieces.push((pause, bytes.into())))
    }

    /// No `content-length`, also for a single piece.
    pub fn chunked(self) -> Script {
        self.edit(|it| it.body.chunked = true)
    }

    /// The body so far in pieces of `size` bytes, each after a pause.
    pub fn recut(self, size: usize, each: Duration) -> Script {
        self.edit(|it| it.body.recut(size, each))
    }

    /// Ends the body by a trailer (announced; over HTTP/1 it leaves only if the request had `te: trailers`).
    pub fn trailer(self, name: &str, value: &str) -> Script {
        let header: HeaderName = name.parse().expect("a header name");
        let value = HeaderValue::from_str(value).expect("a header value");
        self.header("trailer", name).edit(|it| match &mut it.body.end {
            End::Trailers(trailers) => {
                trailers.append(header, value);
            }
            end => *end = End::Trailers(HeaderMap::from_iter([(header, value)])),
        })
    }

    /// How the body ends otherwise.
    pub fn end(self, end: End) -> Script {
        self.edit(|it| it.body.end = end)
    }

    /// The body breaks off in the middle of this piece.
    pub fn cut_in(self, piece: usize) -> Script {
        self.edit(|it| {
            it.body.pieces.truncate(piece + 1);
            if let Some((_, last)) = it.body.pieces.get_mut(piece) {
                last.truncate(last.len() / 2);
            }
            it.body.chunked = true;
            it.body.end = End::Cut;
        })
    }

    /// Answers when the request's head is there, without waiting for its body.
    pub fn early(self) -> Script {
        self.edit(|it| it.early = true)
    }

    /// The pieces of the body.
    pub fn pieces(&self) -> Vec<Bytes> {
        match self {
            Script::Answer(answer) => answer.body.pieces.iter().map(|(_, piece)| piece.clone()).collect(),
            Script::Reset | Script::Silence => Vec::new(),
        }
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Script::Answer(answer) => answer.body.bytes(),
            Script::Reset | Script::Silence => Vec::new(),
        }
    }
}
