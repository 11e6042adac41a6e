//! Tokens and keys: nothing that anybody makes up is accepted.

use super::choices;
use crate::identity::{
    Algorithm, Audiences, ClaimMap, ClaimName, Issuer, KeySet, MAX_KEY_SET_BYTES, MAX_KEYS, credential,
    verify, verify_signature_only,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::OnceLock;

/// The public keys of RFC 7517 appendix A.1 and RFC 8037 appendix A.2.
const KEYS: &str = r#"{"keys":[
{"kty":"EC","crv":"P-256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
{"kty":"OKP","crv":"Ed25519","kid":"2","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

/// A token, as it is or with its parts encoded, is judged without a panic and never accepted.
pub fn token(data: &[u8]) {
    static KEY_SET: OnceLock<KeySet> = OnceLock::new();
    static ISSUERS: OnceLock<Vec<Issuer>> = OnceLock::new();
    let keys = KEY_SET.get_or_init(|| KeySet::parse(KEYS.as_bytes()).expect("the keys are good"));
    let issuers = ISSUERS.get_or_init(|| vec![issuer()]);
    let ([form], content) = choices(data);
    let text = match form % 2 {
        0 => String::from_utf8_lossy(content).into_owned(),
        _ => {
            let parts = content.split(|byte| *byte == b'\n').map(|part| URL_SAFE_NO_PAD.encode(part));
            parts.collect::<Vec<_>>().join(".")
        }
    };
    assert!(verify(&text, issuers, |_| Some(keys), &(), 1_000_000).is_err(), "a forged token is accepted");
    assert!(verify_signature_only(&text, Some(keys), &()).is_err(), "a forged signature is accepted");
}

fn issuer() -> Issuer {
    let name = |name| ClaimName::parse(name).expect("a name");
    Issuer {
        name: "test".to_owned(),
        issuer: "https://issuer.example".to_owned(),
        audiences: Audiences::Unchecked,
        algorithms: Algorithm::ALL.to_vec(),
        clock_skew: 60,
        max_lifetime: None,
        claims: ClaimMap {
            subject: name("sub"),
            groups: Some(name("/realm/roles")),
            tenant: Some(name("org")),
        },
    }
}

/// A key set is read within its bounds, and its keys verify nothing that is not signed.
pub fn key_set(data: &[u8]) {
    let Ok(keys) = KeySet::parse(data) else { return };
    assert!(data.len() <= MAX_KEY_SET_BYTES);
    assert!(keys.len() > 0 && keys.len() + keys.skipped().len() <= MAX_KEYS);
    for algorithm in ["RS256", "PS512", "ES256", "ES384", "EdDSA"] {
        let header = URL_SAFE_NO_PAD.encode(format!("{{\"alg\":\"{algorithm}\"}}"));
        for length in [64, 96, 256, 512] {
            let signature = URL_SAFE_NO_PAD.encode(vec![1; length]);
            let token = format!("{header}.e30.{signature}");
            assert!(verify_signature_only(&token, Some(&keys), &()).is_err());
        }
    }
}

/// A credential is found among any header lines (`name: value`, the first line is the path), or refused; what is left
/// of the path has none.
pub fn credential(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let path = lines.next().unwrap_or_default();
    let headers: Vec<(Vec<u8>, &[u8])> = lines
        .map(|line| {
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
            let (name, value) = line.split_at(colon);
            (name.to_ascii_lowercase(), value.strip_prefix(b":").unwrap_or_default())
        })
        .collect();
    let lines = || headers.iter().map(|(name, value)| (name.as_slice(), *value));
    if let Ok(found) = credential::find(lines(), path, Some("x-token")) {
        assert!(!found.as_str().is_empty());
    }
    if let Some(rest) = credential::strip_query_credentials(path) {
        assert!(rest.len() < path.len());
        assert!(credential::strip_query_credentials(&rest).is_none(), "a credential is left in the path");
        assert!(
            credential::find(std::iter::empty(), &rest, None).is_err(),
            "a credential is left in the path"
        );
    }
}
