//! Signatures that Envoy verifies: the verdict is jwt-simple's, for our own tokens, for those that others have made up
//! to be accepted wrongly, and for all that cannot be asked of Envoy.

use std::cell::Cell;
use std::process::Command;

use jwt_simple::prelude::*;
use jwt_simple::reexports::ct_codecs::{Base64UrlSafeNoPadding, Decoder, Encoder};
use portcullis::identity::signature::{self, Verifier};
use portcullis::identity::{Algorithm, KeySet, verify_signature_only};
use portcullis::reason::Reason;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wasm_tests::Http;
use wasm_tests::client::Call;
use wasm_tests::envoy::{Envoy, root};
use wasm_tests::gate::Gate;
use wasm_tests::issuer::{Forgery, Key};
use wasm_tests::stage::{MODEL, Stage};

/// A real Envoy that is asked about each signature, through a filter that does nothing else.
struct Host {
    runtime: Runtime,
    envoy: Envoy,
    /// The verdicts so far.
    good: Cell<usize>,
    bad: Cell<usize>,
    none: Cell<usize>,
}

impl Host {
    fn start() -> Host {
        let target = root().join("target/foreign");
        let built = Command::new("cargo")
            .args([
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--target",
                "wasm32-wasip1",
                "--manifest-path",
            ])
            .arg(root().join("wasm-tests/foreign/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .status();
        assert!(built.expect("cargo runs").success(), "wasm-tests/foreign does not build");
        let runtime = Runtime::new().expect("a runtime");
        let gate = Gate::new()
            .empty_cluster("model")
            .module(target.join("wasm32-wasip1/release/foreign.wasm"))
            .filter_config("");
        let envoy = runtime.block_on(gate.start()).expect("Envoy starts");
        Host { runtime, envoy, good: Cell::new(0), bad: Cell::new(0), none: Cell::new(0) }
    }

    /// What the foreign function of this name answers, and its status.
    fn call(&self, name: &str, arguments: Vec<u8>) -> (u16, Vec<u8>) {
        let call = Call::post(&format!("/{name}")).body(arguments);
        let answer = self.runtime.block_on(call.send(self.envoy.addr, Http::One)).expect("an answer");
        (answer.status, answer.body())
    }
}

impl Verifier for Host {
    fn verify(&self, algorithm: Algorithm, key: &[u8], text: &[u8], signature: &[u8]) -> Option<bool> {
        let verdict = signature::question(algorithm, key, text, signature).and_then(|question| {
            let (status, answer) = self.call(signature::FOREIGN_FUNCTION, question);
            if status == 200 { signature::verdict(&answer) } else { None }
        });
        let count = match verdict {
            Some(true) => &self.good,
            Some(false) => &self.bad,
            None => &self.none,
        };
        count.set(count.get() + 1);
        verdict
    }
}

/// A token of each algorithm and the key set that it is good under. (RS256 twice: the second key is longer.)
fn tokens() -> Vec<(Algorithm, String, KeySet)> {
    let mut tokens = Vec::new();
    macro_rules! signed {
        ($algorithm:ident, $pair:expr) => {{
            let pair = $pair;
            let claims = Claims::create(Duration::from_hours(1)).with_subject("alice");
            let token = pair.sign(claims).expect("a token");
            let mut jwk: Value = serde_json::from_str(&pair.public_key().to_jwk()).expect("a JWK");
            jwk.as_object_mut().expect("an object").remove("alg");
            tokens.push((Algorithm::$algorithm, token, keys(&json!({"keys": [jwk]})).expect("a key set")));
        }};
    }
    let der = RS256KeyPair::generate(2048).and_then(|pair| pair.to_der()).expect("an RSA key");
    signed!(Rs256, RS256KeyPair::from_der(&der).expect("its DER"));
    signed!(Rs384, RS384KeyPair::from_der(&der).expect("its DER"));
    signed!(Rs512, RS512KeyPair::from_der(&der).expect("its DER"));
    signed!(Ps256, PS256KeyPair::from_der(&der).expect("its DER"));
    signed!(Ps384, PS384KeyPair::from_der(&der).expect("its DER"));
    signed!(Ps512, PS512KeyPair::from_der(&der).expect("its DER"));
    signed!(Rs256, RS256KeyPair::generate(3072).expect("an RSA key"));
    signed!(Es256, ES256KeyPair::generate());
    signed!(Es384, ES384KeyPair::generate());
    signed!(EdDsa, Ed25519KeyPair::generate());
    tokens
}

fn keys(document: &Value) -> Option<KeySet> {
    KeySet::parse(document.to_string().as_bytes()).ok()
}

/// The token with signatures of other bytes, and with other content under its own signature.
fn variants(token: &str) -> Vec<(&'static str, String)> {
    let (signed, signature) = token.rsplit_once('.').expect("a token");
    let signature = Base64UrlSafeNoPadding::decode_to_vec(signature, None).expect("base64");
    let bare = |bytes: &[u8]| Base64UrlSafeNoPadding::encode_to_string(bytes).expect("base64");
    let size = signature.len();
    let (left, right) = signature.split_at(size / 2);
    let zero = vec![0; size / 2];
    let ones = vec![0xff; size / 2];
    let flipped = |at: usize| {
        let mut bytes = signature.clone();
        bytes[at] ^= 1;
        bytes
    };
    let integer = |bytes: &[u8]| {
        let mut bytes = bytes[bytes.iter().position(|byte| *byte != 0).unwrap_or(0)..].to_vec();
        if bytes[0] >= 0x80 {
            bytes.insert(0, 0);
        }
        [&[2, bytes.len() as u8], bytes.as_slice()].concat()
    };
    let sequence = [integer(left), integer(right)].concat();
    let mut variants: Vec<_> = [
        ("as it is", signature.clone()),
        ("its last bit is another", flipped(size - 1)),
        ("its first bit is another", flipped(0)),
        ("truncated", signature[..size - 1].to_vec()),
        ("a byte more", [&signature[..], &[0]].concat()),
        ("a zero before it", [&[0], &signature[..]].concat()),
        ("one byte", vec![1]),
        ("zeros", vec![0; size]),
        ("ones", vec![0xff; size]),
        ("r is zero", [&zero, right].concat()),
        ("s is zero", [left, &zero].concat()),
        ("r is above the order", [&ones, right].concat()),
        ("s is above the order", [left, &ones].concat()),
        ("r and s are swapped", [right, left].concat()),
        ("in DER", [&[0x30, sequence.len() as u8], sequence.as_slice()].concat()),
    ]
    .into_iter()
    .map(|(name, bytes)| (name, format!("{signed}.{}", bare(&bytes))))
    .collect();
    if size == 64 {
        variants
            .push(("s is its negative", format!("{signed}.{}", bare(&[left, &negative(right)].concat()))));
    }
    let (header, _) = signed.split_once('.').expect("a token");
    let signature = bare(&signature);
    variants.push(("another payload", format!("{header}.{}.{signature}", bare(b"{\"sub\":\"mallory\"}"))));
    variants.push(("no payload", format!("{header}..{signature}")));
    variants
}

/// A number of 256 bits, taken from the order of P-256 (SEC 2 section 2.4.2): as good an s as the number itself.
fn negative(number: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, //
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let mut borrow = 0;
    let mut difference: Vec<u8> = ORDER
        .iter()
        .zip(number)
        .rev()
        .map(|(order, byte)| {
            let value = i16::from(*order) - i16::from(*byte) - borrow;
            borrow = i16::from(value < 0);
            value.rem_euclid(256) as u8
        })
        .collect();
    difference.reverse();
    difference
}

#[test]
fn envoy_and_jwt_simple_agree_on_every_kind_of_signature() {
    let host = Host::start();
    let tokens = tokens();
    for (algorithm, token, own) in &tokens {
        let is_asked = signature::question(*algorithm, b"", b"", b"").is_some();
        for (name, variant) in variants(token) {
            let (good, none) = (host.good.get(), host.none.get());
            let verdict = verify_signature_only(&variant, Some(own), &host);
            assert_eq!(verdict, verify_signature_only(&variant, Some(own), &()), "{algorithm}: {name}");
            let is_good =
                name == "as it is" || (*algorithm == Algorithm::Es256 && name == "s is its negative");
            let expected = if is_good { Ok(()) } else { Err(Reason::TokenSignature) };
            assert_eq!(verdict, expected, "{algorithm}: {name}");
            assert_eq!(host.good.get() - good, usize::from(is_good && is_asked), "{algorithm}: {name}");
            assert_eq!(host.none.get() > none, !is_asked, "{algorithm}: {name}");
        }
        // Of the same kind and algorithm, and not its own.
        for (_, _, others) in &tokens {
            let verdict = verify_signature_only(token, Some(others), &host);
            assert_eq!(verdict, verify_signature_only(token, Some(others), &()), "{algorithm}");
        }
    }
}

#[test]
fn what_envoy_cannot_verify_is_no_verdict() {
    let host = Host::start();
    let (_, token, _) = tokens().remove(0);
    assert_eq!(host.call("no_such_function", Vec::new()), (502, b"NotFound".to_vec()));
    let unreadable = host.call(signature::FOREIGN_FUNCTION, b"\x0a\xff".to_vec());
    assert_eq!(unreadable, (502, b"BadArgument".to_vec()));
    // Keys that are none, or of another kind than the algorithm.
    let ed25519 = Ed25519KeyPair::generate().public_key().to_der();
    for key in [&b""[..], b"key", &ed25519] {
        assert_eq!(host.verify(Algorithm::Rs256, key, token.as_bytes(), b"signature"), None);
    }
    assert!(host.envoy.alive());
}

/// The tokens of others, such as the vectors of project Wycheproof, where they are at hand.
#[test]
fn envoy_and_jwt_simple_agree_on_the_corpus() {
    let Some(rows) = corpus("jwt_vectors") else { return };
    let host = Host::start();
    let mut judged = 0;
    for row in rows {
        let (Some(token), expected) = (row["text"].as_str(), &row["expected"]) else { continue };
        let set = match expected["jwks_text"].as_str() {
            Some(text) => KeySet::parse(text.as_bytes()).ok(),
            None => keys(&expected["jwks"]),
        };
        let Some(set) = set else { continue };
        let verdict = verify_signature_only(token, Some(&set), &host);
        assert_eq!(verdict, verify_signature_only(token, Some(&set), &()), "{}", row["id"]);
        judged += 1;
    }
    println!(
        "{judged} tokens; Envoy: {} good, {} bad, {} not its",
        host.good.get(),
        host.bad.get(),
        host.none.get()
    );
    assert!(host.good.get() >= 25 && host.bad.get() >= 200, "Envoy was asked about the tokens");
}

/// The rows of a corpus, in the folder that `PORTCULLIS_CORPORA` names or in `../shared/corpora`; `None` where it is
/// absent: it is not part of the project.
fn corpus(name: &str) -> Option<Vec<Value>> {
    let folder =
        std::env::var_os("PORTCULLIS_CORPORA").map_or_else(|| root().join("../shared/corpora"), Into::into);
    let path = folder.join(format!("{name}.jsonl.gz"));
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    let output = Command::new("gzip").arg("-dc").arg(&path).output().expect("gzip");
    assert!(output.status.success(), "gzip cannot read {}", path.display());
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Some(lines.map(|line| serde_json::from_slice(line).expect("a row")).collect())
}

#[tokio::test]
async fn the_filter_gives_the_same_verdicts_with_and_without_the_host() {
    for (lends, who) in [(true, "the host"), (false, "the filter")] {
        let made = [Key::rs256("rsa"), Key::es256("ec"), Key::eddsa("ed")];
        let jwks = json!({"keys": made.each_ref().map(Key::jwk)});
        let gate = |gate: Gate| if lends { gate } else { gate.edit_listener(lend_no_foreign_function) };
        let set = keys(&jwks).expect("a key set");
        let stage =
            Stage::with(|config| config["identity"]["issuers"][0]["jwks"]["inline"] = jwks, gate).await;
        for key in &made {
            let token = stage.token().sign_with(key);
            let mut tokens = variants(&token.clone().sign());
            // Claims are judged after the signature, and these have none that are good.
            tokens.retain(|(name, _)| !name.ends_with("payload"));
            tokens.push(("tampered", token.clone().forge(Forgery::Tampered)));
            tokens.push(("signed by another", token.clone().sign_with(&Key::es256("ec")).sign()));
            for (name, token) in tokens {
                let told = stage.ask(Call::chat(MODEL, "Hi.").bearer(&token), Http::Two).await;
                let expected = match verify_signature_only(&token, Some(&set), &()) {
                    Ok(()) => (200, ""),
                    Err(reason) => (401, reason.code()),
                };
                assert_eq!((told.status(), told.reason()), expected, "{who}, {}: {name}", key.kid());
            }
        }
        let log = stage.envoy.log();
        let said = |who: &str| log.matches(&format!("signatures are verified by {who}")).count();
        assert_eq!((said(who), said("the ")), (1, 1), "said once");
        assert_eq!(log.matches("proxy_call_foreign_function").count(), usize::from(!lends), "asked once");
    }
}

/// Restricts the module to what it uses of the ABI and of WASI, but for foreign functions.
fn lend_no_foreign_function(listener: &mut Value) {
    const LENT: &str = "clock_time_get environ_get environ_sizes_get fd_write proc_exit random_get \
        proxy_close_stream proxy_define_metric proxy_done proxy_get_buffer_bytes \
        proxy_get_current_time_nanoseconds proxy_get_header_map_pairs proxy_get_property proxy_grpc_call \
        proxy_http_call proxy_increment_metric proxy_log proxy_record_metric proxy_remove_header_map_value \
        proxy_replace_header_map_value proxy_send_local_response proxy_set_buffer_bytes \
        proxy_set_effective_context proxy_set_property proxy_set_tick_period_milliseconds \
        proxy_on_configure proxy_on_context_create proxy_on_delete proxy_on_done proxy_on_grpc_close \
        proxy_on_grpc_receive proxy_on_http_call_response proxy_on_log proxy_on_memory_allocate \
        proxy_on_request_body proxy_on_request_headers proxy_on_request_trailers proxy_on_response_body \
        proxy_on_response_headers proxy_on_response_trailers proxy_on_tick proxy_on_vm_start";
    let manager = &mut listener["filter_chains"][0]["filters"][0]["typed_config"];
    let lent: serde_json::Map<String, Value> =
        LENT.split_whitespace().map(|name| (name.to_owned(), json!({}))).collect();
    manager["http_filters"][0]["typed_config"]["config"]["vm_config"]["capability_restriction_config"] =
        json!({"allowed_capabilities": lent});
}
