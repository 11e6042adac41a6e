use proptest::prelude::*;

use super::super::rules::{Detector, Example, Rule};
use super::super::{Catalogue, scan_all};
use super::*;
use crate::class::Class;

const fn rule(id: &'static str, number: Number) -> Rule {
    const NONE: &[Example] = &[];
    Rule {
        id,
        class: Class::PiiId,
        level: None,
        description: "",
        source: "",
        true_examples: NONE,
        false_examples: &[],
        detector: Detector::number(number),
    }
}

fn any(_: &[u8]) -> Option<Confidence> {
    Some(Confidence::Low)
}

fn even(number: &[u8]) -> Option<Confidence> {
    number.last().is_some_and(|last| last % 2 == 0).then_some(Confidence::Low)
}

const SHAPES: [&[&str]; 4] =
    [&["9999", "99 99", "99-99-9"], &["A999", "AA 99#"], &["(99)9"], &["X-99", "99X"]];

fn rules() -> Vec<Rule> {
    vec![
        rule("pii.id.a", Number::checked(SHAPES[0], any, &["tfn"])),
        rule("pii.id.b", Number::checked(SHAPES[1], any, &[])),
        rule("pii.id.c", Number::unchecked(SHAPES[2], any, &["code"])),
        rule("pii.id.d", Number::checked(SHAPES[3], even, &[])),
    ]
}

fn found(text: &[u8]) -> Vec<(u64, u64, usize)> {
    let catalogue = Catalogue::compile(rules(), Vec::new()).unwrap();
    let found = scan_all(&catalogue, &RuleSet::all(&catalogue), text);
    found.iter().map(|one| (one.start, one.end, one.rule.position())).collect()
}

/// The same, shape by shape at every place, with nothing shared.
fn found_slowly(text: &[u8]) -> Vec<(u64, u64, usize)> {
    let window = Window::new(0, text, true);
    let mut all = Vec::new();
    for (rule, shapes) in SHAPES.iter().enumerate() {
        for start in 0..text.len() {
            let fits = |shape: &&str| {
                let piece = text.get(start..start + shape.len())?;
                let same = piece.iter().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
                    b'9' => byte.is_ascii_digit(),
                    b'A' => byte.is_ascii_alphabetic(),
                    b'#' => byte.is_ascii_alphanumeric(),
                    wanted => byte.eq_ignore_ascii_case(&wanted),
                });
                // What a `_` touches is found only where it is sure, which is nothing here.
                let before =
                    start == 0 || !is_word(text[start - 1]) || window.is_escape_letter(start as u64 - 1);
                let end = start + shape.len();
                let after = match text[end..] {
                    [next, ..] if is_word(next) => false,
                    [b'-', next, second, ..] if next.is_ascii_alphabetic() => second.is_ascii_alphabetic(),
                    [b'-', next, ..] => !is_word(next),
                    [b'.', next, ..] => !next.is_ascii_digit(),
                    _ => true,
                };
                let tied = match text[..start] {
                    [.., b'+'] => piece[0].is_ascii_digit(),
                    [.., digit, b'.' | b'-'] => digit.is_ascii_digit(),
                    _ => false,
                };
                // The letter of an escape is none of a number.
                let lead = shape.find('9').unwrap();
                let escaped = (start..start + lead).any(|at| window.is_escape_letter(at as u64));
                // A run of digits is one.
                let anchor = start + lead;
                let whole = anchor == 0 || !text[anchor - 1].is_ascii_digit();
                let last = piece.iter().rfind(|byte| byte.is_ascii_alphanumeric());
                let valid = rule != 3 || last.is_some_and(|last| last.to_ascii_uppercase() % 2 == 0);
                (same && before && after && !tied && !escaped && whole && valid).then_some(end)
            };
            if let Some(end) = shapes.iter().filter_map(fits).max() {
                all.push((start as u64, end as u64, rule));
            }
        }
    }
    all.sort_unstable();
    all
}

#[test]
fn shapes_are_found_where_they_stand_alone() {
    type Case = (&'static str, &'static [(u64, u64, usize)]);
    let cases: [Case; 16] = [
        ("1234", &[(0, 4, 0)]),
        ("x 1234.", &[(2, 6, 0)]),
        ("12 34", &[(0, 5, 0)]),
        ("12-34-5", &[(0, 7, 0)]),
        ("12345", &[]),
        ("x1234", &[]),
        ("1234x", &[]),
        ("1234-5", &[]),
        ("0.1234", &[]),
        ("1234.5", &[]),
        ("+1234", &[]),
        ("号1234号", &[(3, 7, 0)]),
        ("b123 ab 12c", &[(0, 4, 1), (5, 11, 1)]),
        ("call (12)3", &[(5, 10, 2)]),
        ("x-12 x-13 22X", &[(0, 4, 3), (10, 13, 3)]),
        (r"a\n1234 \ta123", &[(3, 7, 0), (10, 14, 1)]),
    ];
    for (text, expected) in cases {
        assert_eq!(found(text.as_bytes()), expected, "{text}");
        assert_eq!(found_slowly(text.as_bytes()), expected, "slowly: {text}");
    }
}

#[test]
fn a_word_makes_it_sure() {
    let catalogue = Catalogue::compile(rules(), Vec::new()).unwrap();
    let cases = [
        ("1234", Confidence::Low),
        ("TFN 1234", Confidence::High),
        ("1234 is my TFN", Confidence::High),
        ("1234 (TFN)", Confidence::High),
        ("1234 and a TFN", Confidence::Low),
        ("tfn_1234_xx", Confidence::High),
        ("code (12)3", Confidence::Medium),
    ];
    for (text, expected) in cases {
        let found = scan_all(&catalogue, &RuleSet::all(&catalogue), text.as_bytes());
        assert_eq!(found.iter().map(|one| one.confidence).collect::<Vec<_>>(), [expected], "{text}");
    }
}

#[test]
fn a_shape_that_cannot_be_found_is_refused() {
    for shapes in
        [&["AAA"] as &[&str], &["AAAAAAA9"], &["#9"], &["9999999999999999999999999999999999999999999999"]]
    {
        let rule = rule("pii.id.x", Number::checked(shapes.to_vec().leak(), any, &[]));
        assert!(
            matches!(Catalogue::compile(vec![rule], Vec::new()), Err(CatalogueError::Shape("pii.id.x"))),
            "{shapes:?}"
        );
    }
}

proptest! {
    #[test]
    fn side_by_side_is_one_by_one(text in "[0-9AXnb() .\\\\_+-]{0,24}") {
        prop_assert_eq!(found(text.as_bytes()), found_slowly(text.as_bytes()), "{}", text);
    }
}
