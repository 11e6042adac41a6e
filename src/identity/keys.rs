//! An issuer's key set (RFC 7517 section 5): which keys are usable, and which of them signed a token.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_simple::prelude::*;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::json::Unrepeated;
use super::roca;
use super::signature::Verifier;
use super::token::{Compact, MAX_TOKEN_BYTES};
use crate::reason::Reason;

/// The longest key set that is read, in bytes: [`MAX_KEYS`] RSA keys of 4096 bits with their certificates.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// The most keys that a key set may hold, usable or not. Issuers publish two to ten.
pub const MAX_KEYS: usize = 64;

/// How many keys are tried for one token: those of its `kid`, or those that fit where it names none. Each try
/// costs a signature check, and whoever sends the token chooses how often that happens.
const MAX_TRIES: usize = 4;

/// The usable keys of one issuer.
#[derive(Clone)]
pub struct KeySet {
    keys: Vec<Key>,
    skipped: Vec<Skipped>,
}

/// Which key verified a token, and as what.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyId {
    /// The key's RFC 7638 thumbprint with SHA-256, in base64url.
    pub(super) thumbprint: String,
    pub(super) algorithm: Algorithm,
}

/// A key that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its position in the set's `keys`, from zero.
    pub position: usize,
    /// Its `kid`, where it has one.
    pub kid: Option<String>,
    /// Why.
    pub why: Unusable,
}

/// Why a key is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Not an object, or a member name stands twice.
    Malformed,
    /// `kty: oct`: whoever can verify with it can sign with it.
    Symmetric,
    /// The private half is published too: anybody can sign with it. It proves nothing.
    Private,
    /// `use` or `key_ops` says that it is not for verifying signatures.
    Purpose,
    /// A `kty` or `crv` that is not supported, or none.
    Type,
    /// An `alg` that is not supported or does not fit `kty` and `crv`.
    Algorithm,
    /// A coordinate, modulus or exponent that is missing, of the wrong length, not on its curve or not base64url;
    /// for RSA also an exponent other than 65537 or a modulus of more than 4096 bits.
    Material,
    /// An RSA modulus of fewer than 2048 bits (RFC 7518 section 3.3) or one made by the generator of CVE-2017-15361.
    Weak,
}

/// Why a key set is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySetError {
    /// More than [`MAX_KEY_SET_BYTES`].
    TooLarge,
    /// Not a JSON object with one `keys` array.
    Malformed,
    /// More than [`MAX_KEYS`].
    TooManyKeys,
    /// No key in it can be used.
    NoUsableKey(Vec<Skipped>),
}

#[derive(Clone)]
struct Key {
    kid: Option<String>,
    /// The key's own `alg`, or every algorithm that fits its type. The issuer's allow-list cuts it further.
    algorithms: Vec<Algorithm>,
    material: Material,
    /// The DER `SubjectPublicKeyInfo`, for another verifier than jwt-simple.
    spki: Vec<u8>,
    /// RFC 7638, base64url.
    thumbprint: String,
}

#[derive(Clone)]
enum Material {
    /// Modulus and exponent, big-endian: jwt-simple has one type for each RSA algorithm.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    P256(ES256PublicKey),
    P384(ES384PublicKey),
    Ed25519(Ed25519PublicKey),
}

impl KeySet {
    /// Reads a JWK set. Keys that cannot be used are left out and listed by [`KeySet::skipped`].
    pub fn parse(text: &[u8]) -> Result<KeySet, KeySetError> {
        #[derive(serde::Deserialize)]
        struct Document {
            keys: Vec<Unrepeated>,
        }
        if text.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLarge);
        }
        // serde would also read the struct from an array.
        if !text.trim_ascii_start().starts_with(b"{") {
            return Err(KeySetError::Malformed);
        }
        let document: Document = serde_json::from_slice(text).map_err(|_| KeySetError::Malformed)?;
        if document.keys.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys);
        }
        let mut set = KeySet { keys: Vec::new(), skipped: Vec::new() };
        for (position, Unrepeated(jwk)) in document.keys.into_iter().enumerate() {
            let jwk = jwk.as_ref().and_then(Value::as_object);
            match jwk.ok_or(Unusable::Malformed).and_then(Key::read) {
                Ok(key) => set.keys.push(key),
                Err(why) => {
                    let kid = jwk.and_then(|jwk| jwk.get("kid")).and_then(Value::as_str).map(str::to_owned);
                    set.skipped.push(Skipped { position, kid, why });
                }
            }
        }
        if set.keys.is_empty() { Err(KeySetError::NoUsableKey(set.skipped)) } else { Ok(set) }
    }

    /// How many keys can be used; never zero.
    #[expect(clippy::len_without_is_empty, reason = "a key set is never empty")]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The keys that were left out, and why.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Whether the key that once verified a token is still here and still for the same algorithm.
    pub fn holds(&self, id: &KeyId) -> bool {
        self.keys.iter().any(|key| key.thumbprint == id.thumbprint && key.algorithms.contains(&id.algorithm))
    }

    /// The key whose signature the token bears.
    ///
    /// Errors: [`Reason::TokenKeyUnknown`] where no key has the token's `kid`, or, without one, none fits the
    /// algorithm; [`Reason::TokenAlgorithm`] where the keys of that `kid` are for other algorithms;
    /// [`Reason::TokenSignature`] where none of the first [`MAX_TRIES`] candidates verifies it.
    pub(super) fn signer(
        &self,
        token: &Compact<'_>,
        algorithm: Algorithm,
        verifier: &dyn Verifier,
    ) -> Result<KeyId, Reason> {
        let is_named = |key: &&Key| token.kid().is_none_or(|kid| key.kid.as_deref() == Some(kid));
        let mut candidates = self
            .keys
            .iter()
            .filter(is_named)
            .filter(|key| key.algorithms.contains(&algorithm))
            .take(MAX_TRIES)
            .peekable();
        if candidates.peek().is_none() {
            let is_known = token.kid().is_some() && self.keys.iter().any(|key| is_named(&key));
            return Err(if is_known { Reason::TokenAlgorithm } else { Reason::TokenKeyUnknown });
        }
        let key =
            candidates.find(|key| key.verifies(token, algorithm, verifier)).ok_or(Reason::TokenSignature)?;
        Ok(KeyId { thumbprint: key.thumbprint.clone(), algorithm })
    }
}

impl Key {
    fn read(jwk: &Map<String, Value>) -> Result<Key, Unusable> {
        let text = |name: &str| match jwk.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(Unusable::Malformed),
        };
        let bytes = |name: &str| {
            let encoded = jwk.get(name).and_then(Value::as_str).ok_or(Unusable::Material)?;
            URL_SAFE_NO_PAD.decode(encoded).map_err(|_| Unusable::Material)
        };
        let kty = text("kty")?.ok_or(Unusable::Type)?;
        if kty == "oct" {
            return Err(Unusable::Symmetric);
        }
        if ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"].iter().any(|name| jwk.contains_key(*name)) {
            return Err(Unusable::Private);
        }
        if text("use")?.is_some_and(|purpose| purpose != "sig") || !may_verify(jwk.get("key_ops")) {
            return Err(Unusable::Purpose);
        }
        let crv = text("crv")?;
        let (material, spki, thumbprint) = match (kty, crv) {
            ("RSA", None) => rsa(bytes("n")?, bytes("e")?)?,
            ("EC", Some("P-256")) => {
                let point = point(&bytes("x")?, &bytes("y")?, 32)?;
                let key = ES256PublicKey::from_bytes(&point).map_err(|_| Unusable::Material)?;
                let thumbprint = key.jwk_thumbprint();
                let spki = key.to_der().map_err(|_| Unusable::Material)?;
                (Material::P256(key), spki, thumbprint)
            }
            ("EC", Some("P-384")) => {
                let point = point(&bytes("x")?, &bytes("y")?, 48)?;
                let key = ES384PublicKey::from_bytes(&point).map_err(|_| Unusable::Material)?;
                let thumbprint = key.jwk_thumbprint();
                let spki = key.to_der().map_err(|_| Unusable::Material)?;
                (Material::P384(key), spki, thumbprint)
            }
            ("OKP", Some("Ed25519")) => {
                let key = Ed25519PublicKey::from_bytes(&bytes("x")?).map_err(|_| Unusable::Material)?;
                let thumbprint = key.jwk_thumbprint();
                let spki = key.to_der();
                (Material::Ed25519(key), spki, thumbprint)
            }
            _ => return Err(Unusable::Type),
        };
        let mut algorithms = material.algorithms().to_vec();
        if let Some(alg) = text("alg")? {
            algorithms.retain(|fitting| Some(*fitting) == Algorithm::parse(alg));
        }
        if algorithms.is_empty() {
            return Err(Unusable::Algorithm);
        }
        Ok(Key { kid: text("kid")?.map(str::to_owned), algorithms, material, spki, thumbprint })
    }

    /// Whether the token's signature is this key's under this algorithm, whatever its payload is.
    fn verifies(&self, token: &Compact<'_>, algorithm: Algorithm, verifier: &dyn Verifier) -> bool {
        let Some(signature) = x509(token.signature(), algorithm) else {
            return false;
        };
        let verdict = verifier.verify(algorithm, &self.spki, token.signed().as_bytes(), &signature);
        verdict.unwrap_or_else(|| self.verifies_by_jwt_simple(token, algorithm))
    }

    /// jwt-simple has no call for a signature alone: it reads the claims after it. Its steps are (its
    /// `Token::verify_with_algorithms`): form, header, `typ`, `alg`, then the signature, then the payload. Every
    /// `Compact` has passed the header steps, so a JSON error can only come from the payload, after the signature.
    /// At the artificial time zero none of its time checks can fail. `tests::forms::payload_*` hold jwt-simple to this.
    fn verifies_by_jwt_simple(&self, token: &Compact<'_>, algorithm: Algorithm) -> bool {
        let options = Some(VerificationOptions {
            artificial_time: Some(UnixTimeStamp::from_secs(0)),
            time_tolerance: None,
            accept_future: true,
            max_token_length: Some(MAX_TOKEN_BYTES),
            ..VerificationOptions::default()
        });
        let text = token.text();
        macro_rules! rsa {
            ($type:ident, $n:expr, $e:expr) => {
                $type::from_components($n, $e)
                    .and_then(|key| key.verify_token::<NoCustomClaims>(text, options))
            };
        }
        let verdict = match (&self.material, algorithm) {
            (Material::Rsa { n, e }, Algorithm::Rs256) => rsa!(RS256PublicKey, n, e),
            (Material::Rsa { n, e }, Algorithm::Rs384) => rsa!(RS384PublicKey, n, e),
            (Material::Rsa { n, e }, Algorithm::Rs512) => rsa!(RS512PublicKey, n, e),
            (Material::Rsa { n, e }, Algorithm::Ps256) => rsa!(PS256PublicKey, n, e),
            (Material::Rsa { n, e }, Algorithm::Ps384) => rsa!(PS384PublicKey, n, e),
            (Material::Rsa { n, e }, Algorithm::Ps512) => rsa!(PS512PublicKey, n, e),
            (Material::P256(key), Algorithm::Es256) => key.verify_token::<NoCustomClaims>(text, options),
            (Material::P384(key), Algorithm::Es384) => key.verify_token::<NoCustomClaims>(text, options),
            (Material::Ed25519(key), Algorithm::EdDsa) => key.verify_token::<NoCustomClaims>(text, options),
            _ => return false,
        };
        match verdict {
            Ok(_) => true,
            Err(error) => error.is::<serde_json::Error>(),
        }
    }
}

impl Material {
    /// Every algorithm that this type of key can be used with.
    fn algorithms(&self) -> &'static [Algorithm] {
        use Algorithm::*;
        match self {
            Material::Rsa { .. } => &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512],
            Material::P256(_) => &[Es256],
            Material::P384(_) => &[Es384],
            Material::Ed25519(_) => &[EdDsa],
        }
    }
}

/// `key_ops` (RFC 7517 section 4.3), where present, must hold `verify`.
fn may_verify(key_ops: Option<&Value>) -> bool {
    match key_ops {
        None => true,
        Some(Value::Array(operations)) => operations.iter().any(|operation| operation == "verify"),
        Some(_) => false,
    }
}

/// The uncompressed point of SEC 1 section 2.3.3. Both coordinates have their full length (RFC 7518 section 6.2.1.2).
fn point(x: &[u8], y: &[u8], length: usize) -> Result<Vec<u8>, Unusable> {
    if x.len() != length || y.len() != length {
        return Err(Unusable::Material);
    }
    Ok([&[4], x, y].concat())
}

/// A token's signature as X.509 has it: ECDSA's r and s, side by side in a token (RFC 7518 section 3.4), in DER. `None`
/// where they are not of their length or not between 1 and the order of the curve: that is nobody's signature.
fn x509(signature: &[u8], algorithm: Algorithm) -> Option<Cow<'_, [u8]>> {
    Some(match algorithm {
        Algorithm::Es256 => {
            p256::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec().into()
        }
        Algorithm::Es384 => {
            p384::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec().into()
        }
        _ => signature.into(),
    })
}

fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<(Material, Vec<u8>, String), Unusable> {
    // jwt-simple checks the sizes; the algorithm of the type does not matter here.
    let key = RS256PublicKey::from_components(&n, &e).map_err(|error| match error.downcast_ref() {
        Some(jwt_simple::JWTError::WeakKey) => Unusable::Weak,
        _ => Unusable::Material,
    })?;
    if roca::marks(&n) {
        return Err(Unusable::Weak);
    }
    let thumbprint = key.jwk_thumbprint();
    let spki = key.to_der().map_err(|_| Unusable::Material)?;
    Ok((Material::Rsa { n, e }, spki, thumbprint))
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unusable::Malformed => "is not a JSON object of the expected shape, or names a member twice",
            Unusable::Symmetric => "is symmetric",
            Unusable::Private => "publishes its private half",
            Unusable::Purpose => "is not for verifying signatures (`use`, `key_ops`)",
            Unusable::Type => "has an unsupported `kty` or `crv`",
            Unusable::Algorithm => "has an `alg` that is unsupported or does not fit its type",
            Unusable::Material => "has missing or invalid numbers",
            Unusable::Weak => "is too weak",
        })
    }
}

impl fmt::Display for KeySetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySetError::TooLarge => write!(f, "key set is larger than {MAX_KEY_SET_BYTES} bytes"),
            KeySetError::Malformed => f.write_str("key set is not a JSON object with one `keys` array"),
            KeySetError::TooManyKeys => write!(f, "key set holds more than {MAX_KEYS} keys"),
            KeySetError::NoUsableKey(skipped) => {
                f.write_str("key set holds no usable key")?;
                for key in skipped {
                    write!(f, "; keys[{}] {}", key.position, key.why)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for KeySetError {}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySet({} keys, {} skipped)", self.keys.len(), self.skipped.len())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.algorithm)
    }
}
