//! The command-line tool. Everything is in `portcullis::cli`; only this file reads the clock.

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    portcullis::cli::run(std::env::args_os(), now)
}

/// Unix seconds.
#[expect(clippy::disallowed_methods, reason = "the one place where the tool reads a clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
