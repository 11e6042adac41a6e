use super::*;
use crate::audit::record::{Decision, Mode};
use crate::audit::time::Timestamp;

const A: Id = Hex([0xa; 16]);
const B: Id = Hex([0xb; 16]);

fn key() -> ChainKey {
    ChainKey::new(&[42; MIN_KEY_BYTES]).unwrap()
}

fn lines(id: Id, count: u8, key: Option<ChainKey>) -> Vec<String> {
    let mut chain = Chain::new(id, key);
    (0..count)
        .map(|i| {
            let time = Timestamp::from_unix_ms(u64::from(i) * 1000);
            let record = Record::new(Hex([i; 16]), time, Mode::Enforce, Decision::Deny);
            chain.seal(record).unwrap().line().to_owned()
        })
        .collect()
}

/// Lines `0, 2, 4, …` are chain A, the others chain B; five records each.
fn interleaved(key: Option<&ChainKey>) -> Vec<String> {
    let chains = [A, B].map(|id| lines(id, 5, key.cloned()));
    (0..5).flat_map(|i| chains.each_ref().map(|chain| chain[i].clone())).collect()
}

fn reseal(line: &str, edit: impl Fn(&mut Record)) -> String {
    let mut record: Record = serde_json::from_str(line).unwrap();
    edit(&mut record);
    serde_json::to_string(&record).unwrap()
}

#[test]
fn an_unbroken_log_verifies() {
    for key in [None, Some(key())] {
        let mut log = interleaved(key.as_ref());
        log[3].push_str("\r\n");
        log.insert(5, String::new());
        let summary = verify(&log, key.as_ref(), Opening::Complete).unwrap();
        assert_eq!(summary.records, 10);
        let spans = BTreeMap::from([(A, Span { first: 0, last: 4 }), (B, Span { first: 0, last: 4 })]);
        assert_eq!(summary.chains, spans);
    }
    assert_eq!(verify([""; 0], None, Opening::Complete), Ok(Summary::default()));
}

#[test]
fn tampering_is_named() {
    let allow = |line: &str| reseal(line, |record| record.decision = Decision::Allow);
    let fault = |line, fault| Some(Broken { line, fault });
    type Tamper<'a> = &'a dyn Fn(&mut Vec<String>);
    let foreign = || lines(Hex([0xf; 16]), 3, None);
    // Record `n` of chain A is on index 2n, so on line 2n + 1.
    let rows: [(&str, Tamper, Option<Broken>); 18] = [
        ("edit", &|log| log[4] = allow(&log[4]), fault(7, Fault::Edited { chain: A, seq: 2 })),
        ("edit the first", &|log| log[0] = allow(&log[0]), fault(3, Fault::Edited { chain: A, seq: 0 })),
        (
            "edit one byte of white space",
            &|log| log[4] = log[4].replacen(':', ": ", 1),
            fault(7, Fault::Edited { chain: A, seq: 2 }),
        ),
        (
            "edit, and repeat the successor at the end",
            &|log| {
                log[4] = allow(&log[4]);
                log.push(log[6].clone());
            },
            fault(7, Fault::Edited { chain: A, seq: 2 }),
        ),
        ("edit the last: not seen", &|log| log[8] = allow(&log[8]), None),
        ("delete", &|log| drop(log.remove(4)), fault(6, Fault::Missing { chain: A, seq: 2 })),
        ("delete the first", &|log| drop(log.remove(0)), fault(2, Fault::Missing { chain: A, seq: 0 })),
        (
            "delete two in a row",
            &|log| log.retain(|line| !line.contains("\"seq\":2,") && !line.contains("\"seq\":3,")),
            fault(5, Fault::Missing { chain: A, seq: 2 }),
        ),
        ("delete the end: not seen", &|log| log.truncate(7), None),
        ("swap neighbours", &|log| log.swap(4, 6), fault(5, Fault::Reordered { chain: A, seq: 2 })),
        (
            "move one to the front",
            &|log| log[..9].rotate_right(1),
            fault(1, Fault::Reordered { chain: A, seq: 0 }),
        ),
        (
            "repeat at once",
            &|log| log.insert(5, log[4].clone()),
            fault(6, Fault::Repeated { chain: A, seq: 2 }),
        ),
        ("repeat later", &|log| log.push(log[2].clone()), fault(11, Fault::Repeated { chain: A, seq: 1 })),
        ("cut a line short", &|log| log[4].truncate(50), fault(5, Fault::Unreadable)),
        (
            "a line of something else",
            &|log| log.insert(4, "{\"level\":\"info\"}".into()),
            fault(5, Fault::Unreadable),
        ),
        (
            "a record of another chain under this chain's name",
            &|log| {
                let stranger = reseal(&foreign()[1], |record| {
                    record.chain = record.chain.map(|link| Link { id: A, seq: 2, ..link });
                });
                log.insert(4, stranger);
            },
            fault(5, Fault::Inserted { chain: A, seq: 2 }),
        ),
        (
            "a record from the middle of another chain",
            &|log| log.insert(4, foreign()[1].clone()),
            fault(5, Fault::Missing { chain: Hex([0xf; 16]), seq: 0 }),
        ),
        (
            "a copied link before the true record",
            &|log| log.insert(4, allow(&log[4])),
            fault(6, Fault::Repeated { chain: A, seq: 2 }),
        ),
    ];
    for (name, tamper, expected) in rows {
        for key in [None, Some(key())] {
            let mut log = interleaved(key.as_ref());
            tamper(&mut log);
            let found = verify(&log, key.as_ref(), Opening::Complete).err();
            assert_eq!(found, expected, "{name}, keyed: {}", key.is_some());
        }
    }
}

#[test]
fn a_chain_made_without_the_key_is_forged() {
    let key = key();
    let other = ChainKey::new(&[43; MIN_KEY_BYTES]).unwrap();
    let forged = |chain| Err(Broken { line: 1, fault: Fault::Forged { chain } });
    for (name, log, check) in [
        ("no key to seal", lines(A, 2, None), Some(&key)),
        ("another key to seal", lines(A, 2, Some(other)), Some(&key)),
        ("no key to check", lines(A, 2, Some(key.clone())), None),
    ] {
        assert_eq!(verify(&log, check, Opening::Complete), forged(A), "{name}");
    }
}

/// Without a key a rewritten chain is a chain; with one it is not.
#[test]
fn recomputing_all_links_needs_the_key() {
    let rewritten = |key: Option<ChainKey>, sealing: Option<ChainKey>| {
        let mut chain = Chain::new(A, sealing);
        let log: Vec<String> = lines(A, 4, key)
            .iter()
            .map(|line| {
                let mut record: Record = serde_json::from_str(line).unwrap();
                record.decision = Decision::Allow;
                chain.seal(record).unwrap().line().to_owned()
            })
            .collect();
        log
    };
    assert!(verify(rewritten(None, None), None, Opening::Complete).is_ok());
    assert!(verify(rewritten(Some(key()), None), Some(&key()), Opening::Complete).is_err());
}

#[test]
fn a_rotated_log_may_begin_anywhere() {
    let log = interleaved(None).split_off(3);
    let summary = verify(&log, None, Opening::Anywhere).unwrap();
    assert_eq!(summary.chains[&A], Span { first: 2, last: 4 });
    assert_eq!(summary.chains[&B], Span { first: 1, last: 4 });
    assert!(verify(&log, None, Opening::Complete).is_err());
}

#[test]
fn keys_are_long_enough_and_not_shown() {
    assert!(ChainKey::new(&[7; MIN_KEY_BYTES - 1]).is_none());
    assert_eq!(format!("{:?}", key()), "ChainKey(..)");
}

/// RFC 4231, section 4.3 (test case 2) has a key of 4 bytes; this checks the primitive, not the length rule.
#[test]
fn the_keyed_digest_is_hmac_sha_256() {
    let short = ChainKey(b"Jefe".to_vec());
    assert_eq!(
        digest(b"what do ya want for nothing?", Some(&short)).to_string(),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        digest(b"abc", None).to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn every_fault_names_its_line_and_chain() {
    let (chain, seq) = (A, 3);
    for fault in [
        Fault::Forged { chain },
        Fault::Edited { chain, seq },
        Fault::Inserted { chain, seq },
        Fault::Missing { chain, seq },
        Fault::Reordered { chain, seq },
        Fault::Repeated { chain, seq },
    ] {
        let text = Broken { line: 9, fault }.to_string();
        assert!(text.starts_with("line 9: ") && text.contains(&A.to_string()), "{text}");
    }
}
