use proptest::prelude::*;

use super::*;

#[derive(serde::Deserialize)]
struct Foreign {
    keys: std::collections::BTreeMap<String, Value>,
    tokens: Vec<ForeignToken>,
}

#[derive(serde::Deserialize)]
struct ForeignToken {
    name: String,
    token: String,
}

/// Tokens that another implementation signed, most of them over payloads that are no claims.
fn foreign() -> (KeySet, Vec<ForeignToken>) {
    let file: Foreign = serde_json::from_str(include_str!("../fixtures/foreign.json")).unwrap();
    let keys: Vec<Value> = file.keys.into_values().collect();
    (set(&keys), file.tokens)
}

#[test]
fn payload_of_any_kind_does_not_hide_a_signature() {
    let (keys, tokens) = foreign();
    for ForeignToken { name, token } in &tokens {
        if !name.contains("another signer") {
            assert_eq!(verify_signature_only(token, Some(&keys), &()), Ok(()), "{name}");
        }
        // Were jwt-simple to read the payload before the signature, these would pass.
        assert_eq!(
            verify_signature_only(&altered(token, 2), Some(&keys), &()),
            Err(unsigned(name)),
            "{name}, signature"
        );
        let (header, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        for payload in
            ["", "bm8", "W10", "e30"].into_iter().filter(|payload| !rest.starts_with(&format!("{payload}.")))
        {
            let changed = format!("{header}.{payload}.{signature}");
            assert_eq!(
                verify_signature_only(&changed, Some(&keys), &()),
                Err(unsigned(name)),
                "{name}, payload {payload}"
            );
        }
    }
}

/// The one token of the fixtures that names a key names one that is not in the set.
fn unsigned(name: &str) -> Reason {
    if name.contains("another signer") { Reason::TokenKeyUnknown } else { Reason::TokenSignature }
}

#[test]
fn payload_must_be_claims_in_full_verification() {
    let (keys, tokens) = foreign();
    for ForeignToken { name, token } in &tokens {
        let refusal = verify(token, &[issuer()], |_| Some(&keys), &(), NOW).unwrap_err();
        let expected = match name.as_str() {
            "EdDSA, string dates" | "EdDSA, spelled Ed25519" => Reason::TokenIssuer,
            "ES256, claims of another signer" => Reason::TokenKeyUnknown,
            _ => Reason::TokenMalformed,
        };
        assert_eq!(refusal.reason, expected, "{name}");
    }
}

#[test]
fn a_token_of_another_implementation_verifies() {
    let file: Foreign = serde_json::from_str(include_str!("../fixtures/foreign.json")).unwrap();
    let mut key = file.keys.get("p256").unwrap().clone();
    key.as_object_mut().unwrap().insert("kid".into(), "p256".into());
    let keys = set(&[key]);
    let token = file.tokens.iter().find(|token| token.name.starts_with("ES256, claims")).unwrap();
    assert_eq!(judge(&token.token, &issuer(), &keys).unwrap().principal.subject, "alice");
    assert_eq!(judge(&altered(&token.token, 2), &issuer(), &keys), Err(Reason::TokenSignature));
}

#[test]
fn only_the_exact_form_is_read() {
    let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
    let token = sign_as(Algorithm::EdDsa, None, None, claims());
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts") };
    let long = format!("{header}.{payload}.{}", "A".repeat(MAX_TOKEN_BYTES));
    let rows = [
        ("empty", String::new()),
        ("no token at all", "sk-ant-api03".into()),
        ("dots only", "..".into()),
        ("no signature", format!("{header}.{payload}.")),
        ("no signature part", format!("{header}.{payload}")),
        ("no header", format!(".{payload}.{signature}")),
        ("no payload", format!("{header}..{signature}")),
        ("four parts", format!("{token}.")),
        ("five parts, as encrypted", format!("{token}.e30.e30")),
        ("padding", format!("{token}==")),
        ("blank before", format!(" {token}")),
        ("line break behind", format!("{token}\n")),
        ("blank inside", format!("{header}. {payload}.{signature}")),
        ("standard alphabet", format!("{header}.{payload}.{}", "+/".repeat(43))),
        ("other characters", format!("{header}.{payload}?.{signature}")),
        ("beyond ASCII", format!("{header}.{payload}.ü{signature}")),
        ("too long", long),
        ("stray bits in the signature", format!("{header}.{payload}.AB")),
        ("JSON form", json!({ "protected": header, "payload": payload, "signature": signature }).to_string()),
    ];
    assert!(judge(&token, &issuer(), &keys).is_ok());
    for (name, token) in rows {
        assert_eq!(judge(&token, &issuer(), &keys), Err(Reason::TokenMalformed), "{name}");
    }
}

#[test]
fn only_plain_headers_and_claims_are_read() {
    let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
    let payload = claims().to_string();
    let malformed: &[&str] = &[
        "",
        "null",
        "[]",
        r#""alg""#,
        "{}",
        r#"{"alg":256}"#,
        r#"{"alg":null}"#,
        r#"{"alg":"EdDSA","alg":"EdDSA"}"#,
        r#"{"alg":"EdDSA","\u0061lg":"none"}"#,
        r#"{"alg":"EdDSA","x":{"y":1,"y":2}}"#,
        r#"{"alg":"EdDSA","kid":1}"#,
        r#"{"alg":"EdDSA","kid":null}"#,
        r#"{"alg":"EdDSA","crit":[]}"#,
        r#"{"alg":"EdDSA","crit":["exp"],"exp":1}"#,
        r#"{"alg":"EdDSA","crit":null}"#,
        r#"{"alg":"EdDSA","b64":true}"#,
        r#"{"alg":"EdDSA","typ":"JOSE"}"#,
        r#"{"alg":"EdDSA","typ":"JWT+x"}"#,
        r#"{"alg":"EdDSA","typ":["JWT"]}"#,
        r#"{"alg":"EdDSA","typ":""}"#,
        r#"{"alg":"EdDSA"} x"#,
        r#"{"alg":"EdDSA","jwk":{"kty":"OKP"}}"#,
        r#"{"alg":"EdDSA","salt":"?"}"#,
    ];
    for header in malformed {
        assert_eq!(
            judge(&raw(header, &payload, b"x"), &issuer(), &keys),
            Err(Reason::TokenMalformed),
            "{header}"
        );
    }
    // These are read; the signature is what they fail at. None of the named keys is fetched or trusted.
    let read: &[&str] = &[
        r#"{"alg":"EdDSA"}"#,
        "{ \"alg\" :\n\"EdDSA\" }",
        r#"{"alg":"EdDSA","typ":"jwt"}"#,
        r#"{"alg":"EdDSA","typ":"application/AT+jwt"}"#,
        r#"{"alg":"EdDSA","jku":"https://evil.example/keys","x5u":"https://evil.example/x","x5c":["MIIB"]}"#,
        r#"{"alg":"EdDSA","unknown":[1,{"a":2}],"salt":"AA"}"#,
    ];
    for header in read {
        assert_eq!(
            judge(&raw(header, &payload, b"x"), &issuer(), &keys),
            Err(Reason::TokenSignature),
            "{header}"
        );
    }
    for payload in
        ["", "x", "[]", "1", r#"{"iss":1,"iss":"https://issuer.example"}"#, r#"{"sub":"a","sub":"b"}"#]
    {
        let token = raw(r#"{"alg":"EdDSA"}"#, payload, b"x");
        assert_eq!(judge(&token, &issuer(), &keys), Err(Reason::TokenMalformed), "{payload}");
    }
    for typ in ["JWT", "at+jwt", "AT+JWT"] {
        let token = sign_as(Algorithm::EdDsa, None, Some(typ), claims());
        assert!(judge(&token, &issuer(), &keys).is_ok(), "{typ}");
    }
}

#[test]
fn a_changed_token_does_not_verify() {
    for algorithm in
        [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa]
    {
        let keys = set(&[jwk(algorithm, None, None)]);
        let token = sign_as(algorithm, None, None, claims());
        let other = sign_as(algorithm, None, None, claims_with(json!({ "sub": "mallory" })));
        let [mine, theirs]: [Vec<&str>; 2] = [token.split('.').collect(), other.split('.').collect()];
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}","x":1}}"#));
        let rows = [
            ("payload", [mine[0], theirs[1], mine[2]].join(".")),
            ("signature", [mine[0], mine[1], theirs[2]].join(".")),
            ("header", [header.as_str(), mine[1], mine[2]].join(".")),
            ("first bits of the signature", altered(&token, 2)),
            ("short signature", [mine[0], mine[1], "AAAA"].join(".")),
            ("long signature", format!("{token}AAAA")),
        ];
        for (name, changed) in rows {
            let verdict = judge(&changed, &issuer(), &keys);
            assert!(
                matches!(verdict, Err(Reason::TokenSignature | Reason::TokenMalformed)),
                "{algorithm}: {name}"
            );
        }
        assert!(judge(&token, &issuer(), &keys).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_breaks_verification(text in "\\PC{0,80}", dotted in "[A-Za-z0-9_.-]{0,80}", payload in "\\PC{0,40}") {
        let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
        let in_form = raw(r#"{"alg":"EdDSA"}"#, &payload, b"x");
        for token in [text, dotted, in_form] {
            prop_assert!(judge(&token, &issuer(), &keys).is_err());
            prop_assert!(verify_signature_only(&token, Some(&keys), &()).is_err());
        }
    }

    #[test]
    fn any_changed_character_is_refused(at in 0usize..1000, with in "[A-Za-z0-9_.=+-]") {
        let keys = set(&[jwk(Algorithm::EdDsa, None, None)]);
        let mut token = sign_as(Algorithm::EdDsa, None, None, claims());
        let at = at % token.len();
        prop_assume!(token.get(at..=at) != Some(with.as_str()));
        token.replace_range(at..=at, &with);
        prop_assert!(judge(&token, &issuer(), &keys).is_err());
    }
}
