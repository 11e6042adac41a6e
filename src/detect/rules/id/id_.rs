//! Indonesia: `pii.id.id-nik`, `pii.id.id-npwp`.

use super::{date, number};
use crate::class::Confidence;
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Rule, example};

pub(super) fn rules() -> Vec<Rule> {
    vec![PERSON, TAX]
}

const PERSON: Rule = number(
    "pii.id.id-nik",
    "Indonesia identity number of a person (NIK)",
    "Law 24/2013 on population administration (Indonesia): province, regency, district, date of birth (day + 40 for \
     women), serial; no check digit",
    &[
        example("NIK: 3174051708900001", "3174051708900001"),
        example("nomor induk kependudukan 5103024502950002", "5103024502950002"),
        example("\"no_ktp\": \"3174 0517 0890 0001\"", "3174 0517 0890 0001"),
    ],
    &["3174051708900001", "NIK 9974051708900001", "NIK 3174053213900001", "NIK 3174057508900001"],
    Number::unchecked(
        &["9999999999999999", "9999 9999 9999 9999"],
        person,
        &["nik", "ktp", "no ktp", "nomor induk kependudukan", "kartu tanda penduduk", "nomor ktp"],
    ),
);

fn person(number: &[u8]) -> Option<Confidence> {
    let is_province = matches!(
        date::part(number, 0, 2)?,
        11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81..=82 | 91..=97
    );
    // Regencies count from 01, cities from 71.
    let is_regency = matches!(date::part(number, 2, 2)?, 1..=39 | 71..=79);
    let (day, month, year) = date::yymmdd(number, 6)?;
    let day = if day > 40 { day - 40 } else { day };
    (is_province && is_regency && date::is_day_of_either(year, month, day)).then_some(Confidence::Low)
}

const TAX: Rule = number(
    "pii.id.id-npwp",
    "Indonesia taxpayer number (NPWP)",
    "Directorate General of Taxes (Indonesia): nine digits with a check digit by Luhn, tax office, branch; sixteen \
     digits since 2024",
    &[
        example("NPWP 01.234.567.4-123.000", "01.234.567.4-123.000"),
        example("(70.987.654.4-441.000)", "70.987.654.4-441.000"),
        example("nomor pokok wajib pajak 012345674123000", "012345674123000"),
    ],
    &["012345674123000", "01.234.567.5-123.000", "NPWP 012345675123000"],
    Number::checked(
        &["99.999.999.9-999.999", "999999999999999", "9999999999999999"],
        tax,
        &["npwp", "nomor pokok wajib pajak", "wajib pajak", "pajak", "tax number"],
    )
    .grouped(Confidence::High),
);

fn tax(number: &[u8]) -> Option<Confidence> {
    let number = match number {
        [b'0', rest @ ..] if rest.len() == 15 => rest,
        number if number.len() == 15 => number,
        _ => return None,
    };
    check::luhn(number.get(..9)?).then_some(Confidence::Low)
}
