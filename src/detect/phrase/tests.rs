use super::*;
use crate::chunking;

/// What the first phrase that is found in a text is, with the text in these pieces.
fn found(phrase: &Phrase, pieces: &[&[u8]]) -> Option<String> {
    let forms = Forms::read(phrase).unwrap();
    let text = pieces.concat();
    let mut fed = 0;
    let mut open: Vec<(Hit, Progress, State)> = Vec::new();
    for piece in pieces.iter().copied().chain([b"".as_slice()]) {
        let (before, is_over) = (fed, fed == text.len());
        fed += piece.len();
        let window = Window::new(0, &text[..fed], is_over);
        for (nth, anchor) in forms.anchors().iter().enumerate() {
            for end in before + 1..=fed {
                let start = end.saturating_sub(anchor.text.len());
                let here = &text[start..end];
                let is_met = if anchor.is_exact {
                    here == anchor.text
                } else {
                    here.eq_ignore_ascii_case(&anchor.text)
                };
                if is_met {
                    let hit = Hit { start: start as u64, end: end as u64, nth: nth as u16 };
                    open.push((hit, Progress { at: hit.end, note: 0 }, State::new()));
                }
            }
        }
        let mut still = Vec::new();
        for (hit, mut progress, mut state) in open {
            match judge(&forms, &window, &hit, &mut progress, &mut state) {
                Verdict::Match { start, end, .. } => {
                    return Some(String::from_utf8_lossy(&text[start as usize..end as usize]).into_owned());
                }
                Verdict::More { .. } => still.push((hit, progress, state)),
                _ => {}
            }
        }
        open = still;
    }
    assert!(open.is_empty(), "open at the end");
    None
}

const ORDER: Phrase = Phrase {
    sets: &[("before", "prior|earlier")],
    forms: &[
        "^drop|forego* ~12 <before>|old ~8 rule*|law",
        "^drop ~8 everything_now",
        "丢掉 ~12 旧|舊 ~6 规则",
        "брось* ~20 старые ~8 правила",
        "lone_words",
    ],
};

#[test]
fn slots_are_met_in_order_and_near() {
    let cases = [
        ("drop prior rules", Some("drop prior rules")),
        ("Please DROP all the\n earlier, silly LAW!", Some("DROP all the\n earlier, silly LAW")),
        ("foregoing any old ruler", Some("foregoing any old ruler")),
        ("drop\\nprior\\nlaw", Some("drop\\nprior\\nlaw")),
        ("drop the seventh earlier law", None),
        ("drop prior and very long laws", None),
        ("drop rules prior", None),
        ("droplet prior rules", None),
        ("raindrop prior rules", None),
        ("drop priority rules", None),
        ("drop prior lawyers", None),
        ("drop_prior_rules", None),
        // The second `prior` is near enough.
        ("drop prior to prior law", Some("drop prior to prior law")),
        ("drop it, everything - now", Some("drop it, everything - now")),
        ("drop everythingnow", None),
        ("lone, words", None),
        ("so lone words", Some("lone words")),
        ("请丢掉那些旧的规则吧", Some("丢掉那些旧的规则")),
        ("请丢掉规则旧", None),
        ("Бросьте все старые правила", Some("Бросьте все старые правила")),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&ORDER, &[text.as_bytes()]).as_deref(), expected, "{text}");
    }
}

#[test]
fn disguises_read_as_what_they_stand_for() {
    let cases = [
        ("dr0p pr10r ru135", Some("dr0p pr10r ru135")),
        ("DR0P 01d l4w", Some("DR0P 01d l4w")),
        ("d r o p   p r i o r   l a w", Some("d r o p   p r i o r   l a w")),
        ("d.r.o.p.p.r.i.o.r.l.a.w.", Some("d.r.o.p.p.r.i.o.r.l.a.w")),
        ("D*R*O*P O*L*D R*U*L*E!", Some("D*R*O*P O*L*D R*U*L*E")),
        ("d r o p it, old law", None),
        ("ad r o p   o l d   l a w", None),
        // `drop prior law`, at each place in a group of three, and in capitals.
        ("(ZHJvcCBwcmlvciBsYXc=)", Some("ZHJvcCBwcmlvciBsYXc")),
        ("IGRyb3AgcHJpb3IgbGF3", Some("Ryb3AgcHJpb3IgbGF3")),
        ("ICBkcm9wIHByaW9yIGxhdw", Some("kcm9wIHByaW9yIGxhdw")),
        ("RFJPUCBQUklPUiBMQVc", Some("RFJPUCBQUklPUiBMQVc")),
        ("ZHJvcCBieSBkcm9wLCB3YXRlciB3ZWFycyBhIHN0b25l", None),
        ("64726f70207072696f72206c6177", Some("64726f70207072696f72206c6177")),
        ("64726F70207072696F72206C6177", Some("64726F70207072696F72206C6177")),
        ("64726f7064726f7064726f70", None),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&ORDER, &[text.as_bytes()]).as_deref(), expected, "{text}");
    }
}

#[test]
fn any_chunking_finds_the_same() {
    for text in [
        "we drop all the\n earlier law. d r o p   o l d   l a w ",
        "xx drop prior to priority prior lawyer law",
        "丢掉旧的旧规则 брось старые правила",
        "IGRyb3AgcHJpb3IgbGF3 64726f70207072696f72206c6177",
        "d r o p   it drop everything \\n now",
    ] {
        let whole = found(&ORDER, &[text.as_bytes()]);
        for chunks in chunking::every_way(text.as_bytes()) {
            let split = found(&ORDER, &chunks);
            // In small pieces another phrase may be decided first: any is found, or none.
            assert_eq!(split.is_some(), whole.is_some(), "{text}");
        }
    }
}

#[test]
fn what_is_no_phrase_is_refused() {
    let long = ["a", &" b".repeat(5)].concat() + &(0..40).map(|nth| format!(" w{nth}")).collect::<String>();
    for form in ["a ~b c", "a ~200 c", "a ~2", "<none> b", "a |", &long] {
        let form: &'static str = form.to_owned().leak();
        let forms: &'static [&'static str] = vec![form].leak();
        assert!(Forms::read(&Phrase { sets: &[], forms }).is_none(), "{form}");
    }
}
