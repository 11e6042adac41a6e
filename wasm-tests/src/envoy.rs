//! A real Envoy as a child process, with its statistics, its logs, and a listener that can be replaced while it runs.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::client::Call;
use crate::gate::Gate;
use crate::process::Process;
use crate::{Error, Http};

/// A running Envoy. It is killed when this is dropped; after a failed test its folder stays, and its name is printed.
#[derive(Debug)]
pub struct Envoy {
    /// Where the listener listens.
    pub addr: SocketAddr,
    pub admin: SocketAddr,
    version: u64,
    process: Process,
    // Removed after the process has ended.
    folder: Folder,
}

/// What became of a new listener configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// New connections get it. Connections that are open keep the old one until Envoy has drained it: see [`Gate::drain_time`].
    Accepted,
    /// The old one serves on; the text is from Envoy's log.
    Rejected(String),
}

impl Envoy {
    pub async fn start(gate: Gate) -> Result<Envoy, Error> {
        gate.check()?;
        let folder = Folder::new("envoy")?;
        let path = folder.path();
        std::fs::create_dir(path.join("lds"))?;
        std::fs::write(path.join("bootstrap.json"), gate.bootstrap(path).to_string())?;
        std::fs::write(path.join("lds/listener.json"), gate.discovery(path, 1).to_string())?;

        let (level, components) = match gate.log_level.split_once(',') {
            Some((level, components)) => (level.to_owned(), Some(components.to_owned())),
            None => (gate.log_level.clone(), None),
        };
        let mut command = Command::new(program()?);
        command.arg("--config-path").arg(path.join("bootstrap.json"));
        command.arg("--admin-address-path").arg(path.join("admin"));
        command.args(["--log-level", &level]);
        if let Some(components) = components {
            command.args(["--component-log-level", &components]);
        }
        command.arg("--concurrency").arg(gate.workers.to_string());
        command.arg("--drain-time-s").arg(gate.drain_time.as_secs().to_string());
        // A misspelt field is the test's mistake.
        command.arg("--reject-unknown-dynamic-fields");
        // Without hot restart several run side by side. The access log is read while it runs.
        command.args(["--disable-hot-restart", "--file-flush-interval-msec", "20"]);
        command.envs(&gate.process_environment);
        // Not by `--log-path`: that is written late.
        let log = std::fs::File::create(path.join("log"))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let process = Process::spawn(command)?;

        let started = crate::until(async || match process.ended() {
            Some(status) => Some(Err(format!("Envoy ended with {status}"))),
            None => listening(path).await,
        });
        match started.await.unwrap_or_else(|| Err("Envoy did not come up in time".to_owned())) {
            Ok((admin, addr)) => Ok(Envoy { addr, admin, version: 1, process, folder }),
            Err(problem) => Err(format!("{problem}\n{}", complaints(&read(&path.join("log")))).into()),
        }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// False once the process has ended for whatever reason.
    pub fn alive(&self) -> bool {
        self.process.ended().is_none()
    }

    /// Its resident memory, in KiB. Panics where the system does not say.
    pub fn resident(&self) -> u64 {
        let status = read(Path::new(&format!("/proc/{}/status", self.id())));
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let size = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        size.expect("the resident memory of Envoy")
    }

    /// All counters and gauges by name.
    pub async fn stats(&self) -> BTreeMap<String, u64> {
        numbers(&ask(self.admin, "/stats").await.unwrap_or_default())
    }

    /// One counter or gauge; 0 when Envoy has none of that name.
    pub async fn stat(&self, name: &str) -> u64 {
        self.stats().await.get(name).copied().unwrap_or_default()
    }

    /// Waits until the counter or gauge is at least `value`. Panics when it never is.
    pub async fn wait_for_stat(&self, name: &str, value: u64) {
        let reached = crate::until(async || (self.stat(name).await >= value).then_some(())).await;
        assert!(reached.is_some(), "`{name}` never was {value}");
    }

    /// An answer of the admin interface as JSON, such as that of `/config_dump`.
    pub async fn admin(&self, path: &str) -> Value {
        let text = ask(self.admin, path).await.unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Its own log so far.
    pub fn log(&self) -> String {
        read(&self.folder.path().join("log"))
    }

    /// The lines of the access log so far: `record` (what the filter wrote, parsed where it is JSON),
    /// `record_text` (the same, byte for byte), `code`, `details`,
    /// `flags`, `method`, `path`, `route`, `bytes_sent`. A line is there when its exchange is over. A record that is a line
    /// of its own stands here in the line that names the same request.
    pub fn access_log(&self) -> Vec<Value> {
        let text = read(&self.folder.path().join("access.log"));
        // The last line may not be whole yet.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let (mut lines, mut records) = (Vec::new(), HashMap::new());
        for text in whole.lines() {
            let line: Value = serde_json::from_str(text).unwrap_or_default();
            match line["chain"].is_object() {
                true => drop(records.insert(line["request_id"].to_string(), text)),
                false => lines.push(line),
            }
        }
        for line in &mut lines {
            if let Some(record) = records.get(&line["request_id"].to_string()) {
                line["record"] = Value::from(*record);
            }
            if let Some(Ok(record)) = line["record"].as_str().map(serde_json::from_str) {
                line["record_text"] = line["record"].take();
                line["record"] = record;
            }
        }
        lines.retain(|line| line.get("record").is_some());
        lines
    }

    /// The access log, once it has `count` lines or more. Panics when it never has.
    pub async fn wait_for_access_log(&self, count: usize) -> Vec<Value> {
        let lines = crate::until(async || Some(self.access_log()).filter(|it| it.len() >= count)).await;
        lines.unwrap_or_else(|| panic!("{} of {count} lines are in the access log", self.access_log().len()))
    }

    /// Replaces the listener while exchanges go on. Only the listener's part of `gate` counts: clusters stay.
    pub async fn reload(&mut self, gate: &Gate) -> Result<Reload, Error> {
        gate.check()?;
        let path = self.folder.path();
        let log_before = self.log().len();
        let before = self.stats().await;
        self.version += 1;
        let next = path.join("next.json");
        std::fs::write(&next, gate.discovery(path, self.version).to_string())?;
        std::fs::rename(next, path.join("lds/listener.json"))?;

        let settled = crate::until(async || {
            let now = self.stats().await;
            let grown = |name: &str| now.get(name) > before.get(name);
            let refused = ["listener_manager.lds.update_rejected", "listener_manager.lds.update_failure"];
            if refused.into_iter().any(grown) {
                return Some(Reload::Rejected(complaints(self.log().get(log_before..).unwrap_or_default())));
            }
            let warming = now.get("listener_manager.total_listeners_warming").is_some_and(|&count| count > 0);
            (grown("listener_manager.lds.update_success") && !warming).then_some(Reload::Accepted)
        });
        let settled = settled.await.ok_or("Envoy neither took nor refused the new listener in time")?;
        if settled == Reload::Accepted {
            // The worker gets it a moment after the main thread, and no statistic says when.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(settled)
    }
}

/// The admin's and the listener's address when both are there; an error when the listener was refused.
async fn listening(folder: &Path) -> Option<Result<(SocketAddr, SocketAddr), String>> {
    let admin: SocketAddr = read(&folder.join("admin")).trim().parse().ok()?;
    let stats = numbers(&ask(admin, "/stats?filter=listener_manager").await?);
    let stat = |name: &str| stats.get(name).copied().unwrap_or_default();
    if stat("listener_manager.lds.update_rejected") > 0 {
        return Some(Err("Envoy refused the listener".to_owned()));
    }
    if stat("listener_manager.workers_started") == 0 || stat("listener_manager.total_listeners_active") == 0 {
        return None;
    }
    let listeners: Value = serde_json::from_str(&ask(admin, "/listeners?format=json").await?).ok()?;
    let addr = &listeners["listener_statuses"][0]["local_address"]["socket_address"];
    let addr = format!("{}:{}", addr["address"].as_str()?, addr["port_value"]).parse().ok()?;
    Some(Ok((admin, addr)))
}

/// Envoy's log from its first complaint on: where a configuration is refused, the reason spans many lines.
fn complaints(log: &str) -> String {
    let complains = |line: &&str| {
        ["[warning][config]", "[warning][wasm]", "[error]", "[critical]"].iter().any(|it| line.contains(it))
    };
    let lines = log.lines().skip_while(|line| !complains(line));
    tail(&lines.collect::<Vec<_>>().join("\n"), 30)
}

async fn ask(admin: SocketAddr, path: &str) -> Option<String> {
    Call::get(path).send(admin, Http::One).await.ok().map(|answer| answer.text())
}

fn numbers(stats: &str) -> BTreeMap<String, u64> {
    let lines = stats.lines().filter_map(|line| line.rsplit_once(": "));
    lines.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect()
}

/// The path of the program, from `scripts/envoy`.
fn program() -> Result<PathBuf, Error> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = PROGRAM.get_or_init(|| {
        let output = Command::new(root().join("scripts/envoy")).stdin(Stdio::null()).output();
        match output {
            Ok(output) if output.status.success() => {
                Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
            }
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(problem) => Err(format!("cannot run scripts/envoy: {problem}")),
        }
    });
    Ok(found.clone()?)
}

/// The checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned()
}

fn tail(text: &str, lines: usize) -> String {
    let skipped = text.lines().count().saturating_sub(lines);
    text.lines().skip(skipped).collect::<Vec<_>>().join("\n")
}

/// A folder of its own, removed when dropped unless the thread panics.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Result<Folder, Error> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("portcullis-{}-{name}-{count}", std::process::id()));
        sweep();
        // One that an earlier process of the same id left.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path)?;
        Ok(Folder(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// Removes what processes that are gone have left: tests that share an Envoy never drop it, and failed ones keep theirs.
fn sweep() {
    static SWEPT: std::sync::Once = std::sync::Once::new();
    SWEPT.call_once(|| {
        for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let process =
                name.strip_prefix("portcullis-").and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
            if process.is_some_and(|id| !Path::new("/proc").join(id.to_string()).exists()) {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    });
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}
