//! Texts that nobody on this project wrote, where they are at hand; scripts/eval has the figures over the others.

use super::*;
use crate::corpus::{bytes, rows};

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
