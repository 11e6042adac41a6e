//! Reads the evaluation corpora for tests. They are not part of the project: where they are absent, a test
//! says so and passes.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The rows of a corpus, or nothing where the corpora are absent.
pub(crate) fn rows(name: &str) -> Vec<Value> {
    let home = std::env::var_os("PORTCULLIS_CORPORA").map(PathBuf::from);
    let home = home.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    let path = home.join(format!("{name}.jsonl.gz"));
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return Vec::new();
    }
    let output = Command::new("gzip").arg("-dc").arg(&path).output().unwrap();
    assert!(output.status.success(), "gzip cannot read {}", path.display());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The bytes of a row: `b64`, or else `text`.
pub(crate) fn bytes(row: &Value) -> Vec<u8> {
    match row["b64"].as_str() {
        Some(b64) => BASE64_STANDARD.decode(b64).unwrap(),
        None => row["text"].as_str().unwrap().as_bytes().to_vec(),
    }
}
