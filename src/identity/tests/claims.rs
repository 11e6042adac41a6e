use super::*;

#[test]
fn claims_are_judged_exactly() {
    let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
    let rows = [
        ("as they are", json!({}), Ok(())),
        ("second audience", json!({ "aud": "api://second" }), Ok(())),
        ("audience in a list", json!({ "aud": ["x", "api://gateway"] }), Ok(())),
        ("another audience", json!({ "aud": "api://gateway/" }), Err(Reason::TokenAudience)),
        ("audience in other letters", json!({ "aud": "API://gateway" }), Err(Reason::TokenAudience)),
        ("no audience", json!({ "aud": null }), Err(Reason::TokenAudience)),
        ("empty list", json!({ "aud": [] }), Err(Reason::TokenAudience)),
        ("audience is a number", json!({ "aud": 1 }), Err(Reason::TokenAudience)),
        ("a number in the list", json!({ "aud": ["api://gateway", 1] }), Err(Reason::TokenAudience)),
        ("last second with skew", json!({ "iat": null, "exp": NOW - 59 }), Ok(())),
        ("expired with skew", json!({ "iat": null, "exp": NOW - 60 }), Err(Reason::TokenExpired)),
        ("expired at the epoch", json!({ "exp": 0 }), Err(Reason::TokenExpired)),
        ("fraction of a second", json!({ "exp": NOW as f64 + 0.5 }), Ok(())),
        ("no expiry", json!({ "exp": null }), Err(Reason::TokenClaims)),
        ("expiry is text", json!({ "exp": "2000000" }), Err(Reason::TokenClaims)),
        ("negative expiry", json!({ "exp": -1 }), Err(Reason::TokenClaims)),
        ("expiry beyond any date", json!({ "exp": 2.001e206 }), Err(Reason::TokenClaims)),
        ("largest expiry", json!({ "exp": (1u64 << 53) - 1 }), Ok(())),
        ("larger expiry", json!({ "exp": 1u64 << 53 }), Err(Reason::TokenClaims)),
        ("largest number", json!({ "exp": u64::MAX }), Err(Reason::TokenClaims)),
        // jwt-simple keeps dates in 32 bits of seconds and would call this one expired.
        ("expiry beyond 32 bits", json!({ "exp": 1u64 << 32 }), Ok(())),
        ("starts within skew", json!({ "nbf": NOW + 60 }), Ok(())),
        ("starts later", json!({ "nbf": NOW + 61 }), Err(Reason::TokenNotYetValid)),
        ("start is text", json!({ "nbf": "0" }), Err(Reason::TokenClaims)),
        ("issued within skew", json!({ "iat": NOW + 60 }), Ok(())),
        ("issued later", json!({ "iat": NOW + 61 }), Err(Reason::TokenNotYetValid)),
        ("issue is a list", json!({ "iat": [NOW] }), Err(Reason::TokenClaims)),
        ("no subject", json!({ "sub": null }), Err(Reason::TokenClaims)),
        ("empty subject", json!({ "sub": "" }), Err(Reason::TokenClaims)),
        ("subject is a number", json!({ "sub": 7 }), Err(Reason::TokenClaims)),
        ("subject with a line break", json!({ "sub": "alice\r\nx-role: admin" }), Err(Reason::TokenClaims)),
        ("groups with a number", json!({ "groups": ["a", 1] }), Err(Reason::TokenClaims)),
        ("groups in an object", json!({ "groups": {"a": true} }), Err(Reason::TokenClaims)),
        ("groups elsewhere", json!({ "_claim_names": {"groups": "src1"} }), Err(Reason::TokenClaims)),
        ("groups left out", json!({ "hasgroups": true }), Err(Reason::TokenClaims)),
        ("another claim elsewhere", json!({ "_claim_names": {"photo": "src1"} }), Ok(())),
        ("tenant in a list", json!({ "org": ["acme"] }), Err(Reason::TokenClaims)),
        // The order of judgement, each row with all later faults too.
        (
            "audience first",
            json!({ "aud": "x", "exp": 1, "nbf": NOW * 2, "sub": 1 }),
            Err(Reason::TokenAudience),
        ),
        ("expiry second", json!({ "exp": 1, "nbf": NOW * 2, "sub": 1 }), Err(Reason::TokenExpired)),
        ("start third", json!({ "nbf": NOW * 2, "sub": 1 }), Err(Reason::TokenNotYetValid)),
    ];
    for (name, changes, expected) in rows {
        let token = sign_as(Algorithm::EdDsa, None, None, claims_with(changes));
        assert_eq!(judge(&token, &issuer(), &keys).map(|_| ()), expected, "{name}");
    }
}

#[test]
fn no_claim_is_judged_before_the_signature() {
    let keys = set(&[other_jwk(None)]);
    for changes in
        [json!({}), json!({ "aud": "x" }), json!({ "exp": 1 }), json!({ "sub": 1 }), json!({ "exp": "x" })]
    {
        let token = sign_as(Algorithm::EdDsa, None, None, claims_with(changes));
        assert_eq!(judge(&token, &issuer(), &keys), Err(Reason::TokenSignature));
    }
}

#[test]
fn an_issuer_limits_lifetime_and_audience() {
    let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
    let verdict = |issuer: &Issuer, changes| {
        judge(&sign_as(Algorithm::EdDsa, None, None, claims_with(changes)), issuer, &keys).map(|_| ())
    };
    let short = Issuer { max_lifetime: Some(600), ..issuer() };
    assert_eq!(verdict(&short, json!({})), Ok(()));
    assert_eq!(verdict(&short, json!({ "exp": NOW + 601 })), Err(Reason::TokenLifetime));
    assert_eq!(verdict(&short, json!({ "iat": NOW - 1 })), Err(Reason::TokenLifetime));
    assert_eq!(verdict(&short, json!({ "iat": null })), Ok(()));
    assert_eq!(verdict(&short, json!({ "iat": null, "exp": NOW + 601 })), Err(Reason::TokenLifetime));
    assert_eq!(verdict(&short, json!({ "sub": null, "exp": NOW + 601 })), Err(Reason::TokenLifetime));

    let anybody = Issuer { audiences: Audiences::Unchecked, ..issuer() };
    assert_eq!(verdict(&anybody, json!({ "aud": null })), Ok(()));
    assert_eq!(verdict(&anybody, json!({ "aud": "x" })), Ok(()));
    let nobody = Issuer { audiences: Audiences::OneOf(Vec::new()), ..issuer() };
    assert_eq!(verdict(&nobody, json!({})), Err(Reason::TokenAudience));
    let exact = Issuer { clock_skew: 0, ..issuer() };
    assert_eq!(verdict(&exact, json!({ "exp": NOW + 1 })), Ok(()));
    assert_eq!(verdict(&exact, json!({ "iat": null, "exp": NOW })), Err(Reason::TokenExpired));
    assert_eq!(verdict(&exact, json!({ "nbf": NOW + 1 })), Err(Reason::TokenNotYetValid));
}

#[test]
fn claims_make_the_principal_that_the_configuration_asks_for() {
    let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
    let given = json!({
        "groups": ["staff", "support"],
        "scope": " read  write ",
        "org": "acme",
        "oid": "object-7",
        "https://acme.example/groups": ["auth0"],
        "realm_access": {"roles": ["keycloak"], "a/b~c": ["odd"]},
        "list": [["first"]],
        "nothing": null,
    });
    let token = sign_as(Algorithm::EdDsa, None, None, {
        let mut all = claims();
        all.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
        all
    });
    let rows: &[(&str, &[&str])] = &[
        ("groups", &["staff", "support"]),
        ("/groups", &["staff", "support"]),
        ("scope", &["read", "write"]),
        ("https://acme.example/groups", &["auth0"]),
        ("/realm_access/roles", &["keycloak"]),
        ("/realm_access/a~1b~0c", &["odd"]),
        ("/list/0", &["first"]),
        ("/realm_access/none/deeper", &[]),
        ("nothing", &[]),
        ("absent", &[]),
    ];
    let name = |name: &str| ClaimName::parse(name).unwrap();
    for (claim, expected) in rows {
        let map = ClaimMap { subject: name("oid"), groups: Some(name(claim)), tenant: Some(name("org")) };
        let principal = judge(&token, &Issuer { claims: map, ..issuer() }, &keys).unwrap().principal;
        assert_eq!(principal.groups, *expected, "{claim}");
        assert_eq!((principal.subject.as_str(), principal.tenant.as_deref()), ("object-7", Some("acme")));
    }
    let map = ClaimMap { subject: name("sub"), groups: None, tenant: None };
    let principal = judge(&token, &Issuer { claims: map, ..issuer() }, &keys).unwrap().principal;
    assert_eq!((principal.groups.len(), &principal.tenant), (0, &None));

    assert_eq!(ClaimName::parse(""), Err(ClaimNameError::Empty));
    assert_eq!(ClaimName::parse("/a~2"), Err(ClaimNameError::Pointer));
    assert_eq!(ClaimName::parse("/a~"), Err(ClaimNameError::Pointer));
    assert!(ClaimName::parse("a~2").is_ok());
}

#[test]
fn nothing_prints_claims_or_tokens() {
    let keys = set(&[jwk(Algorithm::EdDsa, Some("kid-7"), None)]);
    let token =
        sign_as(Algorithm::EdDsa, None, None, claims_with(json!({ "groups": ["staff"], "org": "acme" })));
    let verified = judge(&token, &issuer(), &keys).unwrap();
    let mut cache = TokenCache::default();
    cache.insert(&token, verified.clone(), NOW);
    let printed = format!("{verified:?} {:?} {keys:?} {:?} {cache:?}", verified.principal, issuer());
    for secret in ["alice", "staff", "acme", "api://gateway", &token[..20]] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
