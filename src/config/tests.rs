use super::*;
use crate::class::{Action, Level};
use crate::protocol::lane::Channel;
use serde_json::json;

mod detect;

const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// The smallest configuration that is good.
fn good() -> Value {
    json!({
        "identity": { "issuers": [{
            "name": "okta",
            "issuer": "https://okta.example",
            "audiences": ["api://gateway"],
            "jwks": { "inline": { "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": KEY }] } },
        }] },
        "guards": { "standard": {} },
        "routes": [{ "name": "chat", "match": { "path": "/v1/*" }, "guard": "standard", "allow": [{ "id": "all" }] }],
    })
}

/// The good configuration with the value at a JSON pointer replaced or added.
fn with(edits: &[(&str, Value)]) -> Value {
    let mut document = good();
    for (pointer, value) in edits {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap() {
            Value::Array(items) => {
                let index: usize = key.parse().unwrap();
                items.resize(items.len().max(index + 1), Value::Null);
                items[index] = value.clone();
            }
            object => object[key] = value.clone(),
        }
    }
    document
}

fn problems(document: &Value) -> Vec<String> {
    match Config::from_json(document.to_string().as_bytes()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.iter().map(Problem::to_string).collect(),
    }
}

#[test]
fn the_smallest_configuration_is_good() {
    assert_eq!(problems(&good()), [""; 0]);
}

#[test]
fn each_problem_names_its_place_what_is_wrong_and_what_to_do() {
    type Row<'a> = (&'a str, Vec<(&'a str, Value)>, &'a str);
    let table: &[Row<'_>] = &[
        (
            "unknown field",
            vec![("/rutes", json!([]))],
            "rutes: unknown field `rutes`; did you mean `routes`?",
        ),
        (
            "unknown nested field",
            vec![("/routes/0/match/pat", json!("/"))],
            "routes[0].match.pat: unknown field `pat`; did you mean `path`?",
        ),
        (
            "wrong type",
            vec![("/routes/0/allow", json!("all"))],
            "routes[0].allow: invalid type: string \"all\"; expected a sequence",
        ),
        (
            "unknown action",
            vec![("/guards/standard", json!({ "request": { "pii": "mask" } }))],
            "guards.standard.request.pii: unknown value `mask`; known: `off`, `flag`, `redact`, `block`",
        ),
        (
            "mask",
            vec![("/guards/standard", json!({ "mask": "a\nb" }))],
            "guards.standard.mask: cannot stand in an answer",
        ),
        (
            "mask with an unknown placeholder",
            vec![("/guards/standard", json!({ "mask": "{ {} [{name}_{numbr}]" }))],
            "guards.standard.mask: unknown placeholder `{numbr}`; did you mean `{number}`?",
        ),
        (
            "unknown class",
            vec![("/guards/standard", json!({ "request": { "pii.contct": "off" } }))],
            "guards.standard.request.pii.contct: unknown class or rule `pii.contct`; did you mean `pii.contact`?",
        ),
        (
            "unknown action on tool results",
            vec![("/guards/standard", json!({ "tool_results": { "injection": "deny" } }))],
            "guards.standard.tool_results.injection: unknown value `deny`; known: `off`, `flag`, `redact`, `block`",
        ),
        (
            "unknown class of tool results",
            vec![("/guards/standard", json!({ "tool_results": { "injecton": "block" } }))],
            "guards.standard.tool_results.injecton: unknown class or rule `injecton`; did you mean `injection`?",
        ),
        (
            "unknown table of a guard",
            vec![("/guards/standard", json!({ "tool_result": {} }))],
            "guards.standard.tool_result: unknown field `tool_result`; did you mean `tool_results`?",
        ),
        (
            "unknown guard",
            vec![("/routes/0/guard", json!("standart"))],
            "routes[0].guard: unknown guard `standart`; did you mean `standard`?",
        ),
        (
            "bad size",
            vec![("/routes/0/limits", json!({ "held": "2MB" }))],
            "routes[0].limits.held: invalid value: string \"2MB\"; expected a size such as",
        ),
        (
            "size out of range",
            vec![("/routes/0/limits", json!({ "held": 0 }))],
            "routes[0].limits.held: 0 bytes are out of range",
        ),
        (
            "no audience",
            vec![("/identity/issuers/0/audiences", json!([]))],
            "identity.issuers[0].audiences: is empty; name the audience",
        ),
        (
            "unknown algorithm",
            vec![("/identity/issuers/0/algorithms", json!(["HS256"]))],
            "identity.issuers[0].algorithms[0]: unknown algorithm `HS256`; did you mean",
        ),
        (
            "both kinds of keys",
            vec![("/identity/issuers/0/jwks/uri", json!("https://x/keys"))],
            "identity.issuers[0].jwks: needs either `inline` or `uri`",
        ),
        (
            "no keys",
            vec![("/identity/issuers/0/jwks", json!({}))],
            "identity.issuers[0].jwks: needs either `inline` or `uri`",
        ),
        (
            "keys without use",
            vec![("/identity/issuers/0/jwks/inline", json!({ "keys": [] }))],
            "identity.issuers[0].jwks.inline: ",
        ),
        (
            "no cluster",
            vec![("/identity/issuers/0/jwks", json!({ "uri": "https://x/keys" }))],
            "identity.issuers[0].jwks.cluster: is missing; name the Envoy cluster",
        ),
        (
            "no URI",
            vec![("/identity/issuers/0/jwks", json!({ "uri": "x/keys", "cluster": "c" }))],
            "identity.issuers[0].jwks.uri: `x/keys` is not an http(s) URI",
        ),
        (
            "bad duration",
            vec![("/identity/issuers/0/clock_skew", json!(60))],
            "identity.issuers[0].clock_skew: invalid type: integer `60`; expected a duration such as",
        ),
        (
            "bad claim",
            vec![("/identity/issuers/0/principal", json!({ "subject": "" }))],
            "identity.issuers[0].principal.subject: ",
        ),
        (
            "bad header",
            vec![("/identity/forward", json!({ "subject": "x subject" }))],
            "identity.forward.subject: `x subject` cannot be used as a header's name",
        ),
        (
            "header twice",
            vec![("/identity/forward", json!({ "subject": "x-a", "groups": "X-A" }))],
            "identity: header `x-a` is used twice",
        ),
        (
            "missing field",
            vec![("/routes/0/allow/0", json!({ "who": {} }))],
            "routes[0].allow[0]: missing field `id`",
        ),
        (
            "empty list",
            vec![("/routes/0/allow/0/what", json!({ "models": [] }))],
            "routes[0].allow[0].what.models: is empty, so nothing fits it",
        ),
        (
            "unknown API",
            vec![("/routes/0/allow/0/what", json!({ "apis": ["opneai"] }))],
            "routes[0].allow[0].what.apis[0]: unknown API `opneai`; did you mean `openai`?",
        ),
        (
            "unknown issuer",
            vec![("/routes/0/allow/0/who", json!({ "issuers": ["entra"] }))],
            "routes[0].allow[0].who.issuers[0]: unknown issuer `entra`",
        ),
        (
            "empty match",
            vec![("/routes/0/match", json!({}))],
            "routes[0].match: is empty; write `path: \"*\"`",
        ),
        (
            "impossible path",
            vec![("/routes/0/match", json!({ "path": "v1/*" }))],
            "routes[0].match.path: `v1/*` can match no path",
        ),
        (
            "guard on a public route",
            vec![("/routes/0/access", json!("public"))],
            "routes[0].guard: has no effect on a public route",
        ),
        (
            "route twice",
            vec![("/routes/1", json!({ "name": "chat", "match": { "path": "/" }, "access": "public" }))],
            "routes: name `chat` stands twice",
        ),
        (
            "rule twice",
            vec![("/routes/0/deny", json!([{ "id": "all" }]))],
            "routes[0]: rule id `all` stands twice",
        ),
        ("no route", vec![("/routes", json!([]))], "routes: is empty"),
        (
            "no issuer",
            vec![("/identity", json!({}))],
            "routes[0].access: is `guarded`, but no issuer is configured",
        ),
        (
            "outbox",
            vec![("/audit", json!({ "otlp": { "cluster": "", "max_records": 0, "max_bytes": 1 } }))],
            "audit.otlp.cluster: `` cannot be used as a cluster's name",
        ),
    ];
    for (name, edits, expected) in table {
        let found = problems(&with(edits));
        assert!(found.iter().any(|problem| problem.starts_with(expected)), "{name}: {found:#?}");
    }
}

#[test]
fn all_problems_come_at_once_and_none_twice() {
    let document = with(&[
        ("/rutes", json!(1)),
        ("/guards/standard", json!({ "request": { "pii": "mask", "nothing": "off" } })),
        ("/routes/0/guard", json!("missing")),
        ("/routes/0/allow/0", json!({ "who": {} })),
        ("/routes/0/allow/1", json!({ "id": "b", "what": { "apis": [] } })),
        ("/routes/0/allow/2", json!({ "id": 5 })),
        ("/routes/0/allow/3", json!({ "id": "d", "hwat": {} })),
    ]);
    let found = problems(&document);
    let places: Vec<&str> = found.iter().map(|problem| problem.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        [
            "guards.standard.request.nothing",
            "guards.standard.request.pii",
            "routes[0].allow[0]",
            "routes[0].allow[1].what.apis",
            "routes[0].allow[2].id",
            "routes[0].allow[3].hwat",
            "routes[0].guard",
            "rutes",
        ],
        "{found:#?}"
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let text = good().to_string().replacen("\"name\":\"chat\"", "\"name\":\"chat\",\"name\":\"other\"", 1);
    let Err(problems) = Config::from_json(text.as_bytes()) else { panic!() };
    assert_eq!(problems.to_string(), "routes[0].name: stands twice; keep one of them");
}

#[test]
fn what_is_not_json_is_one_problem() {
    for text in ["", "routes: []", "[]", "null", "{\"routes\":"] {
        let Err(problems) = Config::from_json(text.as_bytes()) else { panic!("{text}") };
        assert_eq!(problems.0.len(), 1, "{text}: {problems}");
    }
}

#[test]
fn the_most_specific_selector_counts_and_what_is_not_written_has_its_default() {
    let document = with(&[(
        "/guards/standard",
        json!({ "response": { "pii": "flag", "pii.id": "block", "pii.id.sg-nric": "off" } }),
    )]);
    let Ok(config) = Config::from_json(document.to_string().as_bytes()) else { panic!() };
    let Access::Guarded(guarded) = &config.routes[0].access else { panic!() };
    let action = |id: &str| guarded.response.of(guarded.response.catalogue().index_of(id).unwrap());
    assert_eq!(action("pii.contact.email"), Action::Flag);
    assert_eq!(action("pii.id.sg-nric"), Action::Off);
    assert_eq!(action("financial.card"), Action::Redact);
    assert_eq!(action("injection.control-token"), Action::Flag);
    assert_eq!(guarded.limits, DEFAULT_LIMITS);
}

#[test]
fn what_is_written_of_tool_results_counts_there_and_what_is_not_has_the_action_of_its_direction() {
    let document = with(&[
        (
            "/guards/standard",
            json!({
                "request": { "injection": "flag", "injection.control-token": "off", "pii": "flag" },
                "response": { "injection": "redact", "secret": "block", "exfiltration": "block" },
                "tool_results": { "injection": "block", "pii.id": "redact", "exfiltration": "off" },
            }),
        ),
        ("/detect", json!({ "canaries": [{ "name": "prompt", "text": "You are Kestrel." }] })),
        ("/routes/0/at_most", json!({ "request": "internal" })),
    ]);
    let Ok(config) = Config::from_json(document.to_string().as_bytes()) else { panic!() };
    let Access::Guarded(guarded) = &config.routes[0].access else { panic!() };
    let pair = |actions: &Actions, id: &str| {
        let rule = actions.catalogue().index_of(id).unwrap();
        let of = |channel| actions.on(channel).of(rule).as_str();
        format!("{} {}", of(Channel::Prompt), of(Channel::ToolResult))
    };
    for (id, request, response) in [
        ("injection.control-token", "off block", "redact block"),
        ("pii.id.sg-nric", "flag redact", "redact redact"),
        ("pii.contact.email", "flag flag", "redact redact"),
        ("secret.jwt", "redact redact", "block block"),
        // By right in a request, wherever it stands there.
        ("exfiltration.canary.prompt", "off off", "block off"),
    ] {
        assert_eq!(pair(&guarded.request, id), request, "{id} in a request");
        assert_eq!(pair(&guarded.response, id), response, "{id} in an answer");
    }
    let limits = |actions: &Actions| actions.on(Channel::ToolResult).at_most();
    assert_eq!((limits(&guarded.request), limits(&guarded.response)), (Some(Level::Internal), None));
}

#[test]
fn a_guard_without_a_table_for_tool_results_has_none() {
    for guard in [json!({}), json!({ "tool_results": {} })] {
        let document = with(&[("/guards/standard", guard)]);
        let Ok(config) = Config::from_json(document.to_string().as_bytes()) else { panic!() };
        let Access::Guarded(guarded) = &config.routes[0].access else { panic!() };
        assert!(guarded.request.tool_results().is_none() && guarded.response.tool_results().is_none());
    }
}

#[test]
fn the_digest_tells_configurations_apart() {
    let digest = |document: &Value| {
        Config::from_json(document.to_string().as_bytes()).map(|config| config.digest).ok()
    };
    assert_ne!(digest(&good()), digest(&with(&[("/unmatched", json!("pass"))])));
}

#[test]
fn no_bytes_make_it_panic() {
    let text = good().to_string();
    for cut in 0..text.len() {
        let _ = Config::from_json(&text.as_bytes()[..cut]);
        let mut broken = text.clone().into_bytes();
        broken[cut] = b'5';
        let _ = Config::from_json(&broken);
    }
}
