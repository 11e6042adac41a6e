use super::*;
use crate::audit::chain::Chain;
use crate::audit::value::Hex;

fn record() -> Record {
    Record::new(Hex([7; 16]), Timestamp::from_unix_ms(0), Mode::Enforce, Decision::Allow)
}

fn finding(rule: &str, lane: &str, action: Action, count: u64) -> Finding {
    Finding {
        direction: Direction::Response.into(),
        rule: rule.into(),
        class: Class::Secret.into(),
        action: action.into(),
        lane: lane.into(),
        count,
    }
}

#[test]
fn findings_of_a_kind_are_added_up() {
    let mut record = record();
    record.add_finding(finding("aws_key", "content", Action::Flag, 1));
    record.add_finding(finding("aws_key", "reasoning", Action::Flag, 1));
    record.add_finding(finding("aws_key", "content", Action::Redact, 1));
    record.add_finding(finding("aws_key", "content", Action::Flag, 2));
    let counts: Vec<u64> = record.findings().iter().map(|finding| finding.count).collect();
    assert_eq!(counts, [3, 1, 1]);
    assert_eq!(record.finding_count(), 5);
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut record = record();
    let mut principal = Principal::default();
    for i in 0..40 {
        record.add_finding(finding(&format!("rule_{i}"), "content", Action::Flag, 2));
        record.add_tool(&format!("tool_{i}"));
        principal.add_group(&format!("group_{i}"));
    }
    for reason in Reason::ALL.iter().take(20).chain(Reason::ALL.iter().take(1)) {
        let direction = Direction::Request.into();
        record.add_would(Would { direction, action: WouldAction::Deny, reason: Some((*reason).into()) });
    }
    assert_eq!((record.findings().len(), record.findings_more, record.finding_count()), (32, 16, 80));
    assert_eq!((record.tools().len(), record.tools_more), (32, 8));
    assert_eq!((principal.groups().len(), principal.groups_more), (32, 8));
    assert_eq!((record.would().len(), record.would_more), (16, 4));
}

#[test]
fn unsafe_text_from_a_client_stays_on_one_line() {
    let mut record = record();
    record.add_tool("a\n{\"version\":1}\r\u{2028}\u{202e}");
    let line = serde_json::to_string(&record).unwrap();
    assert!(!line.contains(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{202e}'), "{line}");
}

#[test]
fn debug_shows_no_claims() {
    let mut principal =
        Principal { subject: Some("mallory".into()), tenant: Some("acme".into()), ..Default::default() };
    principal.add_group("staff");
    let mut record = record();
    record.principal = Some(principal);
    let sealed = Chain::new(Hex([0; 16]), None).seal(record.clone()).unwrap();
    for shown in [format!("{record:?}"), format!("{sealed:?}")] {
        assert!(!shown.contains("mallory") && !shown.contains("acme") && !shown.contains("staff"), "{shown}");
    }
}

#[test]
fn the_largest_record_stays_within_its_bound() {
    // A quotation mark takes one byte of a text's bound and two of the line.
    let long = "\"".repeat(1000);
    let custom = || Class::Custom("c".repeat(64 - "custom.".len()).into()).into();
    let mut record = record();
    record.time = Timestamp::from_unix_ms(u64::MAX);
    record.duration_ms = u64::MAX;
    record.version = u32::MAX;
    record.request_id = Some(long.as_str().into());
    record.gate = Some(Gate {
        name: Some(long.as_str().into()),
        instance: Some(long.as_str().into()),
        policy: Hex([255; 32]),
    });
    let mut principal = Principal {
        issuer: Some(long.as_str().into()),
        subject: Some(long.as_str().into()),
        tenant: Some(long.as_str().into()),
        ..Default::default()
    };
    (0..1000).for_each(|_| principal.add_group(&long));
    principal.groups_more = u64::MAX;
    record.principal = Some(principal);
    record.route = Some(long.as_str().into());
    record.rule = Some(long.as_str().into());
    record.reason = Reason::ALL.iter().copied().max_by_key(|reason| reason.code().len()).map(Word);
    for reason in Reason::ALL {
        let direction = Direction::Response.into();
        record.add_would(Would { direction, action: WouldAction::Redact, reason: Some((*reason).into()) });
    }
    record.would_more = u64::MAX;
    record.api = Some(long.as_str().into());
    record.operation = Some(long.as_str().into());
    record.model =
        Some(Model { requested: Some(long.as_str().into()), answered: Some(long.as_str().into()) });
    record.stream = Some(false);
    (0..1000).for_each(|_| record.add_tool(&long));
    record.tools_more = u64::MAX;
    record.request = RequestBody {
        bytes: u64::MAX,
        coverage: Coverage::LocalReply,
        classification: Some(Level::Confidential.into()),
    };
    record.response = Response {
        status: Some(u16::MAX),
        bytes: u64::MAX,
        coverage: Coverage::LocalReply,
        classification: Some(Level::Confidential.into()),
    };
    record.upstream = Some(Upstream { status: u16::MAX, bytes: u64::MAX });
    record.usage = Some(Usage { input_tokens: Some(u64::MAX), output_tokens: Some(u64::MAX) });
    for i in 0..1000 {
        let mut finding = finding(&format!("{i:04}{long}"), &long, Action::Redact, u64::MAX);
        finding.class = custom();
        record.add_finding(finding);
    }
    let sealed = Chain::new(Hex([255; 16]), None).seal(record).unwrap();
    let bytes = sealed.line().len();
    assert!((MAX_LINE_BYTES / 2..=MAX_LINE_BYTES).contains(&bytes), "{bytes}");
    assert_eq!(serde_json::from_str::<Record>(sealed.line()).unwrap(), *sealed.record());
}

#[cfg(feature = "cli")]
#[test]
fn the_schema_knows_every_field_of_a_record() {
    let schema = schemars::schema_for!(Record);
    let properties = schema.get("properties").and_then(serde_json::Value::as_object).unwrap();
    for line in [include_str!("../fixtures/allow_redacted.json"), include_str!("../fixtures/observe.json")] {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        for field in record.as_object().unwrap().keys() {
            assert!(properties.contains_key(field), "{field}");
        }
    }
    assert_eq!(properties["time"]["format"], "date-time");
    assert_eq!(properties["id"]["pattern"], "^[0-9a-f]{32}$");
}
