//! Who calls: a JSON Web Token becomes a principal, or a refusal with a reason.
//!
//! The module finds the token among the request's headers ([`credential`]), verifies it against the one
//! configured issuer that it names ([`verify`]), and remembers what it has verified ([`TokenCache`]). It
//! fetches nothing, reads no clock and knows no policy: keys arrive as bytes, time as an argument.
//!
//! What holds for every token that is accepted:
//!
//! - The key fixes the algorithm. The token's `alg` is compared with what its key and its issuer allow and is
//!   never obeyed; symmetric algorithms and `none` are not even named here.
//! - Keys come from the issuer's key set. `jku`, `jwk`, `x5u` and `x5c` in a token are never followed.
//! - No claim but `iss` is judged before the signature, and `iss` only chooses the issuer whose keys must verify it.
//! - Judgement has one order, so a reason is exact and stable: form, issuer, algorithm, key, signature, audience,
//!   expiry, not-before, lifetime, subject, groups, tenant.
//! - Nothing prints a token, a claim or a key: `Debug` is written by hand throughout.
//!
//! Signatures are the work of a [`Verifier`] that the caller brings, such as its host, and of jwt-simple where that one
//! cannot tell. Claims are judged here, because the reason has to be exact.

mod algorithm;
mod cache;
mod claims;
pub mod credential;
mod json;
pub mod keyring;
mod keys;
mod roca;
pub mod signature;
mod token;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use crate::reason::Reason;
use signature::Verifier;

pub use algorithm::Algorithm;
pub use cache::TokenCache;
pub use claims::{ClaimMap, ClaimName, ClaimNameError};
pub use keys::{KeyId, KeySet, KeySetError, MAX_KEY_SET_BYTES, MAX_KEYS, Skipped, Unusable};
pub use token::MAX_TOKEN_BYTES;

/// Seconds by which clocks may differ where the configuration does not say.
pub const DEFAULT_CLOCK_SKEW: u64 = 60;

/// What the configuration says about one issuer. Built once; [`verify`] only reads it.
#[derive(Clone)]
pub struct Issuer {
    /// The operator's name for it, which principals and records carry.
    pub name: String,
    /// The exact string that `iss` must hold (RFC 7519 section 4.1.1). No two issuers may share it: the first wins.
    pub issuer: String,
    /// What `aud` must hold.
    pub audiences: Audiences,
    /// The algorithms that this issuer may use at all.
    pub algorithms: Vec<Algorithm>,
    /// By how many seconds clocks may differ; see [`DEFAULT_CLOCK_SKEW`].
    pub clock_skew: u64,
    /// The longest time in seconds that a token may live: `exp - iat`, or `exp - now` where there is no `iat`.
    pub max_lifetime: Option<u64>,
    /// Which claims make the principal.
    pub claims: ClaimMap,
}

/// What an issuer's tokens must say in `aud` (RFC 7519 section 4.1.3).
#[derive(Clone, PartialEq, Eq)]
pub enum Audiences {
    /// `aud` is not looked at. Only where the configuration says so in words: such an issuer's tokens for any
    /// other service are good here too.
    Unchecked,
    /// `aud`, a string or an array of strings, must hold one of these. An empty list refuses every token.
    OneOf(Vec<String>),
}

/// A verified identity.
#[derive(Clone, PartialEq, Eq)]
pub struct Principal {
    /// The claim that names the caller; never empty.
    pub subject: String,
    /// The caller's groups in the token's order; empty where the issuer maps none or the token has none.
    pub groups: Vec<String>,
    /// The caller's organisation, where the issuer maps one and the token has one.
    pub tenant: Option<String>,
    /// The [`Issuer::name`] that vouches for it.
    pub issuer: String,
}

/// A token that was verified, and for how long the verdict holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who calls.
    pub principal: Arc<Principal>,
    /// The issuer's position in the list given to [`verify`].
    pub issuer: usize,
    /// Unix seconds at which the verdict ends: `exp` plus the clock skew.
    pub expires_at: u64,
    /// Unix seconds before which it does not hold: the later of `nbf` and `iat`, less the clock skew.
    pub not_before: u64,
    /// The key that verified it. The verdict ends with the key.
    pub key: KeyId,
}

/// Why a token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The code for reply, record and metric.
    pub reason: Reason,
    /// The position of the issuer that the token names, as soon as that is known. With
    /// [`Reason::TokenKeyUnknown`] it says whose keys are worth fetching again.
    pub issuer: Option<usize>,
}

/// Verifies a token in compact form and turns its claims into a principal.
///
/// `keys` answers with the current key set of the issuer at a position of `issuers`, `None` while it has none.
/// `verifier` is asked for signatures first; `&()` leaves them to jwt-simple. `now` is in Unix seconds.
pub fn verify<'k>(
    token: &str,
    issuers: &[Issuer],
    keys: impl Fn(usize) -> Option<&'k KeySet>,
    verifier: &dyn Verifier,
    now: u64,
) -> Result<Verified, Refusal> {
    let unnamed = |reason| Refusal { reason, issuer: None };
    let token = token::Compact::parse(token).map_err(unnamed)?;
    let claims = token.claims().map_err(unnamed)?;
    let named = claims.get("iss").and_then(serde_json::Value::as_str);
    let chosen = issuers.iter().enumerate().find(|(_, issuer)| named == Some(issuer.issuer.as_str()));
    let Some((position, issuer)) = chosen else {
        return Err(unnamed(Reason::TokenIssuer));
    };

    judge(&token, &claims, issuer, position, keys(position), verifier, now)
}

/// Verifies a token as one of this issuer, whatever its `iss` says. `None` stands for keys that are unavailable.
///
/// This is no authentication: who a token's issuer is must not be left open. It is for tools, which are asked
/// whether a token is good under given keys.
pub fn verify_as(token: &str, issuer: &Issuer, keys: Option<&KeySet>, now: u64) -> Result<Verified, Refusal> {
    let unnamed = |reason| Refusal { reason, issuer: None };
    let token = token::Compact::parse(token).map_err(unnamed)?;
    let claims = token.claims().map_err(unnamed)?;
    judge(&token, &claims, issuer, 0, keys, &(), now)
}

/// Everything behind the choice of the issuer.
fn judge(
    token: &token::Compact<'_>,
    claims: &serde_json::Map<String, serde_json::Value>,
    issuer: &Issuer,
    position: usize,
    keys: Option<&KeySet>,
    verifier: &dyn Verifier,
    now: u64,
) -> Result<Verified, Refusal> {
    let refuse = |reason| Refusal { reason, issuer: Some(position) };
    let algorithm = token.algorithm().filter(|named| issuer.algorithms.contains(named));
    let algorithm = algorithm.ok_or(refuse(Reason::TokenAlgorithm))?;
    let keys = keys.ok_or(refuse(Reason::KeysUnavailable))?;
    let key = keys.signer(token, algorithm, verifier).map_err(refuse)?;
    let judged = claims::judge(claims, issuer, now).map_err(refuse)?;
    Ok(Verified {
        principal: judged.principal.into(),
        issuer: position,
        expires_at: judged.expires_at,
        not_before: judged.not_before,
        key,
    })
}

/// Judges form, algorithm, key and signature and reads no claims: the payload may be anything, even empty.
///
/// Every algorithm that fits the key is allowed; `None` stands for keys that are unavailable. This is no authentication; it is for tools and measurements.
pub fn verify_signature_only(
    token: &str,
    keys: Option<&KeySet>,
    verifier: &dyn Verifier,
) -> Result<(), Reason> {
    let token = token::Compact::parse(token)?;
    let algorithm = token.algorithm().ok_or(Reason::TokenAlgorithm)?;
    let keys = keys.ok_or(Reason::KeysUnavailable)?;
    keys.signer(&token, algorithm, verifier).map(|_| ())
}

/// The claims of a token that is to be signed: these, and none that jwt-simple would add.
#[cfg(any(test, feature = "cli", feature = "fuzzing"))]
pub(crate) fn bare_claims<T>(custom: T) -> jwt_simple::prelude::JWTClaims<T> {
    jwt_simple::prelude::JWTClaims {
        issued_at: None,
        expires_at: None,
        invalid_before: None,
        issuer: None,
        subject: None,
        audiences: None,
        jwt_id: None,
        nonce: None,
        custom,
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Audiences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Audiences::Unchecked => f.write_str("Unchecked"),
            Audiences::OneOf(allowed) => write!(f, "OneOf({})", allowed.len()),
        }
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("principal", &self.principal)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
