//! The command-line tool `portcullis`: what the filter would do, without an Envoy.
//!
//! Every command runs the code that the filter runs: configurations are compiled by `config`, texts are judged by
//! `redact`, exchanges by `exchange`. Here are only files, arguments and forms of output.
//!
//! Exit status: 0 when it ran, 1 when the answer is no, 2 when it could not run ([`Failure`]).

mod audit;
mod catalogue;
mod check;
mod chosen;
mod chunks;
mod documents;
mod driver;
mod explain;
mod input;
mod lists;
mod replay;
mod scan;
mod standin;
mod token;

use clap::{Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// Puts AI traffic behind identity, policy, guards and evidence: what the filter would do, on the command line.
#[derive(Parser)]
#[command(name = "portcullis", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Scan(scan::Arguments),
    Replay(Box<replay::Arguments>),
    VerifyToken(token::Arguments),
    Audit(audit::Arguments),
    Schema(lists::SchemaArguments),
    /// Lists every reason code with its HTTP status and meaning.
    Reasons(lists::Arguments),
    /// Lists every class of findings with its description.
    Classes(lists::Arguments),
    Rules(catalogue::Arguments),
}

/// What a command that ran says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Exit status 0.
    Yes,
    /// Exit status 1: a check, a token or a comparison fails.
    No,
}

/// Why a command did not run to its end.
#[derive(Debug)]
enum Failure {
    /// Exit status 2. The message names the place.
    Message(String),
    /// Whoever read the output has left.
    OutputClosed,
}

impl Failure {
    fn new(message: impl Into<String>) -> Failure {
        Failure::Message(message.into())
    }

    fn at(place: &str, what: impl Display) -> Failure {
        Failure::Message(format!("{place}: {what}"))
    }
}

/// Of the output: whoever reads an input names its place.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::OutputClosed,
            _ => Failure::at("standard output", error),
        }
    }
}

/// Which half of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Direction {
    /// From the client to the model.
    Request,
    /// From the model to the client.
    Response,
}

impl From<Direction> for crate::class::Direction {
    fn from(direction: Direction) -> crate::class::Direction {
        match direction {
            Direction::Request => crate::class::Direction::Request,
            Direction::Response => crate::class::Direction::Response,
        }
    }
}

/// Runs the tool on these arguments, the program's name first. `now` tells Unix seconds.
pub fn run(arguments: impl IntoIterator<Item = OsString>, now: fn() -> u64) -> ExitCode {
    let command = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command,
        Err(error) => {
            // Nobody is left to tell when even this cannot be written.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = command.run(&mut out, now).and_then(|outcome| Ok(out.flush().map(|()| outcome)?));
    match outcome {
        Ok(Outcome::Yes) | Err(Failure::OutputClosed) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(Failure::Message(message)) => {
            let _ = out.flush();
            note(&message);
            ExitCode::from(2)
        }
    }
}

/// A message for people, on standard error.
fn note(message: &str) {
    let _ = writeln!(io::stderr(), "portcullis: {message}");
}

impl Command {
    fn run(&self, out: &mut dyn Write, now: fn() -> u64) -> Result<Outcome, Failure> {
        match self {
            Command::Check(arguments) => check::run(arguments, out),
            Command::Explain(arguments) => explain::run(arguments, out),
            Command::Scan(arguments) => scan::run(arguments, out),
            Command::Replay(arguments) => replay::run(arguments, out),
            Command::VerifyToken(arguments) => token::run(arguments, out, now),
            Command::Audit(arguments) => audit::run(arguments, out),
            Command::Schema(arguments) => lists::schema(arguments, out),
            Command::Reasons(arguments) => lists::reasons(arguments, out),
            Command::Classes(arguments) => lists::classes(arguments, out),
            Command::Rules(arguments) => catalogue::run(arguments, out),
        }
    }
}
