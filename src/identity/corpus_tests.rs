//! Measured against tokens and key sets that this project did not make (the corpora, not part of the
//! project). A verdict that differs from a row's label needs a written reason below, or the test fails.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::corpus::rows;

use super::{Algorithm, Audiences, ClaimMap, ClaimName, DEFAULT_CLOCK_SKEW, Issuer, KeySet, token};
use super::{verify, verify_signature_only};

fn text<'r>(row: &'r Value, member: &str) -> &'r str {
    row[member].as_str().unwrap()
}

/// The claims of a token, whatever its signature.
fn claims(token: &str) -> Option<Value> {
    token::Compact::parse(token).ok()?.claims().ok().map(Value::Object)
}

fn header_alg(token: &str) -> Option<String> {
    use base64::Engine;
    let header = token.split('.').next()?;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).ok()?;
    Some(serde_json::from_slice::<Value>(&header).ok()?.get("alg")?.as_str()?.to_owned())
}

fn full(token: &str, keys: Option<&KeySet>, now: u64) -> bool {
    let name = claims(token).and_then(|claims| claims["iss"].as_str().map(str::to_owned));
    let issuer = Issuer {
        name: "corpus".into(),
        issuer: name.unwrap_or_default(),
        audiences: Audiences::Unchecked,
        algorithms: Algorithm::ALL.to_vec(),
        clock_skew: DEFAULT_CLOCK_SKEW,
        max_lifetime: None,
        claims: ClaimMap { subject: ClaimName::parse("sub").unwrap(), groups: None, tenant: None },
    };
    verify(token, &[issuer], |_| keys, &(), now).is_ok()
}

/// Why a key set that its source calls good holds no key for us.
fn set_deviation(keys: &[Value]) -> Option<&'static str> {
    let all = |is: fn(&Value) -> bool| !keys.is_empty() && keys.iter().all(is);
    if all(|key| key["crv"] == "P-521" || key["alg"] == "ES512" || key["alg"] == "ES521") {
        return Some("P-521 is not supported");
    }
    if all(|key| key["kty"] == "oct") {
        return Some("symmetric");
    }
    if all(|key| key["kty"] == "EC" && key.get("crv").is_none()) {
        return Some("EC key without `crv`, which RFC 7518 section 6.2.1 requires");
    }
    None
}

/// Two rows use the x of a P-256 point as an Ed25519 key. It is no point of that curve (its x² is no square); their
/// source does not look.
fn key_off_its_curve(source: &str) -> Option<&'static str> {
    let is_one = source.ends_with(",GoodOKP") || source.ends_with(",JwksIgnoreUnsupportedKey");
    is_one.then_some("the Ed25519 key is not on its curve")
}

/// Why a token that its source calls good is refused by us, given the key set it comes with.
fn token_deviation(token: &str, keys: &[Value]) -> Option<&'static str> {
    let alg = header_alg(token)?;
    if alg.starts_with("HS") {
        return Some("symmetric");
    }
    if alg == "ES512" {
        return Some("P-521 is not supported");
    }
    let is_for_another = |key: &Value| key.get("alg").is_some_and(|bound| *bound != *alg);
    keys.iter().all(is_for_another).then_some("the key's `alg` is another one; the key fixes the algorithm")
}

/// What was judged, how often it agreed with the label, and why it did not.
#[derive(Default)]
struct Tally {
    agreed: BTreeMap<&'static str, usize>,
    explained: BTreeMap<&'static str, Vec<String>>,
    unexplained: Vec<String>,
}

impl Tally {
    fn judge(&mut self, kind: &'static str, row: &Value, is: bool, should: bool, why: Option<&'static str>) {
        match why {
            _ if is == should => *self.agreed.entry(kind).or_default() += 1,
            // A deviation only ever refuses.
            Some(why) if !is => self.explained.entry(why).or_default().push(text(row, "id").to_owned()),
            _ => self.unexplained.push(format!("{} {kind}: {}", text(row, "id"), text(row, "source"))),
        }
    }

    fn report(self) {
        println!("agreed: {:?}", self.agreed);
        for (why, rows) in &self.explained {
            println!("deviates, {why}: {} {rows:?}", rows.len());
        }
        assert!(self.unexplained.is_empty(), "{:#?}", self.unexplained);
        assert!(self.agreed.values().sum::<usize>() > 500, "{:?}", self.agreed);
    }
}

#[test]
fn corpus_of_tokens_and_key_sets() {
    let Some(rows) = rows("jwt_vectors") else {
        return;
    };
    let mut tally = Tally::default();
    for row in &rows {
        let (label, body, expected) = (text(row, "label"), text(row, "text"), &row["expected"]);
        if label.starts_with("jwks-") {
            let document = serde_json::from_str::<Value>(body).unwrap_or_default();
            let keys = document["keys"].as_array().cloned().unwrap_or_default();
            let is = KeySet::parse(body.as_bytes()).is_ok();
            let why = set_deviation(&keys).or(key_off_its_curve(text(row, "source")));
            tally.judge("key set", row, is, label == "jwks-valid", why);
        } else if expected.get("status").is_some() {
            judge_with_claims(&mut tally, row, label == "valid", body, expected);
        } else {
            // The errata: two rows are valid tokens by accident, two are not base64url. All four are symmetric.
            let is_valid = label == "valid" && row["erratum"].is_null();
            let keys = expected["jwks"]["keys"].as_array().cloned().unwrap_or_default();
            let set = KeySet::parse(expected["jwks"].to_string().as_bytes());
            let is = set.is_ok_and(|set| verify_signature_only(body, Some(&set), &()).is_ok());
            tally.judge("signature", row, is, is_valid, token_deviation(body, &keys));
        }
    }
    tally.report();
}

/// The rows of google/jwt_verify_lib, which say at what time they are judged.
fn judge_with_claims(tally: &mut Tally, row: &Value, is_valid: bool, body: &str, expected: &Value) {
    let Some(keys) = expected["jwks_text"].as_str() else {
        if is_valid {
            // Its keys are constants of the C++ test that the row does not carry.
            tally
                .explained
                .entry("not judged: the row has no keys")
                .or_default()
                .push(text(row, "id").to_owned());
        } else {
            tally.judge("form", row, full(body, None, 1), false, None);
        }
        return;
    };
    let document = serde_json::from_str::<Value>(keys).unwrap_or_default();
    let listed = document["keys"].as_array().cloned().unwrap_or_default();
    let set = KeySet::parse(keys.as_bytes()).ok();
    let signed = set.as_ref().is_some_and(|set| verify_signature_only(body, Some(set), &()).is_ok());
    let why = token_deviation(body, &listed);
    tally.judge("signature", row, signed, is_valid, why);
    if why.is_none() {
        let claims = claims(body).unwrap();
        let issued = claims["iat"].as_u64().unwrap_or(1);
        let now = expected["now"].as_u64().unwrap_or(issued);
        let why = if claims.get("exp").is_none() {
            Some("full verification: no `exp`, which is required")
        } else if issued > now + DEFAULT_CLOCK_SKEW {
            Some("full verification: `iat` lies after the row's time")
        } else {
            None
        };
        tally.judge("claims", row, full(body, set.as_ref(), now), is_valid, why);
        // Judged at its own time of issue the second kind is good.
        if why.is_some() && claims.get("exp").is_some() {
            tally.judge("claims, when issued", row, full(body, set.as_ref(), issued), is_valid, None);
        }
    }
}
