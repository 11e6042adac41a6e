//! Whole tokens against whole issuers. Keys are made here or are the marked test keys of `fixtures/`.

mod cache;
mod claims;
mod forms;
mod key_choice;
mod key_sets;
mod signature;

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_simple::prelude::*;
use serde_json::{Value, json};

use super::Audiences;
use super::*;

/// When the tests take place, in Unix seconds.
const NOW: u64 = 1_000_000;

const ISSUER: &str = "https://issuer.example";

/// A private key of each type, and a second one of the quick types for another signer.
struct Keys {
    rsa: &'static str,
    p256: ES256KeyPair,
    p384: ES384KeyPair,
    ed25519: Ed25519KeyPair,
    other: Ed25519KeyPair,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        rsa: include_str!("fixtures/rsa2048.test-key.pem"),
        p256: ES256KeyPair::generate(),
        p384: ES384KeyPair::generate(),
        ed25519: Ed25519KeyPair::generate(),
        other: Ed25519KeyPair::generate(),
    })
}

/// Signs any claims, under any `kid` and `typ`, with the test key of the algorithm.
fn sign_as(algorithm: Algorithm, kid: Option<&str>, typ: Option<&str>, claims: Value) -> String {
    let claims = bare_claims(claims);
    let options = HeaderOptions { signature_type: typ.map(str::to_owned), ..HeaderOptions::default() };
    let kid = kid.map(str::to_owned);
    macro_rules! rsa {
        ($type:ident) => {{
            let key = $type::from_pem(keys().rsa).unwrap();
            let key = if let Some(kid) = &kid { key.with_key_id(kid) } else { key };
            key.sign_with_options(claims, &options)
        }};
    }
    macro_rules! small {
        ($type:ident, $key:expr) => {{
            let key = $type::from_bytes(&$key.to_bytes()).unwrap();
            let key = if let Some(kid) = &kid { key.with_key_id(kid) } else { key };
            key.sign_with_options(claims, &options)
        }};
    }
    let token = match algorithm {
        Algorithm::Rs256 => rsa!(RS256KeyPair),
        Algorithm::Rs384 => rsa!(RS384KeyPair),
        Algorithm::Rs512 => rsa!(RS512KeyPair),
        Algorithm::Ps256 => rsa!(PS256KeyPair),
        Algorithm::Ps384 => rsa!(PS384KeyPair),
        Algorithm::Ps512 => rsa!(PS512KeyPair),
        Algorithm::Es256 => small!(ES256KeyPair, keys().p256),
        Algorithm::Es384 => small!(ES384KeyPair, keys().p384),
        Algorithm::EdDsa => small!(Ed25519KeyPair, keys().ed25519),
    };
    token.unwrap()
}

/// The public half of the algorithm's test key, with `kid` and `alg` as given.
fn jwk(algorithm: Algorithm, kid: Option<&str>, alg: Option<&str>) -> Value {
    let text = match algorithm {
        Algorithm::Es256 => keys().p256.public_key().to_jwk(),
        Algorithm::Es384 => keys().p384.public_key().to_jwk(),
        Algorithm::EdDsa => keys().ed25519.public_key().to_jwk(),
        _ => RS256KeyPair::from_pem(keys().rsa).unwrap().public_key().to_jwk(),
    };
    named(&text, kid, alg)
}

fn named(text: &str, kid: Option<&str>, alg: Option<&str>) -> Value {
    let mut jwk: Value = serde_json::from_str(text).unwrap();
    let members = jwk.as_object_mut().unwrap();
    for (name, value) in [("kid", kid), ("alg", alg)] {
        members.remove(name);
        members.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    jwk
}

fn other_jwk(kid: Option<&str>) -> Value {
    named(&keys().other.public_key().to_jwk(), kid, None)
}

fn set(keys: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn issuer() -> Issuer {
    let name = |name: &str| ClaimName::parse(name).unwrap();
    Issuer {
        name: "example".into(),
        issuer: ISSUER.into(),
        audiences: Audiences::OneOf(vec!["api://gateway".into(), "api://second".into()]),
        algorithms: Algorithm::ALL.to_vec(),
        clock_skew: DEFAULT_CLOCK_SKEW,
        max_lifetime: None,
        claims: ClaimMap { subject: name("sub"), groups: Some(name("groups")), tenant: Some(name("org")) },
    }
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": "api://gateway", "sub": "alice", "iat": NOW, "exp": NOW + 600 })
}

/// The claims with some replaced; `null` takes one away.
fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        members.remove(name);
        if !value.is_null() {
            members.insert(name.clone(), value.clone());
        }
    }
    claims
}

fn judge_at(token: &str, issuer: &Issuer, keys: &KeySet, now: u64) -> Result<Verified, Reason> {
    verify(token, std::slice::from_ref(issuer), |_| Some(keys), &(), now).map_err(|refusal| refusal.reason)
}

fn judge(token: &str, issuer: &Issuer, keys: &KeySet) -> Result<Verified, Reason> {
    judge_at(token, issuer, keys, NOW)
}

/// A token in three raw parts.
fn raw(header: &str, payload: &str, signature: &[u8]) -> String {
    let [header, payload] = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The token with another first character in one of its parts.
fn altered(token: &str, part: usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let first = if parts[part].starts_with('A') { "B" } else { "A" };
    parts[part].replace_range(..1, first);
    parts.join(".")
}
