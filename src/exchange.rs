//! The life of one request and its response, as an explicit state machine. Decides, performs nothing.
//!
//! ```text
//! Start ─head─▶ Request ─body end─▶ Await ─head─▶ Whole | Stream | Unread ─end─▶ (finish)
//!    │              │                 │                    │
//!    └──────────────┴─ Refused ◀──────┴────────────────────┴─▶ Cut
//! ```
//!
//! One method per event of the host, each with a [`Step`] as its answer. A phase owns what is valid in it, and
//! leaving it consumes it. An event that a phase does not expect is a refusal with a reason, never a panic and never
//! a pass. Only this module turns a reason into an effect: functions below it return `Result<_, Reason>`.

mod evidence;
mod request;
mod response;
mod stream;

pub use evidence::Closing;

use crate::config::{Config, Guarded, KeySource};
use crate::identity::{KeySet, TokenCache, keyring::Keyring, signature::Verifier};
use crate::protocol::{self, Dialect, Operation};
use crate::reason::Reason;
use crate::redact::Numbers;
use evidence::Evidence;
use std::sync::Arc;

/// What the exchanges of one worker share. Everything else of them is their own.
pub struct Gate {
    /// The configuration in force; an exchange keeps the one it began with.
    pub config: Arc<Config>,
    /// The keys that were fetched.
    pub keyring: Keyring,
    /// The tokens that were verified.
    pub tokens: TokenCache,
    /// Who is asked for signatures first.
    pub verifier: Box<dyn Verifier>,
    /// No evidence can be kept and the configuration wants it: new requests are refused.
    pub audit_is_full: bool,
}

impl Gate {
    /// The state of a worker that begins with this configuration at `now` (Unix seconds). Signatures are left to
    /// jwt-simple.
    pub fn new(config: Arc<Config>, now: u64) -> Gate {
        let remote = config.identity.keys.iter().map(|source| match source {
            KeySource::Inline(_) => None,
            KeySource::Remote(remote) => Some((remote.refresh, remote.max_age)),
        });
        let keyring = Keyring::new(remote, now);
        Gate { keyring, tokens: TokenCache::default(), verifier: Box::new(()), audit_is_full: false, config }
    }

    /// The keys of an issuer at `now` (Unix seconds).
    pub fn keys(&self, issuer: usize, now: u64) -> Option<&KeySet> {
        match self.config.identity.keys.get(issuer)? {
            KeySource::Inline(keys) => Some(keys),
            KeySource::Remote(_) => self.keyring.current(issuer, now),
        }
    }
}

/// Header lines in their order, names in lower case, values as bytes.
#[derive(Clone, Default)]
pub struct Headers {
    /// All of them, one behind the other.
    text: Vec<u8>,
    /// Where each line's name ends, and where its value does.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    /// No lines yet, and room for so many, of so many bytes in all.
    pub fn with_capacity(lines: usize, bytes: usize) -> Headers {
        Headers { text: Vec::with_capacity(bytes), ends: Vec::with_capacity(lines) }
    }

    /// Appends a line.
    pub fn push(&mut self, name: &[u8], value: &[u8]) {
        self.text.extend_from_slice(name);
        let name_end = self.text.len();
        self.text.extend_from_slice(value);
        self.ends.push((name_end, self.text.len()));
    }

    /// Every value of a header, in order.
    pub fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> {
        self.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }

    /// The first value of a header, where it is text.
    pub fn text<'h>(&'h self, name: &'h str) -> Option<&'h str> {
        std::str::from_utf8(self.all(name).next()?).ok()
    }

    /// Every line.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut start = 0;
        self.ends.iter().map(move |(name_end, end)| {
            let name = self.text.get(start..*name_end).unwrap_or_default();
            start = *end;
            (name, self.text.get(*name_end..*end).unwrap_or_default())
        })
    }

    /// Whether a line with this name is there.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<L: IntoIterator<Item = (N, V)>>(lines: L) -> Headers {
        let mut headers = Headers::default();
        for (name, value) in lines {
            headers.push(name.as_ref(), value.as_ref());
        }
        headers
    }
}

/// The head of a request, as it arrives.
pub struct RequestHead<'h> {
    /// Its header lines, pseudo-headers too.
    pub headers: &'h Headers,
    /// The name of Envoy's route; empty where it has none.
    pub route: &'h str,
    /// No body follows.
    pub end: bool,
}

/// The head of a response, as it arrives.
pub struct ResponseHead<'h> {
    /// Its header lines, `:status` too.
    pub headers: &'h Headers,
    /// The name of Envoy's route, by which the request has gone.
    pub route: &'h str,
    /// Envoy wrote it itself; no upstream did.
    pub is_local: bool,
    /// No body follows.
    pub end: bool,
}

/// A piece of a body. `read` hands over what can be read now: after [`Step::Hold`] everything so far, else this
/// piece; it is called at most once.
pub struct Body<'r> {
    /// How many bytes `read` would hand over.
    pub size: usize,
    /// Hands them over; `None` when the host does not.
    pub read: &'r mut dyn FnMut() -> Option<Vec<u8>>,
    /// Whether and how the body ends with it.
    pub end: End,
}

/// How a body goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// There is more.
    No,
    /// This was the last of it.
    Yes,
    /// It ends with trailers: bytes that were not written before can only be delivered where they are held by the
    /// host.
    Trailers,
}

/// What the host is to do.
#[derive(Debug)]
pub enum Step {
    /// Let it go on as it is.
    Pass,
    /// Keep it; the next event brings more.
    Hold,
    /// Let it go on with these bytes in the place of those that can be read.
    Replace(Vec<u8>),
    /// The same for a whole body whose head is held: its length changes with it.
    ReplaceWhole(Vec<u8>),
    /// Answer the client with this.
    Reply(Reply),
    /// End the stream hard: the status line has left, and an ending can no longer be written.
    Reset(Reason),
}

/// An answer of the gate's own.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header lines.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// What Envoy's access log calls it.
    pub details: &'static str,
}

/// Shows what is there; bodies do not belong into logs.
impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("details", &self.details)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A change of a head.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// Remove every line with this name.
    Remove(Vec<u8>),
    /// Make this the only line with its name.
    Set(Vec<u8>, Vec<u8>),
}

/// One request and its response.
pub struct Exchange {
    phase: Phase,
    evidence: Evidence,
    /// Of the values that were masked.
    numbers: Numbers,
}

enum Phase {
    /// Nothing has come.
    Start,
    /// The head is judged, the body is not.
    Request(Box<request::Reading>),
    /// The request has gone on.
    Await(Box<Guard>),
    /// A whole answer is held until its end.
    Whole(Box<response::Whole>),
    /// A streamed answer goes through the redactor.
    Stream(Box<stream::Stream>),
    /// Nothing is read: a public route, Envoy's own answer, an answer without a body, or what the route passes.
    Unread,
    /// The gate has answered; what comes back through the host is that answer.
    Refused,
    /// The ending of a cut stream was written; what the upstream still sends is dropped.
    Cut { reason: Reason, swallowed: usize },
}

/// What judges the answer to an allowed request.
struct Guard {
    route: Arc<Guarded>,
    /// `None` where the route passes what is not understood.
    operation: Option<Operation>,
    /// The name of Envoy's route, where the verdict hangs on it.
    judged_as: Option<String>,
    /// The request's id, where the answer's ending must repeat it.
    id: Option<String>,
}

impl Exchange {
    /// An exchange that begins at `now_ms` (Unix milliseconds); `id` is random, and nobody learns it before the end.
    pub fn new(id: [u8; 16], now_ms: u64) -> Exchange {
        Exchange { phase: Phase::Start, evidence: Evidence::new(id, now_ms), numbers: Numbers::new(id) }
    }

    /// The reason of the refusal or cut, where there was one.
    pub fn reason(&self) -> Option<Reason> {
        self.evidence.reason
    }

    /// Bytes that are held back now.
    pub fn held(&self) -> usize {
        match &self.phase {
            Phase::Stream(stream) => stream.held(),
            Phase::Whole(_) => usize::try_from(self.evidence.response.bytes).unwrap_or(usize::MAX),
            Phase::Request(_) => usize::try_from(self.evidence.request.bytes).unwrap_or(usize::MAX),
            _ => 0,
        }
    }

    /// Ends the exchange, from whatever phase, and yields its record.
    pub fn finish(mut self, closing: &Closing) -> crate::audit::record::Record {
        match std::mem::replace(&mut self.phase, Phase::Refused) {
            Phase::Start | Phase::Request(_) if closing.status.is_some() => {
                self.evidence.refused(Reason::ProxyRefused);
            }
            Phase::Start | Phase::Request(_) => self.evidence.refused(Reason::ClientGone),
            Phase::Stream(stream) => self.evidence.interrupted(stream.redactor(), stream.observes()),
            Phase::Whole(_) => self.evidence.left_unfinished(),
            _ => {}
        }
        self.evidence.into_record(closing)
    }

    /// Refuses: the client gets the provider's error shape, and nothing else goes on.
    fn refuse(&mut self, reason: Reason, dialect: &dyn Dialect) -> Step {
        self.phase = Phase::Refused;
        self.evidence.refused(reason);
        let mut headers = vec![header("content-type", "application/json")];
        match reason.status() {
            401 => headers.push(header("www-authenticate", "Bearer")),
            503 => headers.push(header("retry-after", "1")),
            _ => {}
        }
        headers.push(header("x-portcullis-reason", reason.code()));
        Step::Reply(Reply {
            status: reason.status(),
            headers,
            body: dialect.error(reason),
            details: reason.code(),
        })
    }

    fn refuse_as(&mut self, reason: Reason, operation: Option<&Operation>) -> Step {
        self.refuse(reason, operation.map_or(protocol::fallback(), |operation| operation.dialect))
    }
}

fn header(name: &str, value: &str) -> (Vec<u8>, Vec<u8>) {
    (name.as_bytes().to_vec(), value.as_bytes().to_vec())
}

#[cfg(test)]
mod tests;
