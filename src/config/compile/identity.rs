//! Issuers, their keys, and the headers of the verified identity.

use super::Check;
use crate::config::problem::known;
use crate::config::values::Seconds;
use crate::config::{Forward, Identity, KeySource, RemoteKeys, raw};
use crate::identity::{Algorithm, Audiences, ClaimMap, ClaimName, DEFAULT_CLOCK_SKEW, Issuer, KeySet};
use std::collections::BTreeSet;

/// Seconds.
const DEFAULT_REFRESH: u64 = 300;
/// Seconds.
const DEFAULT_MAX_AGE: u64 = 86_400;

const CLAIM_HELP: &str = "write a claim's name, or a JSON pointer such as `/realm_access/roles`";

impl Check {
    pub(super) fn identity(&mut self, raw: &raw::Identity) -> Identity {
        let header = raw.header.as_ref().map(|name| self.header_name("identity.header", name));
        let forward = Forward {
            subject: raw.forward.subject.as_ref().map(|n| self.header_name("identity.forward.subject", n)),
            groups: raw.forward.groups.as_ref().map(|n| self.header_name("identity.forward.groups", n)),
            tenant: raw.forward.tenant.as_ref().map(|n| self.header_name("identity.forward.tenant", n)),
        };
        let mut taken = BTreeSet::new();
        for name in forward.names().map(str::to_owned).chain(header.clone()) {
            if !taken.insert(name.clone()) {
                self.problem("identity", format!("header `{name}` is used twice"), "give each its own name");
            }
        }
        self.unique("identity.issuers", "name", raw.issuers.iter().map(|issuer| issuer.name.as_str()));
        self.unique("identity.issuers", "issuer", raw.issuers.iter().map(|issuer| issuer.issuer.as_str()));
        let mut issuers = Vec::new();
        let mut keys = Vec::new();
        for (index, issuer) in raw.issuers.iter().enumerate() {
            let path = format!("identity.issuers[{index}]");
            issuers.extend(self.issuer(&path, issuer));
            keys.extend(self.keys(&format!("{path}.jwks"), &issuer.jwks));
        }
        Identity { header, issuers, keys, forward }
    }

    fn issuer(&mut self, path: &str, raw: &raw::Issuer) -> Option<Issuer> {
        if raw.audiences.is_empty() {
            self.problem(
                format!("{path}.audiences"),
                "is empty",
                "name the audience that your issuer gives to tokens for this gateway",
            );
        }
        let algorithms = match &raw.algorithms {
            None => Algorithm::ALL.to_vec(),
            Some(names) => self.algorithms(&format!("{path}.algorithms"), names),
        };
        let mut claim = |field: &str, name: &Option<String>| {
            let name = name.as_ref()?;
            let parsed = ClaimName::parse(name);
            parsed
                .map_err(|error| {
                    self.problem(format!("{path}.principal.{field}"), error.to_string(), CLAIM_HELP);
                })
                .ok()
        };
        let claims = ClaimMap {
            subject: claim("subject", &raw.principal.subject.clone().or(Some("sub".to_owned())))?,
            groups: claim("groups", &raw.principal.groups.clone().or(Some("groups".to_owned()))),
            tenant: claim("tenant", &raw.principal.tenant),
        };
        Some(Issuer {
            name: raw.name.clone(),
            issuer: raw.issuer.clone(),
            audiences: Audiences::OneOf(raw.audiences.clone()),
            algorithms,
            clock_skew: raw.clock_skew.map_or(DEFAULT_CLOCK_SKEW, |skew| skew.0),
            max_lifetime: raw.max_lifetime.map(|lifetime| lifetime.0),
            claims,
        })
    }

    fn algorithms(&mut self, path: &str, names: &[String]) -> Vec<Algorithm> {
        self.not_empty(path, names);
        let mut algorithms = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match Algorithm::parse(name) {
                Some(algorithm) => algorithms.push(algorithm),
                None => self.problem(
                    format!("{path}[{index}]"),
                    format!("unknown algorithm `{name}`"),
                    known(name, Algorithm::ALL.iter().map(|algorithm| algorithm.as_str())),
                ),
            }
        }
        algorithms
    }

    fn keys(&mut self, path: &str, raw: &raw::Jwks) -> Option<KeySource> {
        match (&raw.inline, &raw.uri) {
            (Some(set), None) => match KeySet::parse(set.to_string().as_bytes()) {
                Ok(keys) => Some(KeySource::Inline(keys)),
                Err(error) => {
                    self.problem(format!("{path}.inline"), error.to_string(), "see RFC 7517 section 5");
                    None
                }
            },
            (None, Some(uri)) => self.remote_keys(path, uri, raw).map(KeySource::Remote),
            _ => {
                self.problem(
                    path,
                    "needs either `inline` or `uri`",
                    "write the keys, or say where they are served",
                );
                None
            }
        }
    }

    fn remote_keys(&mut self, path: &str, uri: &str, raw: &raw::Jwks) -> Option<RemoteKeys> {
        let address = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"));
        let parts = address.map(|rest| match rest.split_once('/') {
            Some((authority, path)) => (authority, format!("/{path}")),
            None => (rest, "/".to_owned()),
        });
        let parts = parts.filter(|(authority, path)| {
            let fits = |b: u8| b.is_ascii_graphic() && b != b'#';
            !authority.is_empty()
                && !authority.contains('@')
                && path.bytes().chain(authority.bytes()).all(fits)
        });
        if parts.is_none() {
            self.problem(
                format!("{path}.uri"),
                format!("`{uri}` is not an http(s) URI"),
                "copy `jwks_uri` of your issuer",
            );
        }
        let cluster = match &raw.cluster {
            Some(cluster) => Some(self.cluster(&format!("{path}.cluster"), cluster)),
            None => {
                let help = "name the Envoy cluster that reaches `uri`";
                self.problem(format!("{path}.cluster"), "is missing", help);
                None
            }
        };
        let (authority, uri_path) = parts?;
        let seconds = |value: Option<Seconds>, default| value.map_or(default, |s| s.0.max(1));
        Some(RemoteKeys {
            cluster: cluster?,
            authority: authority.to_owned(),
            path: uri_path,
            refresh: seconds(raw.refresh, DEFAULT_REFRESH),
            max_age: seconds(raw.max_age, DEFAULT_MAX_AGE),
        })
    }
}
