//! Evidence: what one exchange leaves behind, how it is chained, and how it travels.
//!
//! - [`record`] is the evidence of one exchange, free of the content itself.
//! - [`chain`] seals records into one-line JSON, each line vouching for the one before, and verifies such lines.
//! - [`otlp`] wraps sealed lines for an OpenTelemetry collector.
//! - [`outbox`] holds them, bounded, until the collector has them.
//! - [`ids`] draws the identifiers of exchanges.
//! - [`value`] and [`time`] are the leaf values that keep a record bounded and well formed.
//!
//! Pure: time, identifiers and keys are arguments, and nothing here sends or writes. The same sealed line
//! goes to Envoy's access log (property [`ACCESS_LOG_PROPERTY`]) and, as the body, to the collector, so the
//! two can be compared byte for byte.

pub mod chain;
pub mod ids;
pub mod otlp;
pub mod outbox;
pub mod record;
pub mod time;
pub mod value;

/// The property under which the host stores [`chain::SealedRecord::line`] for Envoy's access log.
///
/// Envoy keeps it as filter state with the prefix `wasm.`, so the access log's format names it as
/// `%FILTER_STATE(wasm.portcullis.record:PLAIN)%`. One dotted segment: several would be joined by NUL bytes.
pub const ACCESS_LOG_PROPERTY: &str = "portcullis.record";

#[cfg(test)]
mod golden;
