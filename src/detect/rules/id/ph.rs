//! Philippines: `pii.id.ph-tin`, `pii.id.ph-sss`, `pii.id.ph-umid`, `pii.id.ph-philhealth`, `pii.id.ph-philsys`. None has
//! a published check digit.

use super::number;
use crate::class::Confidence;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![TIN, SSS, UMID, PHILHEALTH, PHILSYS]
}

fn any(_: &[u8]) -> Option<Confidence> {
    Some(Confidence::Low)
}

const TIN: Rule = number(
    "pii.id.ph-tin",
    "Philippines taxpayer identification number",
    "Bureau of Internal Revenue (Philippines): nine digits, and three or five of the branch",
    &[
        example("TIN 123-456-789-000", "123-456-789-000"),
        example("BIR TIN: 123-456-789", "123-456-789"),
        example("TIN 123 456 789 000", "123 456 789 000"),
        example("\"tin\": \"123-456-789-00000\"", "123-456-789-00000"),
    ],
    &["123-456-789-000", "123-456-789", "123456789", "TIN 12-3456-789"],
    Number {
        alone: true,
        ..Number::unchecked(
            &[
                "999-999-999",
                "999-999-999-999",
                "999-999-999-99999",
                "999 999 999",
                "999 999 999 999",
                "999 999 999 99999",
                "999999999",
                "999999999999",
                "99999999999999",
            ],
            any,
            &["tin", "bir", "taxpayer identification number", "tax identification number", "tin no"],
        )
    },
);

const SSS: Rule = number(
    "pii.id.ph-sss",
    "Philippines Social Security System number",
    "Social Security System (Philippines): ten digits, written 2-7-1",
    &[
        example("SSS no. 34-1234567-8", "34-1234567-8"),
        example("\"sss\":\"3412345678\"", "3412345678"),
        example("SSS# 34 1234567 8", "34 1234567 8"),
    ],
    &["34-1234567-8", "SSS 34-123456-78"],
    Number::unchecked(
        &["99-9999999-9", "99 9999999 9", "9999999999"],
        any,
        &["sss", "sss no", "sss number", "social security system"],
    ),
);

const UMID: Rule = number(
    "pii.id.ph-umid",
    "Philippines common reference number (UMID)",
    "Executive Order 420, s. 2005 (Philippines): twelve digits, written 4-7-1",
    &[example("UMID CRN: 0111-1234567-8", "0111-1234567-8"), example("umid 011112345678", "011112345678")],
    &["0111-1234567-8", "UMID 01111-234567-8"],
    Number::unchecked(&["9999-9999999-9", "999999999999"], any, &["umid", "crn", "common reference number"]),
);

const PHILHEALTH: Rule = number(
    "pii.id.ph-philhealth",
    "Philippines health insurance number (PhilHealth)",
    "Philippine Health Insurance Corporation: twelve digits, written 2-9-1",
    &[
        example("PhilHealth: 12-345678901-2", "12-345678901-2"),
        example("phic no 123456789012", "123456789012"),
    ],
    &["12-345678901-2", "PhilHealth 12-34567890-12"],
    Number::unchecked(
        &["99-999999999-9", "999999999999"],
        any,
        &["philhealth", "phil health", "phic", "health insurance"],
    ),
);

const PHILSYS: Rule = number(
    "pii.id.ph-philsys",
    "Philippines national identity: PhilSys number or card number",
    "Republic Act 11055 (Philippines): number (PSN) of twelve digits, card number (PCN) of sixteen",
    &[
        example("PhilSys: 1234-5678-9012-3456", "1234-5678-9012-3456"),
        example("PhilID 1234567890123456", "1234567890123456"),
        example("PhilID 1234 5678 9012 3456", "1234 5678 9012 3456"),
        example("PSN 1234-5678-9012", "1234-5678-9012"),
    ],
    &["1234-5678-9012-3456", "PhilSys 1234-5678-901"],
    Number {
        alone: true,
        ..Number::unchecked(
            &[
                "9999-9999-9999-9999",
                "9999 9999 9999 9999",
                "9999999999999999",
                "9999-9999-9999",
                "9999 9999 9999",
                "999999999999",
            ],
            any,
            &["philsys", "philid", "phil id", "psn", "pcn", "pambansang id", "ephilid"],
        )
    },
);
