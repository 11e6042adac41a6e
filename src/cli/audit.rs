//! `audit verify`: whether the records of access logs are all there and unchanged.

use super::{Failure, Outcome, input};
use crate::audit::chain::{ChainKey, MIN_KEY_BYTES, Opening, Summary, verify};
use crate::protocol::json::{Document, Kind, Limits, NodeId};
use clap::{Args, Subcommand};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// Works on audit records.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Checks the chains of records: edited, missing, inserted, repeated and reordered records show.
    ///
    /// A line is a record, or a JSON object (Envoy's access log) that holds one in a member. The exit status is 1 when
    /// a chain does not hold.
    Verify {
        /// Older records have been rotated away: a chain may begin with any record.
        #[arg(long)]
        rotated: bool,
        /// The file with the key of the chains, where the gate has one (`audit.chain_key_env`).
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// The files, oldest first; `-` is standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let Command::Verify { rotated, key_file, files } = &arguments.command;
    let key = key_file.as_deref().map(key).transpose()?;
    let mut lines = Lines::new(files);
    let opening = if *rotated { Opening::Anywhere } else { Opening::Complete };
    let verdict = verify(&mut lines, key.as_ref(), opening);
    if let Some(failure) = lines.failure {
        return Err(failure);
    }
    match verdict {
        Ok(summary) => {
            report(&summary, lines.without, out)?;
            match summary.records {
                0 => Err(Failure::new("no record found in any line")),
                _ => Ok(Outcome::Yes),
            }
        }
        Err(broken) => {
            let (file, line) = lines.place(broken.line);
            let text = broken.to_string();
            let what = text.split_once(": ").map_or(text.as_str(), |(_, what)| what);
            writeln!(out, "{file}:{line}: {what}")?;
            Ok(Outcome::No)
        }
    }
}

fn key(file: &Path) -> Result<ChainKey, Failure> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| Failure::at(&name, error))?;
    let short = format!("has fewer than {MIN_KEY_BYTES} bytes");
    ChainKey::new(bytes.trim_ascii()).ok_or_else(|| Failure::at(&name, short))
}

fn report(summary: &Summary, without: u64, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "ok: {} records in {} chains", summary.records, summary.chains.len())?;
    for (chain, span) in &summary.chains {
        writeln!(
            out,
            "chain {chain}: records {} to {}; the last is vouched for by nothing yet",
            span.first, span.last
        )?;
    }
    if without > 0 {
        writeln!(out, "{without} lines hold no record")?;
    }
    Ok(())
}

/// The sealed lines of all files, in order. A line without a record is empty here, so that lines keep their numbers.
struct Lines<'f> {
    files: std::slice::Iter<'f, PathBuf>,
    open: Option<(&'f Path, Box<dyn BufRead>)>,
    /// Each file that was begun, and how many lines came before it.
    begun: Vec<(&'f Path, u64)>,
    count: u64,
    without: u64,
    failure: Option<Failure>,
}

impl<'f> Lines<'f> {
    fn new(files: &'f [PathBuf]) -> Lines<'f> {
        Lines { files: files.iter(), open: None, begun: Vec::new(), count: 0, without: 0, failure: None }
    }

    /// The file and the line in it of a line of all.
    fn place(&self, line: u64) -> (String, u64) {
        let begun = self.begun.iter().rev().find(|(_, before)| *before < line);
        match begun {
            Some((file, before)) => (input::name(Some(file)), line - before),
            None => (String::new(), line),
        }
    }

    fn read(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let Some((path, open)) = &mut self.open else {
                let Some(path) = self.files.next() else {
                    return Ok(None);
                };
                self.begun.push((path, self.count));
                self.open = Some((path, input::open(Some(path))?));
                continue;
            };
            let mut line = Vec::new();
            let length = open
                .read_until(b'\n', &mut line)
                .map_err(|error| Failure::at(&input::name(Some(path)), error))?;
            if length > 0 {
                return Ok(Some(line));
            }
            self.open = None;
        }
    }
}

impl Iterator for &mut Lines<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let line = match self.read() {
            Ok(line) => line?,
            Err(failure) => {
                self.failure = Some(failure);
                return None;
            }
        };
        self.count += 1;
        let is_empty = line.trim_ascii().is_empty();
        match sealed(&line) {
            Sealed::Record(record) => Some(record),
            Sealed::Nothing => {
                self.without += u64::from(!is_empty);
                Some(Vec::new())
            }
        }
    }
}

enum Sealed {
    Record(Vec<u8>),
    /// An object of another kind.
    Nothing,
}

/// The exact bytes that were sealed. What is no JSON goes on as it is, and is then found unreadable.
fn sealed(line: &[u8]) -> Sealed {
    let bare = line.trim_ascii();
    let Ok(document) = Document::parse(bare, Limits::default()) else {
        return match bare.is_empty() {
            true => Sealed::Nothing,
            false => Sealed::Record(line.to_vec()),
        };
    };
    let root = document.root();
    if is_record(&document, root) {
        return Sealed::Record(line.to_vec());
    }
    for (_, value) in document.children(root) {
        match document.kind(value) {
            Kind::Object if is_record(&document, value) => {
                return Sealed::Record(document.raw(value).to_vec());
            }
            Kind::String { .. } => {
                let Some(text) = document.text(value) else {
                    continue;
                };
                let inner = Document::parse(&text, Limits::default());
                if inner.is_ok_and(|inner| is_record(&inner, inner.root())) {
                    return Sealed::Record(text.into_owned());
                }
            }
            _ => {}
        }
    }
    Sealed::Nothing
}

/// A record without its place in a chain is one that was tampered with.
fn is_record(document: &Document<'_>, node: NodeId) -> bool {
    let has = |key: &str| document.get(node, key).is_some();
    has("chain") || (has("version") && has("decision") && has("duration_ms"))
}
