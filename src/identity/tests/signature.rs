//! A verifier that the caller brings: what it is asked, and what its answer does.

use std::cell::RefCell;

use super::super::signature::{Verifier, question, verdict};
use super::*;

/// Answers as it is told, and keeps what it was asked.
struct Fake {
    answer: Option<bool>,
    asked: RefCell<Vec<(Algorithm, [Vec<u8>; 3])>>,
}

impl Verifier for Fake {
    fn verify(&self, algorithm: Algorithm, key: &[u8], text: &[u8], signature: &[u8]) -> Option<bool> {
        self.asked.borrow_mut().push((algorithm, [key, text, signature].map(<[u8]>::to_vec)));
        self.answer
    }
}

fn fake(answer: Option<bool>) -> Fake {
    Fake { answer, asked: RefCell::default() }
}

#[test]
fn its_verdict_holds_and_where_it_has_none_jwt_simple_decides() {
    for algorithm in Algorithm::ALL {
        let keys = set(&[jwk(algorithm, None, None)]);
        let token = sign_as(algorithm, None, None, claims());
        let forged = altered(&token, 1);
        let judge = |token: &str, answer| verify_signature_only(token, Some(&keys), &fake(answer));
        assert_eq!(judge(&token, Some(true)), Ok(()), "{algorithm}");
        assert_eq!(judge(&token, Some(false)), Err(Reason::TokenSignature), "{algorithm}");
        assert_eq!(judge(&token, None), Ok(()), "{algorithm}");
        assert_eq!(judge(&forged, Some(true)), Ok(()), "{algorithm}: nobody verifies after it");
        assert_eq!(judge(&forged, None), Err(Reason::TokenSignature), "{algorithm}");
        let full = verify(&token, &[issuer()], |_| Some(&keys), &fake(Some(false)), NOW);
        assert_eq!(full.map_err(|refusal| refusal.reason), Err(Reason::TokenSignature), "{algorithm}");
    }
}

#[test]
fn it_is_asked_in_the_forms_of_x509() {
    for algorithm in Algorithm::ALL {
        let set = set(&[jwk(algorithm, None, None)]);
        let token = sign_as(algorithm, None, None, claims());
        let fake = fake(Some(true));
        verify_signature_only(&token, Some(&set), &fake).unwrap();
        let (signed, raw) = token.rsplit_once('.').unwrap();
        let (asked_for, [key, text, signature]) = fake.asked.borrow()[0].clone();
        assert_eq!((asked_for, text.as_slice()), (algorithm, signed.as_bytes()));
        let (thumbprint, signature) = match algorithm {
            Algorithm::Es256 => {
                let signature = p256::ecdsa::Signature::from_der(&signature).unwrap();
                (ES256PublicKey::from_der(&key).unwrap().jwk_thumbprint(), signature.to_bytes().to_vec())
            }
            Algorithm::Es384 => {
                let signature = p384::ecdsa::Signature::from_der(&signature).unwrap();
                (ES384PublicKey::from_der(&key).unwrap().jwk_thumbprint(), signature.to_bytes().to_vec())
            }
            Algorithm::EdDsa => (Ed25519PublicKey::from_der(&key).unwrap().jwk_thumbprint(), signature),
            _ => (RS256PublicKey::from_der(&key).unwrap().jwk_thumbprint(), signature),
        };
        assert!(set.holds(&KeyId { thumbprint, algorithm }), "{algorithm}");
        assert_eq!(URL_SAFE_NO_PAD.encode(signature), raw, "{algorithm}");
    }
}

#[test]
fn it_is_not_asked_about_what_is_refused_anyway() {
    let never = fake(Some(true));
    let judge = |token: &str, keys: &KeySet| verify_signature_only(token, Some(keys), &never);
    let token = sign_as(Algorithm::Es256, None, None, claims());
    let (signed, _) = token.rsplit_once('.').unwrap();
    let ec = set(&[jwk(Algorithm::Es256, None, None)]);
    for signature in [&[][..], &[1; 63], &[1; 65], &[0; 64], &[0xff; 64], &[[0; 32], [1; 32]].concat()] {
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        assert!(judge(&token, &ec).is_err());
    }
    assert_eq!(judge(&token, &set(&[jwk(Algorithm::Rs256, None, None)])), Err(Reason::TokenKeyUnknown));
    assert_eq!(judge(&sign_as(Algorithm::Rs256, None, None, claims()), &ec), Err(Reason::TokenKeyUnknown));
    assert!(never.asked.borrow().is_empty());
}

#[test]
fn envoys_answer_is_a_verdict_only_where_it_is_one() {
    assert_eq!(verdict(b"\x08\x01"), Some(true));
    assert_eq!(verdict(b"\x12\x26Failed to verify digest. Error code: 0"), Some(false));
    for none in [
        &b""[..],
        b"\x08",
        b"\x08\x00",
        b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x12\x23Failed to initialize digest verify.",
        b"\x12\xffFailed to verify",
        b"\x08\x01\x12\x05error",
        b"\x08\x01\x08",
        b"\x12\x01\xff",
        b"true",
    ] {
        assert_eq!(verdict(none), None, "{none:?}");
    }
}

#[test]
fn envoy_is_asked_by_name_of_the_hash_and_never_for_what_it_has_no_name_for() {
    let asked = question(Algorithm::Es384, b"key", b"text", b"sig").unwrap();
    assert_eq!(asked, b"\x0a\x06sha384\x12\x03key\x1a\x03sig\x22\x04text");
    for algorithm in [Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512, Algorithm::EdDsa] {
        assert_eq!(question(algorithm, b"key", b"text", b"sig"), None);
    }
}
