//! Verified tokens, remembered by their hash, so that a client's second call costs no signature check.
//!
//! The cache holds no token, but its [fingerprint](crate::fingerprint). An entry is good while the token is and while the key
//! that verified it is in its issuer's current key set. It belongs to one configuration: with a new one begins a new cache.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use super::{KeySet, Principal, Verified};
use crate::fingerprint::Fingerprints;

/// How many tokens are remembered where the caller does not say: with some 500 bytes each about 2 MiB a worker.
const CAPACITY: usize = 4096;

/// The largest principal that is remembered, in bytes of its names. Larger ones are verified each time, so that
/// a full cache stays below 20 MiB whatever the issuers put into their tokens.
const MAX_PRINCIPAL_BYTES: usize = 4096;

/// A bounded memory of verified tokens.
pub struct TokenCache {
    capacity: usize,
    fingerprints: Fingerprints,
    entries: BTreeMap<u128, Verified>,
    /// The keys of `entries`, oldest first: each exactly once.
    order: VecDeque<u128>,
}

impl TokenCache {
    /// A cache of at most `capacity` tokens.
    pub fn new(capacity: usize) -> TokenCache {
        let (entries, order) = (BTreeMap::new(), VecDeque::new());
        TokenCache { capacity, fingerprints: Fingerprints::new(), entries, order }
    }

    /// What was verified for this very token, if that still holds at `now` (Unix seconds) under the current keys.
    ///
    /// `keys` is the one of [`super::verify`].
    pub fn lookup<'k>(
        &self,
        token: &str,
        keys: impl Fn(usize) -> Option<&'k KeySet>,
        now: u64,
    ) -> Option<&Verified> {
        let entry = self.entries.get(&self.fingerprints.of(token.as_bytes()))?;
        let is_current = (entry.not_before..entry.expires_at).contains(&now);
        (is_current && keys(entry.issuer)?.holds(&entry.key)).then_some(entry)
    }

    /// Remembers a verdict. Makes room by dropping the oldest entries: expired ones, then one more where needed.
    pub fn insert(&mut self, token: &str, verified: Verified, now: u64) {
        if self.capacity == 0 || size(&verified.principal) > MAX_PRINCIPAL_BYTES {
            return;
        }
        let fingerprint = self.fingerprints.of(token.as_bytes());
        if let Some(entry) = self.entries.get_mut(&fingerprint) {
            *entry = verified;
            return;
        }
        while let Some(oldest) = self.order.front() {
            let is_expired = self.entries.get(oldest).is_none_or(|entry| now >= entry.expires_at);
            if !is_expired && self.entries.len() < self.capacity {
                break;
            }
            self.entries.remove(oldest);
            self.order.pop_front();
        }
        self.order.push_back(fingerprint);
        self.entries.insert(fingerprint, verified);
    }

    /// How many tokens are remembered, expired ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn size(principal: &Principal) -> usize {
    let groups: usize = principal.groups.iter().map(|group| group.len() + size_of::<String>()).sum();
    principal.subject.len() + principal.tenant.as_deref().map_or(0, str::len) + groups
}

impl Default for TokenCache {
    fn default() -> Self {
        TokenCache::new(CAPACITY)
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenCache({} of {})", self.entries.len(), self.capacity)
    }
}
