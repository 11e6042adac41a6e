//! All parts together, for the tests of one topic: a model, an issuer, a collector, and an Envoy with the filter between
//! them. Tests share one [`Stage`]: each call carries a tag in its query, by which its line of the access log, its
//! record and the request that reached the model are found again.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::client::{Answer, Call};
use crate::collector::Collector;
use crate::envoy::Envoy;
use crate::gate::Gate;
use crate::issuer::{AUDIENCE, Issuer, Token};
use crate::model::{Model, Received};
use crate::{Http, until};

/// A model that the rules of [`config`] allow.
pub const MODEL: &str = "gpt-4.1-mini";
/// What [`config`]'s guard masks in both directions, and the mask.
pub const CARD: &str = "4111 1111 1111 1111";
pub const CARD_MASK: &str = "[REDACTED:financial]";
/// Masked in answers, and its mask is shorter.
pub const MAIL: &str = "a-rather-long-name-of-somebody@mail.example.com";
pub const MAIL_MASK: &str = "[REDACTED:pii.contact]";
/// What [`config`]'s guard blocks in both directions.
pub const SECRET: &str = "AKIAQ3EGRLPBX7N2TVWM";

/// A configuration with a route for each way to treat a chat, told apart by the path before `/v1/chat/completions`.
pub fn config(issuer: &Issuer) -> Value {
    let route = |name: &str, path: &str, more: Value| {
        let mut route = json!({
            "name": name,
            "match": {"path": path},
            "guard": "standard",
            "allow": [{
                "id": "support",
                "who": {"groups": ["support"]},
                "what": {"operations": ["chat"], "models": ["gpt-4.1-mini", "gpt-4o-*"], "tools": ["mail.*"]},
            }],
            "deny": [{"id": "no-tools-for-contractors", "who": {"groups": ["contractors"]}, "what": {"tools": ["*"]}}],
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            route[name] = value.clone();
        }
        route
    };
    json!({
        "identity": {
            "header": "x-configured-token",
            "issuers": [{
                "name": "test",
                "issuer": issuer.name,
                "audiences": [AUDIENCE],
                "jwks": {"inline": issuer.jwks()},
                "principal": {"subject": "sub", "groups": "groups", "tenant": "org"},
                "max_lifetime": "1h",
            }],
            "forward": {"subject": "x-verified-subject", "groups": "x-verified-groups", "tenant": "x-verified-tenant"},
        },
        "guards": {"standard": {
            "request": {"secret": "block", "financial": "redact", "pii": "flag"},
            "response": {"secret": "block", "financial": "redact", "pii": "redact"},
        }},
        "routes": [
            {"name": "health", "match": {"path": "/healthz"}, "access": "public"},
            route("chat", "/v1/*", json!({})),
            route("observed", "/observed/*", json!({"mode": "observe"})),
            route("lenient", "/lenient/*", json!({"unsupported": "pass", "cors_preflight": "pass", "allow": [{"id": "all"}]})),
            route("small", "/small/*", json!({"limits": {"request_body": "2KiB", "response_body": "2KiB", "held": "2KiB"}})),
        ],
        "audit": {"otlp": {"cluster": "collector"}},
    })
}

/// The parts of one topic's tests; they end when it is dropped.
#[derive(Debug)]
pub struct Stage {
    pub model: Model,
    pub issuer: Issuer,
    pub collector: Collector,
    pub envoy: Envoy,
    tags: AtomicU64,
}

/// What one call led to.
#[derive(Debug)]
pub struct Told {
    pub answer: Answer,
    /// Its line of the access log.
    pub line: Value,
    pub record: Value,
    /// What reached the model of it.
    pub received: Option<Received>,
}

impl Stage {
    pub async fn start() -> Stage {
        Stage::with(|_| {}, |gate| gate).await
    }

    /// With changes of the configuration and of the Envoy around it.
    pub async fn with(edit: impl FnOnce(&mut Value), gate: impl FnOnce(Gate) -> Gate) -> Stage {
        let (model, issuer, collector) = (Model::start(), Issuer::start(), Collector::start());
        let mut config = config(&issuer);
        edit(&mut config);
        let plain = Gate::new()
            .filter_config(config)
            .upstream_h2(model.addr)
            .cluster("issuer", issuer.addr)
            .cluster_h2("collector", collector.addr);
        let envoy = gate(plain).start().await.expect("Envoy starts");
        Stage { model, issuer, collector, envoy, tags: AtomicU64::new(0) }
    }

    /// A token of alice, whom the rules of [`config`] allow.
    pub fn token(&self) -> Token {
        self.issuer.token().groups(["support"]).tenant("acme")
    }

    /// A chat that is allowed.
    pub fn chat(&self, prompt: &str) -> Call {
        Call::chat(MODEL, prompt).bearer(&self.token().sign())
    }

    /// The same, streamed.
    pub fn chat_stream(&self, prompt: &str) -> Call {
        Call::chat_stream(MODEL, prompt).bearer(&self.token().sign())
    }

    /// Puts a tag of its own into the call's query.
    pub fn tag(&self, call: Call) -> (Call, String) {
        let tag = format!("t={:06}", self.tags.fetch_add(1, Ordering::Relaxed));
        (call.query(&tag), tag)
    }

    /// Sends, reads the answer to its end, and gathers what became of the call.
    pub async fn ask(&self, call: Call, http: Http) -> Told {
        let (call, tag) = self.tag(call);
        let answer = call.send(self.envoy.addr, http).await;
        let answer = answer.unwrap_or_else(|problem| panic!("no answer: {problem}\n{}", self.envoy.log()));
        let line = self.line(&tag).await;
        Told { answer, record: line["record"].clone(), line, received: self.received(&tag) }
    }

    /// The access log's line of a tagged call, as soon as it is there.
    pub async fn line(&self, tag: &str) -> Value {
        let has = |line: &Value| line["path"].as_str().is_some_and(|path| path.contains(tag));
        let line = until(async || self.envoy.access_log().into_iter().find(has)).await;
        line.unwrap_or_else(|| panic!("no line of `{tag}` in the access log"))
    }

    /// What reached the model of a tagged call.
    pub fn received(&self, tag: &str) -> Option<Received> {
        self.model.received().into_iter().find(|it| it.path.contains(tag))
    }

    /// The record of this line as the collector has it, as soon as it has it.
    pub async fn collected(&self, line: &Value) -> String {
        let id = line["record"]["id"].as_str().expect("a record").to_owned();
        let found = until(async || {
            let mut bodies = self.collector.records().into_iter().map(|record| record.text());
            bodies.find(|body| body.contains(&id))
        });
        found.await.unwrap_or_else(|| panic!("record {id} did not reach the collector"))
    }
}

impl Told {
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The reason that its record gives; empty where there is none.
    pub fn reason(&self) -> &str {
        self.record["reason"].as_str().unwrap_or_default()
    }

    pub fn decision(&self) -> &str {
        self.record["decision"].as_str().unwrap_or_default()
    }

    pub fn received(&self) -> &Received {
        self.received.as_ref().expect("a request that reached the model")
    }
}
