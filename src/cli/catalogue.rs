//! `rules`: the catalogue, for people, for programs, and as the page `docs/rules.md`.

use super::chosen::load;
use super::{Failure, Outcome, lists};
use crate::class::{Class, Confidence, Direction, Level};
use crate::config::Access;
use crate::detect::{Catalogue, CatalogueRule, RuleIndex, RuleSet, scan_all};
use crate::redact::Actions;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Lists every rule with its class, the level of what it finds, how sure it can be, its default actions and its source.
#[derive(Args)]
pub(super) struct Arguments {
    /// In which form.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// As a JSON array; the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// With the rules and canaries of this configuration, and its levels.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

#[derive(Serialize)]
struct Row {
    id: String,
    class: String,
    /// Of injections; see `Rule::level`.
    level: Option<u8>,
    classification: &'static str,
    /// What its examples show that it can be, lowest first.
    confidence: Vec<&'static str>,
    default: Defaults,
    description: String,
    source: String,
    example: Option<String>,
}

#[derive(Serialize)]
struct Defaults {
    request: &'static str,
    response: &'static str,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let actions = match &arguments.config {
        None => Arc::new(Actions::new(Arc::new(lists::catalogue()?), "", |rule| {
            rule.default_action(Direction::Response)
        })),
        Some(file) => {
            // Levels are the same on every route.
            let loaded = load(file)?;
            let guarded = loaded.config.routes.iter().find_map(|route| match &route.access {
                Access::Guarded(guarded) => Some(guarded.response.clone()),
                Access::Public => None,
            });
            guarded.ok_or_else(|| Failure::at(&loaded.name, "has no guarded route"))?
        }
    };
    let catalogue = actions.catalogue();
    let rows: Vec<Row> =
        catalogue.rules().map(|(index, rule)| row(catalogue, index, rule, actions.level(index))).collect();
    match if arguments.json { Format::Json } else { arguments.format } {
        Format::Json => lists::json(&rows, out),
        Format::Markdown => markdown(&rows, out),
        Format::Text => text(&rows, out),
    }
}

fn row(catalogue: &Catalogue, index: RuleIndex, rule: &CatalogueRule, level: Level) -> Row {
    Row {
        id: rule.id.to_string(),
        class: rule.class.to_string(),
        level: rule.level,
        classification: level.as_str(),
        confidence: confidences(catalogue, index, rule).into_iter().map(Confidence::as_str).collect(),
        default: Defaults {
            request: rule.default_action(Direction::Request).as_str(),
            response: rule.default_action(Direction::Response).as_str(),
        },
        description: rule.description.to_string(),
        source: rule.source.to_string(),
        example: rule.true_examples.first().map(|example| example.found.to_owned()),
    }
}

/// How sure the rule is of what it finds in its own examples, true and false.
fn confidences(catalogue: &Catalogue, index: RuleIndex, rule: &CatalogueRule) -> BTreeSet<Confidence> {
    let mut only = RuleSet::none();
    only.insert(index);
    let truths = rule.true_examples.iter().map(|example| example.text);
    let texts = truths.chain(rule.false_examples.iter().copied());
    texts
        .flat_map(|text| scan_all(catalogue, &only, text.as_bytes()))
        .filter(|found| found.rule == index)
        .map(|found| found.confidence)
        .collect()
}

fn text(rows: &[Row], out: &mut dyn Write) -> Result<Outcome, Failure> {
    for row in rows {
        let level = row.level.map_or(String::new(), |level| format!(", level {level}"));
        writeln!(out, "{}", row.id)?;
        writeln!(
            out,
            "    class {}{level}, {}; by default {} in requests, {} in answers",
            row.class, row.classification, row.default.request, row.default.response
        )?;
        if !row.confidence.is_empty() {
            writeln!(out, "    confidence: {}", row.confidence.join(", "))?;
        }
        writeln!(out, "    {}", row.description)?;
        writeln!(out, "    {}", row.source)?;
    }
    Ok(Outcome::Yes)
}

/// One table a class, in the order in which documentation lists them.
fn markdown(rows: &[Row], out: &mut dyn Write) -> Result<Outcome, Failure> {
    let providers: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.id.strip_prefix("secret."))
        .filter_map(|name| name.split('-').next())
        .collect();
    writeln!(out, "# What is looked for\n")?;
    writeln!(
        out,
        "Generated by `portcullis rules --format markdown`; do not edit. {} rules, {} of them for secrets of {} providers and kinds.\n",
        rows.len(),
        rows.iter().filter(|row| row.class == "secret").count(),
        providers.len()
    )?;
    writeln!(
        out,
        "*Confidence* is what a rule's examples show that it can be: `low` is the shape alone and never acted on; `medium` and \
         `high` are. *Default* is the action where a guard says nothing. A class has the level written beside it, unless the \
         configuration says otherwise under `classification.levels`."
    )?;
    let classes = Class::BUILT_IN.iter().map(Class::to_string);
    let mut names: Vec<String> = classes.collect();
    let others: BTreeSet<&String> =
        rows.iter().map(|row| &row.class).filter(|class| !names.contains(class)).collect();
    let others: Vec<String> = others.into_iter().cloned().collect();
    names.extend(others);
    for name in names {
        let of_class: Vec<&Row> = rows.iter().filter(|row| row.class == name).collect();
        let Some(class) = Class::parse(&name).filter(|_| !of_class.is_empty()) else { continue };
        writeln!(out, "\n## `{name}`: {}\n", class.description())?;
        writeln!(out, "Level: `{}`.\n", class.level().as_str())?;
        writeln!(
            out,
            "| Rule | What | Confidence | Default | Example | Source |\n|---|---|---|---|---|---|"
        )?;
        for row in of_class {
            let level = row.level.map_or(String::new(), |level| format!(" (level {level})"));
            let own = match row.classification == class.level().as_str() {
                true => String::new(),
                false => format!(", {}", row.classification),
            };
            let default = match row.default.request == row.default.response {
                true => row.default.request.to_owned(),
                false => format!("{} / {}", row.default.request, row.default.response),
            };
            writeln!(
                out,
                "| `{}`{level}{own} | {} | {} | {default} | {} | {} |",
                row.id,
                cell(&row.description),
                row.confidence.join(", "),
                row.example.as_deref().map_or(String::new(), code),
                cell(&row.source)
            )?;
        }
    }
    Ok(Outcome::Yes)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// A value on one line: shortened, and what nobody sees spelt out.
fn code(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown = String::new();
    for (nth, letter) in text.chars().enumerate() {
        if nth >= MOST {
            shown.push('…');
            break;
        }
        match letter {
            '\n' => shown.push_str("\\n"),
            '`' => shown.push('\''),
            '|' => shown.push_str("\\|"),
            letter if letter.is_control() || (!letter.is_alphanumeric() && !letter.is_ascii()) => {
                shown.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => shown.push(letter),
        }
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// `UPDATE_GOLDEN=1 cargo test --features cli the_page_of_rules` writes it.
    #[test]
    fn the_page_of_rules() {
        let mut page = Vec::new();
        let arguments = Arguments { format: Format::Markdown, json: false, config: None };
        assert_eq!(run(&arguments, &mut page).unwrap(), Outcome::Yes);
        let page = String::from_utf8(page).unwrap();
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &page).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            page == expected,
            "docs/rules.md is not what the rules say; if that is meant, run again with UPDATE_GOLDEN=1"
        );
    }
}
