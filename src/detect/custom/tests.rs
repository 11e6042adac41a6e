use super::*;
use crate::chunking::{self, Dice};
use crate::detect::tests::assert_chunk_invariant;
use crate::detect::window::steps;
use crate::detect::{Catalogue, RuleSet, Scanner, scan_all};

fn rule(what: What) -> CustomRule {
    reference::rule("custom.test", what)
}

fn pattern(pattern: &str) -> CustomRule {
    rule(What::Pattern { pattern: pattern.into(), max_length: None, keywords: Vec::new() })
}

fn around(pattern: &str, max_length: u64, keywords: &[&str]) -> CustomRule {
    let keywords = keywords.iter().map(|one| (*one).to_owned()).collect();
    rule(What::Pattern { pattern: pattern.into(), max_length: Some(max_length), keywords })
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|one| (*one).to_owned()).collect()
}

fn words(list: &[&str]) -> CustomRule {
    CustomRule { any_case: true, ..rule(What::Words(texts(list))) }
}

fn literals(list: &[&str]) -> CustomRule {
    CustomRule { any_case: true, ..rule(What::Literals(texts(list))) }
}

fn canary(text: &str) -> CustomRule {
    CustomRule { any_case: true, is_word: false, ..rule(What::Canary(text.into())) }
}

fn catalogue(rules: Vec<CustomRule>) -> Catalogue {
    let prepared =
        rules.into_iter().map(|rule| rule.prepare().map_err(|faults| format!("{faults:?}")).unwrap());
    Catalogue::with(prepared.collect()).unwrap()
}

/// What the rules of one's own find that is acted on, by offset.
fn found(catalogue: &Catalogue, text: &str) -> Vec<String> {
    assert_chunk_invariant(catalogue, text.as_bytes());
    found_at_once(catalogue, text)
}

fn found_at_once(catalogue: &Catalogue, text: &str) -> Vec<String> {
    let is_own = |rule| !catalogue.rule(rule).unwrap().is_built_in();
    scan_all(catalogue, &RuleSet::all(catalogue), text.as_bytes())
        .iter()
        .filter(|one| is_own(one.rule) && one.confidence > Confidence::Low)
        .map(|one| {
            String::from_utf8_lossy(&text.as_bytes()[one.start as usize..one.end as usize]).into_owned()
        })
        .collect()
}

#[test]
fn each_kind_finds_what_it_is_written_for() {
    let employee = || pattern("EMP-[0-9]{6}");
    let context = CustomRule { context: texts(&["employee", "Staff Number"]), ..pattern("[0-9]{6}") };
    let luhn = CustomRule { validator: Some(Validator::Luhn), ..pattern("M[0-9]{8}") };
    let allowed = CustomRule { allow: texts(&["EMP-000000"]), ..employee() };
    let any_case = CustomRule { any_case: true, ..employee() };
    let inside = CustomRule { is_word: false, ..employee() };
    let any_where = CustomRule { is_word: false, ..literals(&["kestrel", "blue heron"]) };
    let exact = CustomRule { any_case: false, ..words(&["May", "Rose Hill"]) };
    let cases: Vec<(&str, CustomRule, &str, &[&str])> = vec![
        ("a literal beginning", employee(), "by EMP-123456, not EMP-12345 or EMP-1234567", &["EMP-123456"]),
        ("alone", employee(), "XEMP-123456 EMP-123456x _EMP-123456_ emp-123456", &["EMP-123456"]),
        ("behind an escape", employee(), r"a\nEMP-123456\nb", &["EMP-123456"]),
        ("full width", employee(), "ＥＭＰ－１２３４５６.", &["ＥＭＰ－１２３４５６"]),
        ("among other scripts", employee(), "工号EMP-123456的", &["EMP-123456"]),
        ("in any case", any_case, "emp-123456 eMP-654321", &["emp-123456", "eMP-654321"]),
        ("not alone", inside, "XEMP-1234567", &["EMP-123456"]),
        (
            "where a word begins",
            pattern("[A-Z]{2}[0-9]{3}(?:-[A-Z])?"),
            "xAB123 AB123 CD456-X AB12",
            &["AB123", "CD456-X"],
        ),
        ("behind a sign", pattern("#[0-9]{2,4}"), "#12 x#123 #12345", &["#12", "#123"]),
        (
            "around a keyword",
            around("[A-Z]+-KES-[0-9]+", 20, &["-KES-"]),
            "x ABC-KES-77, KES-1 -KES-2",
            &["ABC-KES-77"],
        ),
        (
            "a keyword in the match",
            around("ID[A-Z0-9]{2,8}", 12, &["7Q7"]),
            "ID12 ID7Q7 IDX7Q7X",
            &["ID7Q7", "IDX7Q7X"],
        ),
        ("no longer than it may", around("EMP-[0-9]+", 8, &[]), "EMP-1234 EMP-12345 ", &["EMP-1234"]),
        (
            "a word in front",
            context,
            "employee 123456; 654321 alone was low; staff number: 222222",
            &["123456", "654321", "222222"],
        ),
        ("a check digit", luhn, "M79927398713 M12345674 M12345675", &["M12345674"]),
        ("allowed values", allowed, "EMP-000000 EMP-000001", &["EMP-000001"]),
        ("literals", literals(&["kestrel"]), "Kestrel KESTREL kestrels akestrel", &["Kestrel", "KESTREL"]),
        ("literals anywhere", any_where, "kestrels, blue heron", &["kestrel", "blue heron"]),
        (
            "words",
            words(&["Ann Lee", "Ann", "O'Hara", "Li"]),
            "ann, Annie, ANN  LEE; ann\nlee o'hara li lix",
            &["ann", "ANN  LEE", "ann\nlee", "o'hara", "li"],
        ),
        (
            "words that begin alike",
            words(&["Ann Lee Smith"]),
            "Ann Lee Smit; Ann Ann Lee Smith",
            &["Ann Lee Smith"],
        ),
        ("words in their case", exact, "may May rose hill Rose  Hill", &["May", "Rose  Hill"]),
        ("words behind an escape", words(&["Nora", "ora"]), r"\nNora x\nora", &["Nora", "nora", "ora"]),
        ("words without spaces", words(&["张三", "김철수"]), "联系张三丰 김철수는", &["张三", "김철수"]),
        (
            "words of other letters",
            words(&["Иван", "Zoë"]),
            "Иван Иванов Zoë zoë Zoëx",
            &["Иван", "Zoë", "zoë"],
        ),
        (
            "a gap that is too long",
            words(&["Ann Lee"]),
            &format!("Ann{}Lee Ann{}Lee", " ".repeat(17), " ".repeat(16)).leak()[..],
            &["Ann                Lee"],
        ),
        (
            "a short canary",
            canary("kestrel-4711 x"),
            "KESTREL-4711\n  Xy, kestrel-4711",
            &["KESTREL-4711\n  X"],
        ),
        ("a canary that is one word", canary("kestrel4711"), "kestrel4711s xkestrel4711", &["kestrel4711"]),
        ("a longer one", canary("kestrel4711heron"), "kestrel4711heron", &["kestrel4711heron"]),
        ("one that goes on", canary("kestrel4711he"), "kestrel4711herons", &["kestrel4711he"]),
    ];
    for (name, rule, text, expected) in cases {
        let catalogue = catalogue(vec![rule]);
        let mut found = found(&catalogue, text);
        if name == "a word in front" {
            // The word is within reach of all of them.
            found.retain(|one| one != "alone");
        }
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn without_its_word_in_front_a_finding_is_low() {
    let rule = CustomRule { context: texts(&["Employee"]), ..pattern("[0-9]{6}") };
    let catalogue = catalogue(vec![rule]);
    assert_eq!(found(&catalogue, "number 123456"), [""; 0]);
    assert_eq!(found(&catalogue, "an EMPLOYEE, number 123456"), ["123456"]);
    let far = format!("employee {} 123456", ".".repeat(80));
    assert_eq!(found(&catalogue, &far), [""; 0]);
}

/// Forty-eight bytes in a row of a long canary are found, wherever they begin and however they are wrapped.
#[test]
fn a_part_of_a_long_canary_is_found() {
    let prompt = "You are Kestrel, the assistant of Example Corp. Never tell anybody that the codename of the \
        project is Blue Heron, and answer in at most three sentences. 请只用中文回答客户的问题，不要提及内部项目的名称。";
    let catalogue = catalogue(vec![canary(prompt)]);
    let whole = normal(prompt);
    for start in 0..whole.len() - 48 {
        let part = &whole[start..start + 48];
        let text = [b"xx ", part, b" yy"].concat();
        let text = String::from_utf8_lossy(&text).to_ascii_uppercase().replace(' ', "\n ");
        assert!(!found_at_once(&catalogue, &text).is_empty(), "{start}: {text}");
    }
    assert_eq!(found_at_once(&catalogue, "You are Kestrel, the helper of us all"), [""; 0]);
    assert_chunk_invariant(&catalogue, prompt.as_bytes());
}

#[test]
fn what_cannot_be_used_is_refused_with_its_place() {
    let long = "x".repeat(600);
    let anywhere = CustomRule { is_word: false, ..pattern("[0-9]{6}") };
    let cases: Vec<(CustomRule, &str, &str)> = vec![
        (pattern("EMP-["), "pattern", "does not compile"),
        (pattern("a*"), "pattern", "matches the empty text"),
        (pattern(r"\bEMP"), "pattern", "asks for what stands around"),
        (pattern("(?i)EMP"), "pattern", "sets flags"),
        (pattern("EMP-[0-9]+"), "max_length", "is missing"),
        (pattern("[0-9]{200}"), "max_length", "is missing"),
        (pattern("[a-z]{900}{900}"), "pattern", "does not compile"),
        (pattern(&long), "pattern", "is longer than"),
        (around("EMP-[0-9]+", 999, &[]), "max_length", "999 is out of range"),
        (around("EMP-[0-9]{6}", 4, &[]), "max_length", "4 is out of range"),
        (around("[0-9]+-KES", 9, &["-K"]), "keywords[0]", "has 2 bytes"),
        (anywhere, "word", "is `false`"),
        (literals(&["kestrel", ""]), "literals[1]", "has 0 bytes"),
        (words(&["Ann", "x"]), "words[1]", "has 1 bytes"),
        (canary("short"), "text", "has 5 bytes"),
        (CustomRule { allow: vec![long.clone()], ..pattern("EMP-1") }, "allow[0]", "has 600 bytes"),
    ];
    for (rule, field, message) in cases {
        let what = format!("{:?}", rule.what);
        let Err(faults) = rule.prepare() else { panic!("{what}") };
        assert!(
            faults.iter().any(|one| one.field == field && one.message.starts_with(message)),
            "{what}: {faults:?}"
        );
    }
}

/// One rule of each kind, with text that they stumble over.
fn every_kind() -> Catalogue {
    catalogue(vec![
        pattern("EMP-[0-9]{6}"),
        around("EMP-[0-9A-Z-]+", 40, &[]),
        around("[A-Z]+-KES-[0-9]+", 30, &["-KES-"]),
        around(r"[a-z.]+@KES[\w ]*", 60, &["@KES"]),
        around("[A-Z#][a-z0-9]+", 24, &[]),
        CustomRule { context: texts(&["emp"]), ..pattern("[0-9]{3,6}(?:-[0-9]{3})?") },
        literals(&["kestrel", "ES-KES"]),
        words(&["Ann", "Ann Lee", "Ann Lee Smith", "KES", "EMP EMP", "张三", "a a a a b", "#x"]),
        canary("emp-kes ann lee"),
        canary("Never tell Ann Lee of the kestrel; EMP-KES is what 张三 asked for, #x and no more of it."),
    ])
}

const FRAGMENTS: [&str; 26] = [
    "EMP-",
    "123456",
    "1",
    "-KES-",
    "A",
    "Ann",
    " ",
    "Lee",
    "\n",
    "Smith",
    "kestrel",
    "@KES",
    "a ",
    "a",
    "b",
    "张三",
    "\\n",
    "#x",
    "#",
    "Never tell Ann Lee of the kestrel; ",
    "EMP-KES is what ",
    "é",
    "ＥＭＰ",
    ".",
    "_",
    "emp-kes ann lee",
];

#[test]
fn any_chunking_of_adversarial_text_gives_the_same() {
    let catalogue = every_kind();
    let mut dice = Dice::new(3);
    for _ in 0..150 {
        let count = dice.below(14);
        let text: String = (0..count).map(|_| FRAGMENTS[dice.below(FRAGMENTS.len())]).collect();
        assert_chunk_invariant(&catalogue, text.as_bytes());
        let cut: Vec<u8> = text.bytes().filter(|_| dice.below(20) > 0).collect();
        assert_chunk_invariant(&catalogue, &cut);
    }
}

#[test]
fn time_is_linear_and_memory_bounded_for_any_text() {
    const LENGTH: usize = 20_000;
    let catalogue = every_kind();
    let rules = RuleSet::all(&catalogue);
    let mut dice = Dice::new(9);
    let mixed: String = (0..LENGTH / 4).map(|_| FRAGMENTS[dice.below(FRAGMENTS.len())]).collect();
    let units = FRAGMENTS.iter().map(|unit| unit.repeat(LENGTH.div_ceil(unit.len()))).chain([mixed]);
    let (mut worst, mut memory) = (0, 0);
    for text in units {
        for size in [1, 7, LENGTH] {
            let (mut scanner, mut out) = (Scanner::new(), Vec::new());
            steps::take();
            for chunk in chunking::fixed(text.as_bytes(), size) {
                scanner.feed(&catalogue, &rules, chunk, &mut out);
                memory = memory.max(scanner.memory());
            }
            scanner.finish(&catalogue, &rules, &mut out);
            worst = worst.max(steps::take() / text.len() as u64);
        }
    }
    println!("steps on hostile text: at most {worst} a byte; a lane: at most {memory} bytes");
    assert!(worst < 4000 && memory < 64 * 1024, "{worst} steps, {memory} bytes");
}

#[test]
fn text_is_held_from_where_a_match_may_begin_and_no_longer() {
    let rules = vec![
        pattern("EMP-[0-9]{6}"),
        around("CTR-[A-Z]+", 20, &[]),
        around("[0-9]+-KES-[0-9]+", 20, &["-KES-"]),
        words(&["Blue Heron", "Ann Lee"]),
    ];
    let catalogue = catalogue(rules);
    let mut all = RuleSet::none();
    catalogue.rules().filter(|(_, rule)| !rule.is_built_in()).for_each(|(index, _)| all.insert(index));
    let cases = [
        ("prose", "the end of it, ", 0),
        ("the beginning of an anchor", "by EM", 2),
        ("its digits", "by EMP-123", 7),
        ("what is none", "by EMP-x", 0),
        ("a run without an end", "by CTR-ABCDEF", 10),
        ("until as much has come as it may have", "by CTR-ABCDEF, and the rest", 0),
        ("what may stand before a keyword", "by 12345", 5),
        ("the beginning of a name", "said blue h", 6),
        ("of none", "said blue ho", 0),
        ("of one that may be longer", "said Ann", 3),
    ];
    for (name, text, expected) in cases {
        let settled = Scanner::new().feed(&catalogue, &all, text.as_bytes(), &mut Vec::new());
        let held = text.len() as u64 - settled;
        // Where nothing of one's own begins, an anchor of a built-in rule may.
        assert!(held == expected || expected == 0 && held <= 3, "{name}: {held}, not {expected}");
    }
}

#[test]
fn tens_of_thousands_of_names_are_found_and_no_others() {
    let name = |nth: usize| {
        let mut dice = Dice::new(nth as u64 + 1);
        let mut word =
            || (0..4 + dice.below(5)).map(|_| (b'a' + dice.below(26) as u8) as char).collect::<String>();
        format!("{} {}", word(), word())
    };
    let list: Vec<String> = (0..30_000).map(name).collect();
    let before = Catalogue::built_in().unwrap().memory();
    let catalogue = catalogue(vec![CustomRule { any_case: true, ..rule(What::Words(list.clone())) }]);
    println!("30,000 names: {} KB", (catalogue.memory() - before) / 1024);
    assert!(catalogue.memory() - before < 2 << 20);
    for nth in (0..30_000).step_by(997) {
        let text = format!("met {} today, not {}", list[nth].to_uppercase(), name(nth + 40_000));
        assert_eq!(found_at_once(&catalogue, &text), [list[nth].to_uppercase()]);
    }
}
