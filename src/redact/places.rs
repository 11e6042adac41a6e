//! What a guard sees in one whole text, place by place: for tools. The filter itself never needs a list.

use super::lane::merge;
use super::{Actions, Edit};
use crate::class::{Action, Confidence};
use crate::detect::{Finding, RuleIndex, scan_all};

/// Findings that belong together: one place, one verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Byte offset of the first byte in the text.
    pub start: u64,
    /// Byte offset behind the last byte.
    pub end: u64,
    /// The rule that decides about it.
    pub rule: RuleIndex,
    /// How sure that rule is.
    pub confidence: Confidence,
    /// What is done.
    pub action: Action,
}

/// What is acted on in a text that is one lane, merged as the redactor merges it, by start.
pub fn places(actions: &Actions, text: &[u8]) -> Vec<Place> {
    let mut findings = scan_all(actions.catalogue(), actions.enabled(), text);
    findings.retain(|finding| actions.action(finding) > Action::Off);
    findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
    merge(&findings, actions)
        .into_iter()
        .map(|edit| Place {
            start: edit.start,
            end: edit.end,
            rule: edit.rule,
            confidence: confidence(&edit, &findings),
            action: edit.action,
        })
        .collect()
}

/// The rule that won is the surest one of its action, so its surest finding within the place is the one that won.
fn confidence(edit: &Edit, findings: &[Finding]) -> Confidence {
    findings
        .iter()
        .filter(|finding| finding.rule == edit.rule && finding.start >= edit.start && finding.end <= edit.end)
        .map(|finding| finding.confidence)
        .max()
        .unwrap_or(Confidence::Low)
}
