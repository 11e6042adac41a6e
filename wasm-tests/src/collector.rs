//! The end of the audit line: an OTLP `LogsService`, alone or behind a real OpenTelemetry collector.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

use http_body_util::BodyExt;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{LogsService, LogsServiceServer};
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use serde_json::{Map, Value, json};
use tonic::codegen::{CompressionEncoding, Service};
use tonic::{Code, Request, Response, Status};

use crate::Error;
use crate::envoy::{Folder, root};
use crate::process::Process;
use crate::server::{ANY_PORT, Server};

/// One log record, with what its batch said about it.
#[derive(Clone, Debug)]
pub struct Record {
    pub resource: Vec<KeyValue>,
    pub scope: String,
    pub log: LogRecord,
}

impl Record {
    /// The body: a string body that is JSON is parsed.
    pub fn body(&self) -> Value {
        let body = json_of(self.log.body.as_ref());
        match body.as_str().map(serde_json::from_str) {
            Some(Ok(parsed)) => parsed,
            _ => body,
        }
    }

    /// The body where it is a string, byte for byte.
    pub fn text(&self) -> String {
        json_of(self.log.body.as_ref()).as_str().unwrap_or_default().to_owned()
    }

    pub fn attributes(&self) -> Map<String, Value> {
        object(&self.log.attributes)
    }

    /// The attribute, or `Null`.
    pub fn attribute(&self, name: &str) -> Value {
        self.attributes().remove(name).unwrap_or_default()
    }

    /// For a log: body, attributes, resource and the record's own fields.
    pub fn as_json(&self) -> Value {
        json!({
            "body": self.body(),
            "text": self.text(),
            "attributes": self.attributes(),
            "resource": object(&self.resource),
            "scope": self.scope,
            "event": self.log.event_name,
            "severity": self.log.severity_text,
            "time_unix_nano": self.log.time_unix_nano,
        })
    }
}

/// How it answers an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Accept,
    /// Keeps nothing and answers with this code.
    Fail(Code),
    /// Keeps nothing and answers nothing.
    Silence,
}

/// A running `LogsService`; ends when dropped.
#[derive(Debug)]
pub struct Collector {
    pub addr: SocketAddr,
    sink: Sink,
    server: Option<Server>,
}

type Observer = Arc<dyn Fn(&Record) + Send + Sync>;

#[derive(Clone)]
struct Sink {
    state: Arc<Mutex<State>>,
    observer: Option<Observer>,
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink").field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct State {
    mood: Mood,
    records: Vec<Record>,
    exports: usize,
}

impl Collector {
    pub fn start() -> Collector {
        Collector::listen(ANY_PORT, None).expect("a free port")
    }

    /// `observer` is told of each record that is accepted.
    pub fn listen(listen: SocketAddr, observer: Option<Observer>) -> Result<Collector, Error> {
        let state = State { mood: Mood::Accept, records: Vec::new(), exports: 0 };
        let sink = Sink { state: Arc::new(Mutex::new(state)), observer };
        let server = serve(listen, sink.clone())?;
        Ok(Collector { addr: server.addr, sink, server: Some(server) })
    }

    pub fn mood(&self, mood: Mood) {
        self.sink.lock().mood = mood;
    }

    /// Closes the port and all connections.
    pub fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop();
        }
    }

    /// Comes back on the same port, with the records it had.
    pub fn restart(&mut self) {
        self.stop();
        self.server = Some(serve(self.addr, self.sink.clone()).expect("the port of before"));
    }

    /// The records it has accepted.
    pub fn records(&self) -> Vec<Record> {
        self.sink.lock().records.clone()
    }

    /// How many exports were tried, accepted or not.
    pub fn exports(&self) -> usize {
        self.sink.lock().exports
    }

    /// The records, once there are `count` or more. Panics when there never are.
    pub async fn wait_for(&self, count: usize) -> Vec<Record> {
        let records = crate::until(async || Some(self.records()).filter(|it| it.len() >= count)).await;
        records.unwrap_or_else(|| panic!("{} of {count} records reached the collector", self.records().len()))
    }
}

fn serve(listen: SocketAddr, sink: Sink) -> Result<Server, Error> {
    // Collectors compress what they hand on.
    let service = LogsServiceServer::new(sink).accept_compressed(CompressionEncoding::Gzip);
    Server::start(listen, move |_, request| {
        let mut service = service.clone();
        async move {
            let response = service.call(request).await?;
            Ok(response.map(|body| body.map_err(Error::from).boxed_unsync()))
        }
    })
}

impl Sink {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poison| poison.into_inner())
    }
}

#[tonic::async_trait]
impl LogsService for Sink {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        let mood = {
            let mut state = self.lock();
            state.exports += 1;
            state.mood
        };
        match mood {
            Mood::Accept => {}
            Mood::Fail(code) => return Err(Status::new(code, "told to fail")),
            Mood::Silence => std::future::pending().await,
        }
        for of_resource in request.into_inner().resource_logs {
            let resource = of_resource.resource.unwrap_or_default().attributes;
            for of_scope in of_resource.scope_logs {
                let scope = of_scope.scope.unwrap_or_default().name;
                for log in of_scope.log_records {
                    let record = Record { resource: resource.clone(), scope: scope.clone(), log };
                    if let Some(observer) = &self.observer {
                        observer(&record);
                    }
                    self.lock().records.push(record);
                }
            }
        }
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

/// A real OpenTelemetry collector (`rotel`) that hands what it accepts on to a [`Collector`]. Ends when dropped.
#[derive(Debug)]
pub struct Rotel {
    /// Its OTLP/gRPC port.
    pub addr: SocketAddr,
    process: Process,
    // Removed after the process has ended.
    _folder: Folder,
}

impl Rotel {
    /// `None`, with a printed line, where it is not installed (see `scripts/lib/venv`).
    pub async fn start(sink: &Collector) -> Result<Option<Rotel>, Error> {
        let Some(program) = rotel() else {
            println!("skipped: no rotel; `scripts/lib/venv` installs it");
            return Ok(None);
        };
        let folder = Folder::new("rotel")?;
        // It takes addresses, not sockets, so free ports are looked for; one may be gone by the time it binds.
        for _ in 0..3 {
            let addr = free_port()?;
            let mut command = Command::new(&program);
            command.arg("start").args(["--exporter", "otlp", "--otlp-exporter-protocol", "grpc"]);
            command.arg("--otlp-exporter-endpoint").arg(format!("http://{}", sink.addr));
            command.args(["--batch-timeout", "50ms"]);
            command.arg("--otlp-grpc-endpoint").arg(addr.to_string());
            command.arg("--otlp-http-endpoint").arg(free_port()?.to_string());
            command.arg("--pid-file").arg(folder.path().join("pid"));
            command.arg("--log-file").arg(folder.path().join("log"));
            let output = std::fs::File::create(folder.path().join("output"))?;
            command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
            let process = Process::spawn(command)?;
            let ready = crate::until(async || {
                if process.ended().is_some() {
                    return Some(false);
                }
                tokio::net::TcpStream::connect(addr).await.ok().map(|_| true)
            });
            if ready.await == Some(true) {
                return Ok(Some(Rotel { addr, process, _folder: folder }));
            }
        }
        let output = std::fs::read_to_string(folder.path().join("output")).unwrap_or_default();
        Err(format!("rotel did not start:\n{output}").into())
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

fn rotel() -> Option<PathBuf> {
    let path = std::env::var_os("ROTEL").map_or_else(|| root().join(".tools/venv/bin/rotel"), PathBuf::from);
    path.exists().then_some(path)
}

fn free_port() -> Result<SocketAddr, Error> {
    Ok(std::net::TcpListener::bind(ANY_PORT)?.local_addr()?)
}

fn object(pairs: &[KeyValue]) -> Map<String, Value> {
    pairs.iter().map(|pair| (pair.key.clone(), json_of(pair.value.as_ref()))).collect()
}

fn json_of(value: Option<&AnyValue>) -> Value {
    match value.and_then(|value| value.value.as_ref()) {
        None => Value::Null,
        Some(Any::StringValue(text)) => json!(text),
        Some(Any::BoolValue(it)) => json!(it),
        Some(Any::IntValue(it)) => json!(it),
        Some(Any::DoubleValue(it)) => json!(it),
        Some(Any::ArrayValue(list)) => list.values.iter().map(|it| json_of(Some(it))).collect(),
        Some(Any::KvlistValue(list)) => Value::Object(object(&list.values)),
        Some(Any::BytesValue(bytes)) => {
            json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        Some(other) => json!(format!("{other:?}")),
    }
}
