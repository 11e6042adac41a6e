use super::*;
use crate::chunking::{self, Dice};

/// Characters of each kind, and bytes that are none.
const PIECES: [&[u8]; 16] = [
    b"a",
    b"4",
    b"@",
    "\u{ff14}".as_bytes(),
    "\u{ff20}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{ad}".as_bytes(),
    "\u{1d7d2}".as_bytes(),
    "\u{e0041}".as_bytes(),
    "\u{597d}".as_bytes(),
    "\u{1f600}".as_bytes(),
    "\u{2013}".as_bytes(),
    // U+1D7D2 and U+E0041 as surrogates, and one alone.
    b"\xed\xa0\xb5\xed\xbf\x92",
    b"\xed\xad\x80\xed\xb1\x81",
    b"\xed\xa0\xb5",
    b"\xff",
];

#[test]
fn characters_read_as_the_table_says() {
    for (written, plain) in [
        ("plain text, 12-34 <a@b.c>", "plain text, 12-34 <a@b.c>"),
        ("\u{ff14}\u{ff11}\u{ff11}\u{ff11} \u{ff41}\u{ff20}\u{ff42}\u{ff0e}\u{ff43}", "4111 a@b.c"),
        ("\u{664}\u{967}\u{1d7cf}\u{1d7ff}\u{104a3}", "41193"),
        ("a\u{200b}b\u{ad}c\u{feff}d\u{2060}e\u{fe0f}f\u{e0041}g", "abcdefg"),
        ("a\u{a0}b\u{202f}c\u{3000}d", "a b c d"),
        ("1\u{2011}2\u{2013}3\u{2212}4", "1-2-3-4"),
        ("na\u{ef}ve \u{597d}\u{1f600}", "na\u{ef}ve \u{597d}\u{1f600}"),
    ] {
        assert_eq!(String::from_utf8(of(written.as_bytes())).unwrap(), plain);
    }
    assert_eq!(of(b"\xed\xa0\xb5\xed\xbf\x92"), b"4");
    for kept in [&b"\xff\xfe"[..], b"\xed\xa0\xb5", b"\xed\xa0\xb5x", b"\xef\xbc", b"\xf0\x9d\x9f"] {
        assert_eq!(of(kept), kept);
    }
    assert!(ZEROS.is_sorted());
}

fn random(dice: &mut Dice) -> Vec<u8> {
    let pieces = (0..dice.below(12)).map(|_| PIECES[dice.below(PIECES.len())]);
    let mut text = pieces.collect::<Vec<_>>().concat();
    if dice.below(4) == 0 {
        text.truncate(dice.below(text.len() + 1));
    }
    text
}

#[test]
fn pieces_make_no_difference_and_offsets_lead_back() {
    let mut dice = Dice::new(7);
    for _ in 0..2000 {
        let text = random(&mut dice);
        let whole = of(&text);
        for chunks in chunking::every_way(&text) {
            let (mut map, mut plain) = (Plain::default(), Vec::new());
            for chunk in chunks {
                map.feed(chunk, &mut plain);
            }
            map.finish(&mut plain);
            assert_eq!(plain, whole);
            let mut behind = 0;
            for (from, byte) in plain.iter().enumerate() {
                let (start, end) = (map.start(from as u64), map.end(from as u64 + 1));
                assert!(behind <= start && start < end && end <= text.len() as u64, "{from} of {text:?}");
                assert_eq!(of(&text[start as usize..end as usize]), [*byte], "{from} of {text:?}");
                // What nobody sees stands between.
                assert_eq!(of(&text[behind as usize..start as usize]), b"");
                behind = end;
            }
            assert_eq!(map.start(plain.len() as u64), text.len() as u64);
        }
    }
}

#[test]
fn what_was_forgotten_changes_nothing_behind_it() {
    let mut dice = Dice::new(8);
    for _ in 0..300 {
        let text: Vec<u8> = (0..8).flat_map(|_| random(&mut dice)).collect();
        let (mut map, mut plain) = (Plain::default(), Vec::new());
        map.feed(&text, &mut plain);
        let mut short = map.clone();
        let from = dice.below(plain.len() + 1) as u64;
        short.forget(from);
        for offset in from..=plain.len() as u64 {
            assert_eq!(short.start(offset), map.start(offset));
            assert!(offset == from || short.end(offset) == map.end(offset));
        }
    }
}
