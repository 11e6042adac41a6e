//! `financial.bank-account`, behind a word only, and `financial.gb-sort-code`.

use crate::class::{Class, Confidence};
use crate::detect::check;
use crate::detect::number::Number;
use crate::detect::rules::{Detector, Rule, example};

pub(super) const RULE: Rule = Rule {
    id: "financial.bank-account",
    class: Class::Financial,
    level: None,
    description: "bank account number in a national form, with a word that says so",
    source: "ANSI X9.100-160 (US: up to 17 digits), Pay.UK (GB: 8), MAS and banks of SG, Zengin (JP: 7), ISO 13616 national \
             parts; no check digit that all share",
    true_examples: &[
        example("bank account 945456787", "945456787"),
        example("Account number: 12345678, sort code", "12345678"),
        example("checking account no. 000123456789", "000123456789"),
        example("账号：622202123456", "622202123456"),
        example("口座番号 1234567", "1234567"),
        example("DBS bank account 012-345678-9", "012-345678-9"),
    ],
    false_examples: &[
        "order 945456787",
        "account 945456787 was closed",
        "account number 123",
        "account number 0000000000",
        "account number 20240311, account no. 20240311093015",
        "Account number prefixes: plan 4410982 of 32146907",
    ],
    detector: Detector::number(Number::unchecked(SHAPES, account, WORDS).near(&[
        "account number",
        "account no",
        "account num",
        "账号",
        "帳號",
    ])),
};

const SHAPES: &[&str] = &[
    "9999999",
    "99999999",
    "999999999",
    "9999999999",
    "99999999999",
    "999999999999",
    "9999999999999",
    "99999999999999",
    "999999999999999",
    "99999999999999999",
    "999-99999-9",
    "999-999999-9",
    "999-9-999999",
    "9999 9999",
];

const WORDS: &[&str] = &[
    "bank account",
    "bank account number",
    "bank acct",
    "acct no",
    "acct number",
    "checking account",
    "savings account",
    "current account",
    "kontonummer",
    "numero de cuenta",
    "numero de compte",
    "numero di conto",
    "numero da conta",
    "nomor rekening",
    "no rekening",
    "rekening",
    "银行账号",
    "银行账户",
    "帳戶號碼",
    "口座番号",
    "계좌번호",
    "so tai khoan",
    "เลขที่บัญชี",
    "เลขบัญชี",
];

/// No date, and no time of one.
fn account(number: &[u8]) -> Option<Confidence> {
    let is_time = matches!(number.len(), 8 | 12 | 14) && check::is_date(number);
    if is_time { None } else { any_but_one_digit(number) }
}

pub(super) const GB_SORT_CODE: Rule = Rule {
    id: "financial.gb-sort-code",
    class: Class::Financial,
    level: None,
    description: "sort code of a bank in the United Kingdom or Ireland, with a word that says so",
    source: "Pay.UK, Sort Code Allocation; written in three pairs of digits",
    true_examples: &[
        example("sort code 20-00-00, account number", "20-00-00"),
        example("sortcode: 200000", "200000"),
        example("Sort Code: 20 00 00", "20 00 00"),
    ],
    false_examples: &["on 20-00-00", "sort by code 200000", "sort code 000000"],
    detector: Detector::number(Number::unchecked(
        &["99-99-99", "99 99 99", "999999"],
        any_but_one_digit,
        &["sort code"],
    )),
};

fn any_but_one_digit(number: &[u8]) -> Option<Confidence> {
    let is_one = number.iter().all(|digit| Some(digit) == number.first());
    (!is_one).then_some(Confidence::Low)
}
