//! `financial.bic`.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window, is_word};

/// Bytes between the word and the code: `SWIFT code (8 or 11 letters): `.
const REACH: u64 = 32;

/// The codes of ISO 3166-1, and XK of Kosovo.
const COUNTRIES: &[u8] =
    b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCR\
    CUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHU\
    IDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQ\
    MRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSI\
    SJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Without one of its words a code is eight letters like any others: it is looked for behind them only.
pub(super) const RULE: Rule = Rule {
    id: "financial.bic",
    class: Class::Financial,
    level: None,
    description: "business identifier code (BIC, SWIFT code) behind a word that names it",
    source: "ISO 9362:2022",
    true_examples: &[
        example("BIC: EXMPDEFF", "EXMPDEFF"),
        example("SWIFT/BIC EXMPGB2LXXX.", "EXMPGB2LXXX"),
        example("swift code is EXMPNL2A", "EXMPNL2A"),
        example("{\"bic\":\"EXMPSGSG123\"}", "EXMPSGSG123"),
        example("swift_code=EXMPAU2S&x", "EXMPAU2S"),
        example("Bank Identifier Code: EXMPDEFF", "EXMPDEFF"),
        example("スイフトコード：EXMPJPJT", "EXMPJPJT"),
    ],
    false_examples: &[
        "EXMPDEFF",
        "BIC: EXMPXXFF",
        "SWIFT NEWS UPDATE: CUSTOMER SERVICE",
        "Swift is a language. EXMPDEFF",
        "BIC exmpdeff EXMPDEFFX",
        "cubic EXMPDEFF",
        "BIC number EXMPDEFF12",
    ],
    detector: Detector {
        any_case: true,
        not_after: |before| before.is_ascii_alphanumeric(),
        ..Detector::new(&[b"bic", b"swift", b"bank identifier", "スイフト".as_bytes()], verify)
    },
};

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    // `note` is 1 while a word is passed over.
    while progress.at < hit.end + REACH {
        let start = progress.at;
        let byte = match window.ahead(start) {
            Ahead::Byte(byte) => byte,
            Ahead::Unknown => return Verdict::More { from: start },
            Ahead::End => return Verdict::No,
        };
        if matches!(byte, b'\n' | b'.' | b';' | b'!' | b'?') {
            return Verdict::No;
        }
        if !is_word(byte) || byte == b'_' {
            progress.at += 1;
            continue;
        }
        if start == hit.end {
            // `bicycle`, `SWIFTLY`; but `bicCode`.
            if !byte.is_ascii_uppercase()
                || window.before(start).is_some_and(|last| last.is_ascii_uppercase())
            {
                return Verdict::No;
            }
        }
        let mut end = start;
        let word = loop {
            match window.ahead(end) {
                Ahead::Byte(byte) if is_word(byte) && end - start <= 11 => end += 1,
                Ahead::Unknown => return Verdict::More { from: start },
                Ahead::Byte(_) | Ahead::End => break window.slice(start, end),
            }
        };
        if is_code(word) {
            return Verdict::Match { start, end, confidence: Confidence::Medium };
        }
        // The nearest word names it; and a sentence in between is none that does.
        let names = [
            &b"code"[..],
            b"number",
            b"no",
            b"nr",
            b"id",
            b"is",
            b"address",
            b"der",
            b"bank",
            b"ist",
            b"est",
            b"identifier",
        ];
        if !names.iter().any(|name| word.eq_ignore_ascii_case(name)) {
            return Verdict::No;
        }
        progress.at = end;
    }
    Verdict::No
}

/// Four letters (or, in theory, digits) of the institution, its country, two of the place, and three of a branch.
fn is_code(word: &[u8]) -> bool {
    let fits = matches!(word.len(), 8 | 11)
        && word.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && word.iter().take(6).all(u8::is_ascii_uppercase);
    let country = word.get(4..6);
    fits && COUNTRIES.chunks(2).any(|known| Some(known) == country) && !WORDS.contains(&word)
}

/// English words of eight letters with a country's code in the fifth and sixth place, as headings have them.
const WORDS: &[&[u8]] = &[
    b"BUSINESS",
    b"CHARGING",
    b"CUSTOMER",
    b"DATABASE",
    b"DELIVERY",
    b"DOCUMENT",
    b"LANGUAGE",
    b"MESSAGES",
    b"PLATFORM",
    b"PROVIDED",
    b"PROVIDER",
    b"REQUIRED",
];
