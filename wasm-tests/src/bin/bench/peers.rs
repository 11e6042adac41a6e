//! What else is measured beside the four Envoys: Envoy's own token filter, and LiteLLM with its guards. Shown, not judged.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wasm_tests::Error;
use wasm_tests::envoy::{Folder, root};
use wasm_tests::gate::Gate;
use wasm_tests::issuer::{AUDIENCE, Issuer};
use wasm_tests::process::Process;

use super::{FINDINGS, Workload, cpu_micros, one, read_message};

/// What is measured of LiteLLM.
pub const WORKLOADS: [Workload; 3] = [Workload::Json2, Workload::Json64, Workload::Stream];
/// How long LiteLLM and Presidio may take to start: they load hundreds of modules, and Presidio its language model.
const START: Duration = Duration::from_secs(240);

/// The prebuilt patterns of LiteLLM's content filter that are on. It has none for control tokens or markdown images.
const PATTERNS: [&str; 12] = [
    "us_ssn",
    "email",
    "us_phone",
    "visa",
    "mastercard",
    "amex",
    "discover",
    "aws_access_key",
    "aws_secret_key",
    "github_token",
    "ipv4",
    "sg_nric",
];

/// The gate with Envoy's `jwt_authn` filter, which verifies the issuer's tokens, remembering them or not.
pub fn jwt_authn(gate: &Gate, issuer: &Issuer, remembers: bool) -> Gate {
    let mut provider = json!({
        "issuer": issuer.name,
        "audiences": [AUDIENCE],
        "local_jwks": {"inline_string": issuer.jwks().to_string()},
    });
    if remembers {
        provider["jwt_cache_config"] = json!({"jwt_cache_size": 4096});
    }
    gate.clone().before(json!({
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": {"bench": provider},
            "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "bench"}}],
        },
    }))
}

/// A LiteLLM proxy before the model, with the processes that its guard needs.
pub struct Peer {
    pub name: &'static str,
    addr: SocketAddr,
    key: String,
    processes: Vec<Process>,
    // Removed after the processes have ended.
    folder: Folder,
}

impl Peer {
    /// Plain, with its content filter, and with Presidio. `python` has the packages of `scripts/requirements-peers.in`.
    pub fn start_all(python: &Path, model: SocketAddr) -> Result<Vec<Peer>, Error> {
        let patterns =
            PATTERNS.map(|it| json!({"pattern_type": "prebuilt", "pattern_name": it, "action": "MASK"}));
        let filter = json!({
            "guardrail": "litellm_content_filter",
            "mode": ["pre_call", "post_call"],
            "default_on": true,
            "patterns": patterns,
        });
        let presidio = free_port()?;
        let base = format!("http://{presidio}");
        let guard = json!({
            "guardrail": "presidio",
            "mode": "pre_call",
            "default_on": true,
            "apply_to_output": true,
            "presidio_analyzer_api_base": base,
            "presidio_anonymizer_api_base": base,
        });
        let mut peers = vec![
            Peer::start("litellm", python, model, None)?,
            Peer::start("litellm_filter", python, model, Some(filter))?,
            Peer::start("litellm_presidio", python, model, Some(guard))?,
        ];
        if let Some(peer) = peers.last_mut() {
            let mut command = Command::new(python);
            command.arg(root().join("scripts/lib/presidio_app.py")).arg(presidio.port().to_string());
            peer.processes.push(spawn(command, &peer.folder, "presidio.log")?);
            wait(presidio, "/health", "Presidio", &peer.folder, &peer.processes)?;
        }
        for peer in &peers {
            wait(peer.addr, "/health/liveliness", peer.name, &peer.folder, &peer.processes)?;
        }
        Ok(peers)
    }

    fn start(
        name: &'static str,
        python: &Path,
        model: SocketAddr,
        guard: Option<Value>,
    ) -> Result<Peer, Error> {
        let folder = Folder::new(name)?;
        let addr = free_port()?;
        let guards: Vec<Value> =
            guard.into_iter().map(|it| json!({"guardrail_name": "guard", "litellm_params": it})).collect();
        let upstream = json!({
            "model": "openai/gpt-4.1-mini",
            "api_base": format!("http://{model}/v1"),
            "api_key": "provider-key",
        });
        // YAML holds JSON.
        let config = json!({
            "model_list": [{"model_name": "gpt-4.1-mini", "litellm_params": upstream}],
            "guardrails": guards,
        });
        let path = folder.path().join("config.yaml");
        std::fs::write(&path, config.to_string())?;
        // It refuses keys that could be guessed.
        let mut random = [0; 24];
        std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut random)?;
        let key = format!("sk-{}", random.map(|byte| format!("{byte:02x}")).concat());

        let mut command = Command::new(python);
        command.args(["-c", "from litellm import run_server; run_server()", "--telemetry", "False"]);
        command.args(["--host", "127.0.0.1", "--port", &addr.port().to_string()]).arg("--config").arg(path);
        // Its list of models is otherwise fetched from the internet.
        command.env("LITELLM_LOCAL_MODEL_COST_MAP", "True").env("LITELLM_MASTER_KEY", &key);
        let processes = vec![spawn(command, &folder, "log")?];
        Ok(Peer { name, addr, key, processes, folder })
    }

    /// Whether it masks what its guard is for, and else hands on what the model says.
    pub fn check(&self, set: impl Fn(Workload)) -> Result<(), Error> {
        set(Workload::Json64Findings);
        let answer = one(self.addr, Workload::Json64Findings, &self.key)?;
        let mail = FINDINGS.iter().find(|(words, _)| words.starts_with("mail")).map_or("", |(_, mail)| mail);
        if !answer.starts_with("HTTP/1.1 200") || answer.contains(mail) != (self.name == "litellm") {
            let start: String = answer.chars().take(600).collect();
            return Err(format!("{}: the answer is not as it should be: {start}", self.name).into());
        }
        Ok(())
    }

    /// One call after the other until the time is over, at least one: their number, and the CPU time of all processes in
    /// microseconds for each.
    pub fn measure(&self, workload: Workload, time: Duration) -> Result<(usize, f64), Error> {
        let request = workload.request(&self.key);
        let mut stream = TcpStream::connect(self.addr)?;
        stream.set_nodelay(true)?;
        let mut input = Vec::new();
        let mut count = 0;
        let (before, start) = (self.cpu_micros()?, Instant::now());
        while count == 0 || start.elapsed() < time {
            stream.write_all(&request)?;
            if !read_message(&mut stream, &mut input)? || !input.starts_with(b"HTTP/1.1 200") {
                let start = String::from_utf8_lossy(&input[..input.len().min(600)]).into_owned();
                return Err(format!("{}: {}: {start}", self.name, workload.name()).into());
            }
            count += 1;
        }
        Ok((count, (self.cpu_micros()? - before) / count as f64))
    }

    /// CPU time of its processes and of all that they have started.
    fn cpu_micros(&self) -> Result<f64, Error> {
        let mut parents = BTreeMap::new();
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            // It may have ended meanwhile.
            let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
            let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
            if let Some(parent) = fields.split_whitespace().nth(1).and_then(|it| it.parse::<u32>().ok()) {
                parents.insert(id, parent);
            }
        }
        let roots: Vec<u32> = self.processes.iter().map(Process::id).collect();
        let belongs = |id: &u32| {
            let mut line = std::iter::successors(Some(*id), |id| parents.get(id).copied());
            line.any(|ancestor| roots.contains(&ancestor))
        };
        parents.keys().filter(|id| belongs(id)).map(|id| cpu_micros(*id)).sum()
    }
}

/// A port that was free a moment ago: these servers cannot say which one they took.
fn free_port() -> Result<SocketAddr, Error> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn spawn(mut command: Command, folder: &Folder, log: &str) -> Result<Process, Error> {
    let log = std::fs::File::create(folder.path().join(log))?;
    command.current_dir(folder.path()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Process::spawn(command)
}

/// Waits until it answers 200 there.
fn wait(
    addr: SocketAddr,
    path: &str,
    name: &str,
    folder: &Folder,
    processes: &[Process],
) -> Result<(), Error> {
    let until = Instant::now() + START;
    let request = format!("GET {path} HTTP/1.1\r\nhost: peer\r\n\r\n");
    let answers = || -> Result<bool, Error> {
        let mut stream = TcpStream::connect(addr)?;
        stream.write_all(request.as_bytes())?;
        let mut input = Vec::new();
        read_message(&mut stream, &mut input)?;
        Ok(input.starts_with(b"HTTP/1.1 200"))
    };
    while !answers().unwrap_or(false) {
        if Instant::now() > until || processes.iter().any(|it| it.ended().is_some()) {
            let log = ["log", "presidio.log"]
                .map(|it| std::fs::read_to_string(folder.path().join(it)).unwrap_or_default());
            return Err(format!("{name} does not start:\n{}", log.concat()).into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}
