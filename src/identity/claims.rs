//! The claims of a token whose signature is good: is it for us, is it now, and who is it.

use std::fmt;

use serde_json::{Map, Value};

use super::{Audiences, Issuer, Principal};
use crate::reason::Reason;

/// The largest integer that a JSON number carries exactly through every reader (RFC 7493 section 2.2). A date
/// beyond it is no date.
const MAX_DATE: u64 = (1 << 53) - 1;

/// Which claims make the principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimMap {
    /// Names the caller. Required: a non-empty string.
    pub subject: ClaimName,
    /// The caller's groups: an array of strings, or one string split at spaces as in `scope`.
    pub groups: Option<ClaimName>,
    /// The caller's organisation: a non-empty string.
    pub tenant: Option<ClaimName>,
}

/// Where in the claims a value stands: a top-level name (`groups`, `https://acme.example/groups`), or, beginning
/// with `/`, a JSON pointer (RFC 6901) to a nested one (`/realm_access/roles`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimName(String);

/// Why a text is no claim name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimNameError {
    /// Nothing is named.
    Empty,
    /// A pointer in which `~` is not followed by `0` or `1`.
    Pointer,
}

/// What [`judge`] makes of the claims.
pub(super) struct Judged {
    pub(super) principal: Principal,
    pub(super) expires_at: u64,
    pub(super) not_before: u64,
}

/// Judges verified claims: audience, expiry, not-before, lifetime, then the mapped claims.
pub(super) fn judge(claims: &Map<String, Value>, issuer: &Issuer, now: u64) -> Result<Judged, Reason> {
    if !is_for_us(claims.get("aud"), &issuer.audiences) {
        return Err(Reason::TokenAudience);
    }
    let expires = date(claims, "exp")?.ok_or(Reason::TokenClaims)?;
    let expires_at = expires.saturating_add(issuer.clock_skew);
    if now >= expires_at {
        return Err(Reason::TokenExpired);
    }
    let issued = date(claims, "iat")?;
    let starts = date(claims, "nbf")?.max(issued).unwrap_or(0);
    let not_before = starts.saturating_sub(issuer.clock_skew);
    if now < not_before {
        return Err(Reason::TokenNotYetValid);
    }
    let lifetime = expires.saturating_sub(issued.unwrap_or(now));
    if issuer.max_lifetime.is_some_and(|limit| lifetime > limit) {
        return Err(Reason::TokenLifetime);
    }
    let map = &issuer.claims;
    let principal = Principal {
        subject: map.subject.text(claims)?.ok_or(Reason::TokenClaims)?,
        groups: map.groups.as_ref().map_or(Ok(Vec::new()), |name| name.texts(claims))?,
        tenant: map.tenant.as_ref().map_or(Ok(None), |name| name.text(claims))?,
        issuer: issuer.name.clone(),
    };
    Ok(Judged { principal, expires_at, not_before })
}

/// RFC 7519 section 4.1.3. An array that also holds something else than strings is for nobody.
fn is_for_us(claim: Option<&Value>, audiences: &Audiences) -> bool {
    let Audiences::OneOf(allowed) = audiences else {
        return true;
    };
    let is_allowed = |name: &str| allowed.iter().any(|audience| audience == name);
    match claim {
        Some(Value::String(name)) => is_allowed(name),
        Some(Value::Array(names)) => {
            names.iter().all(Value::is_string) && names.iter().filter_map(Value::as_str).any(is_allowed)
        }
        _ => false,
    }
}

/// A NumericDate (RFC 7519 section 2) in whole Unix seconds; fractions are cut off.
fn date(claims: &Map<String, Value>, name: &str) -> Result<Option<u64>, Reason> {
    let Some(Value::Number(number)) = claims.get(name).filter(|value| !value.is_null()) else {
        return claims.get(name).is_none_or(Value::is_null).then_some(None).ok_or(Reason::TokenClaims);
    };
    let seconds = match (number.as_u64(), number.as_f64()) {
        (Some(seconds), _) => seconds,
        (None, Some(seconds)) if (0.0..=MAX_DATE as f64).contains(&seconds) => seconds as u64,
        _ => return Err(Reason::TokenClaims),
    };
    if seconds <= MAX_DATE { Ok(Some(seconds)) } else { Err(Reason::TokenClaims) }
}

impl ClaimName {
    /// Reads a claim name as the configuration writes it.
    pub fn parse(name: &str) -> Result<ClaimName, ClaimNameError> {
        if name.is_empty() {
            return Err(ClaimNameError::Empty);
        }
        let mut escapes = name.split('~').skip(1);
        if name.starts_with('/') && !escapes.all(|rest| rest.starts_with(['0', '1'])) {
            return Err(ClaimNameError::Pointer);
        }
        Ok(ClaimName(name.to_owned()))
    }

    /// The name as the configuration writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value, where there is one; `null` is none.
    ///
    /// An issuer may leave a claim out because it is too large and say where else to ask (`_claim_names`, OpenID
    /// Connect Core section 5.6.2; Entra ID's group overage also says `hasgroups`). To read that as "none" would
    /// turn a member of a denied group into a member of no group: it is an error.
    fn find<'c>(&self, claims: &'c Map<String, Value>) -> Result<Option<&'c Value>, Reason> {
        let found = match self.0.strip_prefix('/') {
            None => claims.get(&self.0),
            Some(rest) => {
                let (first, rest) =
                    rest.split_once('/').map_or((rest, None), |(first, rest)| (first, Some(rest)));
                let top = claims.get(&first.replace("~1", "/").replace("~0", "~"));
                match rest {
                    None => top,
                    Some(rest) => top.and_then(|top| top.pointer(&format!("/{rest}"))),
                }
            }
        };
        let found = found.filter(|value| !value.is_null());
        let is_elsewhere = claims.get("_claim_names").and_then(|names| names.get(&self.0)).is_some()
            || (self.0 == "groups"
                && claims.get("hasgroups").is_some_and(|says| says != &Value::Bool(false)));
        if found.is_none() && is_elsewhere { Err(Reason::TokenClaims) } else { Ok(found) }
    }

    fn text(&self, claims: &Map<String, Value>) -> Result<Option<String>, Reason> {
        match self.find(claims)? {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => clean(text).map(Some),
            Some(_) => Err(Reason::TokenClaims),
        }
    }

    fn texts(&self, claims: &Map<String, Value>) -> Result<Vec<String>, Reason> {
        match self.find(claims)? {
            None => Ok(Vec::new()),
            Some(Value::String(text)) => text.split(' ').filter(|name| !name.is_empty()).map(clean).collect(),
            Some(Value::Array(names)) => {
                names.iter().map(|name| name.as_str().ok_or(Reason::TokenClaims).and_then(clean)).collect()
            }
            Some(_) => Err(Reason::TokenClaims),
        }
    }
}

/// Identity travels in headers and log lines, where a control character would start a new one.
fn clean(text: &str) -> Result<String, Reason> {
    if text.chars().any(char::is_control) { Err(Reason::TokenClaims) } else { Ok(text.to_owned()) }
}

impl fmt::Display for ClaimNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ClaimNameError::Empty => "a claim name must not be empty",
            ClaimNameError::Pointer => {
                "a claim name that begins with `/` is a JSON pointer: write `~0` for `~` and `~1` for `/` inside a name"
            }
        })
    }
}

impl std::error::Error for ClaimNameError {}
