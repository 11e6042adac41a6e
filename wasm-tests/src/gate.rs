//! The configuration of an Envoy for one test: a listener with or without the filter, one model behind it, more
//! clusters for callouts.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::envoy::{Envoy, root};
use crate::{Error, Http};

/// The credential that Envoy puts in for the client's, unless [`Gate::provider_key`] says otherwise.
pub const PROVIDER_KEY: &str = "provider-key";

/// The access log's format: one JSON object a line. `record` is what the filter wrote.
const ACCESS_LOG: [(&str, &str); 8] = [
    ("record", "%FILTER_STATE(wasm.portcullis.record:PLAIN)%"),
    ("code", "%RESPONSE_CODE%"),
    ("details", "%RESPONSE_CODE_DETAILS%"),
    ("flags", "%RESPONSE_FLAGS%"),
    ("method", "%REQ(:METHOD)%"),
    ("path", "%REQ(:PATH)%"),
    ("route", "%ROUTE_NAME%"),
    ("bytes_sent", "%BYTES_SENT%"),
];

type Edit = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// A configuration in the making. Without [`Gate::filter_config`] there is no filter.
#[derive(Clone)]
pub struct Gate {
    filter_config: Option<String>,
    hold_headers: bool,
    records_apart: bool,
    module: PathBuf,
    vm_id: String,
    environment: BTreeMap<String, String>,
    pub(crate) process_environment: BTreeMap<String, String>,
    upstream: Option<(SocketAddr, Http)>,
    clusters: Vec<(String, SocketAddr, Http)>,
    empty_clusters: Vec<String>,
    provider_key: Option<String>,
    before: Vec<Value>,
    after: Vec<Value>,
    route: String,
    routes: Option<Value>,
    buffer_limit: Option<u32>,
    http1_trailers: bool,
    stream_idle_timeout: Duration,
    route_timeout: Duration,
    pub(crate) log_level: String,
    pub(crate) drain_time: Duration,
    pub(crate) workers: u32,
    edit_listener: Option<Edit>,
    edit_bootstrap: Option<Edit>,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate::new()
    }
}

impl Gate {
    pub fn new() -> Gate {
        Gate {
            filter_config: None,
            hold_headers: true,
            records_apart: false,
            module: module(),
            vm_id: "portcullis".to_owned(),
            environment: BTreeMap::new(),
            process_environment: BTreeMap::new(),
            upstream: None,
            clusters: Vec::new(),
            empty_clusters: Vec::new(),
            provider_key: Some(PROVIDER_KEY.to_owned()),
            before: Vec::new(),
            after: Vec::new(),
            route: "openai".to_owned(),
            routes: None,
            buffer_limit: None,
            http1_trailers: false,
            stream_idle_timeout: Duration::from_secs(15),
            route_timeout: Duration::from_secs(30),
            log_level: "info".to_owned(),
            drain_time: Duration::from_secs(600),
            workers: 1,
            edit_listener: None,
            edit_bootstrap: None,
        }
    }

    /// The filter, with this configuration (as text; a [`Value`] or a string).
    pub fn filter_config(mut self, config: impl ToString) -> Gate {
        self.filter_config = Some(config.to_string());
        self
    }

    /// `allow_on_headers_stop_iteration`; true unless changed.
    pub fn hold_headers(mut self, hold: bool) -> Gate {
        self.hold_headers = hold;
        self
    }

    /// Another module than `PORTCULLIS_WASM` or the one in `target/`.
    pub fn module(mut self, path: impl Into<PathBuf>) -> Gate {
        self.module = path.into();
        self
    }

    pub fn vm_id(mut self, vm_id: &str) -> Gate {
        self.vm_id = vm_id.to_owned();
        self
    }

    /// An environment variable of the module's machine.
    pub fn environment(mut self, name: &str, value: &str) -> Gate {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// An environment variable of Envoy itself.
    pub fn process_environment(mut self, name: &str, value: &str) -> Gate {
        self.process_environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The model, over HTTP/1. Its cluster is `model`.
    pub fn upstream(mut self, addr: SocketAddr) -> Gate {
        self.upstream = Some((addr, Http::One));
        self
    }

    /// The model, over HTTP/2.
    pub fn upstream_h2(mut self, addr: SocketAddr) -> Gate {
        self.upstream = Some((addr, Http::Two));
        self
    }

    /// One more cluster, over HTTP/1.
    pub fn cluster(mut self, name: &str, addr: SocketAddr) -> Gate {
        self.clusters.push((name.to_owned(), addr, Http::One));
        self
    }

    /// One more cluster, over HTTP/2: what gRPC needs.
    pub fn cluster_h2(mut self, name: &str, addr: SocketAddr) -> Gate {
        self.clusters.push((name.to_owned(), addr, Http::Two));
        self
    }

    /// One more cluster, without an endpoint: such as one whose name does not resolve.
    pub fn empty_cluster(mut self, name: &str) -> Gate {
        self.empty_clusters.push(name.to_owned());
        self
    }

    /// The key that is put in after the filter; `None`: nothing is put in.
    pub fn provider_key(mut self, key: Option<&str>) -> Gate {
        self.provider_key = key.map(str::to_owned);
        self
    }

    /// One more HTTP filter ahead of the wasm filter.
    pub fn before(mut self, filter: Value) -> Gate {
        self.before.push(filter);
        self
    }

    /// One more HTTP filter between the wasm filter and the router.
    pub fn after(mut self, filter: Value) -> Gate {
        self.after.push(filter);
        self
    }

    /// The name of the one route; `openai` unless changed.
    pub fn route(mut self, name: &str) -> Gate {
        self.route = name.to_owned();
        self
    }

    /// Envoy's own list of routes instead of the one to `model`.
    pub fn routes(mut self, routes: Value) -> Gate {
        self.routes = Some(routes);
        self
    }

    /// `per_connection_buffer_limit_bytes` of the listener; Envoy's own is 1 MiB.
    pub fn buffer_limit(mut self, bytes: u32) -> Gate {
        self.buffer_limit = Some(bytes);
        self
    }

    /// Lets HTTP/1 trailers through, on both sides.
    pub fn http1_trailers(mut self) -> Gate {
        self.http1_trailers = true;
        self
    }

    pub fn stream_idle_timeout(mut self, timeout: Duration) -> Gate {
        self.stream_idle_timeout = timeout;
        self
    }

    pub fn route_timeout(mut self, timeout: Duration) -> Gate {
        self.route_timeout = timeout;
        self
    }

    /// How long a replaced listener serves on for the connections that it has.
    pub fn drain_time(mut self, time: Duration) -> Gate {
        self.drain_time = time;
        self
    }

    /// How many worker threads Envoy has; 1 unless changed.
    pub fn workers(mut self, count: u32) -> Gate {
        self.workers = count;
        self
    }

    /// Records are lines of their own in the access log, as in the shipped files, and not text inside of Envoy's JSON.
    pub fn records_apart(mut self) -> Gate {
        self.records_apart = true;
        self
    }

    /// Envoy's log level, such as `debug`; with components: `info,wasm:trace,http:debug`.
    pub fn log_level(mut self, level: &str) -> Gate {
        self.log_level = level.to_owned();
        self
    }

    /// Changes the listener as the last step: for whatever has no method here.
    pub fn edit_listener(mut self, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Gate {
        self.edit_listener = Some(Arc::new(edit));
        self
    }

    /// Changes the bootstrap as the last step.
    pub fn edit_bootstrap(mut self, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Gate {
        self.edit_bootstrap = Some(Arc::new(edit));
        self
    }

    /// Starts an Envoy and waits until it listens. An error has the end of Envoy's log.
    pub async fn start(self) -> Result<Envoy, Error> {
        Envoy::start(self).await
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.filter_config.is_some() && !self.module.exists() {
            let module = self.module.display();
            return Err(
                format!("there is no `{module}`: build it by `cargo wasm`, or set PORTCULLIS_WASM").into()
            );
        }
        Ok(())
    }

    /// The bootstrap: clusters, secrets, and where the listener is read from.
    pub(crate) fn bootstrap(&self, folder: &Path) -> Value {
        let upstream = self.upstream.map(|(addr, http)| cluster("model", addr, http, self.http1_trailers));
        let more = self.clusters.iter().map(|(name, addr, http)| cluster(name, *addr, *http, false));
        let empty = self.empty_clusters.iter().map(|name| {
            json!({"name": name, "type": "STATIC", "load_assignment": {"cluster_name": name, "endpoints": []}})
        });
        let clusters: Vec<Value> = upstream.into_iter().chain(more).chain(empty).collect();
        let secrets: Vec<Value> = self
            .provider_key
            .iter()
            .map(|key| json!({"name": "provider", "generic_secret": {"secret": {"inline_string": format!("Bearer {key}")}}}))
            .collect();
        let mut bootstrap = json!({
            "node": {"id": "gate", "cluster": "tests"},
            "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
            "static_resources": {"clusters": clusters, "secrets": secrets},
            "dynamic_resources": {"lds_config": {
                "resource_api_version": "V3",
                "path_config_source": {
                    "path": folder.join("lds/listener.json"),
                    "watched_directory": {"path": folder.join("lds")},
                },
            }},
        });
        if let Some(edit) = &self.edit_bootstrap {
            edit(&mut bootstrap);
        }
        bootstrap
    }

    /// The file that the listener is read from.
    pub(crate) fn discovery(&self, folder: &Path, version: u64) -> Value {
        json!({"version_info": version.to_string(), "resources": [self.listener(folder)]})
    }

    fn listener(&self, folder: &Path) -> Value {
        let mut filters = self.before.clone();
        filters.extend(self.wasm());
        filters.extend(self.after.iter().cloned());
        filters.extend(self.provider_key.as_ref().map(|_| credentials()));
        filters.push(json!({
            "name": "envoy.filters.http.router",
            "typed_config": {"@type": type_url("extensions.filters.http.router.v3.Router")},
        }));
        let routes = self.routes.clone().unwrap_or_else(|| {
            let to = json!({"cluster": "model", "timeout": seconds(self.route_timeout)});
            json!([{"name": self.route, "match": {"prefix": "/"}, "route": to}])
        });
        let logger = |format: Value| {
            json!({
                "name": "envoy.access_loggers.file",
                "typed_config": {
                    "@type": type_url("extensions.access_loggers.file.v3.FileAccessLog"),
                    "path": folder.join("access.log"),
                    "log_format": format,
                },
            })
        };
        let mut words: BTreeMap<&str, &str> = ACCESS_LOG.into_iter().collect();
        let mut loggers = Vec::new();
        if self.records_apart
            && let Some(record) = words.remove("record")
        {
            words.insert("request_id", "%REQ(X-REQUEST-ID)%");
            loggers.push(logger(json!({"text_format_source": {"inline_string": format!("{record}\n")}})));
        }
        loggers.push(logger(json!({"json_format": words})));
        let manager = json!({
            "@type": type_url("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
            "stat_prefix": "gate",
            "codec_type": "AUTO",
            "http_protocol_options": {"enable_trailers": self.http1_trailers},
            "stream_idle_timeout": seconds(self.stream_idle_timeout),
            "access_log": loggers,
            "route_config": {"name": "routes", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
            "http_filters": filters,
        });
        let mut listener = json!({
            "@type": type_url("config.listener.v3.Listener"),
            "name": "gate",
            "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
            "filter_chains": [{"filters": [{
                "name": "envoy.filters.network.http_connection_manager",
                "typed_config": manager,
            }]}],
        });
        if let Some(limit) = self.buffer_limit {
            listener["per_connection_buffer_limit_bytes"] = json!(limit);
        }
        if let Some(edit) = &self.edit_listener {
            edit(&mut listener);
        }
        listener
    }

    fn wasm(&self) -> Option<Value> {
        let config = self.filter_config.as_ref()?;
        Some(json!({
            "name": "portcullis",
            "typed_config": {
                "@type": type_url("extensions.filters.http.wasm.v3.Wasm"),
                "config": {
                    "name": "portcullis",
                    "root_id": "portcullis",
                    "failure_policy": "FAIL_RELOAD",
                    "allow_on_headers_stop_iteration": self.hold_headers,
                    "vm_config": {
                        "vm_id": self.vm_id,
                        "runtime": "envoy.wasm.runtime.v8",
                        "code": {"local": {"filename": self.module}},
                        "environment_variables": {"key_values": self.environment},
                    },
                    // Text: a Struct would arrive as protobuf bytes.
                    "configuration": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": config},
                },
            },
        }))
    }
}

fn credentials() -> Value {
    json!({
        "name": "envoy.filters.http.credential_injector",
        "typed_config": {
            "@type": type_url("extensions.filters.http.credential_injector.v3.CredentialInjector"),
            "overwrite": true,
            "credential": {
                "name": "envoy.http.injected_credentials.generic",
                "typed_config": {
                    "@type": type_url("extensions.http.injected_credentials.generic.v3.Generic"),
                    "credential": {"name": "provider"},
                    "header": "authorization",
                },
            },
        },
    })
}

fn cluster(name: &str, addr: SocketAddr, http: Http, http1_trailers: bool) -> Value {
    let protocol = match http {
        Http::One => json!({"http_protocol_options": {"enable_trailers": http1_trailers}}),
        Http::Two => json!({"http2_protocol_options": {}}),
    };
    let endpoint = json!({"address": {"socket_address": {"address": addr.ip(), "port_value": addr.port()}}});
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}]},
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": type_url("extensions.upstreams.http.v3.HttpProtocolOptions"),
                "explicit_http_config": protocol,
            },
        },
    })
}

fn type_url(name: &str) -> String {
    format!("type.googleapis.com/envoy.{name}")
}

fn seconds(duration: Duration) -> String {
    format!("{}s", duration.as_secs_f64())
}

/// The built filter: `PORTCULLIS_WASM` (from the root of the checkout), or where `cargo wasm` leaves it.
pub fn module() -> PathBuf {
    if let Some(path) = std::env::var_os("PORTCULLIS_WASM") {
        return root().join(path);
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(target).join("wasm32-wasip1/release/portcullis.wasm")
}
