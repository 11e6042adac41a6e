//! Sealed records as OpenTelemetry log records, for `opentelemetry.proto.collector.logs.v1.LogsService/Export`.
//!
//! The body is the sealed line. Attributes repeat what operators search by, under the names of the OpenTelemetry
//! semantic conventions where one exists, else under `portcullis.*`. The body is the evidence; an attribute is an
//! index to it. The names come from `open-telemetry/semantic-conventions-genai` (`gen_ai.*`, status: development)
//! and `open-telemetry/semantic-conventions` (`enduser.id`, `error.type`, `http.response.status_code`, `service.*`).
//!
//! Messages only: the gRPC framing and the sending are the host's.

use std::fmt;

use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs, SeverityNumber};
use opentelemetry_proto::tonic::resource::v1;
use prost::Message;

use super::chain::SealedRecord;
use super::record::Record;
use super::value::Vocabulary;

/// The event's name, which fixes the meaning of body and attributes.
pub const EVENT_NAME: &str = "portcullis.exchange";

/// Who sends the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// `service.name`.
    pub service_name: String,
    /// `service.instance.id`, for example Envoy's node id.
    pub service_instance_id: Option<String>,
}

/// The bytes of an `ExportLogsServiceRequest` with these records, in their order.
pub fn export_request<'a>(
    records: impl IntoIterator<Item = &'a SealedRecord>,
    resource: &Resource,
) -> Vec<u8> {
    let mut attributes = vec![attribute("service.name", resource.service_name.as_str())];
    attributes.extend(resource.service_instance_id.as_deref().map(|id| attribute("service.instance.id", id)));
    let request = ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: Some(v1::Resource { attributes, ..Default::default() }),
            scope_logs: vec![ScopeLogs {
                scope: Some(InstrumentationScope {
                    name: env!("CARGO_PKG_NAME").into(),
                    version: env!("CARGO_PKG_VERSION").into(),
                    ..Default::default()
                }),
                log_records: records.into_iter().map(log_record).collect(),
                ..Default::default()
            }],
            ..Default::default()
        }],
    };
    request.encode_to_vec()
}

/// Reads an `ExportLogsServiceResponse`: the number of records that the collector did not take although the call
/// succeeded. They must not be sent again (OTLP specification, "Partial Success").
///
/// # Errors
///
/// The bytes are no such message, or the number is negative. Whether the records arrived is then unknown.
pub fn response_accepted(bytes: &[u8]) -> Result<u64, UnreadableResponse> {
    let response = ExportLogsServiceResponse::decode(bytes).map_err(|_| UnreadableResponse)?;
    let rejected = response.partial_success.map_or(0, |partial| partial.rejected_log_records);
    u64::try_from(rejected).map_err(|_| UnreadableResponse)
}

/// What the collector answered is not an `ExportLogsServiceResponse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadableResponse;

impl fmt::Display for UnreadableResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the collector's answer is not an export response")
    }
}

impl std::error::Error for UnreadableResponse {}

fn log_record(sealed: &SealedRecord) -> LogRecord {
    let record = sealed.record();
    let (severity, severity_text) =
        if record.is_denial() { (SeverityNumber::Warn, "WARN") } else { (SeverityNumber::Info, "INFO") };
    let began = record.time.unix_ms();
    LogRecord {
        time_unix_nano: nanos(began),
        observed_time_unix_nano: nanos(began.saturating_add(record.duration_ms)),
        severity_number: severity.into(),
        severity_text: severity_text.into(),
        event_name: EVENT_NAME.into(),
        body: Some(value(sealed.line())),
        attributes: attributes(record),
        ..Default::default()
    }
}

fn attributes(record: &Record) -> Vec<KeyValue> {
    let mut list = Attributes(Vec::with_capacity(24));
    list.text("gen_ai.operation.name", record.operation.as_ref());
    list.text("gen_ai.provider.name", record.api.as_ref().map(|api| provider_name(api.as_str())));
    if let Some(model) = &record.model {
        list.text("gen_ai.request.model", model.requested.as_ref());
        list.text("gen_ai.response.model", model.answered.as_ref());
    }
    list.add("gen_ai.request.stream", record.stream.map(Value::BoolValue));
    if let Some(usage) = record.usage {
        list.number("gen_ai.usage.input_tokens", usage.input_tokens);
        list.number("gen_ai.usage.output_tokens", usage.output_tokens);
    }
    list.number("http.response.status_code", record.response.status.map(u64::from));
    list.text("error.type", record.reason.map(|reason| reason.0.name()));
    if let Some(principal) = &record.principal {
        list.text("enduser.id", principal.subject.as_ref());
        list.text("portcullis.tenant", principal.tenant.as_ref());
        list.text("portcullis.issuer", principal.issuer.as_ref());
    }
    list.text("portcullis.exchange.id", Some(record.id));
    list.text("portcullis.request_id", record.request_id.as_ref());
    list.text("portcullis.policy", record.gate.as_ref().map(|gate| gate.policy));
    list.text("portcullis.route", record.route.as_ref());
    list.text("portcullis.rule", record.rule.as_ref());
    list.text("portcullis.mode", Some(record.mode.as_str()));
    list.text("portcullis.decision", Some(record.decision.as_str()));
    list.text("portcullis.reason", record.reason.map(|reason| reason.0.name()));
    list.text("portcullis.request.coverage", Some(record.request.coverage.as_str()));
    list.text("portcullis.response.coverage", Some(record.response.coverage.as_str()));
    list.text(
        "portcullis.request.classification",
        record.request.classification.map(|level| level.0.as_str()),
    );
    list.text(
        "portcullis.response.classification",
        record.response.classification.map(|level| level.0.as_str()),
    );
    list.number("portcullis.findings", Some(record.finding_count()));
    if let Some(link) = record.chain {
        list.text("portcullis.chain.id", Some(link.id));
        list.number("portcullis.chain.seq", Some(link.seq));
    }
    list.0
}

/// The convention's name for the provider whose dialect it is.
fn provider_name(api: &str) -> &str {
    match api {
        "gemini" => "gcp.gemini",
        "bedrock" => "aws.bedrock",
        other => other,
    }
}

struct Attributes(Vec<KeyValue>);

impl Attributes {
    fn add(&mut self, key: &str, value: Option<Value>) {
        let Some(value) = value else { return };
        let value = Some(AnyValue { value: Some(value) });
        self.0.push(KeyValue { key: key.into(), value, ..Default::default() });
    }

    fn text(&mut self, key: &str, text: Option<impl fmt::Display>) {
        self.add(key, text.map(|text| Value::StringValue(text.to_string())));
    }

    /// OTLP has signed integers only; what does not fit is written as the largest.
    fn number(&mut self, key: &str, number: Option<u64>) {
        self.add(key, number.map(|number| Value::IntValue(i64::try_from(number).unwrap_or(i64::MAX))));
    }
}

fn attribute(key: &str, text: &str) -> KeyValue {
    KeyValue { key: key.into(), value: Some(value(text)), ..Default::default() }
}

fn value(text: &str) -> AnyValue {
    AnyValue { value: Some(Value::StringValue(text.into())) }
}

fn nanos(ms: u64) -> u64 {
    ms.saturating_mul(1_000_000)
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsPartialSuccess;

    use super::*;

    fn response(rejected: i64, message: &str) -> Vec<u8> {
        let partial =
            ExportLogsPartialSuccess { rejected_log_records: rejected, error_message: message.into() };
        ExportLogsServiceResponse { partial_success: Some(partial) }.encode_to_vec()
    }

    #[test]
    fn responses() {
        for (name, bytes, expected) in [
            ("empty message: all taken", vec![], Ok(0)),
            ("a warning only", response(0, "slow down"), Ok(0)),
            ("some rejected", response(3, "too old"), Ok(3)),
            ("negative", response(-1, ""), Err(UnreadableResponse)),
            ("cut short", response(3, "too old").into_iter().take(4).collect(), Err(UnreadableResponse)),
            ("not protobuf", b"<html>".to_vec(), Err(UnreadableResponse)),
        ] {
            assert_eq!(response_accepted(&bytes), expected, "{name}");
        }
    }
}
