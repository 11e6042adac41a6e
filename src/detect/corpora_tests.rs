//! Figures over texts that nobody on this project wrote. Skipped where they are absent.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::corpus::{bytes, rows};

/// With `PORTCULLIS_ROWS` set: which rows make a figure.
fn name_row(row: &Value, what: &str, id: &str) {
    if std::env::var_os("PORTCULLIS_ROWS").is_some() {
        println!("  {}: {id} {what}", row["id"]);
    }
}

/// What the rule finds in a row and would act on.
fn found(catalogue: &Catalogue, id: &str, text: &[u8]) -> Vec<Vec<u8>> {
    let rule = catalogue.index_of(id).unwrap();
    let mut rules = RuleSet::none();
    rules.insert(rule);
    let findings = scan_all(catalogue, &rules, text).into_iter();
    let findings = findings.filter(|finding| finding.confidence > Confidence::Low);
    findings.map(|finding| text[finding.start as usize..finding.end as usize].to_vec()).collect()
}

#[test]
fn singapore_numbers_are_all_judged_right() {
    let Some(rows) = rows("pii_sg_nric") else { return };
    let catalogue = Catalogue::built_in().unwrap();
    for row in &rows {
        let expected: Vec<Vec<u8>> = row["expected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["value"].as_str().unwrap().as_bytes().to_vec())
            .collect();
        assert_eq!(found(&catalogue, "pii.id.sg-nric", &bytes(row)), expected, "{}", row["id"]);
    }
    println!("pii_sg_nric: {} of {}", rows.len(), rows.len());
}

#[test]
fn figures_for_planted_entities() {
    let catalogue = Catalogue::built_in().unwrap();
    for corpus in ["pii_presidio_research", "pii_presidio_tests", "pii_faker", "pii_validatorjs"] {
        let Some(rows) = rows(corpus) else { continue };
        for (id, kind) in [("pii.contact.email", "email"), ("financial.card", "credit")] {
            let (mut planted, mut caught, mut exact, mut other) = (0, 0, 0, 0);
            for row in &rows {
                let expected: Vec<&str> = row["expected"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|one| {
                        one["type"].as_str().is_some_and(|name| name.to_ascii_lowercase().contains(kind))
                    })
                    .filter_map(|one| one["value"].as_str())
                    .collect();
                let found = found(&catalogue, id, &bytes(row));
                planted += expected.len();
                for value in &expected {
                    let holds = found.iter().any(|found| String::from_utf8_lossy(found).contains(value));
                    caught += usize::from(holds);
                    exact += usize::from(found.iter().any(|found| found == value.as_bytes()));
                    if !holds {
                        name_row(row, "missed", id);
                    }
                }
                if expected.is_empty() && !found.is_empty() {
                    other += found.len();
                    name_row(row, "found", id);
                }
            }
            println!("{corpus}: {id}: {caught} of {planted} ({exact} exact); in other rows: {other}");
        }
    }
}

#[test]
fn figures_for_false_positives() {
    let catalogue = Catalogue::built_in().unwrap();
    for corpus in ["ben_fp_text", "ben_prompts"] {
        let Some(rows) = rows(corpus) else { continue };
        let mut documents: BTreeMap<&str, usize> = BTreeMap::new();
        let mut total = 0;
        for row in &rows {
            let text = bytes(row);
            total += text.len();
            for (_, rule) in catalogue.rules() {
                let found = found(&catalogue, &rule.id, &text);
                if !found.is_empty() {
                    *documents.entry(&*rule.id).or_default() += 1;
                    name_row(row, "found", &rule.id);
                }
            }
        }
        println!(
            "{corpus}: {} documents, {total} bytes; documents with a finding: {documents:?}",
            rows.len()
        );
    }
}

#[test]
fn figures_for_exfiltration_and_keys() {
    let catalogue = Catalogue::built_in().unwrap();
    for (corpus, id, source) in [
        ("out_exfil", "exfiltration.markdown-image", "garak-output:"),
        ("sec_gitleaks", "secret.aws-access-key-id", "gitleaks:aws-access-token"),
        ("sec_gitleaks", "secret.jwt", "gitleaks:jwt"),
        ("sec_gitleaks", "secret.private-key", "gitleaks:private-key"),
    ] {
        let Some(rows) = rows(corpus) else { continue };
        let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
        for row in
            rows.iter().filter(|row| row["source"].as_str().is_some_and(|name| name.starts_with(source)))
        {
            let text = bytes(row);
            if id.starts_with("exfil") && !text.windows(2).any(|two| two == b"![") {
                continue;
            }
            let label = row["label"].as_str().unwrap().to_owned();
            *counts.entry((label, !found(&catalogue, id, &text).is_empty())).or_default() += 1;
        }
        println!("{corpus}: {id}: (label, found) {counts:?}");
    }
}
