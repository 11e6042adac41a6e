use std::sync::Arc;

use super::*;

fn verified(expires_at: u64, key: &KeyId) -> Verified {
    let principal =
        Principal { subject: "alice".into(), groups: Vec::new(), tenant: None, issuer: "example".into() };
    Verified { principal: principal.into(), issuer: 0, expires_at, not_before: NOW - 10, key: key.clone() }
}

fn key_and_id() -> (KeySet, KeyId) {
    let keys = set(&[jwk(Algorithm::EdDsa, Some("k"), None)]);
    let id = judge(&sign_as(Algorithm::EdDsa, None, None, claims()), &issuer(), &keys).unwrap().key;
    (keys, id)
}

#[test]
fn a_verdict_holds_while_token_and_key_do() {
    let (keys, id) = key_and_id();
    let mut cache = TokenCache::default();
    cache.insert("token", verified(NOW + 10, &id), NOW);
    let found = |token: &str, now, keys: Option<&KeySet>| cache.lookup(token, |_| keys, now).is_some();
    assert!(found("token", NOW, Some(&keys)));
    assert!(found("token", NOW - 10, Some(&keys)));
    assert!(found("token", NOW + 9, Some(&keys)));
    assert!(!found("token", NOW + 10, Some(&keys)), "expired");
    assert!(!found("token", NOW - 11, Some(&keys)), "not valid yet");
    assert!(!found("token ", NOW, Some(&keys)), "another token");
    assert!(!found("token", NOW, None), "no keys");

    let rotated = set(&[other_jwk(Some("k"))]);
    assert!(!found("token", NOW, Some(&rotated)), "key dropped");
    let renamed = set(&[other_jwk(None), jwk(Algorithm::EdDsa, Some("other"), Some("EdDSA"))]);
    assert!(found("token", NOW, Some(&renamed)), "the same key under another name");
}

#[test]
fn a_verdict_ends_when_its_key_changes_its_algorithm() {
    let keys = set(&[jwk(Algorithm::Rs256, None, None)]);
    let token = sign_as(Algorithm::Rs256, None, None, claims());
    let verified = judge(&token, &issuer(), &keys).unwrap();
    let mut cache = TokenCache::default();
    cache.insert(&token, verified, NOW);
    assert!(cache.lookup(&token, |_| Some(&keys), NOW).is_some());
    let bound = set(&[jwk(Algorithm::Rs256, None, Some("PS256"))]);
    assert!(cache.lookup(&token, |_| Some(&bound), NOW).is_none());
}

#[test]
fn a_full_cache_drops_the_expired_then_the_oldest() {
    let (keys, id) = key_and_id();
    let mut cache = TokenCache::new(3);
    let held = |cache: &TokenCache, now| {
        ["a", "b", "c", "d", "e"].map(|token| cache.lookup(token, |_| Some(&keys), now).is_some())
    };
    for token in ["a", "b", "c"] {
        cache.insert(token, verified(NOW + 100, &id), NOW);
    }
    cache.insert("a", verified(NOW + 100, &id), NOW);
    assert_eq!((cache.len(), held(&cache, NOW)), (3, [true, true, true, false, false]));
    cache.insert("d", verified(NOW + 200, &id), NOW);
    assert_eq!((cache.len(), held(&cache, NOW)), (3, [false, true, true, true, false]));
    cache.insert("e", verified(NOW + 200, &id), NOW + 100);
    assert_eq!((cache.len(), held(&cache, NOW + 100)), (2, [false, false, false, true, true]));
}

#[test]
fn a_cache_stays_within_its_bounds() {
    let (_, id) = key_and_id();
    let mut cache = TokenCache::default();
    for number in 0..5000u32 {
        cache.insert(&number.to_string(), verified(NOW + 100, &id), NOW);
    }
    assert_eq!(cache.len(), 4096);

    let mut cache = TokenCache::new(2);
    let mut large = verified(NOW + 100, &id);
    Arc::make_mut(&mut large.principal).groups = vec!["group".into(); 1000];
    cache.insert("large", large, NOW);
    assert!(cache.is_empty());
    let mut none = TokenCache::new(0);
    none.insert("a", verified(NOW + 100, &id), NOW);
    assert!(none.is_empty());
}
