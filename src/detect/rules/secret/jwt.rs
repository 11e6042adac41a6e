//! `secret.jwt`: `HEADER.CLAIMS.SIGNATURE`, each in base64url. Who has one is who it names.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::{Ahead, Window};
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

/// Most bytes of a finding. The rest of a longer token is found by itself; a header is not longer.
const PIECE: u64 = 8192;

/// The base64url of `{"`, and of `{` with a blank or a line end behind it.
const ANCHORS: [&[u8]; 5] = [b"eyJ", b"eyA", b"ewk", b"ewo", b"ew0"];

/// As readers that are not strict decode.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

pub(super) const RULE: Rule = Rule {
    id: "secret.jwt",
    class: Class::Secret,
    level: None,
    description: "JSON Web Token, signed, encrypted or unsecured",
    source: "RFC 7519; RFC 7515 section 3.1 and RFC 7516 section 3.1 (compact serialization); RFC 7515 section 4.1.1 \
             (`alg`); one without a signature is medium",
    true_examples: &[
        example(
            "Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl, then",
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        ),
        example("?t=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.&u", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."),
        example(r#"{\"t\":\n\"\neyJhbGciOiJub25lIn0.e30.c2ln\n\"}"#, "eyJhbGciOiJub25lIn0.e30.c2ln"),
        example(
            "eyAidHlwIiA6ICJKV1QiLCAiYWxnIiA6ICJFUzI1NiIgfQ.e30.c2ln",
            "eyAidHlwIiA6ICJKV1QiLCAiYWxnIiA6ICJFUzI1NiIgfQ.e30.c2ln",
        ),
        example(
            "it is eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl.",
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        ),
        example(
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.Y2lwaGVydGV4dA.dGFn",
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.Y2lwaGVydGV4dA.dGFn",
        ),
    ],
    false_examples: &[
        "eyJhbGciOiJFUzI1NiJ9",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9",
        "eyJhbGciOiJFUzI1NiJ9... and eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl",
        "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        "eyJhbGciOjF9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        "eyJhbGciOiJFUzI1Ni.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        "xeyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.a2V5.aXY",
    ],
    detector: Detector { not_after: is_base64url, ..Detector::new(&ANCHORS, verify) },
};

/// `progress.note` is 0 in the header, then one more than the dots that are to come.
fn verify(window: &Window, hit: &Hit, progress: &mut Progress) -> Verdict {
    let start = hit.start;
    let is_rest = start == hit.end;
    loop {
        let end = progress.at;
        if end - start >= PIECE {
            return match progress.note {
                0 => Verdict::No,
                _ => Verdict::Part { start, end, confidence: Confidence::High },
            };
        }
        match (window.ahead(end), progress.note) {
            (Ahead::Unknown, _) => return Verdict::More { from: start },
            (Ahead::Byte(byte), _) if is_base64url(byte) => {}
            (Ahead::Byte(b'.'), 0) => match dots(window.slice(start, end)) {
                Some(dots) => progress.note = dots,
                None => return Verdict::No,
            },
            // Signed nothing is an ellipsis, or no credential (RFC 7515 appendix F); only a key may be empty.
            (Ahead::Byte(b'.'), 2) if window.before(end) == Some(b'.') => return Verdict::No,
            (Ahead::Byte(b'.'), 2..) => progress.note -= 1,
            (_, dots) if end > start && (dots == 1 || is_rest) => {
                let is_signed = window.before(end) != Some(b'.');
                let confidence = if is_signed { Confidence::High } else { Confidence::Medium };
                return Verdict::Match { start, end, confidence };
            }
            _ => return Verdict::No,
        }
        progress.at += 1;
    }
}

/// Whether a value begins as a token that this rule finds does.
pub(super) fn is_begun(value: &[u8]) -> bool {
    value
        .split(|byte| *byte == b'.')
        .next()
        .is_some_and(|header| header.len() < value.len() && dots(header).is_some())
}

/// One more than the dots behind that of the header; `None` where it is none.
fn dots(header: &[u8]) -> Option<u32> {
    let header: Map<String, Value> = serde_json::from_slice(&BASE64URL.decode(header).ok()?).ok()?;
    let is_encrypted = header.contains_key("enc");
    header.get("alg")?.is_string().then_some(if is_encrypted { 4 } else { 2 })
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
