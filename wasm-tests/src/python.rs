//! Programs in Python, for what only a real SDK or server can show. `scripts/lib/venv` installs the packages.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::envoy::{Folder, root};
use crate::process::Process;
use crate::until;

/// The Python that has a package. `None`, and a line that says so, where it is not installed.
pub fn with(package: &str) -> Option<PathBuf> {
    let python = root().join(".tools/venv/bin/python");
    let installed = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    if installed.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    println!("skipped: no {package}; `scripts/lib/venv` installs it where it can");
    None
}

/// Starts a server that writes its port into the file that its first argument names.
pub async fn serve(python: &Path, program: &str, args: &[&str]) -> (Process, SocketAddr) {
    let folder = Folder::new("python").expect("a folder");
    let file = folder.path().join("port");
    let mut server = Command::new(python);
    server.args(["-c", program]).arg(&file).args(args);
    let server = Process::spawn(server).expect("python runs");
    let port = until(async || std::fs::read_to_string(&file).ok()).await.expect("the server listens");
    (server, SocketAddr::from(([127, 0, 0, 1], port.parse().expect("a port"))))
}
