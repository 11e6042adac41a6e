//! The lists of stable names, and the schemas of what is written and what is recorded.

use super::{Failure, Outcome};
use crate::audit::record::Record;
use crate::class::{Class, Direction};
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

#[derive(Serialize)]
struct RuleRow {
    id: &'static str,
    class: String,
    level: Option<u8>,
    default: Defaults,
    description: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct Defaults {
    request: &'static str,
    response: &'static str,
}

pub(super) fn rules(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let catalogue = catalogue()?;
    let rows: Vec<RuleRow> = catalogue
        .rules()
        .map(|(_, rule)| RuleRow {
            id: rule.id,
            class: rule.class.to_string(),
            level: rule.level,
            default: Defaults {
                request: rule.default_action(Direction::Request).as_str(),
                response: rule.default_action(Direction::Response).as_str(),
            },
            description: rule.description,
            source: rule.source,
        })
        .collect();
    if arguments.json {
        return json(&rows, out);
    }
    for row in rows {
        let level = row.level.map_or(String::new(), |level| format!(", level {level}"));
        writeln!(out, "{}", row.id)?;
        writeln!(
            out,
            "    class {}{level}; by default {} in requests, {} in answers",
            row.class, row.default.request, row.default.response
        )?;
        writeln!(out, "    {}", row.description)?;
        writeln!(out, "    {}", row.source)?;
    }
    Ok(Outcome::Yes)
}

/// The built-in rules.
pub(super) fn catalogue() -> Result<Catalogue, Failure> {
    Catalogue::built_in().map_err(|error| Failure::at("built-in rules", error))
}

fn json(value: &impl Serialize, out: &mut dyn Write) -> Result<Outcome, Failure> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(Outcome::Yes)
}
