//! The root context: configuration, keys, and the way of the records to the collector.

use super::Shared;
use super::calls::{self, Buffer, HeaderMap};
use super::metrics::Metrics;
use super::signatures::Host;
use super::stream::Stream;
use crate::audit::chain::{Chain, ChainKey, MIN_KEY_BYTES};
use crate::audit::ids::Ids;
use crate::audit::otlp::{self, Resource};
use crate::audit::outbox::{BatchId, Limits, Outbox};
use crate::audit::value::Hex;
use crate::config::problem::Problem;
use crate::config::{Config, KeySource};
use crate::exchange::Gate;
use crate::identity::{KeySet, MAX_KEY_SET_BYTES};
use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// How often keys and the outbox are looked after, in milliseconds: the longest that a record waits on a quiet worker.
const TICK_MS: u32 = 250;
/// How long a callout may take.
const CALLOUT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a configuration that was replaced may still deliver its records, in milliseconds.
const FAREWELL_MS: u64 = 10_000;

const LOGS_SERVICE: &str = "opentelemetry.proto.collector.logs.v1.LogsService";

pub(super) struct Root {
    shared: Option<Rc<Shared>>,
    /// Fetches under way: callout → issuer.
    fetches: HashMap<u32, usize>,
    /// Batches under way: callout → batch.
    exports: HashMap<u32, BatchId>,
    resource: Resource,
    /// The gauge as far as this worker has moved it.
    depth: i64,
    /// The drops that were counted.
    dropped: u64,
    dropped_denials: u64,
    /// Set when the host asked to end: when to give up.
    leaves_at_ms: Option<u64>,
    has_ticked: bool,
}

impl Root {
    pub(super) fn new() -> Root {
        Root {
            shared: None,
            fetches: HashMap::new(),
            exports: HashMap::new(),
            resource: Resource { service_name: "portcullis".to_owned(), service_instance_id: None },
            depth: 0,
            dropped: 0,
            dropped_denials: 0,
            leaves_at_ms: None,
            has_ticked: false,
        }
    }

    /// Fetches the keys that are due. When the module is configured, a cluster whose name must be resolved is not ready:
    /// then the first tick fetches.
    fn fetch_keys(&mut self, now_ms: u64) {
        let Some(shared) = self.shared.clone() else { return };
        let now = now_ms / 1000;
        let config = shared.gate.borrow().config.clone();
        let due = shared.gate.borrow_mut().keyring.take_due(now);
        for issuer in due {
            let Some(KeySource::Remote(remote)) = config.identity.keys.get(issuer) else {
                continue;
            };
            let headers = vec![
                (":method", "GET"),
                (":scheme", "https"),
                (":authority", remote.authority.as_str()),
                (":path", remote.path.as_str()),
                ("accept", "application/json"),
            ];
            match hostcalls::dispatch_http_call(&remote.cluster, headers, None, vec![], CALLOUT_TIMEOUT) {
                Ok(token) => {
                    self.fetches.insert(token, issuer);
                }
                Err(_) if !self.has_ticked => shared.gate.borrow_mut().keyring.failed(issuer, now),
                Err(status) => {
                    let why = format!("cluster `{}` cannot be called ({status:?})", remote.cluster);
                    self.keys_failed(&shared, issuer, now, &why);
                }
            }
        }
    }

    fn keys_arrived(&mut self, issuer: usize, body_size: usize) {
        let Some(shared) = self.shared.clone() else { return };
        let now = now_ms() / 1000;
        let status = calls::headers(HeaderMap::HttpCallResponse)
            .and_then(|headers| headers.text(":status").map(str::to_owned))
            .unwrap_or_else(|| "none".to_owned());
        if status != "200" {
            return self.keys_failed(&shared, issuer, now, &format!("the answer's status is {status}"));
        }
        let body = calls::read_buffer(Buffer::HttpCallResponseBody, body_size.min(MAX_KEY_SET_BYTES + 1));
        match KeySet::parse(&body.unwrap_or_default()) {
            Ok(keys) => {
                let name = issuer_name(&shared, issuer);
                log::info!(
                    "keys of issuer `{name}` fetched: {} usable, {} not",
                    keys.len(),
                    keys.skipped().len()
                );
                shared.gate.borrow_mut().keyring.fetched(issuer, keys, now);
                shared.metrics.borrow_mut().count("portcullis.keys.fetched", 1);
            }
            Err(error) => self.keys_failed(&shared, issuer, now, &error.to_string()),
        }
    }

    fn keys_failed(&self, shared: &Shared, issuer: usize, now: u64, why: &str) {
        log::warn!("keys of issuer `{}` not fetched: {why}", issuer_name(shared, issuer));
        shared.gate.borrow_mut().keyring.failed(issuer, now);
        shared.metrics.borrow_mut().count("portcullis.keys.failed", 1);
    }

    fn export(&mut self, now_ms: u64) {
        let Some(shared) = self.shared.clone() else { return };
        let Some(outbox) = &shared.outbox else { return };
        let config = shared.gate.borrow().config.clone();
        let Some(collector) = &config.otlp else { return };
        let mut outbox = outbox.borrow_mut();
        if let Some(batch) = outbox.batch(now_ms) {
            let id = batch.id();
            let message = otlp::export_request(batch.records(), &self.resource);
            let sent = calls::grpc_service(&collector.cluster)
                .ok_or("its name is too long".to_owned())
                .and_then(|service| {
                    let message = Some(message.as_slice());
                    hostcalls::dispatch_grpc_call(
                        &service,
                        LOGS_SERVICE,
                        "Export",
                        vec![],
                        message,
                        CALLOUT_TIMEOUT,
                    )
                    .map_err(|status| format!("{status:?}"))
                });
            match sent {
                Ok(token) => {
                    self.exports.insert(token, id);
                }
                Err(why) => {
                    log::warn!("collector cluster `{}` cannot be called: {why}", collector.cluster);
                    outbox.failed(id, now_ms);
                    shared.metrics.borrow_mut().count("portcullis.outbox.failed", 1);
                }
            }
        }
        self.report(&shared, &outbox);
    }

    /// Moves the outbox's metrics by what has changed since the last time.
    fn report(&mut self, shared: &Shared, outbox: &Outbox) {
        let mut metrics = shared.metrics.borrow_mut();
        let depth = i64::try_from(outbox.depth()).unwrap_or(i64::MAX);
        metrics.shift("portcullis.outbox.depth", depth - self.depth);
        self.depth = depth;
        metrics.count("portcullis.outbox.dropped", outbox.dropped().saturating_sub(self.dropped));
        self.dropped = outbox.dropped();
        metrics.count(
            "portcullis.outbox.dropped_denials",
            outbox.dropped_denials().saturating_sub(self.dropped_denials),
        );
        self.dropped_denials = outbox.dropped_denials();
    }

    fn exported(&mut self, id: BatchId, status: u32, size: usize) {
        const OK: u32 = 0;
        const INVALID_ARGUMENT: u32 = 3;
        let Some(shared) = self.shared.clone() else { return };
        let Some(outbox) = &shared.outbox else { return };
        let mut outbox = outbox.borrow_mut();
        let outcome = match status {
            OK => {
                let answer = calls::read_buffer(Buffer::GrpcReceive, size).unwrap_or_default();
                match otlp::response_accepted(&answer) {
                    Ok(0) => {}
                    Ok(rejected) => log::warn!("the collector rejected {rejected} records"),
                    Err(_) => log::warn!("the collector's answer cannot be read"),
                }
                outbox.delivered(id);
                "portcullis.outbox.delivered"
            }
            INVALID_ARGUMENT => {
                log::error!("the collector refuses a batch of records for good");
                outbox.rejected(id);
                "portcullis.outbox.rejected"
            }
            status => {
                log::warn!("the collector did not take a batch of records: gRPC status {status}");
                outbox.failed(id, now_ms());
                "portcullis.outbox.failed"
            }
        };
        shared.metrics.borrow_mut().count(outcome, 1);
        drop(outbox);
        // The next batch at once: one for each tick would bound the rate of exchanges, and an outbox that refusals
        // fill again until the tick would never be seen with room.
        self.export(now_ms());
    }

    fn is_empty(&self) -> bool {
        let outbox = self.shared.as_ref().and_then(|shared| shared.outbox.as_ref());
        outbox.is_none_or(|outbox| outbox.borrow().depth() == 0)
    }
}

fn now_ms() -> u64 {
    calls::now_ns() / 1_000_000
}

fn issuer_name(shared: &Shared, issuer: usize) -> String {
    let config = shared.gate.borrow().config.clone();
    config.identity.issuers.get(issuer).map_or_else(String::new, |issuer| issuer.name.clone())
}

/// The key of the records' chain, from the VM's environment.
fn chain_key(name: &str) -> Result<ChainKey, Problem> {
    let path = "audit.chain_key_env";
    let help =
        format!("give the VM `environment_variables` with `{name}`: `openssl rand -hex 32` prints one");
    let Ok(key) = std::env::var(name) else {
        return Err(Problem::new(path, format!("the VM has no environment variable `{name}`"), help));
    };
    let short = format!("the value of `{name}` has fewer than {MIN_KEY_BYTES} bytes");
    ChainKey::new(key.trim_ascii().as_bytes()).ok_or_else(|| Problem::new(path, short, help))
}

impl Context for Root {
    fn on_http_call_response(&mut self, token: u32, _headers: usize, body_size: usize, _trailers: usize) {
        if let Some(issuer) = self.fetches.remove(&token) {
            self.keys_arrived(issuer, body_size);
        }
    }

    fn on_grpc_call_response(&mut self, token: u32, status: u32, size: usize) {
        if let Some(id) = self.exports.remove(&token) {
            self.exported(id, status, size);
        }
    }

    /// A configuration that is replaced delivers what it has first.
    fn on_done(&mut self) -> bool {
        let now = now_ms();
        self.leaves_at_ms = Some(now + FAREWELL_MS);
        self.export(now);
        self.is_empty()
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, size: usize) -> bool {
        let began = calls::now_ns();
        let text = calls::read_buffer(Buffer::PluginConfiguration, size).unwrap_or_default();
        let config = match Config::from_json(&text) {
            Ok(config) => Arc::new(config),
            Err(problems) => {
                for problem in &problems.0 {
                    log::error!("configuration refused: {problem}");
                }
                return false;
            }
        };
        self.resource.service_instance_id = calls::property("xds\0node\0id")
            .and_then(|id| String::from_utf8(id).ok())
            .filter(|id| !id.is_empty());
        let now = now_ms();
        let outbox = config.otlp.as_ref().map(|collector| {
            RefCell::new(Outbox::new(Limits {
                records: collector.max_records,
                bytes: collector.max_bytes,
                ..Limits::default()
            }))
        });
        let (mut chain_id, mut key_of_ids) = ([0; 16], [0; 16]);
        if calls::random(&mut chain_id).and(calls::random(&mut key_of_ids)).is_err() {
            log::error!("configuration refused: the host gives no random bytes");
            return false;
        }
        let chain_key = match config.chain_key_env.as_deref().map(chain_key).transpose() {
            Ok(key) => key,
            Err(problem) => {
                log::error!("configuration refused: {problem}");
                return false;
            }
        };
        for route in &config.routes {
            log::info!("route `{}` is ready", route.name);
        }
        let mut gate = Gate::new(config, now / 1000);
        gate.verifier = Box::new(Host::default());
        self.shared = Some(Rc::new(Shared {
            gate: RefCell::new(gate),
            chain: RefCell::new(Chain::new(Hex(chain_id), chain_key)),
            ids: RefCell::new(Ids::new(key_of_ids)),
            outbox,
            metrics: RefCell::new(Metrics::default()),
            open: Cell::new(0),
        }));
        if calls::tick_every(TICK_MS).is_err() {
            log::error!("configuration refused: the host gives no ticks");
            return false;
        }
        self.fetch_keys(now);
        log::info!("configured in {} ms", calls::now_ns().saturating_sub(began) / 1_000_000);
        true
    }

    fn on_tick(&mut self) {
        let now = now_ms();
        self.has_ticked = true;
        self.fetch_keys(now);
        self.export(now);
        if let Some(leaves_at) = self.leaves_at_ms
            && (self.is_empty() || now >= leaves_at)
        {
            self.leaves_at_ms = None;
            let _ = calls::root_is_done();
        }
    }

    fn create_http_context(&self, _context_id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream::new(self.shared.clone())))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
