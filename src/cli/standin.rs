//! What stands in for the parts that a replay does not have: a verified token, and a configuration.
//!
//! The exchange runs as it is. A key is made for this process, every issuer of the configuration gets it in the
//! place of its own keys, and claims are signed with it. What is checked of a token besides (audience, lifetime) is
//! left out, because the claims stand for a token that was verified.

use super::{Direction, Failure};
use crate::config::{Access, Config, Guarded, Identity, KeySource, Limits, Route};
use crate::identity::{Algorithm, Audiences, DEFAULT_CLOCK_SKEW, Issuer, KeySet, bare_claims};
use crate::policy::{Matcher, Rule, Rules, What, Who};
use jwt_simple::prelude::{Ed25519KeyPair, EdDSAKeyPairLike};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// When every replay takes place, in Unix seconds: 2026-01-01. A record says the same each time.
pub(super) const NOW: u64 = 1_767_225_600;

/// Seconds for which a token is good; nobody waits that long.
const LIFETIME: u64 = 3600;

/// Whatever is written without a configuration: every rule; personal data, financial data and secrets are redacted,
/// the rest flagged.
pub(super) fn configuration() -> Value {
    let actions = json!({
        "pii": "redact", "financial": "redact", "secret": "redact",
        "injection": "flag", "hidden_text": "flag", "exfiltration": "flag",
    });
    json!({
        "identity": { "issuers": [{
            "name": "replay",
            "issuer": "https://replay.invalid",
            "audiences": ["replay"],
            "jwks": { "uri": "https://replay.invalid/keys", "cluster": "none" },
        }] },
        "guards": { "replay": { "request": actions, "response": actions } },
        "routes": [{
            "name": "replay",
            "match": { "path": "*" },
            "guard": "replay",
            "allow": [{ "id": "everything" }],
        }],
    })
}

/// Signs the tokens of this process.
pub(super) struct StandIn {
    pair: Ed25519KeyPair,
    keys: KeySet,
}

impl StandIn {
    pub(super) fn new() -> Result<StandIn, Failure> {
        let pair = Ed25519KeyPair::generate();
        let jwk: Value = serde_json::from_str(&pair.public_key().to_jwk())
            .map_err(|error| Failure::at("stand-in key", error))?;
        let keys = KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes())
            .map_err(|error| Failure::at("stand-in key", error))?;
        Ok(StandIn { pair, keys })
    }

    /// A token with these claims, or of a caller `replay` in no group. It is of the first of the issuers unless the
    /// claims name one.
    pub(super) fn token(
        &self,
        issuers: &[Issuer],
        claims: Option<&Map<String, Value>>,
    ) -> Result<String, String> {
        let mut claims = match claims {
            Some(claims) => claims.clone(),
            None => issuers
                .iter()
                .map(|issuer| issuer.claims.subject.as_str())
                .chain(["sub"])
                .map(|name| (name.to_owned(), Value::from("replay")))
                .collect(),
        };
        if !claims.contains_key("iss") {
            let name = issuers.first().map(|issuer| issuer.issuer.as_str());
            claims.insert("iss".to_owned(), name.unwrap_or_default().into());
        }
        claims.remove("nbf");
        claims.insert("iat".to_owned(), NOW.into());
        claims.insert("exp".to_owned(), (NOW + LIFETIME).into());
        let claims = bare_claims(claims);
        self.pair.sign(claims).map_err(|error| format!("claims: {error}"))
    }

    /// The configuration with nothing but this route, which every request meets; without a route, every request is
    /// unmatched. Where only answers are judged, every request is allowed.
    pub(super) fn gate(&self, config: &Config, route: Option<&Route>, direction: Direction) -> Config {
        let issuers: Vec<Issuer> = config.identity.issuers.iter().map(trusting).collect();
        Config {
            digest: config.digest,
            identity: Identity {
                header: config.identity.header.clone(),
                keys: issuers.iter().map(|_| KeySource::Inline(self.keys.clone())).collect(),
                issuers,
                forward: config.identity.forward.clone(),
            },
            routes: route.map(|route| Arc::new(alone(route, direction))).into_iter().collect(),
            unmatched: config.unmatched,
            otlp: None,
            chain_key_env: None,
            hold_headers: config.hold_headers,
        }
    }
}

fn trusting(issuer: &Issuer) -> Issuer {
    Issuer {
        audiences: Audiences::Unchecked,
        algorithms: Algorithm::ALL.to_vec(),
        clock_skew: DEFAULT_CLOCK_SKEW,
        max_lifetime: None,
        ..issuer.clone()
    }
}

fn alone(route: &Route, direction: Direction) -> Route {
    let access = match &route.access {
        Access::Public => Access::Public,
        Access::Guarded(guarded) => Access::Guarded(match direction {
            Direction::Request => guarded.clone(),
            Direction::Response => Arc::new(allowing(guarded)),
        }),
    };
    Route { name: route.name.clone(), matcher: Matcher::default(), access }
}

fn allowing(guarded: &Guarded) -> Guarded {
    Guarded {
        observe: guarded.observe,
        rules: Rules {
            allow: vec![Rule { id: "replay".to_owned(), who: Who::default(), what: What::default() }],
            deny: Vec::new(),
        },
        guard: guarded.guard.clone(),
        request: guarded.request.clone(),
        response: guarded.response.clone(),
        unsupported: guarded.unsupported,
        cors_preflight: guarded.cors_preflight,
        limits: Limits { request_body: usize::MAX, ..guarded.limits },
    }
}
