//! The scripted model: an upstream for HTTP/1 and HTTP/2 that answers by script and keeps what reached it.
//!
//! Which script answers: the one that the header `x-script` names, else the next of the queue, else, with scenarios, the
//! one whose name the prompt contains, else a friendly default, whole or streamed as the request asks.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, Response};
use serde_json::{Value, json};

use crate::body::AnyBody;
use crate::server::{ANY_PORT, ConnectionId, RUNTIME, Server};
use crate::{Error, openai, scenario};

mod script;

pub use script::{Script, ScriptedAnswer};

/// A request as it reached the model. It is there as soon as its head is.
#[derive(Clone, Debug)]
pub struct Received {
    /// Connections are counted from 1.
    pub connection: ConnectionId,
    pub version: hyper::Version,
    pub method: String,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    pub head_at: Instant,
    /// As far as it has come.
    pub body: Vec<u8>,
    pub trailers: HeaderMap,
    pub body_ending: Ending,
    pub answer_ending: Ending,
}

/// Where one direction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Open,
    Complete(Instant),
    /// The other side went away, or the script cut it.
    Cut(Instant),
}

impl Ending {
    fn of(complete: bool) -> Ending {
        if complete { Ending::Complete(Instant::now()) } else { Ending::Cut(Instant::now()) }
    }

    pub fn is_complete(self) -> bool {
        matches!(self, Ending::Complete(_))
    }

    pub fn is_cut(self) -> bool {
        matches!(self, Ending::Cut(_))
    }
}

impl Received {
    /// The header's values as text, in order.
    pub fn header(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// For a log: everything but the times, which are milliseconds since the head.
    pub fn as_json(&self) -> Value {
        let ending = |ending: Ending| match ending {
            Ending::Open => json!("open"),
            Ending::Complete(at) => json!({"complete_ms": (at - self.head_at).as_millis() as u64}),
            Ending::Cut(at) => json!({"cut_ms": (at - self.head_at).as_millis() as u64}),
        };
        let pairs = |headers: &HeaderMap| -> Vec<[String; 2]> {
            let pairs = headers.iter();
            pairs
                .map(|(name, value)| [name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()])
                .collect()
        };
        json!({
            "connection": self.connection,
            "version": format!("{:?}", self.version),
            "method": self.method,
            "path": self.path,
            "headers": pairs(&self.headers),
            "body": self.text(),
            "trailers": pairs(&self.trailers),
            "body_ending": ending(self.body_ending),
            "answer_ending": ending(self.answer_ending),
        })
    }
}

/// A running scripted model; ends when dropped.
#[derive(Debug)]
pub struct Model {
    pub addr: SocketAddr,
    shared: Arc<Shared>,
    _server: Server,
}

type Observer = Box<dyn Fn(&Received) + Send + Sync>;

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Is told of each exchange when it is over.
    observer: Option<Observer>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct State {
    named: BTreeMap<String, Script>,
    queue: VecDeque<Script>,
    received: Vec<Received>,
}

impl Model {
    /// On a free port, with the default answer.
    pub fn start() -> Model {
        Model::listen(ANY_PORT, BTreeMap::new(), None).expect("a free port")
    }

    /// With scenarios that a prompt may choose; `observer` is told of each exchange when it is over.
    pub fn listen(
        listen: SocketAddr,
        scenarios: BTreeMap<String, Script>,
        observer: Option<Observer>,
    ) -> Result<Model, Error> {
        let state = Mutex::new(State { named: scenarios, ..State::default() });
        let shared = Arc::new(Shared { state, observer });
        let server = Server::start(listen, {
            let shared = Arc::clone(&shared);
            move |connection, request| exchange(Arc::clone(&shared), connection, request)
        })?;
        Ok(Model { addr: server.addr, shared, _server: server })
    }

    /// Answers the next request without a script of its own; called again, the one after it.
    pub fn next(&self, script: Script) {
        self.shared.lock().queue.push_back(script);
    }

    /// Answers every request that has the header `x-script: NAME` (or `NAME` in its prompt).
    pub fn script(&self, name: &str, script: Script) {
        self.shared.lock().named.insert(name.to_owned(), script);
    }

    /// What has reached it so far, in order of the heads.
    pub fn received(&self) -> Vec<Received> {
        self.shared.lock().received.clone()
    }

    /// The only request that reached it.
    pub fn only(&self) -> Received {
        let mut received = self.received();
        assert_eq!(received.len(), 1, "requests that reached the model");
        received.remove(0)
    }

    /// The request number `index` (from 0), once `ready` says that enough of it is there. Panics when it never is.
    pub async fn wait_for(&self, index: usize, ready: impl Fn(&Received) -> bool) -> Received {
        let found = crate::until(async || self.received().get(index).filter(|it| ready(it)).cloned()).await;
        found.unwrap_or_else(|| panic!("request {index} did not reach the model as expected"))
    }

    /// Forgets what it received and what is queued.
    pub fn forget(&self) {
        let mut state = self.shared.lock();
        state.received.clear();
        state.queue.clear();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    /// The index may be stale after [`Model::forget`]; then there is nothing to note.
    fn note(&self, index: usize, head_at: Instant, note: impl FnOnce(&mut Received)) {
        let mut state = self.lock();
        if let Some(received) = state.received.get_mut(index).filter(|it| it.head_at == head_at) {
            note(received);
        }
    }
}

/// Notes that the answer was cut, unless it is told how it ended.
struct Exchange {
    shared: Arc<Shared>,
    index: usize,
    head_at: Instant,
    ended: bool,
}

impl Exchange {
    fn note(&self, note: impl FnOnce(&mut Received)) {
        self.shared.note(self.index, self.head_at, note);
    }

    fn end(mut self, complete: bool) {
        self.ended = true;
        self.tell(complete);
    }

    fn tell(&self, complete: bool) {
        self.note(|received| {
            received.answer_ending = Ending::of(complete);
            if let Some(observer) = &self.shared.observer {
                observer(received);
            }
        });
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(false);
        }
    }
}

async fn exchange(
    shared: Arc<Shared>,
    connection: ConnectionId,
    request: Request<Incoming>,
) -> Result<Response<AnyBody>, Error> {
    let (head, body) = request.into_parts();
    let head_at = Instant::now();
    let (index, script) = {
        let mut state = shared.lock();
        state.received.push(Received {
            connection,
            version: head.version,
            method: head.method.to_string(),
            path: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: head.headers.clone(),
            head_at,
            body: Vec::new(),
            trailers: HeaderMap::new(),
            body_ending: Ending::Open,
            answer_ending: Ending::Open,
        });
        let name = head.headers.get("x-script").and_then(|name| name.to_str().ok());
        let script = match name.and_then(|name| state.named.get(name).cloned()) {
            Some(script) => Some(script),
            None => state.queue.pop_front(),
        };
        (state.received.len() - 1, script)
    };
    let exchange = Exchange { shared, index, head_at, ended: false };

    let reading = {
        let shared = Arc::clone(&exchange.shared);
        async move { read(&shared, index, head_at, body).await }
    };
    let early = matches!(&script, Some(Script::Answer(answer)) if answer.early);
    if early {
        RUNTIME.spawn(reading);
    } else {
        reading.await?;
    }

    let script = script.unwrap_or_else(|| exchange.shared.script_of_body(index));
    match script {
        Script::Answer(answer) => {
            let (body, player) = answer.body.into_body();
            let mut response = Response::new(body);
            *response.status_mut() = answer.status.try_into()?;
            *response.headers_mut() = answer.headers;
            match player {
                Some(player) => drop(RUNTIME.spawn(async move { exchange.end(player.play().await) })),
                None => exchange.end(true),
            }
            Ok(response)
        }
        Script::Reset => Err("reset by the script".into()),
        Script::Silence => std::future::pending().await,
    }
}

async fn read(shared: &Shared, index: usize, head_at: Instant, mut body: Incoming) -> Result<(), Error> {
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => match frame.into_data() {
                Ok(data) => shared.note(index, head_at, |it| it.body.extend_from_slice(&data)),
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    shared.note(index, head_at, |it| it.trailers = trailers);
                }
            },
            Err(problem) => {
                shared.note(index, head_at, |it| it.body_ending = Ending::of(false));
                return Err(problem.into());
            }
        }
    }
    shared.note(index, head_at, |it| it.body_ending = Ending::of(true));
    Ok(())
}

impl Shared {
    fn script_of_body(&self, index: usize) -> Script {
        let state = self.lock();
        let body = state.received.get(index).map(|it| it.body.as_slice()).unwrap_or_default();
        if let Some(script) =
            scenario::in_prompt(state.named.keys(), body).and_then(|name| state.named.get(&name))
        {
            return script.clone();
        }
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        if request["stream"] == json!(true) {
            openai::stream_text(&["Hello", " from", " the", " model."], Duration::ZERO)
        } else {
            openai::whole("Hello from the model.")
        }
    }
}
