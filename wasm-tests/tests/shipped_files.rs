//! What `envoy/` ships: every file is parsed, the filter's configuration is the same in all of them and compiles, Envoy
//! accepts what is made for it and refuses it when the filter's part is broken, and a running one does what the comments
//! say: the filter's answer comes before Envoy's, and Prometheus sees labels.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use portcullis::config::Config;
use serde::Deserialize;
use serde_json::{Value, json};
use wasm_tests::Http;
use wasm_tests::client::Call;
use wasm_tests::collector::Collector;
use wasm_tests::envoy::{Envoy, Folder, root};
use wasm_tests::gate::{Gate, module};
use wasm_tests::issuer::{Issuer, Key};
use wasm_tests::model::{Model, Script};
use wasm_tests::openai::{self, Delta};
use wasm_tests::python;
use wasm_tests::server::ANY_PORT;

const EXAMPLE: &str = "portcullis.yaml";
const ENVOY: &str = "envoy.yaml";
const BEDROCK: &str = "bedrock.yaml";
const ENVOY_FILTER: &str = "istio/envoyfilter.yaml";
const WASM_PLUGIN: &str = "istio/wasmplugin.yaml";
const COMPOSE: &str = "docker-compose.yaml";
const DASHBOARD: &str = "grafana/portcullis.json";

/// Credentials for `bedrock.yaml`, as an AWS SDK would take them.
const AWS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", KEY_ID), ("AWS_SECRET_ACCESS_KEY", SECRET_KEY)];
const KEY_ID: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// What a cluster is called in Istio.
const ISTIO_CLUSTERS: [(&str, &str); 2] = [
    ("issuer", "outbound|443||issuer.example"),
    ("collector", "outbound|4317||otel-collector.observability.svc.cluster.local"),
];

fn text(name: &str) -> String {
    let path = root().join("envoy").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

fn documents(name: &str, text: &str) -> Vec<Value> {
    serde_yaml_ng::Deserializer::from_str(text)
        .map(|document| Value::deserialize(document).unwrap_or_else(|problem| panic!("{name}: {problem}")))
        .collect()
}

fn yaml(name: &str) -> Value {
    documents(name, &text(name)).swap_remove(0)
}

/// Every value in `tree` that stands under `key`, at any depth.
fn all<'t>(tree: &'t Value, key: &str, found: &mut Vec<&'t Value>) {
    match tree {
        Value::Object(members) => {
            for (name, value) in members {
                if name == key {
                    found.push(value);
                }
                all(value, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all(item, key, found)),
        _ => {}
    }
}

fn edit_all(tree: &mut Value, key: &str, edit: &dyn Fn(&mut Value)) {
    match tree {
        Value::Object(members) => {
            for (name, value) in members {
                if name == key {
                    edit(value);
                }
                edit_all(value, key, edit);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| edit_all(item, key, edit)),
        _ => {}
    }
}

/// The text that the filter gets from a file made for Envoy or for an EnvoyFilter.
fn filter_text(tree: &Value) -> String {
    let mut found = Vec::new();
    all(tree, "configuration", &mut found);
    assert_eq!(found.len(), 1, "configurations of a filter");
    found[0]["value"].as_str().expect("a StringValue").to_owned()
}

/// Lines that are comments with `#|` are alternatives; this writes them as if they stood there.
fn with_alternatives(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    let mut block = String::new();
    let mut out = String::new();
    for line in text.lines().chain([""]) {
        match line.split_once("#| ") {
            Some((indent, rest)) if indent.trim().is_empty() => block += &format!("{indent}{rest}\n"),
            _ => {
                if wanted(&block) {
                    out += &block;
                }
                block.clear();
                out += &format!("{line}\n");
            }
        }
    }
    out
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

#[test]
fn every_file_is_parsed() {
    let mut found = Vec::new();
    files(&root().join("envoy"), &mut found);
    let mut parsed = 0;
    for path in found {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect("text");
        match path.extension().and_then(|it| it.to_str()) {
            Some("yaml") => {
                let documents = documents(&name, &text);
                assert!(documents.iter().all(Value::is_object), "{name}");
            }
            Some("json") => assert!(serde_json::from_str::<Value>(&text).is_ok(), "{name}"),
            Some("md") => continue,
            _ => panic!("{name}: of a kind that nothing here parses"),
        }
        parsed += 1;
    }
    assert!(parsed >= 10, "{parsed} files");
}

#[test]
fn the_filters_configuration_is_the_examples_everywhere() {
    let example = yaml(EXAMPLE);
    let mut in_istio = example.clone();
    for (name, istio) in ISTIO_CLUSTERS {
        edit_all(&mut in_istio, "cluster", &|cluster| {
            if *cluster == name {
                *cluster = istio.into();
            }
        });
    }
    let mut unheld = in_istio.clone();
    unheld["host"] = json!({"hold_headers": false});

    let of_text = |name: &str| serde_json::from_str::<Value>(&filter_text(&yaml(name))).expect("JSON");
    // Bedrock's has other models, and the token elsewhere.
    let bedrock = of_text(BEDROCK);
    let mut signed = example.clone();
    signed["identity"]["header"] = json!("x-portcullis-token");
    signed["routes"] = bedrock["routes"].clone();
    for (name, is, wanted) in [
        (EXAMPLE, example.clone(), example.clone()),
        (ENVOY, of_text(ENVOY), example),
        (BEDROCK, bedrock, signed),
        (ENVOY_FILTER, of_text(ENVOY_FILTER), in_istio),
        (WASM_PLUGIN, yaml(WASM_PLUGIN)["spec"]["pluginConfig"].clone(), unheld),
    ] {
        assert_eq!(is, wanted, "{name}");
        if let Err(problems) = Config::from_json(is.to_string().as_bytes()) {
            panic!("{name}: {:?}", problems.0.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
    }
}

fn envoy() -> String {
    let output = Command::new(root().join("scripts/envoy")).output().expect("scripts/envoy");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Envoy before 1.40 takes them in another place.
fn knows_capabilities() -> bool {
    let output = Command::new(envoy()).arg("--version").output().expect("Envoy runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let minor = text.split("/1.").nth(1).and_then(|rest| rest.split('.').next());
    let knows = minor.and_then(|minor| minor.parse::<u32>().ok()).is_none_or(|minor| minor >= 40);
    if !knows {
        println!("skipped: capabilities, which this Envoy does not know: {}", text.trim());
    }
    knows
}

/// What `envoy --mode validate` says: its log, `Err` where it refuses.
fn validate(bootstrap: &Value) -> Result<String, String> {
    let folder = Folder::new("validate").expect("a folder");
    let path = folder.path().join("bootstrap.json");
    std::fs::write(&path, bootstrap.to_string()).expect("written");
    let output = Command::new(envoy())
        .args(["--mode", "validate", "--config-path"])
        .arg(&path)
        .env("PROVIDER_AUTHORIZATION", "Bearer a-key")
        .envs(AWS)
        .output()
        .expect("Envoy runs");
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.success() {
        true => Ok(log),
        false => Err(log),
    }
}

/// With the built module in the place of wherever it comes from.
fn with_module(mut tree: Value) -> Value {
    // The access log's format has a `code`, too.
    edit_all(&mut tree, "code", &|code| {
        if code.is_object() {
            *code = json!({"local": {"filename": module()}});
        }
    });
    // Not every system keeps its roots there.
    let roots = "/etc/ssl/certs/ca-certificates.crt";
    if !Path::new(roots).exists() {
        edit_all(&mut tree, "common_tls_context", &|context| *context = json!({}));
    }
    tree
}

fn wasm_url() -> String {
    type_url("extensions.filters.http.wasm.v3.Wasm")
}

fn type_url(name: &str) -> String {
    format!("type.googleapis.com/envoy.{name}")
}

/// An Envoy around these filters, as the one that Istio configures: the router is there.
fn around(filters: Vec<Value>) -> Value {
    let mut filters = filters;
    filters.push(json!({
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": type_url("extensions.filters.http.router.v3.Router")},
    }));
    json!({
        "node": {"id": "gateway", "cluster": "istio"},
        "static_resources": {"listeners": [{
            "name": "gateway",
            "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
            "filter_chains": [{"filters": [{
                "name": "envoy.filters.network.http_connection_manager",
                "typed_config": {
                    "@type": type_url("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
                    "stat_prefix": "gateway",
                    "route_config": {"name": "routes"},
                    "http_filters": filters,
                },
            }]}],
        }]},
    })
}

/// The EnvoyFilter's patches, carried out. `secret` is a file for the provider's key.
fn patched(filter: &Value, secret: &Path) -> Value {
    let mut extensions = BTreeMap::new();
    let mut filters: Vec<Value> = Vec::new();
    let mut merges: Vec<(String, Value)> = Vec::new();
    for patch in filter["spec"]["configPatches"].as_array().expect("patches") {
        let (kind, value) = (patch["applyTo"].as_str().expect("a kind"), patch["patch"]["value"].clone());
        match (kind, patch["patch"]["operation"].as_str().expect("an operation")) {
            ("EXTENSION_CONFIG", "ADD") => {
                let name = value["name"].as_str().expect("a name").to_owned();
                extensions.insert(name, value["typed_config"].clone());
            }
            // Each is put right before the router, so in this order.
            ("HTTP_FILTER", "INSERT_BEFORE") => filters.push(value),
            ("LISTENER" | "NETWORK_FILTER", "MERGE") => merges.push((kind.to_owned(), value)),
            other => panic!("a patch that this test does not know: {other:?}"),
        }
    }
    for filter in &mut filters {
        let Some(discovery) = filter.get("config_discovery").cloned() else {
            continue;
        };
        let name = filter["name"].as_str().expect("a name").to_owned();
        let found = extensions.remove(&name).unwrap_or_else(|| panic!("no extension `{name}`"));
        let urls = discovery["type_urls"].as_array().expect("type URLs").clone();
        assert!(urls.contains(&found["@type"]), "{name}: of another type");
        *filter = json!({"name": name, "typed_config": found});
    }
    assert!(extensions.is_empty(), "extensions that no filter names: {extensions:?}");
    let mut bootstrap = around(filters);
    let listener = &mut bootstrap["static_resources"]["listeners"][0];
    for (kind, value) in merges {
        let (target, value) = match kind.as_str() {
            "LISTENER" => (&mut *listener, value),
            _ => (
                &mut listener["filter_chains"][0]["filters"][0]["typed_config"],
                value["typed_config"].clone(),
            ),
        };
        for (name, value) in value.as_object().expect("members") {
            target[name] = value.clone();
        }
    }
    edit_all(&mut bootstrap, "path_config_source", &|source| *source = json!({"path": secret}));
    bootstrap
}

/// As istiod translates a WasmPlugin.
fn translated(plugin: &Value) -> Value {
    let spec = &plugin["spec"];
    let known = ["selector", "url", "pluginName", "phase", "failStrategy", "match", "pluginConfig"];
    for name in spec.as_object().expect("members").keys() {
        assert!(known.contains(&name.as_str()), "a field that this test does not translate: {name}");
    }
    around(vec![json!({
        "name": "istio-ingress.portcullis",
        "typed_config": {
            "@type": wasm_url(),
            "config": {
                "name": "istio-ingress.portcullis",
                "root_id": spec["pluginName"],
                "failure_policy": spec["failStrategy"],
                "vm_config": {"runtime": "envoy.wasm.runtime.v8", "code": {}},
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": spec["pluginConfig"].to_string(),
                },
            },
        },
    })])
}

/// The shipped bootstrap with the real provider in the place of the scripted model.
fn real_provider() -> Value {
    let text = with_alternatives(&text(ENVOY), |block| block.contains("name: model"));
    let mut tree = documents(ENVOY, &text).swap_remove(0);
    let clusters = tree["static_resources"]["clusters"].as_array_mut().expect("clusters");
    let named = |cluster: &Value| cluster["name"] == "model";
    assert_eq!(clusters.iter().filter(|it| named(it)).count(), 2, "the scripted and the real one");
    let scripted = clusters.iter().position(named).expect("the scripted one");
    clusters.remove(scripted);
    tree
}

fn restricted() -> Value {
    let text = with_alternatives(&text(ENVOY), |block| block.contains("capability_restriction_config"));
    let tree = documents(ENVOY, &text).swap_remove(0);
    let mut found = Vec::new();
    all(&tree, "allowed_capabilities", &mut found);
    assert_eq!(found.len(), 1);
    tree
}

#[test]
fn envoy_accepts_what_is_shipped_and_refuses_it_broken() {
    let folder = Folder::new("secret").expect("a folder");
    let secret = folder.path().join("provider-key.yaml");
    let key = json!({"resources": [{
        "@type": type_url("extensions.transport_sockets.tls.v3.Secret"),
        "name": "provider",
        "generic_secret": {"secret": {"inline_string": "Bearer a-key"}},
    }]});
    std::fs::write(&secret, key.to_string()).expect("written");

    for (name, bootstrap) in [
        (ENVOY, yaml(ENVOY)),
        (BEDROCK, yaml(BEDROCK)),
        ("envoy.yaml for the real provider", real_provider()),
        ("envoy.yaml with capabilities", restricted()),
        (ENVOY_FILTER, patched(&yaml(ENVOY_FILTER), &secret)),
        (WASM_PLUGIN, translated(&yaml(WASM_PLUGIN))),
    ] {
        if bootstrap == restricted() && !knows_capabilities() {
            continue;
        }
        let whole = with_module(bootstrap);
        match validate(&whole) {
            Ok(log) => assert!(
                log.contains("route `support-assistant` is ready")
                    || log.contains("route `bedrock` is ready"),
                "{name}: the filter was not asked\n{log}"
            ),
            Err(log) => panic!("{name} is refused:\n{log}"),
        }

        let mut unknown_guard = whole.clone();
        edit_all(&mut unknown_guard, "configuration", &|it| {
            let text = it["value"].as_str().expect("text").replacen("\"standard\"", "\"other\"", 1);
            it["value"] = text.into();
        });
        let log = validate(&unknown_guard).expect_err(name);
        assert!(log.contains("configuration refused"), "{name}: refused for another reason\n{log}");

        let mut unknown_field = whole;
        edit_all(&mut unknown_field, "vm_config", &|it| it["vm_idd"] = "x".into());
        assert!(validate(&unknown_field).is_err(), "{name} with a misspelt field");
    }
}

/// The shipped listener, route, filters, clusters and statistics, between parts of this test.
struct Shipped {
    envoy: Envoy,
    model: Model,
    issuer: Issuer,
    collector: Collector,
    /// Exchanges until the issuer's keys were there.
    asked_before: usize,
}

impl Shipped {
    async fn start(bootstrap: Value) -> Shipped {
        Shipped::start_with(bootstrap, Call::chat("nobody's", "Hi.")).await
    }

    /// `probe` is a call that the filter refuses by its own words once it has the issuer's keys.
    async fn start_with(bootstrap: Value, probe: Call) -> Shipped {
        let model = Model::start();
        let issuer = Issuer::listen(ANY_PORT, "https://issuer.example", vec![Key::es256("key-1")])
            .expect("a free port");
        let collector = Collector::start();
        let addresses = [
            ("model", model.addr),
            ("bedrock", model.addr),
            ("issuer", issuer.addr),
            ("collector", collector.addr),
        ];

        let bootstrap = with_module(bootstrap);
        let listener = bootstrap["static_resources"]["listeners"][0].clone();
        let gate = Gate::new()
            .edit_listener(move |test| {
                let manager = "/filter_chains/0/filters/0/typed_config";
                let log = test.pointer(manager).expect("a manager")["access_log"].clone();
                let mut shipped = listener.clone();
                shipped["@type"] = test["@type"].clone();
                shipped["address"] = test["address"].clone();
                // The shipped formats, in the test's file.
                let manager = shipped.pointer_mut(manager).expect("a manager");
                for logger in manager["access_log"].as_array_mut().expect("loggers") {
                    let format = logger["typed_config"]["log_format"].clone();
                    *logger = log[0].clone();
                    logger["typed_config"]["log_format"] = format;
                }
                *test = shipped;
            })
            .edit_bootstrap(move |test| {
                let mut clusters = bootstrap["static_resources"]["clusters"].clone();
                for cluster in clusters.as_array_mut().expect("clusters") {
                    let name = cluster["name"].as_str().expect("a name").to_owned();
                    for (_, addr) in addresses.iter().filter(|(it, _)| *it == name) {
                        edit_all(cluster, "socket_address", &|socket| {
                            *socket = json!({"address": addr.ip(), "port_value": addr.port()});
                        });
                        // The parts of this test have no certificates.
                        cluster.as_object_mut().expect("a cluster").remove("transport_socket");
                    }
                }
                test["static_resources"]["clusters"] = clusters;
                test["static_resources"]["secrets"][0]["generic_secret"] =
                    json!({"secret": {"inline_string": "Bearer the provider's"}});
                for part in ["stats_config", "overload_manager"] {
                    if let Some(part_of_it) = bootstrap.get(part) {
                        test[part] = part_of_it.clone();
                    }
                }
            });
        let gate = AWS.into_iter().fold(gate, |gate, (name, value)| gate.process_environment(name, value));
        let envoy = gate.start().await.expect("Envoy starts");
        let mut shipped = Shipped { envoy, model, issuer, collector, asked_before: 0 };
        while probe
            .clone()
            .bearer(&shipped.token())
            .send(shipped.envoy.addr, Http::Two)
            .await
            .expect("an answer")
            .status
            == 503
        {
            shipped.asked_before += 1;
            assert!(shipped.asked_before < 200, "the issuer's keys are not fetched");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        shipped.asked_before += 1;
        shipped.envoy.wait_for_access_log(shipped.asked_before).await;
        shipped.model.forget();
        shipped
    }

    fn token(&self) -> String {
        self.issuer.token().groups(["support"]).tenant("acme").sign()
    }

    /// Status and reason.
    async fn ask(&self, model: &str, prompt: &str) -> (u16, String) {
        let call = Call::chat(model, prompt).bearer(&self.token());
        let answer = call.send(self.envoy.addr, Http::Two).await.expect("an answer");
        (answer.status, answer.header("x-portcullis-reason"))
    }

    async fn ask_in_pieces(&self, prompt: &str) -> (u16, String) {
        let call = Call::chat("gpt-4.1-mini", prompt)
            .bearer(&self.token())
            .recut(16 << 10, Duration::from_millis(1));
        let answer = call.send(self.envoy.addr, Http::One).await.expect("an answer");
        (answer.status, answer.header("x-portcullis-reason"))
    }

    async fn prometheus(&self) -> String {
        let answer = Call::get("/stats/prometheus").send(self.envoy.admin, Http::One).await;
        answer.expect("statistics").text()
    }
}

#[tokio::test]
async fn the_shipped_envoy_does_what_its_comments_say() {
    for (name, bootstrap) in [("as it is", yaml(ENVOY)), ("with capabilities", restricted())] {
        if bootstrap == restricted() && !knows_capabilities() {
            continue;
        }
        let shipped = Shipped::start(bootstrap).await;
        let before = shipped.asked_before;

        // The filter's answers come first, whether a body says its length or comes in pieces: its bound is 1 MiB, Envoy's
        // is above it. What is within the filter's bound passes.
        let (long, fitting) = ("a ".repeat(700_000), "a ".repeat(450_000));
        let in_pieces = |script: Script| script.chunked().recut(16 << 10, Duration::ZERO);
        let too_large = (413, "request_too_large".to_owned());
        assert_eq!(shipped.ask("gpt-4.1-mini", &long).await, too_large, "{name}");
        assert_eq!(shipped.ask_in_pieces(&long).await, too_large, "{name}");
        assert!(shipped.model.received().is_empty(), "{name}: a refused request went on");
        for script in [openai::whole(&long), in_pieces(openai::whole(&long))] {
            shipped.model.next(script);
            let too_large = (502, "response_too_large".to_owned());
            assert_eq!(shipped.ask("gpt-4.1-mini", "Talk.").await, too_large, "{name}");
        }
        for script in [openai::whole(&fitting), in_pieces(openai::whole(&fitting))] {
            shipped.model.next(script);
            let passed = (200, String::new());
            assert_eq!(shipped.ask_in_pieces(&fitting).await, passed, "{name}");
        }
        shipped.model.forget();

        // The provider gets its own key and name, and the caller's name.
        shipped.model.next(openai::whole("NRIC S1234567D"));
        assert_eq!(shipped.ask("gpt-4.1-mini", "Hi.").await, (200, String::new()), "{name}");
        let received = shipped.model.only();
        assert_eq!(received.header("authorization"), ["Bearer the provider's"], "{name}");
        assert_eq!(received.header("x-portcullis-subject"), ["alice"], "{name}");
        assert_eq!(received.header("host"), ["127.0.0.1"], "{name}: the host is not the upstream's");

        for leak in ["x-forwarded-for", "x-envoy-external-address"] {
            assert!(received.header(leak).is_empty(), "{name}: the upstream gets `{leak}`");
        }

        // A stream is cut.
        shipped.model.next(openai::stream(
            &[Delta::content("Key: AKIAZ7MWQ4LXTB2KVP6D "), Delta::content("Bye.")],
            Duration::ZERO,
        ));
        let call = Call::chat_stream("gpt-4.1-mini", "Go.").bearer(&shipped.token());
        let answer = call.send(shipped.envoy.addr, Http::One).await.expect("an answer");
        assert!(!answer.text().contains("AKIA") && answer.text().ends_with("data: [DONE]\n\n"), "{name}");

        // Nothing guarded stands beside the guarded path, and no other way to write it leads around the filter.
        for (path, status) in [
            ("/healthz", 200),
            ("/v1/%2e%2e/healthz", 200),
            ("/v1%2Fchat/completions", 400),
            ("//v1//chat/completions", 401),
            ("/v2/chat/completions", 403),
        ] {
            let answer = Call::post(path).body("{}").send(shipped.envoy.addr, Http::One).await;
            assert_eq!(answer.expect("an answer").status, status, "{name}: {path}");
        }

        // A key in the query is in no log.
        let call = Call::post("/v1/chat/completions?key=a-secret").bearer("b").body("{}");
        assert_eq!(call.send(shipped.envoy.addr, Http::One).await.expect("an answer").status, 401);
        let log = shipped.envoy.wait_for_access_log(before + 14).await;
        assert!(!format!("{log:?}").contains("a-secret"), "{name}");
        for line in &log[before..] {
            let shown = || format!("{name}: {line:#}");
            assert!(line["record"]["decision"].is_string(), "{}", shown());
            assert!(line["code"].is_number() && line["duration_ms"].is_number(), "{}", shown());
        }
        let reasons: Vec<&str> = log[before..].iter().filter_map(|line| line["details"].as_str()).collect();
        for wanted in ["request_too_large", "response_too_large", "token_duplicate", "route_unmatched"] {
            assert!(reasons.contains(&wanted), "{name}: {wanted} is not in {reasons:?}");
        }
        shipped.collector.wait_for(before + 14).await;

        let log = shipped.envoy.log();
        assert!(log.contains("signatures are verified by the host"), "{name}");
        assert!(!log.contains("restricted proxy-wasm capability"), "{name}: {log}");

        // Prometheus.
        let delivered = "wasmcustom.portcullis.outbox.delivered";
        shipped.envoy.wait_for_stat(delivered, 1).await;
        let statistics = shipped.prometheus().await;
        for wanted in [
            r#"portcullis_requests{decision="deny",reason="request_too_large"} 2"#,
            r#"portcullis_requests{decision="allow",reason="none"} 3"#,
            r#"portcullis_requests{decision="cut",reason="response_blocked"} 1"#,
            r#"portcullis_findings{rule="pii.id.sg-nric",direction="response",action="redact"} 1"#,
            r#"portcullis_findings{rule="secret.aws-access-key-id",direction="response",action="block"} 1"#,
            r#"portcullis_scan_time_us_bucket{le="25"}"#,
            r#"portcullis_held_bytes_bucket{le="1024"}"#,
        ] {
            let found = statistics.lines().any(|line| same_sample(line, wanted));
            assert!(found, "{name}: no {wanted} in\n{}", portcullis_lines(&statistics));
        }
        let left = statistics.lines().find(|line| line.contains("decision_") || line.contains("rule_"));
        assert_eq!(left, None, "{name}: a label is left in a name");

        // The dashboard asks for what there is.
        let dashboard: Value = serde_json::from_str(&text(DASHBOARD)).expect("JSON");
        let mut queries = Vec::new();
        all(&dashboard, "expr", &mut queries);
        for query in &queries {
            for metric in metrics_in(query.as_str().expect("a query")) {
                let is_there =
                    statistics.lines().any(|line| line.split(['{', ' ']).next() == Some(metric.as_str()));
                assert!(
                    is_there,
                    "{name}: the dashboard asks for `{metric}`\n{}",
                    portcullis_lines(&statistics)
                );
            }
        }
        assert!(!queries.is_empty());
    }
}

/// A boto3 client, whose body the filter changes; what arrives is signed as AWS's own library signs it.
#[tokio::test]
async fn the_shipped_envoy_for_bedrock_signs_what_the_filter_has_changed() {
    const MODEL: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";
    const PATH: &str = "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/converse";
    let Some(python) = python::with("boto3") else { return };
    let probe = Call::post("/model/nobodys/converse").json(&json!({"messages": []}));
    let shipped = Shipped::start_with(yaml(BEDROCK), probe).await;
    shipped.model.next(
        Script::new(200).header("content-type", "application/json").piece(
            json!({
                "output": {"message": {"role": "assistant", "content": [{"text": "Fine."}]}},
                "stopReason": "end_turn", "metrics": {"latencyMs": 7},
                "usage": {"inputTokens": 12, "outputTokens": 8, "totalTokens": 20},
            })
            .to_string(),
        ),
    );
    let (base, token) = (format!("http://{}", shipped.envoy.addr), shipped.token());
    let client = include_str!("../sdk/boto3_signed.py");
    let output = Command::new(&python)
        .args(["-c", client, &base, &token, MODEL, "Pay 4111 1111 1111 1111 now."])
        .output()
        .expect("python runs");
    assert_eq!(output.stdout, b"\"Fine.\"\n", "{}", String::from_utf8_lossy(&output.stderr));

    let received = shipped.model.only();
    assert_eq!(received.path, PATH);
    assert_eq!(received.json()["messages"][0]["content"][0]["text"], "Pay [REDACTED:financial] now.");
    assert_eq!(received.header("host"), ["bedrock-runtime.us-east-1.amazonaws.com"]);
    let told = received.as_json();
    assert!(!told.to_string().contains(&token), "the caller's token reached the model");
    assert!(!told.to_string().contains("unused"), "the caller's signature reached the model");

    let right = signature(&python, &told);
    assert_eq!(received.header("x-amz-content-sha256"), [right["payload"].as_str().expect("a hash")]);
    assert_eq!(received.header("authorization"), [right["authorization"].as_str().expect("a signature")]);
    let signed = right["signed"].as_array().expect("signed headers");
    for name in ["host", "x-amz-content-sha256", "x-amz-date", "content-type"] {
        assert!(signed.contains(&json!(name)), "`{name}` is not signed: {signed:?}");
    }
    // The same check finds a body and a header that were changed afterwards.
    let mut changed = told.clone();
    changed["body"] =
        told["body"].as_str().expect("text").replace("[REDACTED:financial]", "4111 1111 1111 1111").into();
    assert_ne!(signature(&python, &changed)["payload"], right["payload"]);
    let mut changed = told.clone();
    changed["path"] = PATH.replace("haiku", "opus").into();
    assert_ne!(signature(&python, &changed)["authorization"], right["authorization"]);
}

/// What AWS's library would have signed.
fn signature(python: &Path, received: &Value) -> Value {
    let mut child = Command::new(python)
        .args(["-c", include_str!("../sdk/sigv4.py"), KEY_ID, SECRET_KEY, "bedrock", "us-east-1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    child.stdin.take().expect("its input").write_all(received.to_string().as_bytes()).expect("written");
    let output = child.wait_with_output().expect("python ends");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The same name and labels in any order, and the value where `wanted` has one.
fn same_sample(line: &str, wanted: &str) -> bool {
    let parts = |sample: &str| {
        let (name, rest) = sample.split_once('{')?;
        let (labels, value) = rest.split_once('}')?;
        let mut labels: Vec<String> = labels.split(',').map(str::to_owned).collect();
        labels.sort();
        Some((name.to_owned(), labels, value.trim().to_owned()))
    };
    match (parts(line), parts(wanted)) {
        (Some(is), Some(wanted)) => {
            (is.0, is.1) == (wanted.0, wanted.1) && (wanted.2.is_empty() || is.2 == wanted.2)
        }
        _ => false,
    }
}

fn portcullis_lines(statistics: &str) -> String {
    statistics.lines().filter(|line| line.contains("portcullis")).collect::<Vec<_>>().join("\n")
}

fn metrics_in(query: &str) -> Vec<String> {
    query
        .split(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .filter(|word| word.starts_with("portcullis_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_compose_file_is_closed_and_whole() {
    let compose = yaml(COMPOSE);
    let services = compose["services"].as_object().expect("services");
    let names: Vec<&str> = services.keys().map(String::as_str).collect();
    for wanted in ["envoy", "model", "issuer", "collector", "prometheus"] {
        assert!(names.contains(&wanted), "{wanted}");
    }
    assert_eq!(
        services["envoy"]["image"], "${ENVOY_IMAGE:-envoyproxy/envoy:v1.40.0}",
        "one variable sets Envoy's image"
    );
    for (name, service) in services {
        for port in service["ports"].as_array().into_iter().flatten() {
            assert!(port.as_str().expect("text").starts_with("127.0.0.1:"), "{name}: {port}");
        }
        for volume in service["volumes"].as_array().into_iter().flatten() {
            let volume = volume.as_str().expect("text");
            assert!(volume.ends_with(":ro"), "{name}: {volume} can be written");
            let Some((file, _)) = volume.split_once(':').filter(|_| !volume.starts_with('$')) else {
                continue;
            };
            assert!(root().join("envoy").join(file).is_file(), "{name}: there is no {file}");
        }
        assert!(service.get("privileged").is_none() && service.get("network_mode").is_none(), "{name}");
    }
    for name in ["model", "collector"] {
        assert_eq!(services[name]["networks"], json!(["inside"]), "{name} is reached by Envoy only");
    }
    assert_eq!(compose["networks"]["inside"]["internal"], true);
    // The names that Envoy's clusters look for are services.
    for cluster in yaml(ENVOY)["static_resources"]["clusters"].as_array().expect("clusters") {
        let mut found = Vec::new();
        all(cluster, "socket_address", &mut found);
        let host = found[0]["address"].as_str().expect("an address");
        assert!(host == "127.0.0.1" || services.contains_key(host), "no service `{host}`");
    }
}
