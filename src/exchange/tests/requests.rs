//! Heads and bodies of requests: every refusal, and what leaves.

use super::*;
use crate::audit::record::Coverage;

fn refusal(headers: Vec<(&str, &str)>, body: &str) -> (Outcome, Record) {
    let mut peer = Peer::default();
    let outcome = peer.request(&headers, &[body.as_bytes()]);
    (outcome, peer.record())
}

const BODY: &str = r#"{"model":"small-1","messages":[{"role":"user","content":"hi"}]}"#;

#[test]
fn every_refusal_has_its_status_its_reason_and_the_providers_shape() {
    let now = NOW_MS / 1000;
    let bearer = |claims: Value| format!("Bearer {}", token(claims));
    let good = bearer(json!({}));
    let table: &[(&str, Option<String>, &str, u16, &str)] = &[
        ("no token", None, BODY, 401, "token_missing"),
        ("garbage", Some("Bearer x.y".into()), BODY, 401, "token_malformed"),
        ("other audience", Some(bearer(json!({"aud": "api://x"}))), BODY, 401, "token_audience"),
        ("other issuer", Some(bearer(json!({"iss": "https://x"}))), BODY, 401, "token_issuer"),
        ("expired", Some(bearer(json!({"exp": now - 100}))), BODY, 401, "token_expired"),
        ("not yet", Some(bearer(json!({"nbf": now + 100}))), BODY, 401, "token_not_yet_valid"),
        ("no subject", Some(bearer(json!({"sub": ""}))), BODY, 401, "token_claims"),
        ("other group", Some(bearer(json!({"groups": ["hr"]}))), BODY, 403, "identity_denied"),
        ("model", Some(good.clone()), r#"{"model":"large","messages":[]}"#, 403, "model_denied"),
        ("no model", Some(good.clone()), r#"{"messages":[]}"#, 403, "model_denied"),
        ("not JSON", Some(good.clone()), "hello", 400, "request_malformed"),
        ("cut JSON", Some(good.clone()), r#"{"model":"small-1","#, 400, "request_malformed"),
        ("empty", Some(good.clone()), "", 400, "request_malformed"),
        ("not a call", Some(good.clone()), "[]", 400, "request_malformed"),
        (
            "model twice",
            Some(good.clone()),
            r#"{"model":"large","messages":[],"mod\u0065l":"small-1"}"#,
            400,
            "request_duplicate_key",
        ),
        (
            "secret",
            Some(good.clone()),
            r#"{"model":"small-1","messages":[{"role":"user","content":"key AKIAQ3EGRLPBX7N2TVWM"}]}"#,
            403,
            "request_blocked",
        ),
    ];
    for (name, credential, body, status, reason) in table {
        let mut headers = chat_head(credential.as_deref().unwrap_or_default());
        if credential.is_none() {
            headers.retain(|(name, _)| *name != "authorization");
        }
        let (outcome, record) = refusal(headers, body);
        let Outcome::Reply { status: got, reason: code, body } = &outcome else {
            panic!("{name}: {outcome:?}");
        };
        assert_eq!((*got, code.as_deref()), (*status, Some(*reason)), "{name}");
        let error: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(error["error"]["code"], *reason, "{name}");
        assert!(error["error"]["message"].as_str().unwrap().contains(reason), "{name}");
        let record = serde_json::to_value(&record).unwrap();
        assert_eq!(
            (record["decision"].as_str(), record["reason"].as_str()),
            (Some("deny"), Some(*reason)),
            "{name}"
        );
        assert_eq!(record["route"], "chat", "{name}");
    }
}

/// What a client may try so that policy reads another call than the provider does.
#[test]
fn policy_reads_what_the_provider_reads() {
    let route = json!({
        "match": { "path": "/*" },
        "unsupported": "pass",
        "allow": [{ "id": "some", "what": { "models": ["small-*"], "tools": ["get_weather"] } },
            { "id": "list", "what": { "operations": ["models"] } }],
        "deny": [{ "id": "no-shell", "what": { "tools": ["shell"] } }],
    });
    let config = gate(route, json!({})).config;
    let chat = |more: Value| {
        let mut body = json!({ "model": "small-1", "messages": [{ "role": "user", "content": "hi" }] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body.to_string()
    };
    let function = |name: &str| json!([{ "type": "function", "function": { "name": name } }]);
    let table: &[(&str, &str, &str, String, Option<&str>)] = &[
        ("honest", "POST", "/v1/chat/completions", chat(json!({ "tools": function("get_weather") })), None),
        (
            "dots",
            "POST",
            "/openai/deployments/small-1/../large/chat/completions",
            chat(json!({})),
            Some("request_ambiguous"),
        ),
        (
            "encoded dots",
            "POST",
            "/v1/engines/small-1/%2e%2e/%2E%2e/chat/completions",
            chat(json!({})),
            Some("request_ambiguous"),
        ),
        (
            "encoded slashes",
            "POST",
            "/openai/deployments/small-1%2F..%2Flarge/chat/completions",
            chat(json!({})),
            Some("request_ambiguous"),
        ),
        (
            "dots behind the models",
            "GET",
            "/v1/models/../files/file-1/content",
            String::new(),
            Some("request_ambiguous"),
        ),
        ("a model", "GET", "/v1/models/org/small-1", String::new(), None),
        (
            "another case",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "Model": "large" })),
            Some("request_ambiguous"),
        ),
        (
            "tools in another case",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "TOOLS": function("shell") })),
            Some("request_ambiguous"),
        ),
        (
            "a letter that folds",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "tool\u{17f}": function("shell") })),
            Some("request_ambiguous"),
        ),
        (
            "a provider's tool by the name of an allowed one",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "tools": [{ "type": "code_interpreter", "name": "get_weather" }] })),
            Some("tool_denied"),
        ),
        (
            "a stored prompt",
            "POST",
            "/v1/responses",
            json!({ "model": "small-1", "prompt": { "id": "p" } }).to_string(),
            Some("tool_denied"),
        ),
        (
            "data sources",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "data_sources": [{ "type": "azure_search" }] })),
            Some("tool_denied"),
        ),
        (
            "a search by the provider",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "enable_search": true })),
            Some("tool_denied"),
        ),
        ("no search", "POST", "/v1/chat/completions", chat(json!({ "enable_search": false })), None),
        (
            "an allowed model to fall back on",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "models": ["small-2", "small-3"] })),
            None,
        ),
        (
            "another one",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "models": ["small-2", "large"] })),
            Some("model_denied"),
        ),
        (
            "no list of models",
            "POST",
            "/v1/chat/completions",
            chat(json!({ "models": "large" })),
            Some("request_malformed"),
        ),
        (
            "no messages",
            "POST",
            "/v1/chat/completions",
            json!({ "model": "small-1" }).to_string(),
            Some("request_malformed"),
        ),
        // Nothing says which tools are in it.
        (
            "tokens",
            "POST",
            "/v1/completions",
            json!({ "model": "small-1", "prompt": [[1, 2]] }).to_string(),
            Some("rule_denied"),
        ),
    ];
    let bearer = format!("Bearer {}", token(json!({})));
    for &(name, method, path, ref body, reason) in table {
        let mut head = chat_head(&bearer);
        (head[0], head[1]) = ((":method", method), (":path", path));
        let body: &[&[u8]] = if body.is_empty() { &[] } else { &[body.as_bytes()] };
        let mut peer = Peer::new(Gate::new(config.clone(), NOW_MS / 1000));
        assert_eq!(peer.request(&head, body).reason(), reason, "{name}");
    }
    let mut head = chat_head(&bearer);
    head.iter_mut().filter(|(name, _)| *name == "content-type").for_each(|(_, value)| *value = "text/plain");
    let mut peer = Peer::new(Gate::new(config.clone(), NOW_MS / 1000));
    let body = chat(json!({ "tools": function("shell") }));
    assert_eq!(
        peer.request(&head, &[body.as_bytes()]).reason(),
        Some("rule_denied"),
        "what is not read may hold any tool"
    );
}

#[test]
fn no_text_of_the_client_stands_in_the_record_with_the_names() {
    let body = json!({
        "model": "jane.doe@example.com", "messages": [],
        "tools": [{ "type": "function", "function": { "name": "card 4111 1111 1111 1111" } }],
    });
    let mut peer = Peer::default();
    assert_eq!(peer.chat_with(&body.to_string()).reason(), Some("model_denied"));
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["model"]["requested"], "[REDACTED:pii.contact]");
    assert_eq!(record["tools"], json!(["[REDACTED:financial]"]));
}

#[test]
fn nobody_claims_an_identity_where_nobody_asks_for_one() {
    let public =
        json!({ "routes": [{ "name": "health", "match": { "path": "/healthz" }, "access": "public" }] });
    for (path, top) in [("/healthz", public), ("/other", json!({ "unmatched": "pass" }))] {
        let mut peer = Peer::new(gate(json!({}), top));
        let head = [(":method", "GET"), (":path", path), (":authority", "g"), ("x-subject", "root")];
        assert_eq!(peer.request(&head, &[]), Outcome::Sent(Vec::new()));
        assert!(peer.edits == [Edit::Remove(b"x-subject".to_vec())], "{path}");
    }
}

#[test]
fn numbers_and_names_of_members_are_text_wherever_they_stand() {
    let words = json!({ "detect": { "rules": [
        { "id": "custom.project.name", "class": "custom.project", "words": ["projectfalcon"] } ] } });
    let mut peer = Peer::new(gate(json!({}), words));
    let tools = json!([{ "type": "function", "function": { "name": "f",
        "parameters": { "enum": [4111111111111111u64], "projectfalcon": 1 } } }]);
    let body = json!({ "model": "small-1", "seed": 4111111111111111u64, "tools": tools,
        "messages": [{ "role": "user", "content": "hi" }], "metadata": { "projectfalcon": "x" } });
    let sent: Value = serde_json::from_str(peer.chat_with(&body.to_string()).sent()).unwrap();
    assert_eq!(sent["tools"][0]["function"]["parameters"]["enum"], json!(["[REDACTED:financial]"]));
    assert_eq!(sent["seed"], json!(4111111111111111u64));
    let record = serde_json::to_value(peer.record()).unwrap();
    let found = record["findings"].as_array().unwrap();
    assert!(
        found.iter().any(|finding| finding["rule"] == "custom.project.name" && finding["count"] == 2),
        "{found:?}"
    );
}

#[test]
fn what_no_route_matches_is_denied_or_passed_as_configured() {
    let head = [(":method", "GET"), (":path", "/other"), (":authority", "gate.example")];
    let outcome = Peer::default().request(&head, &[]);
    assert_eq!(outcome.reason(), Some("route_unmatched"));
    let mut peer = Peer::new(gate(json!({}), json!({ "unmatched": "pass" })));
    assert_eq!(peer.request(&head, &[]), Outcome::Sent(Vec::new()));
    assert_eq!(serde_json::to_value(peer.record()).unwrap()["decision"], "pass");
}

#[test]
fn a_public_route_passes_only_paths_that_all_read_alike() {
    for (path, passes) in
        [("/healthz", true), ("/healthz?x=1", true), ("/healthz/../v1/chat/completions", false)]
    {
        let mut peer = Peer::new(gate(
            json!({}),
            json!({ "routes": [
            { "name": "health", "match": { "path": "/healthz*" }, "access": "public" } ] }),
        ));
        let outcome = peer.request(&[(":method", "POST"), (":path", path), (":authority", "g")], &[b"x"]);
        assert_eq!(outcome.reason().is_none(), passes, "{path}: {outcome:?}");
    }
}

#[test]
fn no_credential_of_the_client_leaves_and_the_verified_identity_does() {
    let bearer = format!("Bearer {}", token(json!({ "sub": "älice", "groups": ["a,b", "support"] })));
    let mut headers = chat_head(&bearer);
    headers[1] = (":path", "/v1/chat/completions?api_key=mine&x=1");
    headers.extend([
        ("cookie", "s=1"),
        ("x-subject", "root"),
        ("openai-organization", "mine"),
        ("te", "trailers"),
    ]);
    let mut peer = Peer::default();
    assert_eq!(peer.request(&headers, &[BODY.as_bytes()]).sent(), BODY);
    let removed = |name: &str| peer.edits.contains(&Edit::Remove(name.as_bytes().to_vec()));
    for name in ["authorization", "cookie", "x-subject", "openai-organization", "te", "accept-encoding"] {
        assert!(removed(name), "{name}");
    }
    let set = |name: &str, value: &str| peer.edits.contains(&Edit::Set(name.into(), value.into()));
    assert!(set("x-subject", "%C3%A4lice"));
    assert!(set("x-groups", "a%2Cb,support"));
    assert!(set(":path", "/v1/chat/completions?x=1"));
}

#[test]
fn an_allowed_request_goes_on_byte_for_byte_and_its_record_says_what_it_was() {
    let body = r#" {"model":"small-1", "stream":true,"messages":[{"role":"user","content":"caf\u00e9"}],"tools":[{"type":"function","function":{"name":"look_up"}}]} "#;
    let mut peer = Peer::default();
    assert_eq!(peer.chat_with(body).sent(), body);
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["decision"], "allow");
    assert_eq!(record["rule"], "support");
    assert_eq!(record["principal"]["subject"], "alice");
    assert_eq!(record["model"]["requested"], "small-1");
    assert_eq!(record["tools"], json!(["look_up"]));
    assert_eq!(record["request"], json!({ "bytes": body.len(), "coverage": "scanned" }));
    assert_eq!(record["stream"], true);
}

#[test]
fn a_tool_is_known_by_its_function_its_own_name_or_its_type() {
    let body = json!({ "model": "small-1", "messages": [], "tools": [
        { "type": "function", "function": { "name": "a" } }, { "function": { "name": "b" } },
        { "type": "custom", "custom": { "name": "c" } }, { "type": "web_search" },
    ], "functions": [{ "name": "d" }] });
    let mut peer = Peer::default();
    peer.chat_with(&body.to_string());
    assert_eq!(
        serde_json::to_value(peer.record()).unwrap()["tools"],
        json!(["a", "b", "c", "web_search", "d"])
    );
}

#[test]
fn a_card_in_a_prompt_is_masked_on_its_way_to_the_model() {
    let body =
        r#"{"model":"small-1","messages":[{"role":"user","content":"pay with 4111 1111 1111 1111 now"}]}"#;
    let mut peer = Peer::default();
    let expected = body.replace("4111 1111 1111 1111", "[REDACTED:financial]");
    assert_eq!(peer.chat_with(body).sent(), expected);
}

#[test]
fn any_chunking_of_a_request_gives_the_same() {
    let body =
        r#"{"model":"small-1","messages":[{"role":"user","content":"pay with 4111 1111 1111 1111 now"}]}"#;
    let mut whole = Peer::default();
    let expected = whole.request(&chat_head(bearer()), &[body.as_bytes()]);
    for chunks in crate::chunking::two_way(body.as_bytes()) {
        assert_eq!(Peer::default().request(&chat_head(bearer()), &chunks), expected);
    }
}

#[test]
fn a_body_that_ends_in_trailers_is_judged() {
    let headers = headers_of(&chat_head(bearer()));
    let mut peer = Peer::default();
    let head = RequestHead { headers: &headers, route: "", end: false };
    let (step, _) = peer.exchange.request_head(&mut peer.gate, &head, NOW_MS);
    assert!(matches!(step, Step::Hold));
    let body: &[u8] = br#"{"model":"large","messages":[]}"#;
    let outcome = feed(&[body], End::Trailers, |body| peer.exchange.request_body(body));
    assert_eq!(outcome.reason(), Some("model_denied"));
}

#[test]
fn a_body_over_the_limit_is_refused_before_its_end() {
    let mut peer = Peer::new(gate(json!({ "limits": { "request_body": 100 } }), json!({})));
    let chunk = [b' '; 60];
    let outcome = peer.request(&chat_head(bearer()), &[&chunk, &chunk]);
    assert_eq!(outcome.reason(), Some("request_too_large"));
}

#[test]
fn observe_lets_policy_and_guard_verdicts_pass_and_records_them_but_never_waives_identity() {
    let observe = || Peer::new(gate(json!({ "mode": "observe" }), json!({})));
    let body = r#"{"model":"large","messages":[{"role":"user","content":"AKIAQ3EGRLPBX7N2TVWM, 4111 1111 1111 1111"}]}"#;
    let mut peer = observe();
    assert_eq!(peer.chat_with(body).sent(), body);
    let record = serde_json::to_value(peer.record()).unwrap();
    let reasons: Vec<_> = record["would"].as_array().unwrap().iter().map(|would| &would["reason"]).collect();
    assert!(
        reasons.contains(&&json!("model_denied")) && reasons.contains(&&json!("request_blocked")),
        "{reasons:?}"
    );
    let mut headers = chat_head("");
    headers.retain(|(name, _)| *name != "authorization");
    assert_eq!(observe().request(&headers, &[BODY.as_bytes()]).reason(), Some("token_missing"));
}

#[test]
fn an_observed_body_over_the_limit_goes_on_unread() {
    let mut peer =
        Peer::new(gate(json!({ "mode": "observe", "limits": { "request_body": 100 } }), json!({})));
    let chunk = [b'x'; 60];
    let outcome = peer.request(&chat_head(bearer()), &[&chunk, &chunk, &chunk]);
    assert_eq!(outcome.sent().len(), 180);
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["request"], json!({ "bytes": 180, "coverage": "unscanned" }));
    assert_eq!(record["would"][0]["reason"], "request_too_large");
}

#[test]
fn a_preflight_passes_where_the_route_says_so() {
    let head = [
        (":method", "OPTIONS"),
        (":path", "/v1/chat/completions"),
        (":authority", "g"),
        ("origin", "https://app.example"),
        ("access-control-request-method", "POST"),
    ];
    assert_eq!(Peer::default().request(&head, &[]).reason(), Some("token_missing"));
    let mut peer = Peer::new(gate(json!({ "cors_preflight": "pass" }), json!({})));
    assert_eq!(peer.request(&head, &[]), Outcome::Sent(Vec::new()));
}

#[test]
fn what_is_not_understood_passes_only_where_the_route_says_so_and_policy_still_applies() {
    let mut headers = chat_head(bearer());
    headers[1] = (":path", "/v1/files");
    assert_eq!(Peer::default().request(&headers, &[b"{}"]).reason(), Some("unsupported_content"));
    let passing = json!({ "unsupported": "pass" });
    let mut peer = Peer::new(gate(passing.clone(), json!({})));
    assert_eq!(
        peer.request(&headers, &[b"{}"]).reason(),
        Some("model_denied"),
        "a list of models fits no unknown model"
    );
    let mut route = passing;
    route["allow"] = json!([{ "id": "all" }]);
    let mut peer = Peer::new(gate(route, json!({})));
    assert_eq!(peer.request(&headers, &[b"anything"]).sent(), "anything");
    let record = serde_json::to_value(peer.record()).unwrap();
    assert_eq!(record["request"]["coverage"], "unscanned");
}

#[test]
fn an_upgrade_is_refused() {
    let mut headers = chat_head(bearer());
    headers.push(("upgrade", "websocket"));
    assert_eq!(Peer::default().request(&headers, &[BODY.as_bytes()]).reason(), Some("upgrade_denied"));
}

#[test]
fn a_full_audit_refuses_new_requests() {
    let mut peer = Peer::default();
    peer.gate.audit_is_full = true;
    assert_eq!(peer.chat().reason(), Some("audit_unavailable"));
}

#[test]
fn keys_that_were_not_fetched_yet_are_a_503_and_an_unknown_key_brings_the_fetch_forward() {
    let mut remote = config(json!({}), json!({}));
    remote["identity"]["issuers"][0]["jwks"] =
        json!({ "uri": "https://issuer.example/keys", "cluster": "issuer" });
    let config = Arc::new(Config::from_json(remote.to_string().as_bytes()).unwrap_or_else(|p| panic!("{p}")));
    let now = NOW_MS / 1000;
    let mut peer = Peer::new(Gate::new(config.clone(), now - 100));
    assert_eq!(peer.chat().reason(), Some("keys_unavailable"));

    let mut gate = Gate::new(config, now - 100);
    assert_eq!(gate.keyring.take_due(now - 100), [0]);
    let other = Ed25519KeyPair::generate().with_key_id("k2");
    let x = URL_SAFE_NO_PAD.encode(other.public_key().to_bytes());
    let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k2", "x": x }] }).to_string();
    gate.keyring.fetched(0, KeySet::parse(keys.as_bytes()).unwrap(), now - 100);
    assert!(gate.keyring.take_due(now).is_empty());
    let mut peer = Peer::new(gate);
    assert_eq!(peer.chat().reason(), Some("token_key_unknown"));
    assert_eq!(peer.gate.keyring.take_due(now), [0]);
}

/// It has no end that could be waited for.
#[test]
fn an_upgrade_that_the_route_passes_goes_on_at_once_and_unread() {
    for (route, would) in [
        (json!({ "unsupported": "pass" }), Value::Null),
        (json!({ "mode": "observe" }), json!("upgrade_denied")),
    ] {
        let allow = json!([{ "id": "all" }]);
        let mut route = route;
        route["allow"] = allow;
        let mut peer = Peer::new(gate(route, json!({})));
        let mut headers = chat_head(bearer());
        headers.extend([("upgrade", "websocket"), ("connection", "upgrade")]);
        let headers = headers_of(&headers);
        let head = RequestHead { headers: &headers, route: "", end: false };
        assert!(matches!(peer.exchange.request_head(&mut peer.gate, &head, NOW_MS).0, Step::Pass));
        let switched = headers_of(&[(":status", "101"), ("upgrade", "websocket")]);
        let head = ResponseHead { headers: &switched, route: "", is_local: false, end: false };
        assert!(matches!(peer.exchange.response_head(&head, true).0, Step::Pass));
        for _ in 0..2 {
            let mut read = || None;
            let frame = Body { size: 9, read: &mut read, end: End::No };
            assert!(matches!(peer.exchange.request_body(frame), Step::Pass));
            let frame = Body { size: 5, read: &mut read, end: End::No };
            assert!(matches!(peer.exchange.response_body(frame), Step::Pass));
        }
        let record = serde_json::to_value(peer.record()).unwrap();
        assert_eq!(record["would"][0]["reason"], would);
        assert_eq!(record["request"], json!({ "bytes": 18, "coverage": "unscanned" }));
        assert_eq!(record["response"], json!({ "status": 200, "bytes": 10, "coverage": "upgraded" }));
    }
    // Whom no rule allows stays outside.
    let mut peer = Peer::new(gate(json!({ "unsupported": "pass" }), json!({})));
    let mut headers = chat_head(bearer());
    headers.push(("upgrade", "websocket"));
    assert_eq!(peer.request(&headers, &[b"x"]).reason(), Some("model_denied"));
}

#[test]
fn a_request_that_was_never_judged_leaves_a_record_with_its_reason() {
    let bearer = bearer();
    for (status, reason, answer) in
        [(Some(400), "proxy_refused", Coverage::LocalReply), (None, "client_gone", Coverage::NotRead)]
    {
        let mut peer = Peer::default();
        let headers = headers_of(&chat_head(bearer));
        peer.exchange.request_head(
            &mut peer.gate,
            &RequestHead { headers: &headers, route: "", end: false },
            NOW_MS,
        );
        let record = peer.exchange.finish(&Closing { now_ms: NOW_MS, status });
        assert_eq!(record.reason.map(|reason| reason.0.code()), Some(reason));
        assert_eq!(record.response.coverage, answer);
    }
    let mut peer = Peer::default();
    let headers = headers_of(&[(":status", "413")]);
    let head = ResponseHead { headers: &headers, route: "", is_local: true, end: false };
    peer.exchange.response_head(&head, true);
    assert_eq!(peer.exchange.reason(), Some(Reason::ProxyRefused));
}
