//! A body as a script: pieces with pauses between them, and how it ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};
use hyper::HeaderMap;
use hyper::body::{Body, Frame};
use tokio::sync::{mpsc, watch};

use crate::Error;

/// The body of every request and answer here.
pub type AnyBody = UnsyncBoxBody<Bytes, Error>;

/// What a body says, when, and how it ends.
#[derive(Clone, Debug, Default)]
pub struct BodyScript {
    /// Each piece leaves in a frame of its own, after its pause.
    pub pieces: Vec<(Duration, Bytes)>,
    pub end: End,
    /// One piece without a pause leaves with its length, unless this asks for chunks.
    pub chunked: bool,
}

/// How a body ends.
#[derive(Clone, Debug, Default)]
pub enum End {
    /// As it should.
    #[default]
    Finish,
    /// With trailers. Over HTTP/1 they leave only when the head has `trailer`, and, in an answer, the request had `te: trailers`.
    Trailers(HeaderMap),
    /// In the middle: HTTP/1 closes the connection, HTTP/2 resets the stream.
    Cut,
    /// As it should, with this piece, once the sender of the signal has said so or is gone.
    Held(watch::Receiver<()>, Bytes),
    /// Not at all: it says nothing more and stays open.
    Silence,
    /// Not at all: this piece again and again, each after the pause.
    Again(Duration, Bytes),
}

impl BodyScript {
    pub fn whole(bytes: impl Into<Bytes>) -> BodyScript {
        BodyScript { pieces: vec![(Duration::ZERO, bytes.into())], ..BodyScript::default() }
    }

    /// All bytes of the pieces.
    pub fn bytes(&self) -> Vec<u8> {
        self.pieces.iter().flat_map(|(_, piece)| piece.iter().copied()).collect()
    }

    /// The same bytes in pieces of `size` bytes, each after the pause `each`.
    pub fn recut(&mut self, size: usize, each: Duration) {
        let bytes = self.bytes();
        self.pieces = bytes.chunks(size.max(1)).map(|piece| (each, Bytes::copy_from_slice(piece))).collect();
        self.chunked = true;
    }

    /// The body to send, and the player that fills it. `None`: nothing is left to play.
    pub(crate) fn into_body(self) -> (AnyBody, Option<Player>) {
        let plain = matches!(self.end, End::Finish) && !self.chunked;
        match self.pieces.as_slice() {
            [] if plain => (Empty::new().map_err(|never| match never {}).boxed_unsync(), None),
            [(pause, piece)] if plain && pause.is_zero() => {
                (Full::new(piece.clone()).map_err(|never| match never {}).boxed_unsync(), None)
            }
            _ => {
                let (frames, receiver) = mpsc::channel(1);
                (Frames(receiver).boxed_unsync(), Some(Player { script: self, frames }))
            }
        }
    }
}

/// Fills a body as its script says.
pub(crate) struct Player {
    script: BodyScript,
    frames: mpsc::Sender<Result<Frame<Bytes>, Error>>,
}

impl Player {
    /// True when the script was played to its end, false when the other side went away first.
    pub(crate) async fn play(self) -> bool {
        for (pause, piece) in self.script.pieces {
            if !say(&self.frames, pause, Ok(Frame::data(piece))).await {
                return false;
            }
        }
        match self.script.end {
            End::Finish => true,
            End::Trailers(trailers) => say(&self.frames, Duration::ZERO, Ok(Frame::trailers(trailers))).await,
            End::Cut => {
                // What was said must have left before the connection goes.
                let pause = Duration::from_millis(20);
                say(&self.frames, pause, Err("cut by the script".into())).await
            }
            End::Held(mut signal, piece) => {
                tokio::select! {
                    () = self.frames.closed() => return false,
                    // An error is the sender that is gone.
                    _ = signal.changed() => {}
                }
                say(&self.frames, Duration::ZERO, Ok(Frame::data(piece))).await
            }
            End::Silence => {
                self.frames.closed().await;
                false
            }
            End::Again(pause, piece) => {
                while say(&self.frames, pause, Ok(Frame::data(piece.clone()))).await {}
                false
            }
        }
    }
}

type Said = Result<Frame<Bytes>, Error>;

async fn say(frames: &mpsc::Sender<Said>, pause: Duration, frame: Said) -> bool {
    if !pause.is_zero() {
        tokio::select! {
            () = frames.closed() => return false,
            () = tokio::time::sleep(pause) => {}
        }
    }
    frames.send(frame).await.is_ok()
}

struct Frames(mpsc::Receiver<Said>);

impl Body for Frames {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Said>> {
        self.0.poll_recv(cx)
    }
}
