//! The parts work, with a plain Envoy between them: no filter is needed.

use std::process::Command;
use std::time::{Duration, Instant};

use jwt_simple::prelude::*;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use serde_json::{Map, Value, json};
use tonic::Code;
use wasm_tests::body::End;
use wasm_tests::client::{self, Call, Connection};
use wasm_tests::collector::{Collector, Mood, Rotel};
use wasm_tests::envoy::{Envoy, Reload, root};
use wasm_tests::gate::Gate;
use wasm_tests::issuer::{AUDIENCE, Forgery, Issuer, Key, KeysAnswer};
use wasm_tests::model::{Model, Script};
use wasm_tests::openai::{self, Delta};
use wasm_tests::raw::RawServer;
use wasm_tests::{Http, scenario};

const BOTH: [Http; 2] = [Http::One, Http::Two];

async fn plain(model: &Model) -> Envoy {
    Gate::new().upstream(model.addr).start().await.expect("Envoy starts")
}

#[tokio::test]
async fn a_whole_answer_arrives_and_the_request_is_kept() {
    let model = Model::start();
    let envoy = plain(&model).await;
    for http in BOTH {
        model.forget();
        model.next(openai::whole("Fine, thanks."));
        let call = Call::chat("gpt-4.1-mini", "How are you?")
            .bearer("the client's")
            .header("x-twice", "one")
            .header("x-twice", b"t\xffo");
        let answer = call.send(envoy.addr, http).await.expect("an answer");
        assert_eq!((answer.status, answer.content(0).as_str()), (200, "Fine, thanks."));
        assert_eq!(answer.body(), openai::whole("Fine, thanks.").bytes());

        let received = model.only();
        assert_eq!((received.method.as_str(), received.path.as_str()), ("POST", "/v1/chat/completions"));
        assert_eq!(received.json()["messages"][0]["content"], "How are you?");
        assert_eq!(received.header("authorization"), ["Bearer provider-key"]);
        assert_eq!(received.headers.get_all("x-twice").iter().nth(1).expect("both").as_bytes(), b"t\xffo");
        assert!(received.body_ending.is_complete());
    }
    let lines = envoy.wait_for_access_log(2).await;
    assert_eq!(lines[0]["code"], 200);
    assert_eq!(lines[0]["record"], Value::Null);
    assert_eq!(envoy.stat("http.gate.downstream_rq_2xx").await, 2);
}

#[tokio::test]
async fn a_stream_arrives_piece_by_piece() {
    let model = Model::start();
    let envoy = plain(&model).await;
    let delay = Duration::from_millis(60);
    let deltas = [
        Delta::reasoning("Hm."),
        Delta::content("one"),
        Delta::content("uno").choice(1),
        Delta::content(" two"),
        Delta::tool(0, "call_1", "mail.send").choice(1),
        Delta::arguments(0, "{\"to\":").choice(1),
        Delta::arguments(0, "\"bob\"}").choice(1),
    ];
    model.script("talk", openai::stream(&deltas, delay));
    for http in BOTH {
        let call = Call::chat_stream("gpt-4.1-mini", "Go.").script("talk");
        let mut open = call.open(envoy.addr, http).await.expect("a head");
        assert_eq!(open.status, 200);
        let first = open.chunk().await.expect("a first piece");
        let answer = open.rest().await;
        let last = answer.chunks.last().expect("a last piece");
        assert!(last.at - first.at >= delay * 5, "the pieces came at once");
        assert!(answer.chunks.len() >= deltas.len());
        assert_eq!((answer.content(0).as_str(), answer.content(1).as_str()), ("one two", "uno"));
        let events = answer.events();
        assert_eq!(events[events.len() - 1], "[DONE]");
        assert_eq!(events[events.len() - 2]["choices"][0]["finish_reason"], "tool_calls");
        assert_eq!(events[events.len() - 3]["choices"][0]["finish_reason"], "stop");
        assert!(answer.cut.is_none());
    }
}

#[tokio::test]
async fn a_request_in_pieces_with_trailers_arrives() {
    let model = Model::start();
    let envoy = Gate::new().upstream_h2(model.addr).start().await.expect("Envoy starts");
    let pause = Duration::from_millis(50);
    let call = Call::post("/x")
        .piece(Duration::ZERO, "a")
        .piece(pause, "b")
        .piece(pause, "c")
        .trailer("x-end", "yes");
    let answer = call.send(envoy.addr, Http::Two).await.expect("an answer");
    assert_eq!(answer.status, 200);
    let received = model.only();
    assert_eq!(received.text(), "abc");
    assert_eq!(received.trailers["x-end"], "yes");
    assert_eq!(received.version, hyper::Version::HTTP_2);
}

#[tokio::test]
async fn every_ending_of_an_answer_is_seen() {
    let model = Model::start();
    let envoy = Gate::new().upstream_h2(model.addr).start().await.expect("Envoy starts");
    let text = || Script::new(200).piece("begun").chunked();
    model.script("trailers", text().trailer("x-sum", "42"));
    model.script("cut", text().end(End::Cut));
    model.script("reset", Script::Reset);
    model.script("endless", text().end(End::Again(Duration::from_millis(5), "more".into())));
    model.script("head", Script::new(200).header("content-length", "7"));
    model.script("gzip", Script::new(200).encoded("gzip", &b"\x1f\x8bnot really"[..]));

    let get = |name: &str| Call::get("/").script(name).send(envoy.addr, Http::Two);
    let answer = get("trailers").await.expect("an answer");
    assert_eq!((answer.text().as_str(), answer.trailers["x-sum"].as_bytes()), ("begun", &b"42"[..]));
    let answer = get("cut").await.expect("a head");
    assert_eq!(answer.text(), "begun");
    assert!(answer.cut.is_some());
    assert_eq!(get("reset").await.expect("an answer").status, 503);
    assert_eq!(get("gzip").await.expect("an answer").header("content-encoding"), "gzip");
    let answer = Call::new("HEAD", "/").script("head").send(envoy.addr, Http::Two).await.expect("a head");
    assert_eq!((answer.header("content-length").as_str(), answer.body().len()), ("7", 0));

    // The client goes away, and the model sees it.
    let before = model.received().len();
    let mut open = Call::get("/").script("endless").open(envoy.addr, Http::Two).await.expect("a head");
    open.chunk().await.expect("a piece");
    open.abort();
    let gone = model.wait_for(before, |it| it.answer_ending.is_cut()).await;
    assert!(gone.body_ending.is_complete());
}

#[tokio::test]
async fn the_head_of_a_request_is_seen_before_its_body() {
    let model = Model::start();
    let envoy = plain(&model).await;
    let call = Call::post("/slow").piece(Duration::ZERO, "half").end(End::Silence);
    let waiting = tokio::spawn(call.send(envoy.addr, Http::One));
    let received = model.wait_for(0, |it| it.text() == "half").await;
    assert_eq!(received.path, "/slow");
    assert!(!received.body_ending.is_complete());
    waiting.abort();
    model.wait_for(0, |it| it.body_ending.is_cut()).await;

    // The other way about: an answer before the body has ended.
    model.script("early", Script::new(200).piece("done").early());
    let call = Call::post("/early").script("early").piece(Duration::ZERO, "half").end(End::Silence);
    let answer = call.send(envoy.addr, Http::One).await.expect("an answer");
    assert_eq!(answer.text(), "done");
}

#[tokio::test]
async fn a_rude_upstream_says_what_it_was_told() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    let rude = RawServer::start(vec![(Duration::ZERO, half)]).expect("a server");
    let envoy = Gate::new().upstream(rude.addr).start().await.expect("Envoy starts");
    let answer = Call::get("/").send(envoy.addr, Http::One).await.expect("a head");
    assert_eq!((answer.text().as_str(), answer.cut.is_some()), ("half", true));
    assert!(rude.seen()[0].starts_with(b"GET / HTTP/1.1\r\n"));
    let answer =
        client::raw(envoy.addr, b"NONSENSE\r\n\r\n", Duration::from_secs(2)).await.expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 400"));
}

#[tokio::test]
async fn a_new_listener_is_taken_or_refused_and_streams_go_on() {
    let model = Model::start();
    let gate = Gate::new().upstream(model.addr).route("before");
    let mut envoy = gate.clone().start().await.expect("Envoy starts");
    model.script("talk", openai::stream_text(&["a", "b", "c", "d", "e", "f"], Duration::from_millis(150)));

    let mut open = Call::get("/").script("talk").open(envoy.addr, Http::One).await.expect("a head");
    open.chunk().await.expect("a first piece");
    assert_eq!(envoy.reload(&gate.clone().route("after")).await.expect("an outcome"), Reload::Accepted);
    let answer = Call::get("/").send(envoy.addr, Http::One).await.expect("an answer");
    assert_eq!(answer.status, 200);
    let refused = envoy.reload(&gate.clone().routes(json!([{"nonsense": 1}]))).await.expect("an outcome");
    let Reload::Rejected(why) = refused else { panic!("nonsense was taken") };
    assert!(why.contains("nonsense"), "{why}");
    let answer = open.rest().await;
    assert_eq!((answer.content(0).as_str(), answer.cut), ("abcdef", None));

    let routes: Vec<Value> =
        envoy.wait_for_access_log(2).await.iter().map(|line| line["route"].clone()).collect();
    assert_eq!(routes, ["after", "before"]);
    assert_eq!(envoy.reload(&gate).await.expect("an outcome"), Reload::Accepted);
    assert!(envoy.alive());
}

#[tokio::test]
async fn what_keeps_envoy_from_starting_is_told() {
    let problem = Gate::new().routes(json!([{"nonsense": 1}])).start().await.expect_err("nonsense");
    assert!(problem.to_string().contains("nonsense"), "{problem}");
    let problem =
        Gate::new().filter_config("{}").module("/nowhere.wasm").start().await.expect_err("no module");
    assert!(problem.to_string().contains("/nowhere.wasm"), "{problem}");
}

#[tokio::test]
async fn envoy_and_its_folder_go_with_their_value() {
    let model = Model::start();
    let envoy = plain(&model).await;
    let process = format!("/proc/{}", envoy.id());
    assert!(std::path::Path::new(&process).exists());
    drop(envoy);
    assert!(!std::path::Path::new(&process).exists());
}

#[tokio::test]
async fn tokens_verify_against_the_served_keys() {
    let issuer = Issuer::start();
    let fetch = || async { Call::get("/keys").send(issuer.addr, Http::One).await.expect("keys").json() };
    let key = |set: &Value, kid: &str| {
        let keys = set["keys"].as_array().expect("a list");
        keys.iter().find(|key| key["kid"] == kid).expect("the key").to_string()
    };
    let set = fetch().await;
    assert_eq!(set["keys"][0]["alg"], "ES256");
    let public = ES256PublicKey::from_jwk(&key(&set, "key-1")).expect("a key");
    let options = || VerificationOptions {
        allowed_issuers: Some([issuer.name.clone()].into()),
        allowed_audiences: Some([AUDIENCE.to_owned()].into()),
        time_tolerance: Some(jwt_simple::prelude::Duration::from_secs(0)),
        ..VerificationOptions::default()
    };
    let check = |token: &str| public.verify_token::<Map<String, Value>>(token, Some(options()));

    let good = issuer.token().subject("bob").groups(["support", "eu"]).tenant("acme");
    let claims = check(&good.clone().sign()).expect("a good token");
    assert_eq!(claims.subject.as_deref(), Some("bob"));
    assert_eq!(claims.custom["groups"], json!(["support", "eu"]));
    assert_eq!(claims.custom["org"], "acme");
    let bad = [
        ("expired", good.clone().expires_in(-10).sign()),
        ("not yet", good.clone().not_before(60).sign()),
        ("audience", good.clone().audience("other").sign()),
        ("no audience", good.clone().without("aud").sign()),
        ("issuer", good.clone().issuer("https://other.test").sign()),
        ("stranger", good.clone().sign_with(&Key::es256("key-1")).sign()),
        ("tampered", good.clone().forge(Forgery::Tampered)),
        ("unsigned", good.clone().forge(Forgery::Unsigned)),
        ("hmac", good.clone().forge(Forgery::HmacOfPublicKey)),
    ];
    for (name, token) in bad {
        assert!(check(&token).is_err(), "{name}");
    }
    assert_eq!(Token::decode_metadata(&good.kid("other").sign()).expect("a header").key_id(), Some("other"));

    issuer.rotate(Key::eddsa("key-2"));
    issuer.add(Key::rs256("key-3"));
    let set = fetch().await;
    assert_eq!(set["keys"].as_array().map(Vec::len), Some(2));
    let eddsa = issuer.token().sign_with(&issuer.keys()[0]).sign();
    let public = Ed25519PublicKey::from_jwk(&key(&set, "key-2")).expect("a key");
    public.verify_token::<NoCustomClaims>(&eddsa, Some(options())).expect("an EdDSA token");
    let rs256 = RS256PublicKey::from_jwk(&key(&set, "key-3")).expect("a key");
    rs256.verify_token::<NoCustomClaims>(&issuer.token().sign(), Some(options())).expect("an RS256 token");

    issuer.fail(true);
    assert_eq!(Call::get("/keys").send(issuer.addr, Http::Two).await.expect("an answer").status, 500);
    issuer.answer_keys(KeysAnswer::Body("{".to_owned()));
    assert_eq!(Call::get("/keys").send(issuer.addr, Http::Two).await.expect("an answer").text(), "{");
    assert_eq!(issuer.requests(), 4);
}

#[tokio::test]
async fn the_issuer_mints_for_the_demo() {
    let issuer = Issuer::start();
    let mint = |wish: Value| Call::post("/token").json(&wish).send(issuer.addr, Http::One);
    let config =
        Call::get("/.well-known/openid-configuration").send(issuer.addr, Http::One).await.expect("an answer");
    assert_eq!(config.json()["jwks_uri"], format!("http://{}/keys", client::HOST));
    let public = ES256PublicKey::from_jwk(&issuer.jwks()["keys"][0].to_string()).expect("a key");
    let good =
        mint(json!({"sub": "carol", "groups": ["support"], "tenant": "acme"})).await.expect("a token").json();
    let good = good["access_token"].as_str().expect("a token");
    let claims = public.verify_token::<Map<String, Value>>(good, None).expect("a good token");
    assert_eq!((claims.subject.as_deref(), &claims.custom["org"]), (Some("carol"), &json!("acme")));
    let wrong = mint(json!({"sub": "carol", "wrong_key": true})).await.expect("a token").json();
    let wrong = wrong["access_token"].as_str().expect("a token");
    assert!(public.verify_token::<NoCustomClaims>(wrong, None).is_err());
    assert_eq!(Token::decode_metadata(wrong).expect("a header").key_id(), Some("key-1"));
    assert_eq!(mint(json!({"expires_in": "soon"})).await.expect("an answer").status, 400);
}

fn export(body: &str) -> ExportLogsServiceRequest {
    let text = |text: &str| Some(AnyValue { value: Some(any_value::Value::StringValue(text.to_owned())) });
    let attribute =
        KeyValue { key: "gen_ai.system".to_owned(), value: text("openai"), ..KeyValue::default() };
    let log = LogRecord { body: text(body), attributes: vec![attribute], ..LogRecord::default() };
    let scope = ScopeLogs { log_records: vec![log], ..ScopeLogs::default() };
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs { scope_logs: vec![scope], ..ResourceLogs::default() }],
    }
}

async fn send(addr: std::net::SocketAddr, body: &str) -> Result<(), Code> {
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{addr}")).expect("an address");
    let channel = channel.connect().await.map_err(|_| Code::Unavailable)?;
    LogsServiceClient::new(channel).export(export(body)).await.map(drop).map_err(|status| status.code())
}

#[tokio::test]
async fn the_collector_keeps_fails_stops_and_comes_back() {
    let mut collector = Collector::start();
    send(collector.addr, r#"{"n":1}"#).await.expect("accepted");
    let records = collector.wait_for(1).await;
    assert_eq!(records[0].body(), json!({"n": 1}));
    assert_eq!(records[0].attribute("gen_ai.system"), "openai");
    collector.mood(Mood::Fail(Code::ResourceExhausted));
    assert_eq!(send(collector.addr, "2").await, Err(Code::ResourceExhausted));
    collector.mood(Mood::Accept);
    collector.stop();
    assert_eq!(send(collector.addr, "3").await, Err(Code::Unavailable));
    collector.restart();
    send(collector.addr, "4").await.expect("accepted");
    assert_eq!((collector.records().len(), collector.exports()), (2, 3));
}

#[tokio::test]
async fn a_real_collector_hands_a_record_on() {
    let collector = Collector::start();
    let Some(rotel) = Rotel::start(&collector).await.expect("rotel starts") else {
        return;
    };
    send(rotel.addr, r#"{"n":1}"#).await.expect("accepted");
    let records = collector.wait_for(1).await;
    assert_eq!(records[0].body(), json!({"n": 1}));
    assert_eq!(records[0].attribute("gen_ai.system"), "openai");
}

#[tokio::test]
async fn several_calls_share_a_connection() {
    let model = Model::start();
    let envoy = plain(&model).await;
    for http in BOTH {
        let mut connection = Connection::open(envoy.addr, http).await.expect("a connection");
        for _ in 0..3 {
            assert_eq!(connection.call(Call::get("/")).await.expect("an answer").status, 200);
        }
    }
    assert_eq!(envoy.stat("http.gate.downstream_cx_total").await, 2);
}

const SCENARIOS: &str = r#"{
    "card": {"whole": {"content": "4111 1111 1111 1111"}},
    "card-stream": {"stream": {"delay_ms": 5, "deltas": [
        "4111", {"reasoning": "Hm."}, {"content": " 1111", "choice": 1},
        {"tool": {"id": "call_1", "name": "mail.send"}}, {"arguments": {"piece": "{}"}}
    ]}},
    "busy": {"whole": {"status": 429, "body": {"error": {"message": "slow down"}}}}
}"#;

#[tokio::test]
async fn a_prompt_chooses_a_scenario() {
    let scenarios = scenario::parse(SCENARIOS).expect("scenarios");
    let model = Model::listen(wasm_tests::server::ANY_PORT, scenarios, None).expect("a model");
    let ask = |prompt: &str| Call::chat("m", prompt).send(model.addr, Http::One);
    assert_eq!(ask("Show the card.").await.expect("an answer").content(0), "4111 1111 1111 1111");
    let answer = ask("Show the card-stream.").await.expect("an answer");
    assert_eq!((answer.content(0).as_str(), answer.content(1).as_str()), ("4111", " 1111"));
    assert_eq!(ask("busy").await.expect("an answer").status, 429);
    assert_eq!(ask("Hi.").await.expect("an answer").content(0), "Hello from the model.");
    let answer = Call::chat("m", "card").script("busy").send(model.addr, Http::One).await.expect("an answer");
    assert_eq!(answer.status, 429);
    assert!(scenario::parse(r#"{"x": {"whole": {"contents": ""}}}"#).is_err());
}

/// The SDK accepts what the model says, whole and streamed. The test blocks meanwhile; the model runs on.
#[test]
fn the_openai_sdk_accepts_the_answers() {
    let python = root().join(".tools/venv/bin/python");
    if !python.exists() {
        println!("skipped: no openai SDK; `scripts/lib/venv` installs it");
        return;
    }
    let scenarios = scenario::parse(SCENARIOS).expect("scenarios");
    let model = Model::listen(wasm_tests::server::ANY_PORT, scenarios, None).expect("a model");
    let program = "
import sys, openai
client = openai.OpenAI(base_url=sys.argv[1], api_key='k', max_retries=0)
ask = lambda prompt, **more: client.chat.completions.create(
    model='m', messages=[{'role': 'user', 'content': prompt}], **more)
print(ask('card').choices[0].message.content)
events = list(ask('card-stream', stream=True))
print(''.join(c.delta.content or '' for e in events for c in e.choices if c.index == 0))
print([t.function.name for e in events for c in e.choices for t in c.delta.tool_calls or [] if t.function.name])
try:
    ask('busy')
except openai.RateLimitError as e:
    print(e.status_code)
";
    let base = format!("http://{}/v1", model.addr);
    let output = Command::new(python).args(["-c", program, &base]).output().expect("python runs");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(text, "4111 1111 1111 1111\n4111\n['mail.send']\n429\n");
}

/// The programs of the demo: they say where they listen, and end on SIGTERM.
#[test]
fn the_programs_listen_and_end_when_told() {
    let folder = wasm_tests::envoy::Folder::new("programs").expect("a folder");
    let (scenarios, log) = (folder.path().join("scenarios.json"), folder.path().join("log"));
    std::fs::write(&scenarios, SCENARIOS).expect("a file");
    let path = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let programs = [
        (
            env!("CARGO_BIN_EXE_scripted-model"),
            vec!["--scenarios".into(), path(&scenarios), "--log".into(), path(&log)],
        ),
        (env!("CARGO_BIN_EXE_issuer"), vec!["--issuer".into(), "https://demo.test".into()]),
        (env!("CARGO_BIN_EXE_collector-sink"), vec!["--file".into(), path(&folder.path().join("records"))]),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (number, (program, flags)) in programs.into_iter().enumerate() {
        let port_file = folder.path().join(format!("port-{number}"));
        let mut command = Command::new(program);
        command.args(flags).arg("--port-file").arg(&port_file).stdout(std::process::Stdio::null());
        let process = wasm_tests::process::Process::spawn(command).expect("it starts");
        let port = runtime.block_on(wasm_tests::until(async || std::fs::read_to_string(&port_file).ok()));
        let addr = format!("127.0.0.1:{}", port.expect("a port")).parse().expect("a port");
        match number {
            0 => {
                let answer =
                    runtime.block_on(Call::chat("m", "card").send(addr, Http::One)).expect("an answer");
                assert_eq!(answer.content(0), "4111 1111 1111 1111");
                let line = std::fs::read_to_string(&log).expect("a log");
                let line: Value = serde_json::from_str(&line).expect("a JSON line");
                assert_eq!((&line["path"], line["body"].is_string()), (&json!("/v1/chat/completions"), true));
            }
            1 => {
                let answer = runtime.block_on(Call::get("/keys").send(addr, Http::One)).expect("an answer");
                assert_eq!(answer.json()["keys"][0]["kid"], "key-1");
            }
            _ => {
                runtime.block_on(send(addr, r#"{"n":7}"#)).expect("accepted");
                let line = std::fs::read_to_string(folder.path().join("records")).expect("a file");
                let line: Value = serde_json::from_str(&line).expect("a JSON line");
                assert_eq!(
                    (&line["body"]["n"], &line["attributes"]["gen_ai.system"]),
                    (&json!(7), &json!("openai"))
                );
            }
        }
        let told =
            Command::new("kill").arg("-TERM").arg(process.id().to_string()).status().expect("kill runs");
        assert!(told.success());
        let since = Instant::now();
        let status = loop {
            match process.ended() {
                Some(status) => break status,
                None if since.elapsed() > Duration::from_secs(5) => panic!("it did not end"),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        assert!(status.success());
    }
}
