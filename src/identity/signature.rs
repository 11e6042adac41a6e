//! Signatures that somebody else verifies. RSA takes wasm some fifty times as long as the host, so a host that can
//! verify is asked first, and what it cannot verify jwt-simple does.
//!
//! Whoever verifies, the verdict is the same: everything that is judged about a key or a token is judged here.

use prost::Message;

use super::algorithm::Algorithm;

/// Verifies signatures in the place of jwt-simple, where it can.
pub trait Verifier {
    /// Whether `signature` is the one over `text` of the key under the algorithm; `None` where this verifier cannot
    /// tell.
    ///
    /// `key` is a DER `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7) that fits the algorithm. `signature` is as X.509
    /// has it: for ECDSA the DER sequence of r and s (RFC 3279 section 2.2.3).
    fn verify(&self, algorithm: Algorithm, key: &[u8], text: &[u8], signature: &[u8]) -> Option<bool>;
}

/// The verifier that leaves all signatures to jwt-simple.
impl Verifier for () {
    fn verify(&self, _: Algorithm, _: &[u8], _: &[u8], _: &[u8]) -> Option<bool> {
        None
    }
}

/// The name of Envoy's foreign function: BoringSSL, with RSASSA-PKCS1-v1_5 for RSA keys and ECDSA for EC keys.
pub const FOREIGN_FUNCTION: &str = "verify_signature";

/// Its argument, `VerifySignatureArguments` of Envoy's `source/extensions/common/wasm/ext/verify_signature.proto`; `None`
/// for an algorithm that it does not have.
pub fn question(algorithm: Algorithm, key: &[u8], text: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let hash = match algorithm {
        Algorithm::Rs256 | Algorithm::Es256 => "sha256",
        Algorithm::Rs384 | Algorithm::Es384 => "sha384",
        Algorithm::Rs512 => "sha512",
        // The padding cannot be said, and Ed25519 has no hash function to name.
        Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 | Algorithm::EdDsa => return None,
    };
    let question = Question {
        hash: hash.to_owned(),
        key: key.to_vec(),
        signature: signature.to_vec(),
        text: text.to_vec(),
    };
    Some(question.encode_to_vec())
}

/// The verdict of its `VerifySignatureResult`; `None` where that is none on the signature (as where it cannot use the key)
/// or cannot be read. Only its words tell the two kinds of `false` apart: should they change, jwt-simple refuses.
pub fn verdict(answer: &[u8]) -> Option<bool> {
    let answer = Answer::decode(answer).ok()?;
    match (answer.is_good, answer.error.as_str()) {
        (true, "") => Some(true),
        (false, error) if error.starts_with("Failed to verify ") => Some(false),
        _ => None,
    }
}

#[derive(Clone, PartialEq, Message)]
struct Question {
    #[prost(string, tag = "1")]
    hash: String,
    #[prost(bytes = "vec", tag = "2")]
    key: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    signature: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    text: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct Answer {
    #[prost(bool, tag = "1")]
    is_good: bool,
    #[prost(string, tag = "2")]
    error: String,
}
