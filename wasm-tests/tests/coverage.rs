//! "No unscanned byte": whatever a client or a provider sends, what became of it. The tables of `docs/coverage.md` are the
//! expectation: each row is carried out, over HTTP/1 and HTTP/2, on a route as it is by default, on one with
//! `unsupported: pass`, and on one with `mode: observe`. `UPDATE_GOLDEN=1` writes the tables anew.

use std::fmt::Write;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use wasm_tests::Http;
use wasm_tests::body::End;
use wasm_tests::client::{Answer, Call, Chunk};
use wasm_tests::envoy::root;
use wasm_tests::model::{Received, Script};
use wasm_tests::openai::{self, Delta};
use wasm_tests::python;
use wasm_tests::stage::{CARD, CARD_MASK, MODEL, SECRET, Stage};

const AT_ONCE: Duration = Duration::ZERO;

/// The routes: how the document names them, the prefix of their paths, and what makes them different.
const ROUTES: [(&str, &str); 3] =
    [("by default", ""), ("`unsupported: pass`", "/lenient"), ("`mode: observe`", "/observed")];

/// More than a route here takes of a body, and less than Envoy's buffer.
const LARGE: usize = 80 << 10;

/// All routes; a WebSocket goes to `echo`, where there is one.
async fn stage(echo: Option<SocketAddr>) -> Stage {
    let change = |config: &mut Value| {
        let route = |(name, prefix): (&str, &str)| {
            json!({
                "name": name,
                "match": {"path": format!("{prefix}/v1/*")},
                "guard": "standard",
                "allow": [{"id": "support", "who": {"groups": ["support"]}}],
                "limits": {"request_body": "64KiB", "response_body": "64KiB", "held": "8KiB"},
            })
        };
        let [plain, mut lenient, mut observed] = ROUTES.map(route);
        lenient["unsupported"] = json!("pass");
        lenient["cors_preflight"] = json!("pass");
        observed["mode"] = json!("observe");
        let public = json!({"name": "health", "match": {"path": "/healthz"}, "access": "public"});
        let elsewhere = json!({"name": "elsewhere", "match": {"path": "/elsewhere/*"}, "access": "public"});
        config["routes"] = json!([public, elsewhere, plain, lenient, observed]);
    };
    let to = |cluster: &str| json!({"cluster": cluster, "timeout": "0.5s"});
    let routes = json!([
        {"name": "empty", "match": {"headers": [{"name": "x-no-upstream", "present_match": true}], "prefix": "/"}, "route": to("empty")},
        {"name": "echo", "match": {"safe_regex": {"regex": ".*/v1/realtime"}}, "route": to("echo")},
        {"name": "all", "match": {"prefix": "/"}, "route": to("model")},
    ]);
    Stage::with(change, |gate| {
        let gate = gate.routes(routes).empty_cluster("empty").http1_trailers();
        let gate = match echo {
            Some(addr) => gate.cluster("echo", addr),
            None => gate.empty_cluster("echo"),
        };
        gate.stream_idle_timeout(Duration::from_secs(2)).edit_listener(|listener| {
            let manager = &mut listener["filter_chains"][0]["filters"][0]["typed_config"];
            manager["upgrade_configs"] = json!([{"upgrade_type": "websocket"}]);
        })
    })
    .await
}

/// What both sides saw of one exchange, and what the record says: the cells of a row behind its name and route.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    provider: String,
    client: String,
    decision: String,
    reason: String,
    coverage: String,
}

impl Seen {
    fn of(provider: &str, client: &str, line: &Value) -> Seen {
        let record = &line["record"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let would = record["would"].as_array().into_iter().flatten().map(|would| {
            let reason = would["reason"].as_str().map(|reason| format!(" `{reason}`")).unwrap_or_default();
            format!("{} the {}{reason}", text(&would["action"]), text(&would["direction"]))
        });
        let would: Vec<String> = would.collect();
        let reason = match (record["reason"].as_str(), would.as_slice()) {
            (Some(reason), _) => format!("`{reason}`"),
            (None, []) => String::new(),
            (None, would) => format!("would {}", would.join(", ")),
        };
        let coverage = ["request", "response"].map(|half| format!("`{}`", text(&record[half]["coverage"])));
        Seen {
            provider: provider.to_owned(),
            client: client.to_owned(),
            decision: format!("`{}`", text(&record["decision"])),
            reason,
            coverage: coverage.join(" "),
        }
    }
}

fn masked(text: &str) -> String {
    text.replace(CARD, CARD_MASK)
}

fn provider(sent: &Call, received: Option<&Received>) -> String {
    let bytes = sent.bytes();
    match received {
        None => "nothing".to_owned(),
        Some(received) if received.body == bytes => "as sent".to_owned(),
        Some(received) if received.text() == masked(&String::from_utf8_lossy(&bytes)) => "masked".to_owned(),
        Some(received) => panic!("neither what was sent nor its mask: {}", received.text()),
    }
}

fn client(script: &Script, answer: Option<&Answer>, line: &Value) -> String {
    let Some(answer) = answer else { return "nothing".to_owned() };
    let reason = line["record"]["reason"].as_str().unwrap_or_default();
    let text = answer.text();
    let error = answer.json();
    let said = if answer.cut.is_some() {
        match text.is_empty() {
            true => "reset",
            false => "its beginning, then a reset",
        }
    } else if answer.headers.contains_key("x-portcullis-reason") {
        assert_eq!(
            (answer.header("x-portcullis-reason").as_str(), &line["details"]),
            (reason, &json!(reason))
        );
        assert!(text.is_empty() || error["error"]["code"] == reason, "{text}");
        "a refusal"
    } else if answer.body() == script.bytes() {
        if text.is_empty() { "no body" } else { "as sent" }
    } else if is_masked(script, answer) {
        "masked"
    } else if text.contains("\"content_filter\"") && text.ends_with("data: [DONE]\n\n") {
        assert!(text.contains(reason));
        "its beginning, then a refusal"
    } else if line["details"] != "via_upstream" {
        "Envoy's own answer"
    } else {
        panic!("neither what was sent nor its mask: {text}");
    };
    let is_unread =
        line["record"]["mode"] == "observe" || line["record"]["response"]["coverage"] == "unscanned";
    assert!(is_unread || !text.contains(SECRET) && !text.contains(CARD), "{line}");
    format!("{}, {said}", answer.status)
}

/// The mask stands where the card number stood, in one piece; nothing else changed.
fn is_masked(script: &Script, answer: &Answer) -> bool {
    let chunks = vec![Chunk { at: answer.head_at, bytes: script.bytes().into() }];
    let sent = Answer { chunks, ..answer.clone() };
    let text = answer.text();
    text.contains(CARD_MASK)
        && (text == masked(&sent.text()) || answer.content(0) == masked(&sent.content(0)))
}

/// One row: what is sent, and what the provider answers. The path is without the route's prefix.
struct Case {
    name: &'static str,
    call: Call,
    script: Script,
}

fn request(name: &'static str, call: Call) -> Case {
    Case { name, call, script: openai::whole("Fine.") }
}

fn response(name: &'static str, script: Script) -> Case {
    Case { name, call: Call::chat(MODEL, "Hi."), script }
}

fn requests() -> Vec<Case> {
    let post = |path: &str, kind: &str, body: &str| {
        Call::post(path).header("content-type", kind).body(body.to_owned())
    };
    let chat = |prompt: &str| Call::chat(MODEL, prompt);
    let body =
        |prompt: &str| json!({"model": MODEL, "messages": [{"role": "user", "content": prompt}]}).to_string();
    let (path, kind) = ("/v1/chat/completions", "application/json");
    let head = Script::new(200).header("content-type", kind).header("content-length", "7");
    let upload =
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n--x--\r\n";
    vec![
        request("JSON that is understood", chat("Hi.")),
        request("…, with a card number", chat(&format!("Pay {CARD} now."))),
        request("…, with a secret", chat(&format!("Use {SECRET} now."))),
        request("…, without a `content-type`", Call::post(path).body(body("Hi."))),
        request(
            "…, which ends with trailers",
            chat(&format!("Pay {CARD} now.")).recut(9, AT_ONCE).trailer("x-end", "1"),
        ),
        request("another `content-type`", post(path, "text/plain", &body("Hi."))),
        request("another character set", post(path, "application/json; charset=utf-16", &body("Hi."))),
        request(
            "a prompt of token numbers",
            post("/v1/completions", kind, &json!({"model": MODEL, "prompt": [9906, 11]}).to_string()),
        ),
        request(
            "multipart (uploads)",
            post("/v1/audio/transcriptions", "multipart/form-data; boundary=x", upload),
        ),
        request("a `content-encoding`", post(path, kind, "\u{1f}\u{8b}").header("content-encoding", "gzip")),
        request("what is not JSON", post(path, kind, "{\"model\":")),
        request("JSON that nests too deep", post(path, kind, &format!("{{\"model\":{}", "[".repeat(5000)))),
        request(
            "a key that policy reads, twice",
            post(path, kind, &body("Hi.").replacen('{', "{\"model\":\"gpt-5\",", 1)),
        ),
        request(
            "a key that policy reads, in another case",
            post(path, kind, &body("Hi.").replacen('{', "{\"Model\":\"gpt-5\",", 1)),
        ),
        request("too much, by its `content-length`", chat(&"x".repeat(LARGE))),
        request("too much, in chunks", chat(&"x".repeat(LARGE)).recut(4096, AT_ONCE)),
        request("an unknown operation", post("/v1/threads", kind, "{\"metadata\":{}}")),
        request(
            "an unknown operation, too much",
            post("/v1/files", "application/octet-stream", &"x".repeat(LARGE)),
        ),
        request("an unknown operation, without a body", Call::get("/v1/files")),
        Case { script: head, ..request("HEAD", Call::new("HEAD", "/v1/files")) },
        request("a known operation, without a body", Call::post(path).header("content-type", kind)),
        request("what ends in the middle", chat("Hi.").recut(20, AT_ONCE).end(End::Cut)),
        request("what stops in the middle and stays open", chat("Hi.").recut(20, AT_ONCE).end(End::Silence)),
    ]
}

fn responses() -> Vec<Case> {
    let typed = |status: u16, kind: &str, body: &str| {
        Script::new(status).header("content-type", kind).piece(Bytes::from(body.to_owned()))
    };
    let json = "application/json";
    let stream = |pieces: &[&str]| openai::stream_text(pieces, AT_ONCE);
    let begun = |deltas: &[Delta]| openai::stream_cut(deltas, AT_ONCE);
    let error = |text: &str| json!({"error": {"message": text, "type": "x", "code": "y"}}).to_string();
    let gzip = || Bytes::from_static(b"\x1f\x8b\x08");
    let call = [Delta::tool(0, "call_1", "mail.send"), Delta::arguments(0, &"x".repeat(9000))];
    let no_upstream = response("no upstream", Script::Silence);
    vec![
        response("JSON", openai::whole("Fine.")),
        response("…, with a card number", openai::whole(&format!("It is {CARD}."))),
        response("…, with a secret", openai::whole(&format!("It is {SECRET}."))),
        response(
            "…, which ends with trailers",
            openai::whole(&format!("It is {CARD}.")).trailer("x-sum", "1"),
        ),
        response("text", typed(200, "text/plain", &format!("It is {CARD}."))),
        response("another `content-type`", typed(200, "audio/mpeg", "\u{1}\u{2}")),
        response("no `content-type`", Script::new(200).piece("Fine.")),
        response(
            "a `content-encoding`",
            Script::new(200).header("content-type", json).encoded("gzip", gzip()),
        ),
        response("what is not JSON", typed(200, json, "{\"choices\":")),
        response("too much, by its `content-length`", openai::whole(&"x".repeat(LARGE))),
        response("too much, in chunks", openai::whole(&"x".repeat(LARGE)).recut(4096, AT_ONCE)),
        response("too much, unknown", typed(200, "audio/mpeg", &"x".repeat(LARGE))),
        response("a stream", stream(&["Fine, ", "thanks."])),
        response("…, with a card number over two events", stream(&["It is 4111 1111 ", "1111 1111."])),
        response("…, with a secret", stream(&["It is ", SECRET, "."])),
        response(
            "…, with an event that is not JSON",
            begun(&[Delta::content("Fine, "), Delta::data("{\"choices\":")]),
        ),
        response(
            "…, with a call of a tool that is larger than what may be held",
            openai::stream(&call, AT_ONCE),
        ),
        response(
            "…, with a `content-encoding`",
            Script::new(200).header("content-type", "text/event-stream").encoded("gzip", gzip()),
        ),
        response("…, which ends with trailers", stream(&["Fine, ", "thanks."]).trailer("x-sum", "1")),
        response(
            "…, which ends with trailers while bytes are held",
            begun(&[Delta::content("Fine, 4111 1111 1")]).trailer("x-sum", "1"),
        ),
        response("…, which ends early", begun(&[Delta::content("Fine, ")])),
        response("…, which is cut", begun(&[Delta::content("Fine, ")]).end(End::Cut)),
        response("…, which stops and stays open", begun(&[Delta::content("Fine, ")]).end(End::Silence)),
        response("JSON that is cut", openai::whole("Fine.").chunked().end(End::Cut)),
        response("a connection that is reset", Script::Reset),
        response("no answer in time", Script::Silence),
        Case { call: no_upstream.call.clone().header("x-no-upstream", "1"), ..no_upstream },
        response("204", Script::new(204)),
        response("304", Script::new(304)),
        response("an error in JSON", typed(429, json, &error("slow down"))),
        response("…, with a card number", typed(500, json, &error(CARD))),
        response("…, with a secret", typed(500, json, &error(SECRET))),
        response("…, which is not JSON", typed(500, json, "upstream connect error")),
        response("an error in text", typed(503, "text/plain", "overloaded")),
        response("…, with a card number", typed(503, "text/plain", CARD)),
        response("an error in another character set", typed(503, "text/plain; charset=utf-16", "overloaded")),
        response("an error as a page", typed(404, "text/html; charset=utf-8", "<h1>Not here</h1>")),
        response("an error as a stream", typed(500, "text/event-stream", "data: {}\n\n")),
    ]
}

/// What has no guard by the configuration's word. The path is complete.
fn unguarded() -> Vec<Case> {
    let preflight = Call::new("OPTIONS", "/lenient/v1/chat/completions").header("origin", "https://app.test");
    vec![
        request("`access: public`", Call::post("/elsewhere/x").body(format!("Pay {CARD} now."))),
        request(
            "a preflight, where `cors_preflight: pass`",
            preflight.header("access-control-request-method", "POST"),
        ),
        request("no route, where `unmatched: deny` (the default)", Call::post("/nowhere").body("Hi.")),
    ]
}

async fn see(stage: &Stage, case: &Case, path: &str, http: Http) -> Seen {
    let script = format!("{path}{}", case.name.escape_default());
    stage.model.script(&script, case.script.clone());
    let call = case.call.clone().below(path).bearer(&stage.token().sign()).script(&script);
    let (call, tag) = stage.tag(call);
    let answer = call.clone().send(stage.envoy.addr, http).await.ok();
    let line = stage.line(&tag).await;
    assert!(stage.envoy.alive(), "{}", case.name);
    let provider = provider(&call, stage.received(&tag).as_ref());
    Seen::of(&provider, &client(&case.script, answer.as_ref(), &line), &line)
}

/// The rows of one case; routes on which it is the same share one.
fn rows(case: &str, told: &[(&str, Seen)]) -> String {
    let mut shared: Vec<(Vec<&str>, &Seen)> = Vec::new();
    for (route, seen) in told {
        match shared.iter_mut().find(|(_, other)| *other == seen) {
            Some((routes, _)) => routes.push(route),
            None => shared.push((vec![route], seen)),
        }
    }
    let mut rows = String::new();
    for (index, (on, seen)) in shared.iter().enumerate() {
        let name = if index == 0 { case } else { "" };
        let on = if on.len() == told.len() { "every".to_owned() } else { on.join(", ") };
        let Seen { provider, client, decision, reason, coverage } = seen;
        let _ =
            writeln!(rows, "| {name} | {on} | {provider} | {client} | {decision} | {reason} | {coverage} |");
    }
    rows
}

/// Compares a table of the document with what was seen.
fn compare(table: &str, seen: &str) {
    const HEAD: &str = "| What comes | Route | Provider gets | Client gets | `decision` | `reason` | `coverage` of request, response |\n\
                        |---|---|---|---|---|---|---|\n";
    // The tables stand in one file.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(|poison| poison.into_inner());
    let path = root().join("docs/coverage.md");
    let text = std::fs::read_to_string(&path).expect("the document");
    let (begin, end) = (format!("<!-- {table} -->\n{HEAD}"), "<!-- end -->");
    let (before, rest) = text.split_once(&begin).expect("the table's beginning");
    let (written, after) = rest.split_once(end).expect("the table's end");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{before}{begin}{seen}{end}{after}")).expect("written");
    } else {
        assert_eq!(written, seen, "docs/coverage.md, {table}; UPDATE_GOLDEN=1 writes it anew");
    }
}

async fn check(table: &str, cases: &[Case], routes: &[(&'static str, &str)]) {
    let stage = stage(None).await;
    let mut seen = String::new();
    for case in cases {
        let mut told = Vec::new();
        for (route, path) in routes {
            println!("{} {route}", case.name);
            let (one, two) =
                tokio::join!(see(&stage, case, path, Http::One), see(&stage, case, path, Http::Two));
            assert_eq!(one, two, "{} {route}: HTTP/1 and HTTP/2", case.name);
            told.push((*route, one));
        }
        seen += &rows(case.name, &told);
    }
    let stats = stage.envoy.stats().await.into_iter();
    let failed: Vec<_> = stats
        .filter(|(name, count)| name.starts_with("wasm.") && name.contains("fail") && *count > 0)
        .collect();
    assert_eq!(failed, []);
    compare(table, &seen);
}

#[tokio::test]
async fn no_byte_of_a_request_is_unscanned_without_saying_so() {
    check("requests", &requests(), &ROUTES).await;
}

#[tokio::test]
async fn no_byte_of_a_response_is_unscanned_without_saying_so() {
    check("responses", &responses(), &ROUTES).await;
}

#[tokio::test]
async fn what_is_not_guarded_is_recorded_as_such() {
    check("unguarded", &unguarded(), &[("its own", "")]).await;
}

/// A real WebSocket between a real client and a real server.
#[tokio::test]
async fn a_websocket_is_refused_or_passes_unread_from_end_to_end() {
    let Some(python) = python::with("websockets") else { return };
    let (_server, echo) = python::serve(&python, include_str!("../sdk/websocket_server.py"), &[]).await;
    let stage = stage(Some(echo)).await;
    let mut told = Vec::new();
    for (count, (route, path)) in (1..).zip(ROUTES) {
        let uri = format!("ws://{}{path}/v1/realtime", stage.envoy.addr);
        let client = include_str!("../sdk/websocket_client.py");
        let output = Command::new(&python).args(["-c", client, &uri, &stage.token().sign()]).output();
        let output = output.expect("python runs");
        let heard: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{route}: {}", String::from_utf8_lossy(&output.stderr)));
        let line = stage.envoy.wait_for_access_log(count).await.swap_remove(count - 1);
        let (provider, client) = if heard["status"] == 101 {
            assert_eq!(heard, json!({"status": 101, "echoed": true, "close": 1000}), "{route}");
            assert!(line["record"]["response"]["bytes"].as_u64() > Some(128 << 10), "{line}");
            ("what the client says", "101, what the provider says")
        } else {
            assert_eq!(heard["reason"], line["record"]["reason"], "{route}");
            ("nothing", &*format!("{}, a refusal", heard["status"]))
        };
        told.push((route, Seen::of(provider, client, &line)));
    }
    compare("upgrades", &rows("an upgrade to a WebSocket", &told));
}
