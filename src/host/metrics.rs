//! Envoy's own statistics. Names hold their labels as `label=value`, which the shipped Envoy configuration turns into
//! Prometheus labels; label values are reasons, decisions, rule ids and actions, never anything that a client sends.

use super::calls::{self, MetricKind};
use crate::audit::record::Record;
use std::collections::HashMap;

/// What one exchange took, besides its record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    /// Nanoseconds spent on bodies.
    pub(super) scan_ns: u64,
    /// The most bytes that were held back at a time.
    pub(super) held_peak: usize,
}

/// The metrics that this worker has used so far, by name.
#[derive(Default)]
pub(super) struct Metrics {
    ids: HashMap<String, Option<u32>>,
}

impl Metrics {
    /// One exchange has ended.
    pub(super) fn exchange(&mut self, record: &Record, work: Work) {
        let reason = record.reason.as_ref().map_or("none", |reason| reason.0.code());
        self.count(format!("portcullis.requests.decision={}.reason={reason}", record.decision.as_str()), 1);
        for finding in record.findings() {
            let name = format!(
                "portcullis.findings.rule={}.direction={}.action={}",
                finding.rule,
                finding.direction.0.as_str(),
                finding.action.0.as_str()
            );
            self.count(name, finding.count);
        }
        self.observe("portcullis.scan_time_us", work.scan_ns / 1_000);
        self.observe("portcullis.held_bytes", work.held_peak as u64);
    }

    /// Adds to a counter.
    pub(super) fn count(&mut self, name: impl Into<String>, by: u64) {
        if let Some(id) = self.id(name.into(), MetricKind::Counter) {
            let _ = calls::increment_metric(id, i64::try_from(by).unwrap_or(i64::MAX));
        }
    }

    /// Moves a gauge that all workers share.
    pub(super) fn shift(&mut self, name: &str, by: i64) {
        if let Some(id) = self.id(name.to_owned(), MetricKind::Gauge) {
            let _ = calls::increment_metric(id, by);
        }
    }

    fn observe(&mut self, name: &str, value: u64) {
        if let Some(id) = self.id(name.to_owned(), MetricKind::Histogram) {
            let _ = calls::record_metric(id, value);
        }
    }

    fn id(&mut self, name: String, kind: MetricKind) -> Option<u32> {
        if let Some(id) = self.ids.get(&name) {
            return *id;
        }
        let id = calls::define_metric(kind, &name);
        self.ids.insert(name, id);
        id
    }
}
