//! `financial.crypto-address`: Bitcoin by its check sum, Ethereum by its length and what speaks for it.
//!
//! An Ethereum address is 40 hexadecimal digits, as is a SHA-1 hash. It is low unless it is written in both cases, as
//! ERC-55 has it (whose sum is not computed), or a word names it.

use crate::class::{Class, Confidence};
use crate::detect::context;
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window, is_word};
use hmac_sha256::Hash;

/// Most characters of an address (BIP 173).
const LONGEST: u64 = 90;

const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

pub(super) const RULE: Rule = Rule {
    id: "financial.crypto-address",
    class: Class::Financial,
    level: None,
    description: "address of a cryptocurrency: Bitcoin, Ethereum",
    source: "Bitcoin: Base58Check with version 0 or 5, BIP 173 and BIP 350 (bech32, bech32m) for `bc`; Ethereum: ERC-55",
    true_examples: &[
        example("pay to 1Bf1fMdR3kiJf7WZw3zVyueT4ZnEQ4tAvm, ok", "1Bf1fMdR3kiJf7WZw3zVyueT4ZnEQ4tAvm"),
        example("3CM2au7rbf2gkHD149f6QY1PD64x2cmY4f", "3CM2au7rbf2gkHD149f6QY1PD64x2cmY4f"),
        example("bc1qwnsemn2uam8mnu2hnldrcsagglel45quer2fvl!", "bc1qwnsemn2uam8mnu2hnldrcsagglel45quer2fvl"),
        example(
            "BC1PWNSEMN2UAM8MNU2HNLDRCSAGGLEL45QUSCRDSH92ZUJZAX7FNU8Q8EWT3Q",
            "BC1PWNSEMN2UAM8MNU2HNLDRCSAGGLEL45QUSCRDSH92ZUJZAX7FNU8Q8EWT3Q",
        ),
        example(
            "send to 0x1234567890AbcdEF1234567890aBcdef12345678.",
            "0x1234567890AbcdEF1234567890aBcdef12345678",
        ),
        example(
            "ETH wallet: 0x1234567890abcdef1234567890abcdef12345678",
            "0x1234567890abcdef1234567890abcdef12345678",
        ),
    ],
    false_examples: &[
        "1Bf1fMdR3kiJf7WZw3zVyueT4ZnEQ4tAvn 3CM2au7rbf2gkHD149f6QY1PD64x2cmY4g",
        "commit 0x1234567890abcdef1234567890abcdef12345678",
        "0x1234567890AbcdEF1234567890aBcdef123456789 0x1234567890AbcdEF1234567890aBcdef1234567",
        "wallet 0x0000000000000000000000000000000000000000",
        "bc1qwnsemn2uam8mnu2hnldrcsagglel45quer2fvq bc1Qwnsemn2uam8mnu2hnldrcsagglel45quer2fvl bc1q 1 3",
    ],
    detector: Detector {
        not_after: is_word,
        look_back: context::REACH + 2,
        ..Detector::new(&[b"1", b"3", b"bc1q", b"bc1p", b"BC1Q", b"BC1P", b"0x"], verify)
    },
};

const ETHEREUM: &[&str] =
    &["eth", "ethereum", "erc20", "erc", "wallet", "metamask", "usdt", "usdc", "钱包", "以太坊"];

fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = hit.start;
    loop {
        match window.ahead(progress.at) {
            Ahead::Byte(byte) if byte.is_ascii_alphanumeric() && progress.at - start < LONGEST => {
                progress.at += 1
            }
            Ahead::Byte(byte) if is_word(byte) => return Verdict::No,
            Ahead::Byte(_) | Ahead::End => break,
            Ahead::Unknown => return Verdict::More { from: start },
        }
    }
    let address = window.slice(start, progress.at);
    let confidence = match address {
        [b'0', b'x', digits @ ..] => ethereum(digits, || context::is_in_front(window, start, ETHEREUM)),
        [b'b' | b'B', ..] => is_bech32(address).then_some(Confidence::High),
        _ => is_base58check(address).then_some(Confidence::High),
    };
    match confidence {
        Some(confidence) => Verdict::Match { start, end: progress.at, confidence },
        None => Verdict::No,
    }
}

fn ethereum(digits: &[u8], is_named: impl Fn() -> bool) -> Option<Confidence> {
    if digits.len() != 40 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let any = |is: fn(&u8) -> bool| digits.iter().any(is);
    let is_mixed = any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
    let is_one = digits.iter().all(|digit| Some(digit) == digits.first());
    Some(if !is_one && (is_mixed || is_named()) { Confidence::Medium } else { Confidence::Low })
}

/// A version, 20 bytes of a hash, and the first four of the hash of their hash.
fn is_base58check(address: &[u8]) -> bool {
    if !(26..=35).contains(&address.len()) {
        return false;
    }
    let mut bytes = [0_u8; 25];
    for character in address {
        let Some(value) = BASE58.iter().position(|one| one == character) else { return false };
        let carry = bytes.iter_mut().rev().fold(value as u32, |carry, byte| {
            let sum = u32::from(*byte) * 58 + carry;
            *byte = sum as u8;
            sum >> 8
        });
        if carry > 0 {
            return false;
        }
    }
    // Each zero byte in front is written as a `1`.
    let ones = address.iter().take_while(|byte| **byte == b'1').count();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let (data, sum) = bytes.split_at(21);
    ones == zeros && matches!(data.first(), Some(0 | 5)) && Hash::hash(&Hash::hash(data)).starts_with(sum)
}

/// An address for `bc`, in one case, with the sum that its version asks for.
fn is_bech32(address: &[u8]) -> bool {
    const GENERATORS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let is_mixed = address.iter().any(u8::is_ascii_lowercase) && address.iter().any(u8::is_ascii_uppercase);
    let values = address.iter().skip(3).map(|byte| {
        let value = BECH32.iter().position(|one| *one == byte.to_ascii_lowercase());
        value.and_then(|value| u32::try_from(value).ok())
    });
    let Some(values) = values.collect::<Option<Vec<u32>>>() else { return false };
    // `bc` as BIP 173 expands it: the high bits of its letters, zero, the low bits.
    let sum = [3, 3, 0, 2, 3].iter().chain(&values).fold(1_u32, |sum, value| {
        let high = sum >> 25;
        let shifted = (sum & 0x1ff_ffff) << 5 ^ value;
        let of = |(bit, generator): (usize, &u32)| if high >> bit & 1 == 1 { *generator } else { 0 };
        GENERATORS.iter().enumerate().map(of).fold(shifted, |sum, generator| sum ^ generator)
    });
    let expected = if values.first() == Some(&0) { 1 } else { 0x2bc8_30a3 };
    !is_mixed && values.len() >= 39 && sum == expected
}
