use super::*;

fn parse(keys: &[Value]) -> Result<KeySet, KeySetError> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn changed(mut jwk: Value, changes: Value) -> Value {
    let members = jwk.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        members.remove(name);
        if !value.is_null() {
            members.insert(name.clone(), value.clone());
        }
    }
    jwk
}

#[test]
fn unusable_keys_are_left_out_with_a_reason() {
    let ed = || jwk(Algorithm::EdDsa, None, None);
    let es = || jwk(Algorithm::Es256, None, None);
    let rsa = || jwk(Algorithm::Rs256, None, None);
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let p384 = jwk(Algorithm::Es384, None, None);
    let odd = |bytes: usize| {
        let mut n = vec![0xC5; bytes];
        n[bytes - 1] = 1;
        encode(&n)
    };
    let rows = [
        ("no object", json!("key"), Unusable::Malformed),
        ("symmetric", json!({"kty": "oct", "k": "AAAA", "alg": "HS256"}), Unusable::Symmetric),
        ("no type", changed(ed(), json!({"kty": null})), Unusable::Type),
        ("type is a number", changed(ed(), json!({"kty": 1})), Unusable::Malformed),
        ("unknown type", changed(ed(), json!({"kty": "XYZ"})), Unusable::Type),
        ("type in other letters", changed(rsa(), json!({"kty": "rsa"})), Unusable::Type),
        ("no curve", changed(es(), json!({"crv": null})), Unusable::Type),
        ("unknown curve", changed(es(), json!({"crv": "P-521"})), Unusable::Type),
        ("curve of another type", changed(ed(), json!({"crv": "P-256"})), Unusable::Type),
        ("key agreement", changed(ed(), json!({"crv": "X25519"})), Unusable::Type),
        ("RSA with a curve", changed(rsa(), json!({"crv": "P-256"})), Unusable::Type),
        ("for encryption", changed(es(), json!({"use": "enc"})), Unusable::Purpose),
        ("use is a list", changed(es(), json!({"use": ["sig"]})), Unusable::Malformed),
        ("may not verify", changed(es(), json!({"key_ops": ["encrypt"]})), Unusable::Purpose),
        ("may do nothing", changed(es(), json!({"key_ops": []})), Unusable::Purpose),
        ("operations are text", changed(es(), json!({"key_ops": "verify"})), Unusable::Purpose),
        ("alg of another type", changed(es(), json!({"alg": "RS256"})), Unusable::Algorithm),
        ("alg of another curve", changed(es(), json!({"alg": "ES384"})), Unusable::Algorithm),
        ("alg for encryption", changed(rsa(), json!({"alg": "RSA-OAEP"})), Unusable::Algorithm),
        ("symmetric alg", changed(rsa(), json!({"alg": "HS256"})), Unusable::Algorithm),
        ("empty alg", changed(rsa(), json!({"alg": ""})), Unusable::Algorithm),
        ("alg is a number", changed(rsa(), json!({"alg": 256})), Unusable::Malformed),
        ("kid is a number", changed(rsa(), json!({"kid": 1})), Unusable::Malformed),
        ("private Ed25519", serde_json::from_str(&keys().ed25519.to_jwk()).unwrap(), Unusable::Private),
        ("private P-256", serde_json::from_str(&keys().p256.to_jwk()).unwrap(), Unusable::Private),
        ("one private number", changed(rsa(), json!({"d": "AQAB"})), Unusable::Private),
        ("no y", changed(es(), json!({"y": null})), Unusable::Material),
        ("x is a number", changed(es(), json!({"x": 1})), Unusable::Material),
        ("x with padding", changed(es(), json!({"x": "AAAA="})), Unusable::Material),
        ("coordinates too long", changed(es(), json!({"x": p384["x"], "y": p384["y"]})), Unusable::Material),
        ("not on the curve", changed(es(), json!({"y": es()["x"]})), Unusable::Material),
        ("the other curve", changed(p384.clone(), json!({"crv": "P-256"})), Unusable::Material),
        ("Ed25519 too short", changed(ed(), json!({"x": "dGVzdAo"})), Unusable::Material),
        ("Ed25519 of small order", changed(ed(), json!({"x": encode(&[0; 32])})), Unusable::Material),
        ("RSA of 1024 bits", changed(rsa(), json!({"n": odd(128)})), Unusable::Weak),
        ("RSA of 2040 bits", changed(rsa(), json!({"n": odd(255)})), Unusable::Weak),
        (
            "RSA of CVE-2017-15361",
            changed(rsa(), json!({"n": encode(&roca::tests::marked())})),
            Unusable::Weak,
        ),
        ("RSA of 8192 bits", changed(rsa(), json!({"n": odd(1024)})), Unusable::Material),
        ("RSA without n", changed(rsa(), json!({"n": null})), Unusable::Material),
        ("RSA with exponent one", changed(rsa(), json!({"e": "AQ"})), Unusable::Material),
        ("RSA with exponent three", changed(rsa(), json!({"e": "Aw"})), Unusable::Material),
        ("RSA with an even modulus", changed(rsa(), json!({"n": encode(&[0xC4; 256])})), Unusable::Material),
    ];
    let good = other_jwk(Some("good"));
    for (name, key, why) in rows {
        let alone = parse(std::slice::from_ref(&key)).unwrap_err();
        let kid = key.get("kid").and_then(Value::as_str).map(str::to_owned);
        let expected = vec![Skipped { position: 0, kid: kid.clone(), why }];
        assert_eq!(alone, KeySetError::NoUsableKey(expected), "{name}");
        let both = parse(&[good.clone(), key]).unwrap();
        assert_eq!((both.len(), both.skipped()), (1, &[Skipped { position: 1, kid, why }][..]), "{name}");
    }
}

#[test]
fn usable_keys_come_in_several_spellings() {
    let es = || jwk(Algorithm::Es256, None, None);
    let n = URL_SAFE_NO_PAD.decode(jwk(Algorithm::Rs256, None, None)["n"].as_str().unwrap()).unwrap();
    let rows = [
        ("nothing said", changed(es(), json!({"use": null}))),
        ("for signatures", changed(es(), json!({"use": "sig", "key_ops": ["verify"], "alg": "ES256"}))),
        ("sign and verify", changed(es(), json!({"key_ops": ["sign", "verify"]}))),
        ("unknown members", changed(es(), json!({"ext": true, "x5c": ["MIIB"], "x": es()["x"]}))),
        ("the other name of EdDSA", jwk(Algorithm::EdDsa, None, Some("Ed25519"))),
        (
            "a zero before the modulus, as Java writes it",
            changed(
                jwk(Algorithm::Rs256, None, None),
                json!({"n": URL_SAFE_NO_PAD.encode([&[0], &n[..]].concat())}),
            ),
        ),
    ];
    for (name, key) in rows {
        assert_eq!(parse(&[key]).unwrap().len(), 1, "{name}");
    }
}

#[test]
fn a_repeated_member_costs_its_key_only() {
    let good = other_jwk(Some("good"));
    let doubled = jwk(Algorithm::EdDsa, None, None).to_string().replacen('{', r#"{"kty":"OKP","#, 1);
    let keys = KeySet::parse(format!(r#"{{"keys":[{doubled},{good}]}}"#).as_bytes()).unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys.skipped(), [Skipped { position: 0, kid: None, why: Unusable::Malformed }]);
}

#[test]
fn a_key_set_has_one_shape_and_bounds() {
    let key = other_jwk(None).to_string();
    let rows = [
        ("empty text", String::new()),
        ("no JSON", "keys".into()),
        ("no keys", "{}".into()),
        ("keys is an object", format!(r#"{{"keys":{key}}}"#)),
        ("keys twice", format!(r#"{{"keys":[{key}],"keys":[{key}]}}"#)),
        ("array around", format!("[[{key}]]")),
        ("one key alone", key.clone()),
        ("more behind", format!(r#"{{"keys":[{key}]}} x"#)),
        ("too deep", format!(r#"{{"keys":{}"#, "[".repeat(100_000))),
    ];
    for (name, text) in rows {
        assert_eq!(KeySet::parse(text.as_bytes()).unwrap_err(), KeySetError::Malformed, "{name}");
    }
    assert_eq!(parse(&[]).unwrap_err(), KeySetError::NoUsableKey(Vec::new()));
    assert_eq!(parse(&vec![other_jwk(None); MAX_KEYS]).unwrap().len(), MAX_KEYS);
    assert_eq!(parse(&vec![other_jwk(None); MAX_KEYS + 1]).unwrap_err(), KeySetError::TooManyKeys);
    let padded = |length: usize| {
        let text = format!(r#" {{"x":1,"keys":[{key}]}}"#);
        text.clone() + &" ".repeat(length - text.len())
    };
    assert!(KeySet::parse(padded(MAX_KEY_SET_BYTES).as_bytes()).is_ok());
    assert_eq!(KeySet::parse(padded(MAX_KEY_SET_BYTES + 1).as_bytes()).unwrap_err(), KeySetError::TooLarge);
}
