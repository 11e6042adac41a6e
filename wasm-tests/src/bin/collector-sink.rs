//! The end of the audit line as a program: an OTLP `LogsService` that writes what it gets to a file.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use wasm_tests::Error;
use wasm_tests::collector::{Collector, Record};
use wasm_tests::program::{JsonLines, Listen};

/// An OTLP/gRPC log receiver that appends each record to a file as a JSON line
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    listen: Listen,
    /// File that gets `{"body", "text", "attributes", …}` for each record
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

fn main() -> Result<(), Error> {
    let flags = Flags::parse();
    let file = JsonLines::open(&flags.file)?;
    let observer = Arc::new(move |record: &Record| file.append(&record.as_json()));
    let collector = Collector::listen(flags.listen.listen, Some(observer))?;
    flags.listen.run(collector.addr)
}
