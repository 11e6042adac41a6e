//! The compact form of a signed token (RFC 7515 section 7.1): three parts, a header, nothing judged but form.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwt_simple::token::Token;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::json;
use crate::reason::Reason;

/// The longest token that is read, in bytes. The 200 group ids after which Entra ID stops listing them make some
/// 11 KiB; Envoy takes 60 KiB of headers altogether.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token whose form is good: three parts in unpadded base64url with no stray bits, and a header that both this
/// module and jwt-simple can read. Nothing in it is to be trusted yet.
pub(super) struct Compact<'t> {
    text: &'t str,
    algorithm: String,
    kid: Option<String>,
    payload: Vec<u8>,
    signed: &'t str,
    signature: Vec<u8>,
}

impl<'t> Compact<'t> {
    /// Takes a token apart. Header and signature must not be empty; the payload may be, because a signature over
    /// nothing is still one (and no claims object).
    ///
    /// Refused with [`Reason::TokenMalformed`]: a repeated member name, `crit` and `b64` (no extension is understood,
    /// RFC 7515 section 4.1.11, RFC 7797), a `typ` that is neither `JWT` nor ends with `+jwt` (RFC 8725 section 3.11),
    /// an `alg` or `kid` that is no string. A header that carries a `jwk` *object* is refused too: jwt-simple reads
    /// that member as a string, and no issuer puts one into an access token; so is a `salt` (jwt-simple's own) that is not
    /// base64url.
    pub(super) fn parse(text: &'t str) -> Result<Self, Reason> {
        Self::read(text).ok_or(Reason::TokenMalformed)
    }

    fn read(text: &'t str) -> Option<Self> {
        if text.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let mut parts = text.split('.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || signature.is_empty() {
            return None;
        }
        let signed = text.get(..header.len() + 1 + payload.len())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let Value::Object(header) = json::parse(&URL_SAFE_NO_PAD.decode(header).ok()?)? else {
            return None;
        };
        if header.contains_key("crit") || header.contains_key("b64") || !is_token_type(&header)? {
            return None;
        }
        if let Some(salt) = header.get("salt").and_then(Value::as_str) {
            URL_SAFE_NO_PAD.decode(salt).ok()?;
        }
        // Whoever passes here also passes the header checks inside jwt-simple: `Key::verifies` relies on it.
        Token::decode_metadata(text).ok()?;
        Some(Compact {
            text,
            algorithm: text_member(&header, "alg")??.to_owned(),
            kid: text_member(&header, "kid")?.map(str::to_owned),
            payload,
            signed,
            signature,
        })
    }

    /// The whole token.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// What is signed (RFC 7515 section 5.2): header and payload, encoded, with the dot between them.
    pub(super) fn signed(&self) -> &'t str {
        self.signed
    }

    /// The signature's bytes.
    pub(super) fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// What the token says about its algorithm, where that is one that could be allowed.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::parse(&self.algorithm)
    }

    /// Which key the token names.
    pub(super) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The payload as a claims object, unverified. A repeated claim name is refused (RFC 7519 section 4).
    pub(super) fn claims(&self) -> Result<Map<String, Value>, Reason> {
        match json::parse(&self.payload) {
            Some(Value::Object(claims)) => Ok(claims),
            _ => Err(Reason::TokenMalformed),
        }
    }
}

/// `None` where `typ` is no string.
fn is_token_type(header: &Map<String, Value>) -> Option<bool> {
    Some(text_member(header, "typ")?.is_none_or(|typ| {
        let typ = typ.to_ascii_lowercase();
        typ == "jwt" || typ.ends_with("+jwt")
    }))
}

/// `None` where the member is there and no string, `Some(None)` where it is absent.
fn text_member<'h>(header: &'h Map<String, Value>, name: &str) -> Option<Option<&'h str>> {
    match header.get(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    }
}
