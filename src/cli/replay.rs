//! `replay`: what the other side would receive of a response, or of a request.

use super::chosen::{self, Chosen, Loaded, load};
use super::chunks::Chunks;
use super::driver::{self, Call, Passed};
use super::input::Line;
use super::standin::{self, NOW, StandIn};
use super::{Direction, Failure, Outcome, input, note};
use crate::audit::chain::Chain;
use crate::audit::record::{Coverage, Decision, Record};
use crate::audit::value::Hex;
use crate::config::raw::Disposition;
use crate::config::{Access, Config, Route};
use crate::exchange::Gate;
use crate::identity::credential;
use crate::policy::{Target, is_plain_path};
use crate::reason::Reason;
use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
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

/// One thing to replay.
#[derive(Clone)]
struct Case {
    direction: Direction,
    method: String,
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    content_type: Option<String>,
    chunks: Chunks,
    claims: Option<Arc<Map<String, Value>>>,
    body: Vec<u8>,
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
            let (answer, passed) = replayer.judge(&case)?;
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
    let case = Case {
        body: input::read(file)?,
        ..defaults
    };
    let (answer, passed) = replayer.judge(&case).map_err(Failure::Message)?;
    out.write_all(&passed.out)?;
    out.flush()?;
    if let Some(reply) = &passed.reply {
        note(&format!(
            "the client is answered: {}",
            String::from_utf8_lossy(reply)
        ));
    }
    if let Some(reason) = reason(&passed.record) {
        note(&format!(
            "{} ({}): {}",
            answer.verdict,
            reason.code(),
            reason.meaning()
        ));
    }
    match answer.splits {
        None => {}
        Some(Splits { first: None, .. }) => {
            note(&format!("all {} splits agree", case.body.len().saturating_sub(1)));
        }
        Some(Splits { first: Some(at), .. }) => {
            note(&format!(
                "the splits do not agree; the first that differs is split:{at}"
            ));
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
            return Err(Failure::at(
                "--header",
                format!("`{line}` is not of the form `K: V`"),
            ));
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

impl Case {
    /// The case of a line: what it does not say is as the arguments say.
    fn with(&self, line: &Line<'_>) -> Result<Case, String> {
        let owned = |name: &str| Ok::<_, String>(line.text(name)?.map(str::to_owned));
        let direction = match line.text("direction")? {
            None => self.direction,
            Some("request") => Direction::Request,
            Some("response") => Direction::Response,
            Some(other) => return Err(format!("`direction` is `{other}`, not `request` or `response`")),
        };
        let status = match line.number("status")? {
            None => self.status,
            Some(status) => u16::try_from(status).map_err(|_| "`status` is no HTTP status")?,
        };
        let chunks = match line.get("chunks") {
            None => self.chunks,
            Some(Value::String(text)) => text.parse().map_err(|error| format!("`chunks`: {error}"))?,
            Some(number) => number
                .to_string()
                .parse()
                .map_err(|error| format!("`chunks`: {error}"))?,
        };
        Ok(Case {
            direction,
            method: owned("method")?.unwrap_or_else(|| self.method.clone()),
            path: owned("path")?.unwrap_or_else(|| self.path.clone()),
            status,
            headers: match line.get("headers") {
                None => self.headers.clone(),
                Some(headers) => {
                    read_headers(headers).ok_or("`headers` is neither an object nor a list of pairs")?
                }
            },
            content_type: owned("content_type")?.or_else(|| self.content_type.clone()),
            chunks,
            claims: match line.object("claims")? {
                None => self.claims.clone(),
                Some(claims) => Some(Arc::new(claims.clone())),
            },
            body: line.content()?,
        })
    }

    /// The input's header lines: no credentials, no pseudo-headers, and one content type.
    fn headers(&self, configured: Option<&str>) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .filter(|(name, _)| {
                let is_credential = self.direction == Direction::Request
                    && (credential::is_credential_header(name.as_bytes()) || configured == Some(name));
                let is_replaced = name == "content-type" && self.content_type.is_some();
                !(is_credential || is_replaced || name.starts_with(':') || name == "host")
            })
            .cloned()
            .collect();
        if !headers.iter().any(|(name, _)| name == "content-type") {
            let kind = self.content_type.clone();
            headers.push((
                "content-type".to_owned(),
                kind.unwrap_or_else(|| self.guess().to_owned()),
            ));
        }
        headers
    }

    /// An event stream begins with the name of a field, or a comment.
    fn guess(&self) -> &'static str {
        let text = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        let begins = |field: &&[u8]| text.trim_ascii_start().starts_with(field);
        let fields: [&[u8]; 5] = [b"data:", b"event:", b"id:", b"retry:", b":"];
        match self.direction {
            Direction::Response if fields.iter().any(begins) => "text/event-stream",
            _ => "application/json",
        }
    }

    fn authority(&self) -> Option<&str> {
        let host = |(name, _): &&(String, String)| name == ":authority" || name == "host";
        self.headers.iter().find(host).map(|(_, value)| value.as_str())
    }
}

fn read_headers(headers: &Value) -> Option<Vec<(String, String)>> {
    let mut lines = Vec::new();
    let mut add = |name: &str, value: &Value| {
        lines.push((name.to_ascii_lowercase(), value.as_str()?.to_owned()));
        Some(())
    };
    match headers {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::Array(values) => values.iter().try_for_each(|value| add(name, value))?,
                    value => add(name, value)?,
                }
            }
        }
        Value::Array(pairs) => {
            for pair in pairs {
                let [name, value] = pair.as_array()?.as_slice() else {
                    return None;
                };
                add(name.as_str()?, value)?;
            }
        }
        _ => return None,
    }
    Some(lines)
}

/// Replays cases under one configuration.
struct Replayer {
    standin: StandIn,
    loaded: Loaded,
    /// The route that `--route` names, by position.
    forced: Option<usize>,
    /// One worker for each route and direction, so that nothing is compiled twice.
    gates: BTreeMap<(Option<usize>, Direction), Gate>,
    /// The last claims and their token: signing costs more than most bodies.
    signed: Option<(Option<Arc<Map<String, Value>>>, String)>,
    count: u128,
}

impl Replayer {
    fn new(chosen: &Chosen) -> Result<Replayer, Failure> {
        let loaded = match &chosen.config {
            Some(file) => load(file)?,
            None => {
                let text = standin::configuration().to_string().into_bytes();
                let config =
                    Config::from_json(&text).map_err(|error| Failure::at("built-in configuration", error))?;
                Loaded {
                    name: "built-in configuration".to_owned(),
                    text,
                    config,
                }
            }
        };
        let forced = match &chosen.route {
            None => None,
            Some(name) => {
                loaded.route(name)?;
                loaded.config.routes.iter().position(|route| route.name == *name)
            }
        };
        Ok(Replayer {
            standin: StandIn::new()?,
            loaded,
            forced,
            gates: BTreeMap::new(),
            signed: None,
            count: 0,
        })
    }

    fn judge(&mut self, case: &Case) -> Result<(Answer, Passed), String> {
        let passed = self.pass(case, &case.chunks.cut(&case.body))?;
        let mut answer = answer(case, &passed);
        if case.chunks == Chunks::EverySplit {
            let mut first = None;
            for at in 1..case.body.len() {
                let split = self.pass(case, &Chunks::Split(at).cut(&case.body))?;
                if self::answer(case, &split) != answer {
                    first = Some(at);
                    break;
                }
            }
            answer.splits = Some(Splits {
                agree: first.is_none(),
                first,
            });
        }
        Ok((answer, passed))
    }

    fn pass(&mut self, case: &Case, pieces: &[&[u8]]) -> Result<Passed, String> {
        let token = self.token(case)?;
        let route = self.choose(case)?;
        self.count += 1;
        let id = self.count.to_be_bytes();
        let config = &self.loaded.config;
        let headers = case.headers(config.identity.header.as_deref());
        let gate = self.gates.entry((route, case.direction)).or_insert_with(|| {
            let route = route.and_then(|route| config.routes.get(route));
            let config = self.standin.gate(config, route.map(Arc::as_ref), case.direction);
            Gate::new(Arc::new(config), NOW)
        });
        let stripped = credential::strip_query_credentials(case.path.as_bytes());
        let path = stripped.and_then(|path| String::from_utf8(path).ok());
        let call = Call {
            method: &case.method,
            path: path.as_deref().unwrap_or(&case.path),
            authority: case.authority().unwrap_or("replay.invalid"),
            token: &token,
        };
        Ok(match case.direction {
            Direction::Request => driver::request(gate, &call, &headers, pieces, id),
            Direction::Response => driver::response(gate, &call, case.status, &headers, pieces, id),
        })
    }

    fn token(&mut self, case: &Case) -> Result<String, String> {
        if let Some((claims, token)) = &self.signed
            && *claims == case.claims
        {
            return Ok(token.clone());
        }
        let issuers = &self.loaded.config.identity.issuers;
        let token = self.standin.token(issuers, case.claims.as_deref())?;
        self.signed = Some((case.claims.clone(), token.clone()));
        Ok(token)
    }

    /// The position of the route that the case meets: the one that `--route` names, else the first that matches. What
    /// a matcher says of Envoy's route, and of the host where no header names one, is not known here and may fit.
    fn choose(&self, case: &Case) -> Result<Option<usize>, String> {
        if self.forced.is_some() {
            return Ok(self.forced);
        }
        let routes = &self.loaded.config.routes;
        let plain = is_plain_path(&case.path);
        let mut fitting = Vec::new();
        for (position, route) in routes.iter().enumerate() {
            if matches!(route.access, Access::Public) && !plain {
                continue;
            }
            match fit(route, case) {
                Fit::No => {}
                Fit::Perhaps => fitting.push(position),
                Fit::Yes => {
                    fitting.push(position);
                    break;
                }
            }
        }
        match *fitting.as_slice() {
            [position] => Ok(Some(position)),
            [] => self.choose_unmatched(case),
            _ => {
                let names = chosen::names(fitting.iter().filter_map(|position| routes.get(*position)));
                Err(format!(
                    "{}: several routes may match; pick one with --route: {names}",
                    self.loaded.name
                ))
            }
        }
    }

    /// No route matches. A request is then unmatched. An answer can only come where a request was let through.
    fn choose_unmatched(&self, case: &Case) -> Result<Option<usize>, String> {
        let config = &self.loaded.config;
        if case.direction == Direction::Request || config.unmatched == Disposition::Pass {
            return Ok(None);
        }
        let mut guarded = config
            .routes
            .iter()
            .enumerate()
            .filter(|(_, route)| matches!(route.access, Access::Guarded(_)));
        match (guarded.next(), guarded.next()) {
            (Some((position, _)), None) => Ok(Some(position)),
            _ => Err(format!(
                "{}: no route matches `{}`; pick one with --route: {}",
                self.loaded.name,
                case.path,
                chosen::names(config.routes.iter())
            )),
        }
    }
}

enum Fit {
    No,
    /// As far as it is known.
    Perhaps,
    Yes,
}

fn fit(route: &Route, case: &Case) -> Fit {
    let mut known = route.matcher.clone();
    let mut is_known = known.route.take().is_none();
    if case.authority().is_none() {
        is_known &= known.host.take().is_none();
    }
    let target = Target {
        route: "",
        host: case.authority().unwrap_or_default(),
        path: &case.path,
    };
    match known.matches(&target) {
        false => Fit::No,
        true if is_known => Fit::Yes,
        true => Fit::Perhaps,
    }
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
        Direction::Request => (
            record.request.coverage,
            model.and_then(|model| model.requested.as_ref()),
        ),
        Direction::Response => (
            record.response.coverage,
            model.and_then(|model| model.answered.as_ref()),
        ),
    };
    let direction = crate::class::Direction::from(case.direction);
    let findings = record
        .findings()
        .iter()
        .filter(|finding| finding.direction.0 == direction);
    Answer {
        out_b64: input::encode(&passed.out),
        reply_b64: passed.reply.as_deref().map(input::encode),
        verdict,
        reason: reason(record).map(Reason::code),
        coverage,
        model: model.map(|name| name.as_str().to_owned()),
        tools: record
            .tools()
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
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
        let line = Trace {
            chunk,
            r#in: taken,
            out: *out,
        };
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
