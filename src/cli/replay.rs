//! `replay`: what the other side would receive of a response, or of a request.

mod case;
mod replayer;

use super::chosen::Chosen;
use super::chunks::Chunks;
use super::driver::Passed;
use super::{Direction, Failure, Outcome, input, note};
use crate::audit::chain::Chain;
use crate::audit::record::{Coverage, Decision, Record};
use crate::audit::value::Hex;
use crate::reason::Reason;
use case::Case;
use clap::Args;
use replayer::Replayer;
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const DEFAULT_PATH: &str = "/v1/chat/completions";

/// Passes a provider's response (or a client's request) through the filter and writes the bytes that the other side
/// would receive.
///
/// Without a configuration: every built-in rule; personal data, financial data and secrets are redacted, the rest
/// is flagged, and there is no policy. Of a request that is refused nothing reaches the other side: the client's
/// answer goes to standard error. Where only a response is judged, the request before it is a minimal one that
/// policy allows.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Which half of the exchange the input is.
    #[arg(long, value_enum, default_value = "response")]
    direction: Direction,
    /// The request's method.
    #[arg(long, value_name = "M", default_value = "POST")]
    method: String,
    /// The request's path.
    #[arg(long, value_name = "PATH", default_value = DEFAULT_PATH)]
    path: String,
    /// The response's status.
    #[arg(long, value_name = "N", default_value_t = 200)]
    status: u16,
    /// A header line of the input. Credentials are left out: `--claims` stands for them.
    #[arg(long = "header", value_name = "K: V")]
    headers: Vec<String>,
    /// The content type; without it a guess.
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// How the input arrives: `whole`, in pieces of N bytes, `random:SEED`, `split:K` (two pieces), or `splits:all`:
    /// every two pieces in turn, and whether all agree (if not, the exit status is 1).
    #[arg(long, value_name = "CHUNKS", default_value = "whole")]
    chunks: Chunks,
    /// The claims of the caller's verified token, a JSON object; without it a caller `replay` in no group.
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// Where to write the audit record.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Where to write, for each input chunk, how many bytes had left after it:
    /// `{"chunk":0,"in":BYTES,"out":BYTES}`.
    #[arg(long, value_name = "FILE", conflicts_with = "jsonl")]
    trace: Option<PathBuf>,
    /// Each line of the input is `{"id":…, "b64":…}` or has `text`, optionally with `direction`, `method`, `path`,
    /// `status`, `headers`, `content_type`, `chunks` and `claims` in the place of what the arguments say.
    #[arg(long)]
    jsonl: bool,
    /// The body; standard input where it is absent or `-`.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Serialize, PartialEq)]
struct Answer {
    out_b64: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_b64: Option<String>,
    verdict: &'static str,
    reason: Option<&'static str>,
    coverage: Coverage,
    model: Option<String>,
    tools: Vec<String>,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    splits: Option<Splits>,
}

#[derive(Serialize, PartialEq)]
struct Finding {
    rule: String,
    class: String,
    lane: String,
    action: &'static str,
    count: u64,
}

/// Whether every two-way split gives what the whole gives.
#[derive(Serialize, PartialEq, Clone, Copy)]
struct Splits {
    agree: bool,
    /// The first place of a split that does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<usize>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let defaults = defaults(arguments)?;
    let mut replayer = Replayer::new(&arguments.chosen)?;
    let mut report = arguments.report.as_deref().map(Report::create).transpose()?;
    let file = arguments.file.as_deref();
    let mut outcome = Outcome::Yes;
    if arguments.jsonl {
        input::answer_lines(file, out, |line| {
            let case = defaults.with(line)?;
            let (answer, passed) = judge(&mut replayer, &case)?;
            if answer.splits.is_some_and(|splits| !splits.agree) {
                outcome = Outcome::No;
            }
            if let Some(report) = &mut report {
                report.write(passed.record)?;
            }
            Ok(answer)
        })?;
        report.map_or(Ok(()), Report::finish)?;
        return Ok(outcome);
    }
    let case = Case { body: input::read(file)?, ..defaults };
    let (answer, passed) = judge(&mut replayer, &case).map_err(Failure::Message)?;
    out.write_all(&passed.out)?;
    out.flush()?;
    if let Some(reply) = &passed.reply {
        note(&format!("the client is answered: {}", String::from_utf8_lossy(reply)));
    }
    if let Some(reason) = reason(&passed.record) {
        note(&format!("{} ({}): {}", answer.verdict, reason.code(), reason.meaning()));
    }
    match answer.splits {
        None => {}
        Some(Splits { first: None, .. }) => {
            note(&format!("all {} splits agree", case.body.len().saturating_sub(1)));
        }
        Some(Splits { first: Some(at), .. }) => {
            note(&format!("the splits do not agree; the first that differs is split:{at}"));
            outcome = Outcome::No;
        }
    }
    if let Some(path) = &arguments.trace {
        write_trace(path, &case, &passed.left)?;
    }
    if let Some(mut report) = report {
        report.write(passed.record).map_err(Failure::Message)?;
        report.finish()?;
    }
    Ok(outcome)
}

fn defaults(arguments: &Arguments) -> Result<Case, Failure> {
    let mut headers = Vec::new();
    for line in &arguments.headers {
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| !name.trim().is_empty()) else {
            return Err(Failure::at("--header", format!("`{line}` is not of the form `K: V`")));
        };
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    let claims = arguments.claims.as_deref().map(input::read_object).transpose()?;
    Ok(Case {
        direction: arguments.direction,
        method: arguments.method.clone(),
        path: arguments.path.clone(),
        status: arguments.status,
        headers,
        content_type: arguments.content_type.clone(),
        chunks: arguments.chunks,
        claims: claims.map(Arc::new),
        body: Vec::new(),
    })
}

fn judge(replayer: &mut Replayer, case: &Case) -> Result<(Answer, Passed), String> {
    let passed = replayer.pass(case, &case.chunks.cut(&case.body))?;
    let mut answer = answer(case, &passed);
    if case.chunks == Chunks::EverySplit {
        let mut first = None;
        for at in 1..case.body.len() {
            let split = replayer.pass(case, &Chunks::Split(at).cut(&case.body))?;
            if self::answer(case, &split) != answer {
                first = Some(at);
                break;
            }
        }
        answer.splits = Some(Splits { agree: first.is_none(), first });
    }
    Ok((answer, passed))
}

fn answer(case: &Case, passed: &Passed) -> Answer {
    let record = &passed.record;
    let verdict = match record.decision {
        Decision::Deny => "refused",
        Decision::Cut => "cut",
        Decision::Allow | Decision::Pass if passed.out == case.body => "pass",
        Decision::Allow | Decision::Pass => "redacted",
    };
    let model = record.model.as_ref();
    let (coverage, model) = match case.direction {
        Direction::Request => (record.request.coverage, model.and_then(|model| model.requested.as_ref())),
        Direction::Response => (record.response.coverage, model.and_then(|model| model.answered.as_ref())),
    };
    let direction = crate::class::Direction::from(case.direction);
    let findings = record.findings().iter().filter(|finding| finding.direction.0 == direction);
    Answer {
        out_b64: input::encode(&passed.out),
        reply_b64: passed.reply.as_deref().map(input::encode),
        verdict,
        reason: reason(record).map(Reason::code),
        coverage,
        model: model.map(|name| name.as_str().to_owned()),
        tools: record.tools().iter().map(|name| name.as_str().to_owned()).collect(),
        findings: findings
            .map(|finding| Finding {
                rule: finding.rule.as_str().to_owned(),
                class: finding.class.0.to_string(),
                lane: finding.lane.as_str().to_owned(),
                action: finding.action.0.as_str(),
                count: finding.count,
            })
            .collect(),
        splits: None,
    }
}

fn reason(record: &Record) -> Option<Reason> {
    record.reason.as_ref().map(|reason| reason.0)
}

#[derive(Serialize)]
struct Trace {
    chunk: usize,
    r#in: usize,
    out: usize,
}

fn write_trace(path: &Path, case: &Case, left: &[usize]) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::at(&path.display().to_string(), error);
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    let mut taken = 0;
    for (chunk, (piece, out)) in case.chunks.cut(&case.body).iter().zip(left).enumerate() {
        taken += piece.len();
        let line = Trace { chunk, r#in: taken, out: *out };
        serde_json::to_writer(&mut file, &line).map_err(|error| failed(error.into()))?;
        file.write_all(b"\n").map_err(failed)?;
    }
    file.flush().map_err(failed)
}

/// The records of a run, in one chain, as `audit verify` reads them.
struct Report {
    path: PathBuf,
    file: BufWriter<File>,
    chain: Chain,
}

impl Report {
    fn create(path: &Path) -> Result<Report, Failure> {
        let file = File::create(path).map_err(|error| Failure::at(&path.display().to_string(), error))?;
        Ok(Report {
            path: path.to_owned(),
            file: BufWriter::new(file),
            // One chain in each file: nothing has to be told apart.
            chain: Chain::new(Hex([0; 16]), None),
        })
    }

    fn write(&mut self, record: Record) -> Result<(), String> {
        let sealed = self.chain.seal(record).map_err(|error| error.to_string())?;
        writeln!(self.file, "{}", sealed.line()).map_err(|error| format!("{}: {error}", self.path.display()))
    }

    fn finish(mut self) -> Result<(), Failure> {
        let flushed = self.file.flush();
        flushed.map_err(|error| Failure::at(&self.path.display().to_string(), error))
    }
}
