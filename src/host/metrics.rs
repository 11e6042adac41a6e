//! Envoy's own statistics. Names hold their labels as `label=value`, which the shipped Envoy configuration turns into
//! Prometheus labels; label values are reasons, decisions, rule ids and actions, never anything that a client sends.

use super::calls::{self, MetricKind};
use crate::audit::record::{Decision, Finding, Record};
use crate::audit::value::Label;
use crate::class::{Action, Direction};
use crate::reason::Reason;
use std::borrow::Cow;
use std::collections::HashMap;

/// What one exchange took, besides its record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    /// Nanoseconds spent on bodies.
    pub(super) scan_ns: u64,
    /// The most bytes that were held back at a time.
    pub(super) held_peak: usize,
}

/// The metrics that this worker has used so far.
#[derive(Default)]
pub(super) struct Metrics {
    ids: HashMap<Name, Option<u32>>,
}

/// What tells metrics apart. It is written out once, when the host is told of the metric.
#[derive(PartialEq, Eq, Hash)]
enum Name {
    Fixed(&'static str),
    Requests(Decision, Option<Reason>),
    Findings(Label, Direction, Action),
}

impl Name {
    fn text(&self) -> Cow<'static, str> {
        match self {
            Name::Fixed(name) => (*name).into(),
            Name::Requests(decision, reason) => {
                let (decision, reason) = (decision.as_str(), reason.map_or("none", |reason| reason.code()));
                format!("portcullis.requests.decision={decision}.reason={reason}").into()
            }
            Name::Findings(rule, direction, action) => {
                let (direction, action) = (direction.as_str(), action.as_str());
                format!("portcullis.findings.rule={rule}.direction={direction}.action={action}").into()
            }
        }
    }
}

impl Metrics {
    /// One exchange has ended.
    pub(super) fn exchange(&mut self, record: &Record, work: Work) {
        self.add(Name::Requests(record.decision, record.reason.map(|reason| reason.0)), 1);
        for Finding { rule, direction, action, count, .. } in record.findings() {
            self.add(Name::Findings(rule.clone(), direction.0, action.0), *count);
        }
        self.observe("portcullis.scan_time_us", work.scan_ns / 1_000);
        self.observe("portcullis.held_bytes", work.held_peak as u64);
    }

    /// Adds to a counter.
    pub(super) fn count(&mut self, name: &'static str, by: u64) {
        self.add(Name::Fixed(name), by);
    }

    /// Moves a gauge that all workers share.
    pub(super) fn shift(&mut self, name: &'static str, by: i64) {
        if let Some(id) = self.id(Name::Fixed(name), MetricKind::Gauge) {
            let _ = calls::increment_metric(id, by);
        }
    }

    fn add(&mut self, name: Name, by: u64) {
        if let Some(id) = self.id(name, MetricKind::Counter) {
            let _ = calls::increment_metric(id, i64::try_from(by).unwrap_or(i64::MAX));
        }
    }

    fn observe(&mut self, name: &'static str, value: u64) {
        if let Some(id) = self.id(Name::Fixed(name), MetricKind::Histogram) {
            let _ = calls::record_metric(id, value);
        }
    }

    fn id(&mut self, name: Name, kind: MetricKind) -> Option<u32> {
        if let Some(id) = self.ids.get(&name) {
            return *id;
        }
        let id = calls::define_metric(kind, &name.text());
        self.ids.insert(name, id);
        id
    }
}
