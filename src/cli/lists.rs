//! The lists of stable names, and the schemas of what is written and what is recorded.

use super::{Failure, Outcome};
use crate::audit::record::Record;
use crate::class::Class;
use crate::config::raw::Configuration;
use crate::detect::Catalogue;
use crate::reason::Reason;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Args)]
pub(super) struct Arguments {
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

/// Prints a JSON Schema.
#[derive(Args)]
pub(super) struct SchemaArguments {
    /// Of what.
    of: Subject,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// The configuration.
    Config,
    /// The audit record.
    Record,
}

pub(super) fn schema(arguments: &SchemaArguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let schema = match arguments.of {
        Subject::Config => schemars::schema_for!(Configuration),
        Subject::Record => schemars::schema_for!(Record),
    };
    json(&schema, out)
}

#[derive(Serialize)]
struct ReasonRow {
    code: &'static str,
    status: u16,
    meaning: &'static str,
}

pub(super) fn reasons(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let rows: Vec<ReasonRow> = Reason::ALL
        .iter()
        .map(|reason| ReasonRow { code: reason.code(), status: reason.status(), meaning: reason.meaning() })
        .collect();
    if arguments.json {
        return json(&rows, out);
    }
    for row in rows {
        writeln!(out, "{:<24} {}  {}", row.code, row.status, row.meaning)?;
    }
    Ok(Outcome::Yes)
}

#[derive(Serialize)]
struct ClassRow {
    class: String,
    description: &'static str,
}

pub(super) fn classes(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let rows: Vec<ClassRow> = Class::BUILT_IN
        .iter()
        .map(|class| ClassRow { class: class.to_string(), description: class.description() })
        .collect();
    if arguments.json {
        return json(&rows, out);
    }
    for row in rows {
        writeln!(out, "{:<14} {}", row.class, row.description)?;
    }
    Ok(Outcome::Yes)
}

/// The built-in rules.
pub(super) fn catalogue() -> Result<Catalogue, Failure> {
    Catalogue::built_in().map_err(|error| Failure::at("built-in rules", error))
}

pub(super) fn json(value: &impl Serialize, out: &mut dyn Write) -> Result<Outcome, Failure> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(Outcome::Yes)
}
