//! Golden files: whole records as lines, and the OTLP message that carries them. `UPDATE_GOLDEN=1` rewrites them.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use prost::Message;

use super::chain::{Chain, ChainKey, MIN_KEY_BYTES, Opening, SealedRecord, verify};
use super::otlp::{Resource, export_request};
use super::record::{
    Coverage, Decision, Finding, Gate, Mode, Model, Principal, Record, RequestBody, Response, Upstream,
    Usage, Would, WouldAction,
};
use super::time::Timestamp;
use super::value::Hex;
use crate::class::{Action, Class, Direction, Level};
use crate::reason::Reason;

fn begun(number: u8, mode: Mode, decision: Decision) -> Record {
    let time = Timestamp::from_unix_ms(1_767_225_600_000 + u64::from(number) * 1_001);
    let mut record = Record::new(Hex([number; 16]), time, mode, decision);
    record.request_id = Some("6f1b2c3d-0000-4000-8000-00000000000a".into());
    record.gate = Some(Gate {
        name: Some("gateway".into()),
        instance: Some("envoy-1".into()),
        policy: Hex([0xc0; 32]),
    });
    record
}

fn principal() -> Principal {
    let mut principal = Principal::default();
    principal.issuer = Some("okta".into());
    principal.subject = Some("00u1a2b3".into());
    principal.tenant = Some("acme".into());
    principal.add_group("support");
    principal.add_group("everyone");
    principal
}

fn finding(
    direction: Direction,
    rule: &str,
    class: Class,
    action: Action,
    lane: &str,
    count: u64,
) -> Finding {
    Finding {
        direction: direction.into(),
        rule: rule.into(),
        class: class.into(),
        action: action.into(),
        lane: lane.into(),
        count,
    }
}

/// One record for each kind of ending.
fn records() -> Vec<(&'static str, Record)> {
    let mut redacted = begun(1, Mode::Enforce, Decision::Allow);
    redacted.duration_ms = 1_834;
    redacted.principal = Some(principal());
    redacted.route = Some("support-assistant".into());
    redacted.rule = Some("support-small-models".into());
    redacted.api = Some("openai".into());
    redacted.operation = Some("chat".into());
    redacted.model = Some(Model {
        requested: Some("gpt-4.1-mini".into()),
        answered: Some("gpt-4.1-mini-2025-04-14".into()),
    });
    redacted.stream = Some(true);
    redacted.add_tool("lookup_order");
    redacted.request =
        RequestBody { bytes: 812, coverage: Coverage::Scanned, classification: Some(Level::Internal.into()) };
    redacted.response = Response {
        status: Some(200),
        bytes: 20_131,
        coverage: Coverage::Scanned,
        classification: Some(Level::Confidential.into()),
    };
    redacted.upstream = Some(Upstream { status: 200, bytes: 20_140 });
    redacted.usage = Some(Usage { input_tokens: Some(190), output_tokens: Some(402) });
    let response = Direction::Response;
    redacted.add_finding(finding(response, "payment_card", Class::Financial, Action::Redact, "content", 2));
    redacted.add_finding(finding(
        response,
        "badge",
        Class::Custom("badge".into()),
        Action::Flag,
        "reasoning",
        1,
    ));

    let mut no_token = begun(2, Mode::Enforce, Decision::Deny);
    no_token.duration_ms = 1;
    no_token.route = Some("support-assistant".into());
    no_token.reason = Some(Reason::TokenMissing.into());
    no_token.response =
        Response { status: Some(401), bytes: 120, coverage: Coverage::LocalReply, classification: None };

    let mut cut = begun(3, Mode::Enforce, Decision::Cut);
    cut.duration_ms = 960;
    cut.principal = Some(principal());
    cut.route = Some("support-assistant".into());
    cut.rule = Some("support-small-models".into());
    cut.reason = Some(Reason::ResponseBlocked.into());
    cut.api = Some("openai".into());
    cut.operation = Some("chat".into());
    cut.model = Some(Model { requested: Some("gpt-4.1-mini".into()), answered: None });
    cut.stream = Some(true);
    cut.request = RequestBody { bytes: 300, coverage: Coverage::Scanned, classification: None };
    cut.response =
        Response { status: Some(200), bytes: 4_000, coverage: Coverage::Partial, classification: None };
    cut.upstream = Some(Upstream { status: 200, bytes: 4_400 });
    cut.add_finding(finding(response, "aws_access_key", Class::Secret, Action::Block, "tool_arguments", 1));

    let mut observed = begun(4, Mode::Observe, Decision::Allow);
    observed.duration_ms = 77;
    observed.principal = Some(principal());
    observed.route = Some("support-assistant".into());
    observed.api = Some("gemini".into());
    observed.operation = Some("generate_content".into());
    observed.model = Some(Model { requested: Some("gemini-2.5-pro".into()), answered: None });
    observed.stream = Some(false);
    let request = Direction::Request;
    let reason = Some(Reason::ModelDenied.into());
    observed.add_would(Would { direction: request.into(), action: WouldAction::Deny, reason });
    observed.add_would(Would { direction: response.into(), action: WouldAction::Redact, reason: None });
    observed.request = RequestBody { bytes: 64, coverage: Coverage::Scanned, classification: None };
    observed.response =
        Response { status: Some(200), bytes: 512, coverage: Coverage::Scanned, classification: None };
    observed.upstream = Some(Upstream { status: 200, bytes: 512 });
    observed.add_finding(finding(response, "email", Class::PiiContact, Action::Redact, "content", 1));

    let mut public = begun(5, Mode::Enforce, Decision::Pass);
    public.duration_ms = 3;
    public.request_id = None;
    public.gate = None;
    public.route = Some("health".into());
    public.request.coverage = Coverage::Empty;
    public.response =
        Response { status: Some(204), bytes: 0, coverage: Coverage::Unscanned, classification: None };
    public.upstream = Some(Upstream { status: 204, bytes: 0 });

    vec![
        ("allow_redacted", redacted),
        ("deny_no_token", no_token),
        ("cut_secret", cut),
        ("observe", observed),
        ("pass_public", public),
    ]
}

fn sealed(key: Option<ChainKey>) -> Vec<(&'static str, SealedRecord)> {
    let mut chain = Chain::new(Hex([0xab; 16]), key);
    records().into_iter().map(|(name, record)| (name, chain.seal(record).unwrap())).collect()
}

#[test]
fn record_lines() {
    let sealed = sealed(None);
    for (name, record) in &sealed {
        assert_golden(&format!("{name}.json"), &format!("{}\n", record.line()));
        assert_eq!(serde_json::from_str::<Record>(record.line()).unwrap(), *record.record(), "{name}");
    }
    verify(sealed.iter().map(|(_, record)| record.line()), None, Opening::Complete).unwrap();
}

/// The same records in a keyed chain differ in their links only.
#[test]
fn a_keyed_chain() {
    let key = ChainKey::new(&[1; MIN_KEY_BYTES]).unwrap();
    let lines: String =
        sealed(Some(key.clone())).iter().map(|(_, record)| format!("{}\n", record.line())).collect();
    assert_golden("keyed.jsonl", &lines);
    verify(lines.lines(), Some(&key), Opening::Complete).unwrap();
}

#[test]
fn otlp_message() {
    let sealed = sealed(None);
    let resource =
        Resource { service_name: "portcullis".into(), service_instance_id: Some("envoy-1".into()) };
    let bytes = export_request(sealed.iter().map(|(_, record)| record), &resource);
    let message = ExportLogsServiceRequest::decode(bytes.as_slice()).unwrap();
    let logs = message.resource_logs.iter().flat_map(|r| &r.scope_logs).flat_map(|s| &s.log_records);
    for (log, (name, record)) in logs.zip(&sealed) {
        assert_eq!(
            text(log.body.as_ref()),
            format!("{:?}", record.line()),
            "{name}: body and access log differ"
        );
        let mut keys: Vec<_> = log.attributes.iter().map(|attribute| &attribute.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), log.attributes.len(), "{name}: attribute keys must be unique");
    }
    assert_golden("otlp.txt", &rendered(&message));
}

fn rendered(message: &ExportLogsServiceRequest) -> String {
    let mut out = String::new();
    for resource in &message.resource_logs {
        out.push_str("resource\n");
        list(&mut out, resource.resource.as_ref().map_or(&[], |resource| &resource.attributes));
        for scope in &resource.scope_logs {
            // The version changes with each release and says nothing about the form.
            let name = scope.scope.as_ref().map_or("", |scope| &scope.name);
            writeln!(out, "scope {name}").unwrap();
            for log in &scope.log_records {
                let (time, seen) = (log.time_unix_nano, log.observed_time_unix_nano);
                let (severity, severity_text) = (log.severity_number, &log.severity_text);
                writeln!(
                    out,
                    "\nrecord {} at {time} seen {seen} {severity_text}({severity})",
                    log.event_name
                )
                .unwrap();
                writeln!(out, "  body = {}", text(log.body.as_ref())).unwrap();
                list(&mut out, &log.attributes);
            }
        }
    }
    out
}

fn list(out: &mut String, attributes: &[KeyValue]) {
    for attribute in attributes {
        writeln!(out, "  {} = {}", attribute.key, text(attribute.value.as_ref())).unwrap();
    }
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => format!("{text:?}"),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => panic!("no such value is sent: {other:?}"),
    }
}

fn assert_golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/audit/fixtures").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(actual, expected, "{name}; if the change is meant, run again with UPDATE_GOLDEN=1");
}
