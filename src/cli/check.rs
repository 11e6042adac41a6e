//! `check`: what is wrong with configurations, all of it at once.

use super::documents::{self, NotFound};
use super::{Failure, Outcome, input, note};
use crate::config::Config;
use crate::config::problem::Problem;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Checks configurations: JSON, YAML, or embedded in an EnvoyFilter, a WasmPlugin or an Envoy bootstrap.
///
/// Prints `FILE: ok (N routes)`, or each problem as `FILE: path: problem; help`. Exit status: 0 when all is well, 1
/// when something is wrong, 2 when a file cannot be read or holds no configuration.
#[derive(Args)]
pub(super) struct Arguments {
    /// The files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Yes;
    let mut unreadable = 0;
    for file in &arguments.files {
        match check(file, out) {
            Ok(Outcome::Yes) => {}
            Ok(Outcome::No) => outcome = Outcome::No,
            Err(Failure::Message(message)) => {
                unreadable += 1;
                note(&message);
            }
            Err(failure) => return Err(failure),
        }
    }
    match unreadable {
        0 => Ok(outcome),
        _ => Err(Failure::new(format!("{unreadable} of {} could not be checked", arguments.files.len()))),
    }
}

fn check(file: &Path, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let name = input::name(Some(file));
    let text = input::read(Some(file))?;
    let found = match documents::find(Some(file), &text) {
        Ok(found) => found,
        Err(NotFound::Nothing) => return Err(Failure::at(&name, documents::LOOKED_FOR)),
        Err(NotFound::Syntax(error)) => {
            writeln!(out, "{name}: {error}")?;
            return Ok(Outcome::No);
        }
    };
    let mut outcome = Outcome::Yes;
    for one in found {
        let place = in_file(&name, &one.place);
        let config = one.text.map_err(|problem| vec![problem]);
        match config.and_then(|text| Config::from_json(&text).map_err(|problems| problems.0)) {
            Ok(config) => writeln!(out, "{place}: ok ({} routes)", config.routes.len())?,
            Err(problems) => {
                outcome = Outcome::No;
                for line in lines(&place, &problems) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    Ok(outcome)
}

/// `envoy.yaml` and `#2 spec.x` → `envoy.yaml#2 spec.x`.
pub(super) fn in_file(name: &str, place: &str) -> String {
    match place {
        "" => name.to_owned(),
        _ if place.starts_with('#') => format!("{name}{place}"),
        _ => format!("{name} {place}"),
    }
}

/// Problems as they are printed.
pub(super) fn lines<'p>(place: &'p str, problems: &'p [Problem]) -> impl Iterator<Item = String> + 'p {
    problems.iter().map(move |problem| format!("{place}: {problem}"))
}
