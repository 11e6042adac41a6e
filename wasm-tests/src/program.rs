//! What the programs of the demo have in common: say where they listen, end on SIGTERM.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

use crate::Error;
use crate::server::RUNTIME;

/// Flags of every program.
#[derive(Args, Debug)]
pub struct Listen {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// File to write the port to, once it listens
    #[arg(long, value_name = "FILE")]
    port_file: Option<PathBuf>,
}

impl Listen {
    /// Says where it listens and returns when SIGTERM or SIGINT comes. (In a container it is process 1, whom
    /// those signals do not end by themselves.)
    pub fn run(&self, addr: SocketAddr) -> Result<(), Error> {
        println!("listening on {addr}");
        if let Some(path) = &self.port_file {
            // Whoever waits for the file must not read half of it.
            let new = path.with_extension("new");
            std::fs::write(&new, addr.port().to_string())?;
            std::fs::rename(new, path)?;
        }
        RUNTIME.block_on(async {
            let mut term = signal(SignalKind::terminate())?;
            let mut int = signal(SignalKind::interrupt())?;
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            Ok(())
        })
    }
}

/// A file that grows by one JSON value a line.
#[derive(Debug)]
pub struct JsonLines(Mutex<File>);

impl JsonLines {
    pub fn open(path: &Path) -> Result<JsonLines, Error> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(JsonLines(Mutex::new(
            file.map_err(|problem| format!("cannot write `{}`: {problem}", path.display()))?,
        )))
    }

    /// Whole lines only: each is one write.
    pub fn append(&self, value: &Value) {
        let mut file = self.0.lock().unwrap_or_else(|poison| poison.into_inner());
        if let Err(problem) = file.write_all(format!("{value}\n").as_bytes()) {
            eprintln!("cannot write the log: {problem}");
        }
    }
}
