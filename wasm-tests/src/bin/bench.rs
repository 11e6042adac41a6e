//! The measuring half of `scripts/bench`: four Envoys behind each other's back (plain, a filter that does nothing, one that
//! only makes our host calls, Portcullis) and their [`peers`], the same calls to each in turn, and one JSON line on standard
//! output for each measurement.
//!
//! What is measured is the CPU time of the Envoy process per request, from `/proc/PID/stat`. The load generator and the
//! model are plain blocking threads that write prepared bytes: they must never be the bottleneck. Which cores things run
//! on is the script's business (`taskset`).

#[path = "bench/peers.rs"]
mod peers;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use peers::Peer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wasm_tests::Error;
use wasm_tests::envoy::Envoy;
use wasm_tests::gate::Gate;
use wasm_tests::issuer::{AUDIENCE, Issuer, Key, NAME};

/// Connections of the load generator.
const CONNECTIONS: usize = 16;
/// Deltas of a streamed answer.
const DELTAS: usize = 400;
/// Between two deltas of the paced stream.
const PACE: Duration = Duration::from_millis(5);
/// Distinct tokens per Envoy and round.
const TOKENS: usize = 600;
/// The clock ticks of `/proc/PID/stat`: `USER_HZ`, 100 on every Linux that Envoy runs on.
const TICK_MICROS: f64 = 10_000.0;

/// Load of each kind before anything is measured: V8 compiles what is hot while it runs.
const WARM_UP: Duration = Duration::from_secs(3);
/// Load before each paced stream: the Envoy had nothing to do while the others had theirs, and a gate with traffic is never so cold.
const WAKE_UP: Duration = Duration::from_millis(200);

const PROSE: &str = "A lighthouse keeper writes down the weather each evening, and the habit outlives the lamp. The entries are \
    short: wind from the west, a grey sea, two boats late. Nobody reads them for years, then a student who wants to know \
    how storms moved along this coast finds the books in a cupboard and copies every page. What was a chore becomes a \
    record, because it was kept in the same way on good days and on bad ones. The student learns to trust the dull \
    pages most; where the writing grows lively the keeper was guessing. In chapter 7 there are 12 such pages. ";

/// One value for each place: all of them are masked by the rules of the bench.
const FINDINGS: [(&str, &str); 4] = [
    ("card 4111 1111 1111 1111", "4111 1111 1111 1111"),
    ("mail keeper.of.books@mail.example.com", "keeper.of.books@mail.example.com"),
    ("key AKIAQ3EGRLPBX7N2TVWM", "AKIAQ3EGRLPBX7N2TVWM"),
    ("NRIC S1234567D", "S1234567D"),
];

const JSON_HEAD: &str = r#"{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4.1-mini-2025-04-14","choices":[{"index":0,"message":{"role":"assistant","content":""#;
const JSON_TAIL: &str = r#"","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}}"#;
const REQUEST: &str = r#"{"model":"gpt-4.1-mini","messages":[{"role":"system","content":"You are a keeper of records."},{"role":"user","content":"Tell me about the lighthouse books, please."}]}"#;
const STREAM_REQUEST: &str = r#"{"model":"gpt-4.1-mini","stream":true,"messages":[{"role":"system","content":"You are a keeper of records."},{"role":"user","content":"Tell me about the lighthouse books, please."}]}"#;

/// Measures four Envoys and prints one JSON line for each measurement
#[derive(Parser)]
struct Flags {
    /// The Python of the environment that has LiteLLM and Presidio; without it they are left out
    #[arg(long, value_name = "PROGRAM")]
    peers: Option<PathBuf>,
    /// Rounds; in each every workload goes to each Envoy in turn
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of closed-loop load for each measurement
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Paced streams for each Envoy and round
    #[arg(long, default_value_t = 1)]
    streams: usize,
    /// The filter that does nothing, or only makes host calls
    #[arg(long, value_name = "WASM")]
    noop: PathBuf,
    /// Only this workload; for a look with a profiler
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

/// What the model answers, and so what the client asks for.
#[derive(Clone, Copy, PartialEq)]
enum Workload {
    Json2,
    Json64,
    Json64Findings,
    /// Deltas at full speed, each by a call of its own, other streams' in between: so they reach Envoy one by one.
    Stream,
    /// Deltas at full speed without a pause: so many reach Envoy at once that it hands them on at once.
    Burst,
    Paced,
}

impl Workload {
    const ALL: [Workload; 6] = [
        Workload::Json2,
        Workload::Json64,
        Workload::Json64Findings,
        Workload::Stream,
        Workload::Burst,
        Workload::Paced,
    ];

    fn name(self) -> &'static str {
        match self {
            Workload::Json2 => "json2",
            Workload::Json64 => "json64",
            Workload::Json64Findings => "json64_findings",
            Workload::Stream => "stream",
            Workload::Burst => "burst",
            Workload::Paced => "paced",
        }
    }

    fn streamed(self) -> bool {
        matches!(self, Workload::Stream | Workload::Burst | Workload::Paced)
    }

    fn request(self, token: &str) -> Vec<u8> {
        let body = if self.streamed() { STREAM_REQUEST } else { REQUEST };
        let length = body.len();
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: gate\r\ncontent-type: application/json\r\n\
             authorization: Bearer {token}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    /// The pieces that the model writes, each by one call.
    fn pieces(self) -> Vec<Vec<u8>> {
        if self.streamed() {
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
            let mut pieces = vec![head.as_bytes().to_vec()];
            pieces
                .extend(tokens().map(|token| chunk(&event(&json!({"content": token}).to_string(), "null"))));
            let mut end = chunk(&event("{}", "\"stop\""));
            end.extend(chunk("data: [DONE]\n\n"));
            end.extend(b"0\r\n\r\n");
            pieces.push(end);
            return pieces;
        }
        let body = format!("{JSON_HEAD}{}{JSON_TAIL}", self.content());
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        vec![format!("{head}{body}").into_bytes()]
    }

    fn content(self) -> String {
        let size = if self == Workload::Json2 { 2 << 10 } else { 64 << 10 };
        let size = size - JSON_HEAD.len() - JSON_TAIL.len();
        let mut text = String::with_capacity(size + PROSE.len());
        let mut values = FINDINGS.iter().cycle();
        let mut next = 1500;
        while text.len() < size {
            for word in PROSE.split_inclusive(' ') {
                if self == Workload::Json64Findings && text.len() >= next {
                    text.push_str(values.next().map_or("", |(words, _)| words));
                    text.push_str(", ");
                    next += 1500;
                }
                text.push_str(word);
            }
        }
        text.truncate(size);
        text
    }
}

/// The deltas' texts: a word each, with the space before it, as models write.
fn tokens() -> impl Iterator<Item = String> {
    PROSE.split_whitespace().cycle().take(DELTAS).map(|word| format!(" {word}"))
}

fn event(delta: &str, finish: &str) -> String {
    format!(
        r#"data: {{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4.1-mini-2025-04-14","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{finish}}}]}}"#
    ) + "\n\n"
}

fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()
}

/// Answers every request with the workload that is set. One at a time is measured, so it is one for all connections.
///
/// It is one thread that takes its connections in turn, as model servers do: a delta of each stream, then the next.
struct Model {
    addr: SocketAddr,
    current: Arc<AtomicUsize>,
    /// When each delta of the last paced stream left.
    sent: Arc<Mutex<Vec<Instant>>>,
}

impl Model {
    fn start() -> Result<Model, Error> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let model = Model { addr: listener.local_addr()?, current: Arc::default(), sent: Arc::default() };
        let answers: Arc<Vec<_>> = Arc::new(Workload::ALL.map(|it| (it, it.pieces())).into());
        let (current, sent) = (model.current.clone(), model.sent.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        thread::spawn(move || {
            let tasks = tokio::task::LocalSet::new();
            tasks.block_on(&runtime, async {
                let listener =
                    tokio::net::TcpListener::from_std(listener).expect("a listener of this process");
                while let Ok((stream, _)) = listener.accept().await {
                    let (answers, current, sent) = (answers.clone(), current.clone(), sent.clone());
                    tokio::task::spawn_local(async move {
                        let _ = serve(stream, &answers, &current, &sent).await;
                    });
                }
            });
        });
        Ok(model)
    }

    fn set(&self, workload: Workload) {
        let index = Workload::ALL.iter().position(|it| *it == workload).unwrap_or_default();
        self.current.store(index, Ordering::SeqCst);
    }
}

async fn serve(
    mut stream: tokio::net::TcpStream,
    answers: &[(Workload, Vec<Vec<u8>>)],
    current: &AtomicUsize,
    sent: &Mutex<Vec<Instant>>,
) -> Result<(), Error> {
    stream.set_nodelay(true)?;
    let mut space = [0; 32 << 10];
    loop {
        // The clients' requests are small and come one behind the other's answer: the last bytes are those of the body.
        let mut input = Vec::new();
        while !input.ends_with(b"}") {
            match stream.read(&mut space).await? {
                0 => return Ok(()),
                count => input.extend_from_slice(&space[..count]),
            }
        }
        let (workload, pieces) = &answers[current.load(Ordering::SeqCst)];
        let mut times = Vec::with_capacity(pieces.len());
        for (index, piece) in pieces.iter().enumerate() {
            if *workload == Workload::Paced && index > 0 {
                // There is but one paced stream at a time, and the runtime's own clock counts whole milliseconds.
                thread::sleep(PACE);
                times.push(Instant::now());
            }
            stream.write_all(piece).await?;
            if *workload == Workload::Stream {
                tokio::task::yield_now().await;
            }
        }
        if *workload == Workload::Paced {
            *sent.lock().expect("no panic while it is held") = times;
        }
    }
}

/// Reads one HTTP/1 message into the buffer, whose old content goes; false at the end of the connection.
fn read_message(stream: &mut TcpStream, input: &mut Vec<u8>) -> Result<bool, Error> {
    read_message_seen(stream, input, |_| {})
}

/// The same; `seen` gets all that has come so far whenever something has come.
fn read_message_seen(
    stream: &mut TcpStream,
    input: &mut Vec<u8>,
    mut seen: impl FnMut(&[u8]),
) -> Result<bool, Error> {
    input.clear();
    let mut space = [0; 32 << 10];
    // Where the message ends, once its head is there; 0 where the last chunk says so.
    let mut end = None;
    loop {
        let count = stream.read(&mut space)?;
        if count == 0 {
            return if input.is_empty() { Ok(false) } else { Err("the connection ended early".into()) };
        }
        input.extend_from_slice(&space[..count]);
        seen(input);
        if end.is_none()
            && let Some(head) = input.windows(4).position(|it| it == b"\r\n\r\n")
        {
            let text = String::from_utf8_lossy(&input[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            end = Some(match length {
                Some(length) => head + 4 + length.trim().parse::<usize>()?,
                None => 0,
            });
        }
        match end {
            Some(0) if input.ends_with(b"\r\n0\r\n\r\n") => return Ok(true),
            Some(end) if end > 0 && input.len() >= end => return Ok(true),
            _ => {}
        }
    }
}

/// CPU time of all threads of a process so far, in microseconds.
fn cpu_micros(process: u32) -> Result<f64, Error> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields = stat.rsplit_once(')').ok_or("`/proc/PID/stat` is not as expected")?.1;
    // The state is the first of these; utime and stime are fields 14 and 15 of the line, hence 11 and 12 here.
    let ticks = |index| -> Result<f64, Error> {
        Ok(fields.split_whitespace().nth(index).ok_or("`/proc/PID/stat` is short")?.parse()?)
    };
    Ok((ticks(11)? + ticks(12)?) * TICK_MICROS)
}

/// Closed loop over keep-alive connections until the time is over or the tokens are; gives the number of requests.
fn load(
    addr: SocketAddr,
    workload: Workload,
    tokens: &[String],
    time: Option<Duration>,
) -> Result<usize, Error> {
    let end = time.map(|time| Instant::now() + time);
    let next = AtomicUsize::new(0);
    let counts = thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| -> Result<usize, Error> {
                    let mut stream = TcpStream::connect(addr)?;
                    stream.set_nodelay(true)?;
                    let mut request = workload.request(&tokens[0]);
                    let mut input = Vec::new();
                    let mut count = 0;
                    loop {
                        match end {
                            Some(end) if Instant::now() >= end => return Ok(count),
                            Some(_) => {}
                            None => {
                                let Some(token) = tokens.get(next.fetch_add(1, Ordering::Relaxed)) else {
                                    return Ok(count);
                                };
                                request = workload.request(token);
                            }
                        }
                        stream.write_all(&request)?;
                        if !read_message(&mut stream, &mut input)? {
                            return Err("the connection was closed".into());
                        }
                        if !input.starts_with(b"HTTP/1.1 200") {
                            return Err(String::from_utf8_lossy(&input[..input.len().min(600)]).into());
                        }
                        count += 1;
                    }
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|it| it.join().map_err(|_| "a client panicked")?)
            .collect::<Result<Vec<_>, Error>>()
    });
    Ok(counts?.into_iter().sum())
}

/// The answer's bytes as they come through.
fn one(addr: SocketAddr, workload: Workload, token: &str) -> Result<String, Error> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(&workload.request(token))?;
    let mut input = Vec::new();
    read_message(&mut stream, &mut input)?;
    Ok(String::from_utf8_lossy(&input).into_owned())
}

/// What one paced stream took, in milliseconds.
struct Paced {
    /// From the request to the first token.
    first: f64,
    /// From each token's leaving the model to its arrival, whole, at the client.
    delays: Vec<f64>,
    /// Between two tokens' leaving the model, the middle one.
    gap: f64,
}

fn paced(addr: SocketAddr, model: &Model, token: &str) -> Result<Paced, Error> {
    let mut stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    let mut input = Vec::new();
    let mut arrivals: Vec<(Instant, usize)> = Vec::with_capacity(DELTAS);
    let start = Instant::now();
    stream.write_all(&Workload::Paced.request(token))?;
    let (mut scanned, mut letters) = (0, 0);
    read_message_seen(&mut stream, &mut input, |input| {
        let now = Instant::now();
        while let Some((text, end)) = next_content(input, scanned) {
            (letters, scanned) = (letters + text, end);
        }
        arrivals.push((now, letters));
    })?;
    let sent = model.sent.lock().expect("no panic while it is held").clone();
    let mut gaps: Vec<f64> =
        sent.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs_f64() * 1e3).collect();
    gaps.sort_by(f64::total_cmp);
    let mut whole = 0;
    let mut first = None;
    let mut delays = Vec::with_capacity(DELTAS);
    for (token, sent) in tokens().zip(sent) {
        whole += token.len();
        let (at, _) = arrivals.iter().find(|(_, letters)| *letters >= whole).ok_or("a token is missing")?;
        first.get_or_insert(at.duration_since(start).as_secs_f64() * 1e3);
        delays.push(at.saturating_duration_since(sent).as_secs_f64() * 1e3);
    }
    let gap = *gaps.get(gaps.len() / 2).ok_or("no second token")?;
    Ok(Paced { first: first.ok_or("no token")?, delays, gap })
}

/// The length of the next delta's text, and where to look on. The texts hold nothing that JSON escapes.
fn next_content(input: &[u8], from: usize) -> Option<(usize, usize)> {
    const NAME: &[u8] = b"\"content\":\"";
    let rest = input.get(from..)?;
    let start = rest.windows(NAME.len()).position(|it| it == NAME)? + NAME.len();
    let length = rest[start..].iter().position(|byte| *byte == b'"')?;
    Some((length, from + start + length))
}

/// All built-in rules are on; what is found in an answer is masked or recorded, so that no answer ends early.
fn config(issuer: &Issuer) -> Value {
    json!({
        "identity": {"issuers": [{
            "name": "bench",
            "issuer": issuer.name,
            "audiences": [AUDIENCE],
            "jwks": {"inline": issuer.jwks()},
            "principal": {"subject": "sub", "groups": "groups", "tenant": "org"},
            "max_lifetime": "1d",
        }]},
        "guards": {"all": {
            "request": {
                "pii": "redact", "financial": "redact", "secret": "block", "injection": "flag",
                "hidden_text": "redact", "exfiltration": "flag",
            },
            "response": {
                "pii": "redact", "financial": "redact", "secret": "redact", "injection": "flag",
                "hidden_text": "redact", "exfiltration": "flag",
            },
        }},
        "routes": [{
            "name": "chat",
            "match": {"path": "/v1/*"},
            "guard": "all",
            "allow": [{
                "id": "support",
                "who": {"groups": ["support"]},
                "what": {"operations": ["chat"], "models": ["gpt-4.1-mini"]},
            }],
        }],
    })
}

/// The bench measures nothing worth knowing when the filter does not do its work, or does what it should not.
fn check(addr: SocketAddr, model: &Model, token: &str, filtered: bool) -> Result<(), Error> {
    for workload in Workload::ALL {
        model.set(workload);
        let answer = one(addr, workload, token)?;
        if !answer.starts_with("HTTP/1.1 200") {
            return Err(format!("{}: {answer}", workload.name()).into());
        }
        if workload.streamed() {
            let mut at = 0;
            let mut letters = 0;
            while let Some((text, end)) = next_content(answer.as_bytes(), at) {
                (letters, at) = (letters + text, end);
            }
            if letters != tokens().map(|it| it.len()).sum::<usize>() || !answer.contains("data: [DONE]") {
                return Err(format!("{}: the text is not the model's", workload.name()).into());
            }
        } else if workload == Workload::Json64Findings && filtered {
            if let Some((words, _)) = FINDINGS.iter().find(|(_, value)| answer.contains(value)) {
                let word = words.split(' ').next().unwrap_or_default();
                return Err(format!("{}: the {word} came through", workload.name()).into());
            }
        } else if !answer.contains(&workload.content()) {
            return Err(format!("{}: the text is not the model's", workload.name()).into());
        }
    }
    Ok(())
}

fn main() -> Result<(), Error> {
    let flags = Flags::parse();
    let issuer = Issuer::listen("127.0.0.1:0".parse()?, NAME, vec![Key::rs256("bench")])?;
    let sign = |id: String| {
        issuer.token().groups(["support"]).tenant("acme").expires_in(3 * 3600).claim("jti", id).sign()
    };
    let same = [sign("same".to_owned())];
    let model = Model::start()?;

    let gate = Gate::new()
        .upstream(model.addr)
        .log_level("warning")
        .stream_idle_timeout(Duration::from_secs(60))
        .records_apart();
    let runtime = tokio::runtime::Runtime::new()?;
    let envoys: Vec<(&str, Envoy)> = runtime.block_on(async {
        let noop = gate.clone().module(std::path::absolute(&flags.noop)?).vm_id("noop").filter_config("");
        let calls =
            gate.clone().module(std::path::absolute(&flags.noop)?).vm_id("calls").filter_config("host-calls");
        let portcullis = gate.clone().filter_config(config(&issuer));
        Ok::<_, Error>(vec![
            ("plain", gate.clone().start().await?),
            ("noop", noop.start().await?),
            ("calls", calls.start().await?),
            ("portcullis", portcullis.start().await?),
        ])
    })?;

    let verifying: Vec<(&str, Envoy)> = runtime.block_on(async {
        Ok::<_, Error>(vec![
            ("jwt_authn", peers::jwt_authn(&gate, &issuer, false).start().await?),
            ("jwt_authn_cache", peers::jwt_authn(&gate, &issuer, true).start().await?),
        ])
    })?;
    let peers = match &flags.peers {
        Some(python) => Peer::start_all(&std::path::absolute(python)?, model.addr)?,
        None => Vec::new(),
    };

    let time = Duration::from_secs_f64(flags.seconds);
    let is_wanted = |name: &str| flags.only.as_deref().is_none_or(|only| only == name);
    let mut throughput =
        vec![Workload::Json2, Workload::Json64, Workload::Json64Findings, Workload::Stream, Workload::Burst];
    throughput.retain(|workload| is_wanted(workload.name()));
    for (name, envoy) in &envoys {
        check(envoy.addr, &model, &same[0], *name == "portcullis").map_err(|it| format!("{name}: {it}"))?;
        for &workload in &throughput {
            model.set(workload);
            load(envoy.addr, workload, &same, Some(time.max(WARM_UP)))?;
        }
    }
    for (name, envoy) in &verifying {
        check(envoy.addr, &model, &same[0], false).map_err(|it| format!("{name}: {it}"))?;
        model.set(Workload::Json2);
        load(envoy.addr, Workload::Json2, &same, Some(time.max(WARM_UP)))?;
    }
    for peer in &peers {
        peer.check(|workload| model.set(workload))?;
        for workload in peers::WORKLOADS {
            model.set(workload);
            peer.measure(workload, time.max(WARM_UP))?;
        }
    }
    for round in 0..flags.rounds {
        let say = |name: &str, workload: &str, value: Value| {
            println!("{}", json!({"round": round, "variant": name, "workload": workload, "value": value}));
        };
        let distinct: Vec<String> = (0..TOKENS).map(|id| sign(format!("{round}-{id}"))).collect();
        let cpu = |name: &str, envoy: &Envoy, workload: Workload, label: &str, tokens: &[String], time| {
            model.set(workload);
            let (before, start) = (cpu_micros(envoy.id())?, Instant::now());
            let count = load(envoy.addr, workload, tokens, time)?;
            let (used, wall) = (cpu_micros(envoy.id())? - before, start.elapsed().as_secs_f64());
            let count = count.max(1) as f64;
            say(
                name,
                label,
                json!({"cpu_us": used / count, "per_second": count / wall, "busy": used / 1e6 / wall}),
            );
            Ok::<_, Error>(())
        };
        for &workload in &throughput {
            for (name, envoy) in &envoys {
                // Where many small reads keep the one core of the clients busy there are few requests in a second.
                let time = if workload.streamed() { time * 2 } else { time };
                cpu(name, envoy, workload, workload.name(), &same, Some(time))?;
            }
        }
        for (name, envoy) in envoys.iter().filter(|_| is_wanted("first_seen")) {
            cpu(name, envoy, Workload::Json2, "first_seen", &distinct, None)?;
        }
        for (name, envoy) in &verifying {
            cpu(name, envoy, Workload::Json2, Workload::Json2.name(), &same, Some(time))?;
            cpu(name, envoy, Workload::Json2, "first_seen", &distinct, None)?;
        }
        for workload in peers::WORKLOADS {
            model.set(workload);
            for peer in &peers {
                let (count, used) = peer.measure(workload, time)?;
                say(peer.name, workload.name(), json!({"cpu_us": used, "count": count}));
            }
        }
        for _ in 0..flags.streams {
            for (name, envoy) in envoys.iter().filter(|_| is_wanted("paced")) {
                model.set(Workload::Json2);
                load(envoy.addr, Workload::Json2, &same, Some(WAKE_UP))?;
                model.set(Workload::Paced);
                let Paced { first, delays, gap } = paced(envoy.addr, &model, &same[0])?;
                say(name, "paced", json!({"first_ms": first, "delays_ms": delays, "gap_ms": gap}));
            }
        }
        eprintln!("round {} of {} is done", round + 1, flags.rounds);
    }
    Ok(())
}
