use super::*;

#[test]
fn every_algorithm_verifies_under_its_own_key_and_no_other_name() {
    for algorithm in Algorithm::ALL {
        let token = sign_as(algorithm, Some("k"), None, claims());
        let fitting = set(&[jwk(algorithm, Some("k"), Some(algorithm.as_str()))]);
        let verified = judge(&token, &issuer(), &fitting).unwrap();
        assert_eq!(verified.principal.subject, "alice", "{algorithm}");
        assert_eq!(verified.principal.issuer, "example");
        assert_eq!((verified.expires_at, verified.not_before), (NOW + 660, NOW - 60));
        assert!(fitting.holds(&verified.key));
        assert_eq!(verify_signature_only(&token, Some(&fitting), &()), Ok(()));

        let without_alg = set(&[jwk(algorithm, Some("k"), None)]);
        assert!(judge(&token, &issuer(), &without_alg).is_ok(), "{algorithm}");
        let narrow = Issuer { algorithms: vec![algorithm], ..issuer() };
        assert!(judge(&token, &narrow, &without_alg).is_ok(), "{algorithm}");
        let elsewhere = Algorithm::ALL.into_iter().filter(|other| *other != algorithm).collect();
        let others = Issuer { algorithms: elsewhere, ..issuer() };
        assert_eq!(judge(&token, &others, &without_alg), Err(Reason::TokenAlgorithm), "{algorithm}");

        // The key's own `alg` binds, even where the same number would verify.
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            let bound = KeySet::parse(
                json!({ "keys": [jwk(algorithm, Some("k"), Some(other.as_str())), other_jwk(None)] })
                    .to_string()
                    .as_bytes(),
            )
            .unwrap();
            let expected = if bound.len() == 2 { Reason::TokenAlgorithm } else { Reason::TokenKeyUnknown };
            assert_eq!(judge(&token, &issuer(), &bound), Err(expected), "{algorithm} under {other}");
        }
    }
}

#[test]
fn an_algorithm_cannot_be_confused() {
    let rsa = set(&[jwk(Algorithm::Rs256, Some("k"), None)]);
    let public_pem = RS256KeyPair::from_pem(keys().rsa).unwrap().public_key().to_pem().unwrap();
    let mac = HS256Key::from_bytes(public_pem.as_bytes())
        .with_key_id("k")
        .authenticate(bare_claims(claims()))
        .unwrap();
    assert_eq!(judge(&mac, &issuer(), &rsa), Err(Reason::TokenAlgorithm));

    let payload = claims().to_string();
    let rows = [
        ("none", r#"{"alg":"none","kid":"k"}"#, Reason::TokenAlgorithm),
        ("none in other letters", r#"{"alg":"nOnE","kid":"k"}"#, Reason::TokenAlgorithm),
        ("lower case", r#"{"alg":"rs256","kid":"k"}"#, Reason::TokenAlgorithm),
        ("empty", r#"{"alg":"","kid":"k"}"#, Reason::TokenAlgorithm),
        ("not supported", r#"{"alg":"ES512","kid":"k"}"#, Reason::TokenAlgorithm),
        ("another type", r#"{"alg":"ES256","kid":"k"}"#, Reason::TokenAlgorithm),
        ("right, but no signature", r#"{"alg":"RS256","kid":"k"}"#, Reason::TokenSignature),
    ];
    for (name, header, expected) in rows {
        assert_eq!(judge(&raw(header, &payload, b"x"), &issuer(), &rsa), Err(expected), "{name}");
    }
    // A P-384 key for a token that says ES256, both ways round and both with and without a `kid`.
    for (signed, held) in [(Algorithm::Es256, Algorithm::Es384), (Algorithm::Es384, Algorithm::Es256)] {
        let keys = set(&[jwk(held, Some("k"), None)]);
        let token = sign_as(signed, Some("k"), None, claims());
        assert_eq!(judge(&token, &issuer(), &keys), Err(Reason::TokenAlgorithm));
        let token = sign_as(signed, None, None, claims());
        assert_eq!(judge(&token, &issuer(), &keys), Err(Reason::TokenKeyUnknown));
    }
}

#[test]
fn a_key_is_chosen_by_its_name() {
    let token = sign_as(Algorithm::EdDsa, Some("k"), None, claims());
    let nameless = sign_as(Algorithm::EdDsa, None, None, claims());
    let right = |kid| jwk(Algorithm::EdDsa, kid, None);
    let wrong = other_jwk;
    let es = jwk(Algorithm::Es256, Some("k"), None);
    type Row<'a> = (&'a str, &'a [Value], Result<(), Reason>, Result<(), Reason>);
    let rows: &[Row] = &[
        ("alone", &[right(Some("k"))], Ok(()), Ok(())),
        ("key without a name", &[right(None)], Err(Reason::TokenKeyUnknown), Ok(())),
        ("key of another name", &[right(Some("K"))], Err(Reason::TokenKeyUnknown), Ok(())),
        (
            "wrong key, right name",
            &[wrong(Some("k"))],
            Err(Reason::TokenSignature),
            Err(Reason::TokenSignature),
        ),
        ("names exchanged", &[right(Some("o")), wrong(Some("k"))], Err(Reason::TokenSignature), Ok(())),
        ("name twice", &[wrong(Some("k")), right(Some("k"))], Ok(()), Ok(())),
        ("name for another type too", &[es.clone(), right(Some("k"))], Ok(()), Ok(())),
        (
            "name for another type only",
            std::slice::from_ref(&es),
            Err(Reason::TokenAlgorithm),
            Err(Reason::TokenKeyUnknown),
        ),
        (
            "last of four",
            &[wrong(Some("k")), wrong(Some("k")), wrong(Some("k")), right(Some("k"))],
            Ok(()),
            Ok(()),
        ),
        (
            "fifth",
            &[wrong(Some("k")), wrong(Some("k")), wrong(Some("k")), wrong(Some("k")), right(Some("k"))],
            Err(Reason::TokenSignature),
            Err(Reason::TokenSignature),
        ),
        (
            "types that do not fit cost no try",
            &[es.clone(), es.clone(), es.clone(), es.clone(), right(Some("k"))],
            Ok(()),
            Ok(()),
        ),
    ];
    for (name, keys, with_kid, without_kid) in rows {
        let keys = set(keys);
        assert_eq!(judge(&token, &issuer(), &keys).map(|_| ()), *with_kid, "{name}");
        assert_eq!(judge(&nameless, &issuer(), &keys).map(|_| ()), *without_kid, "{name}, token without kid");
    }
}

#[test]
fn a_refusal_names_the_issuer_whose_keys_are_missing() {
    let second = Issuer { issuer: "https://second.example".into(), ..issuer() };
    let issuers = [issuer(), second];
    let keys = [set(&[jwk(Algorithm::EdDsa, Some("k"), None)]), set(&[other_jwk(Some("k"))])];
    let refusal = |claims: Value, kid, held: [Option<&KeySet>; 2]| {
        verify(&sign_as(Algorithm::EdDsa, Some(kid), None, claims), &issuers, |at| held[at], &(), NOW).err()
    };
    let [one, two] = [Some(&keys[0]), Some(&keys[1])];
    let second = claims_with(json!({ "iss": "https://second.example" }));
    let stranger = claims_with(json!({ "iss": "https://issuer.example/" }));
    let because = |reason, issuer| Some(Refusal { reason, issuer });
    assert_eq!(refusal(claims(), "k", [one, two]), None);
    assert_eq!(refusal(claims(), "k", [None, two]), because(Reason::KeysUnavailable, Some(0)));
    assert_eq!(refusal(claims(), "new", [one, two]), because(Reason::TokenKeyUnknown, Some(0)));
    assert_eq!(refusal(second.clone(), "new", [one, two]), because(Reason::TokenKeyUnknown, Some(1)));
    // The first issuer's key signs for the first issuer only.
    assert_eq!(refusal(second, "k", [one, two]), because(Reason::TokenSignature, Some(1)));
    assert_eq!(refusal(stranger, "k", [one, two]), because(Reason::TokenIssuer, None));
    assert_eq!(
        refusal(claims_with(json!({ "iss": null })), "k", [one, two]),
        because(Reason::TokenIssuer, None)
    );
    assert_eq!(
        refusal(claims_with(json!({ "iss": [ISSUER] })), "k", [one, two]),
        because(Reason::TokenIssuer, None)
    );
}
