//! `scan`: text in, findings out.

use super::chosen::{Chosen, load};
use super::{Direction, Failure, Outcome, input, lists};
use crate::class::{Action, Confidence};
use crate::detect::{RuleIndex, RuleSet, scan_all};
use crate::protocol::lane::Channel;
use crate::redact::{Actions, DEFAULT_MASK, Place, places};
use clap::Args;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Scans text: one finding a line, as JSON. Offsets count bytes.
///
/// Without a configuration every built-in rule is looked for, with its default action.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Whose actions of the guard apply.
    #[arg(long, value_enum, default_value = "response")]
    direction: Direction,
    /// The text is a tool result or a retrieved document: what the guard says of those applies.
    #[arg(long)]
    tool_result: bool,
    /// Every rule that fires, unmerged, low confidence too.
    #[arg(long)]
    all: bool,
    /// Each line of the input is `{"id":…, "text":…}` or has `b64`, and is answered with
    /// `{"id":…, "findings":[…]}`.
    #[arg(long)]
    jsonl: bool,
    /// The text; standard input where it is absent or `-`.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Answer {
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Finding {
    rule: String,
    class: String,
    confidence: &'static str,
    level: Option<u8>,
    start: u64,
    end: u64,
    action: &'static str,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let actions = actions(arguments)?;
    let actions = actions.on(if arguments.tool_result { Channel::ToolResult } else { Channel::Text });
    let scan = |text: &[u8]| match arguments.all {
        true => everything(actions, text),
        false => places(actions, text).iter().filter_map(|place| finding(actions, place)).collect(),
    };
    let file = arguments.file.as_deref();
    if arguments.jsonl {
        input::answer_lines(file, out, |line| Ok(Answer { findings: scan(&line.content()?) }))?;
    } else {
        for finding in scan(&input::read(file)?) {
            serde_json::to_writer(&mut *out, &finding).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(Outcome::Yes)
}

fn actions(arguments: &Arguments) -> Result<Arc<Actions>, Failure> {
    let Some(file) = &arguments.chosen.config else {
        let catalogue = Arc::new(lists::catalogue()?);
        return Ok(Arc::new(Actions::new(catalogue, DEFAULT_MASK, |rule| {
            rule.default_action(arguments.direction.into())
        })));
    };
    let loaded = load(file)?;
    let guarded = loaded.guarded(arguments.chosen.route.as_deref())?;
    Ok(match arguments.direction {
        Direction::Request => guarded.request.clone(),
        Direction::Response => guarded.response.clone(),
    })
}

fn everything(actions: &Actions, text: &[u8]) -> Vec<Finding> {
    let catalogue = actions.catalogue();
    scan_all(catalogue, &RuleSet::all(catalogue), text)
        .iter()
        .filter_map(|found| {
            let place = Place {
                start: found.start,
                end: found.end,
                rule: found.rule,
                confidence: found.confidence,
                action: actions.action(found),
            };
            finding(actions, &place)
        })
        .collect()
}

fn finding(actions: &Actions, place: &Place) -> Option<Finding> {
    let index: RuleIndex = place.rule;
    let confidence: Confidence = place.confidence;
    let action: Action = place.action;
    let rule = actions.catalogue().rule(index)?;
    Some(Finding {
        rule: rule.id.to_string(),
        class: rule.class.to_string(),
        confidence: confidence.as_str(),
        level: rule.level,
        start: place.start,
        end: place.end,
        action: action.as_str(),
    })
}
