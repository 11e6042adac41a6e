//! A client that says exactly what a test wants said, and reads the answer piece by piece with its times.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, Uri, client};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::body::{AnyBody, BodyScript, End};
use crate::server::RUNTIME;
use crate::{Error, Http, PATIENCE};

/// The host that calls name unless they have a `host` of their own.
pub const HOST: &str = "gateway.test";

/// One request, as it is to be said.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: BodyScript,
    lazy: bool,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Call {
        Call {
            method: method.parse().expect("a method"),
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: BodyScript::default(),
            lazy: false,
        }
    }

    pub fn get(path: &str) -> Call {
        Call::new("GET", path)
    }

    pub fn post(path: &str) -> Call {
        Call::new("POST", path)
    }

    /// A chat completion that asks `prompt` of `model`.
    pub fn chat(model: &str, prompt: &str) -> Call {
        Call::post("/v1/chat/completions")
            .json(&serde_json::json!({"model": model, "messages": [{"role": "user", "content": prompt}]}))
    }

    /// The same with `"stream": true`.
    pub fn chat_stream(model: &str, prompt: &str) -> Call {
        let messages = serde_json::json!([{"role": "user", "content": prompt}]);
        Call::post("/v1/chat/completions")
            .json(&serde_json::json!({"model": model, "messages": messages, "stream": true}))
    }

    /// Another path, with its query.
    pub fn path(mut self, path: &str) -> Call {
        self.path = path.to_owned();
        self
    }

    /// The same path below `prefix`.
    pub fn below(mut self, prefix: &str) -> Call {
        self.path.insert_str(0, prefix);
        self
    }

    /// One more parameter of the query.
    pub fn query(mut self, parameter: &str) -> Call {
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(parameter);
        self
    }

    /// Adds a header; the same name again adds a second one. The value is bytes: it need not be UTF-8.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Call {
        self.headers.append(name.parse::<HeaderName>().expect("a header name"), header_value(value.as_ref()));
        self
    }

    pub fn bearer(self, token: &str) -> Call {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// The answer that the model is to give (see [`crate::model::Model::script`]).
    pub fn script(self, name: &str) -> Call {
        self.header("x-script", name)
    }

    pub fn json(self, body: &Value) -> Call {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// The whole body, with its length.
    pub fn body(mut self, body: impl Into<Bytes>) -> Call {
        self.body = BodyScript::whole(body);
        self
    }

    /// One more piece of a chunked body, after a pause.
    pub fn piece(mut self, pause: Duration, bytes: impl Into<Bytes>) -> Call {
        self.body.pieces.push((pause, bytes.into()));
        self.body.chunked = true;
        self
    }

    /// The body so far in pieces of `size` bytes, each after a pause.
    pub fn recut(mut self, size: usize, each: Duration) -> Call {
        self.body.recut(size, each);
        self
    }

    /// Ends the body by a trailer (over HTTP/1 it is also announced).
    pub fn trailer(mut self, name: &str, value: &str) -> Call {
        let mut trailers = match std::mem::take(&mut self.body.end) {
            End::Trailers(trailers) => trailers,
            _ => HeaderMap::new(),
        };
        trailers.append(name.parse::<HeaderName>().expect("a header name"), header_value(value.as_bytes()));
        self.body.end = End::Trailers(trailers);
        self.header("trailer", name)
    }

    /// How the body ends otherwise.
    pub fn end(mut self, end: End) -> Call {
        self.body.end = end;
        self
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> Vec<u8> {
        self.body.bytes()
    }

    /// Reads the answer only as the test takes it: a slow client, which lets the windows and buffers fill.
    pub fn lazy(mut self) -> Call {
        self.lazy = true;
        self
    }

    /// Sends on a connection of its own and returns when the answer's head is there.
    pub async fn open(self, addr: SocketAddr, http: Http) -> Result<Open, Error> {
        let mut connection = Connection::open(addr, http).await?;
        let mut open = connection.open_call(self).await?;
        open.connection = Some(connection);
        Ok(open)
    }

    /// Sends on a connection of its own and reads the answer to its end.
    pub async fn send(self, addr: SocketAddr, http: Http) -> Result<Answer, Error> {
        Ok(self.open(addr, http).await?.rest().await)
    }

    fn request(self, http: Http) -> Result<(Request<AnyBody>, Option<crate::body::Player>), Error> {
        let mut headers = self.headers;
        let uri: Uri = match http {
            Http::One => {
                headers.entry("host").or_insert(HeaderValue::from_static(HOST));
                self.path.parse()?
            }
            Http::Two => {
                let host = headers.remove("host");
                let host = host.as_ref().map_or(Ok(HOST), |host| host.to_str())?;
                format!("http://{host}{}", self.path).parse()?
            }
        };
        let (body, player) = self.body.into_body();
        let mut request = Request::builder().method(self.method).uri(uri).body(body)?;
        *request.headers_mut() = headers;
        Ok((request, player))
    }
}

/// One connection, for several calls after each other or, over HTTP/2, at once.
#[derive(Debug)]
pub struct Connection {
    sender: Sender,
    task: JoinHandle<()>,
}

#[derive(Debug)]
enum Sender {
    One(client::conn::http1::SendRequest<AnyBody>),
    Two(client::conn::http2::SendRequest<AnyBody>),
}

impl Connection {
    pub async fn open(addr: SocketAddr, http: Http) -> Result<Connection, Error> {
        RUNTIME
            .spawn(async move {
                let stream = TcpStream::connect(addr).await?;
                stream.set_nodelay(true)?;
                let stream = TokioIo::new(stream);
                Ok(match http {
                    Http::One => {
                        let (sender, connection) = client::conn::http1::handshake(stream).await?;
                        let task = tokio::spawn(async move { drop(connection.await) });
                        Connection { sender: Sender::One(sender), task }
                    }
                    Http::Two => {
                        let (sender, connection) =
                            client::conn::http2::handshake(TokioExecutor::new(), stream).await?;
                        let task = tokio::spawn(async move { drop(connection.await) });
                        Connection { sender: Sender::Two(sender), task }
                    }
                })
            })
            .await?
    }

    /// Sends and returns when the answer's head is there.
    pub async fn open_call(&mut self, call: Call) -> Result<Open, Error> {
        let http = match self.sender {
            Sender::One(_) => Http::One,
            Sender::Two(_) => Http::Two,
        };
        let lazy = call.lazy;
        let (request, player) = call.request(http)?;
        let player = player.map(|player| {
            Task(RUNTIME.spawn(async move {
                player.play().await;
            }))
        });
        let sent_at = Instant::now();
        let response = match &mut self.sender {
            Sender::One(sender) => {
                sender.ready().await?;
                tokio::time::timeout(PATIENCE, sender.send_request(request)).await
            }
            Sender::Two(sender) => {
                sender.ready().await?;
                tokio::time::timeout(PATIENCE, sender.send_request(request)).await
            }
        };
        let response = response.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))??;
        Ok(Open::new(response, sent_at, player, lazy))
    }

    pub async fn call(&mut self, call: Call) -> Result<Answer, Error> {
        Ok(self.open_call(call).await?.rest().await)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An answer whose body may still be coming. Dropping it aborts the call.
#[derive(Debug)]
pub struct Open {
    pub status: u16,
    pub headers: HeaderMap,
    pub sent_at: Instant,
    pub head_at: Instant,
    arrivals: mpsc::Receiver<Arrival>,
    answer: Answer,
    // Held for its drop.
    _reader: Task,
    _player: Option<Task>,
    connection: Option<Connection>,
}

#[derive(Debug)]
enum Arrival {
    Chunk(Chunk),
    Trailers(HeaderMap),
    Cut(String),
}

/// Some bytes of a body, and when they were there.
#[derive(Clone, Debug)]
pub struct Chunk {
    pub at: Instant,
    pub bytes: Bytes,
}

impl Open {
    fn new(response: Response<Incoming>, sent_at: Instant, player: Option<Task>, lazy: bool) -> Open {
        let (head, body) = response.into_parts();
        let head_at = Instant::now();
        // Eager reading must never wait for the test; a test reads far fewer pieces than this.
        let (sender, arrivals) = mpsc::channel(if lazy { 1 } else { 1 << 20 });
        let reader = Task(RUNTIME.spawn(read(body, sender)));
        let answer = Answer {
            status: head.status.as_u16(),
            headers: head.headers.clone(),
            sent_at,
            head_at,
            chunks: Vec::new(),
            trailers: HeaderMap::new(),
            cut: None,
        };
        Open {
            status: head.status.as_u16(),
            headers: head.headers,
            sent_at,
            head_at,
            arrivals,
            answer,
            _reader: reader,
            _player: player,
            connection: None,
        }
    }

    /// The next piece; `None` when the body has ended in one way or another, or says nothing for [`PATIENCE`].
    pub async fn chunk(&mut self) -> Option<Chunk> {
        loop {
            let Ok(arrival) = tokio::time::timeout(PATIENCE, self.arrivals.recv()).await else {
                self.answer.cut = Some(format!("nothing for {} s", PATIENCE.as_secs()));
                return None;
            };
            match arrival? {
                Arrival::Chunk(chunk) => {
                    self.answer.chunks.push(chunk.clone());
                    return Some(chunk);
                }
                Arrival::Trailers(trailers) => self.answer.trailers = trailers,
                Arrival::Cut(why) => self.answer.cut = Some(why),
            }
        }
    }

    /// Reads to the end; the answer has all pieces, also those that were taken before.
    pub async fn rest(mut self) -> Answer {
        while self.chunk().await.is_some() {}
        self.answer
    }

    /// Goes away in the middle.
    pub fn abort(self) {}
}

async fn read(mut body: Incoming, arrivals: mpsc::Sender<Arrival>) {
    while let Some(frame) = body.frame().await {
        let arrival = match frame {
            Ok(frame) => match frame.into_data() {
                Ok(bytes) => Arrival::Chunk(Chunk { at: Instant::now(), bytes }),
                Err(frame) => Arrival::Trailers(frame.into_trailers().unwrap_or_default()),
            },
            Err(problem) => Arrival::Cut(describe(&problem)),
        };
        let last = matches!(arrival, Arrival::Cut(_));
        if arrivals.send(arrival).await.is_err() || last {
            return;
        }
    }
}

fn describe(problem: &dyn std::error::Error) -> String {
    match problem.source() {
        Some(source) => format!("{problem}: {}", describe(source)),
        None => problem.to_string(),
    }
}

/// An answer that has ended.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub sent_at: Instant,
    pub head_at: Instant,
    pub chunks: Vec<Chunk>,
    pub trailers: HeaderMap,
    /// Why the body is not complete, if it is not.
    pub cut: Option<String>,
}

impl Answer {
    pub fn body(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|chunk| chunk.bytes.iter().copied()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body()).into_owned()
    }

    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body()).unwrap_or_default()
    }

    /// The header's first value as text, empty when there is none.
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .unwrap_or_default()
    }

    /// The `data:` of each server-sent event, as JSON where it is JSON, else as a string (`[DONE]`).
    pub fn events(&self) -> Vec<Value> {
        self.text()
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .map(|data| serde_json::from_str(data).unwrap_or_else(|_| Value::String(data.trim().to_owned())))
            .collect()
    }

    /// The text that a chat client would show for one choice: its whole message, or its deltas joined.
    pub fn content(&self, choice: u64) -> String {
        let mut events = self.events();
        events.push(self.json());
        let choices = events.iter().filter_map(|event| event["choices"].as_array()).flatten();
        choices
            .filter(|it| it["index"].as_u64() == Some(choice))
            .filter_map(|it| it["delta"]["content"].as_str().or_else(|| it["message"]["content"].as_str()))
            .collect()
    }
}

/// Writes the bytes on a fresh connection and reads until the other side closes it or is silent for `quiet`.
pub async fn raw(addr: SocketAddr, request: &[u8], quiet: Duration) -> Result<Vec<u8>, Error> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    while let Ok(Ok(1..)) = tokio::time::timeout(quiet, stream.read_buf(&mut answer)).await {}
    Ok(answer)
}

fn header_value(bytes: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(bytes).expect("a header value: any byte but controls")
}

/// A task that ends when this is dropped.
#[derive(Debug)]
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
