//! Every target over the seeds of `fuzz/seeds/` and mutations of them that are the same in each run.

use super::*;
use std::panic::catch_unwind;
use std::path::Path;

/// How many mutations of its seeds a target gets.
const MUTATIONS: usize = 300;

/// Longer inputs are for libFuzzer, in bytes.
const LONGEST: usize = 2000;

/// Bytes that change what text means.
const SPICE: &[&str] = &[
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "\r\n",
    "\n\n",
    "\0",
    "data: ",
    "1e999",
    "\u{feff}",
    "\u{e9}",
    "4111 1111 1111 1111",
    "S2740116C",
    "foo@example.com",
    "AKIAQ3EGRLPBX7N2TVWM",
];

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn mutate(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(9)).min(bytes.len());
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..at, SPICE[dice.below(SPICE.len())].bytes())),
            4 => bytes.truncate(at),
            _ => {
                let copy = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn holds(target: &str) {
    let (_, property) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let seeds = seeds(target);
    let try_input = |input: &[u8]| {
        if catch_unwind(|| property(input)).is_err() {
            panic!("`{target}` fails for {:?}", input.escape_ascii().to_string());
        }
    };
    let mut dice = Dice::new(0xf022);
    seeds.iter().for_each(|seed| try_input(seed));
    for number in 0..MUTATIONS {
        try_input(&mutate(&seeds[number % seeds.len()], &mut dice));
    }
}

macro_rules! targets {
    ($($name:ident),+) => {
        $(#[test]
        fn $name() {
            holds(stringify!($name));
        })+

        #[test]
        fn every_target_is_tried_here_and_has_a_program() {
            let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
            let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
            for name in names {
                let program = std::fs::read_to_string(programs.join(format!("{name}.rs"))).unwrap();
                assert!(program.contains(&format!("portcullis::fuzzing::{name}(data)")), "{name}");
            }
        }
    };
}

targets!(
    answer,
    array,
    catalogue,
    config,
    credential,
    dialects,
    event_stream,
    json,
    key_set,
    lines,
    plain,
    reader,
    redactor,
    sse,
    token,
    validators
);
