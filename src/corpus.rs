//! Reads the evaluation corpora for tests: files of JSON lines, in the folder that `PORTCULLIS_CORPORA` names or in
//! `../shared/corpora`. They are not part of the project: where they are absent, a test says so and passes.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The rows of a corpus, or `None` where it is absent.
pub(crate) fn rows(name: &str) -> Option<Vec<Value>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora");
    let folder = std::env::var_os("PORTCULLIS_CORPORA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = folder.join(format!("{name}.jsonl.gz"));
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    let output = Command::new("gzip").arg("-dc").arg(&path).output().unwrap();
    assert!(output.status.success(), "gzip cannot read {}", path.display());
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Some(lines.map(|line| serde_json::from_slice(line).unwrap()).collect())
}

/// The bytes of a row: `b64`, or else `text`.
pub(crate) fn bytes(row: &Value) -> Vec<u8> {
    match row["b64"].as_str() {
        Some(b64) => BASE64_STANDARD.decode(b64).unwrap(),
        None => row["text"].as_str().unwrap().as_bytes().to_vec(),
    }
}
