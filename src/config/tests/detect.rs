//! The customer's own rules, canaries and levels.

use super::{Access, Config, problems, with};
use crate::class::{Action, Level};
use crate::config::Guarded;
use crate::detect::scan_all;
use serde_json::{Value, json};
use std::sync::Arc;

fn rule(more: Value) -> Value {
    let mut rule = json!({ "id": "custom.employee-number", "class": "custom.employee" });
    for (name, value) in more.as_object().into_iter().flatten() {
        rule[name] = value.clone();
    }
    rule
}

fn employee() -> Value {
    rule(json!({ "pattern": "EMP-[0-9]{6}" }))
}

fn detect(rules: &[Value], canaries: &[Value]) -> Vec<(&'static str, Value)> {
    vec![("/detect", json!({ "rules": rules, "canaries": canaries }))]
}

fn guarded(edits: &[(&str, Value)]) -> Arc<Guarded> {
    let document = with(edits);
    match Config::from_json(document.to_string().as_bytes()) {
        Ok(config) => match &config.routes[0].access {
            Access::Guarded(guarded) => guarded.clone(),
            Access::Public => panic!(),
        },
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn each_problem_of_a_rule_names_its_place() {
    let canary = |text: &str| json!({ "name": "prompt", "text": text });
    let own = |more: Value| detect(&[rule(more)], &[]);
    type Row = (&'static str, Vec<(&'static str, Value)>, &'static str);
    let table: Vec<Row> = vec![
        (
            "two rules of one id",
            detect(&[employee(), employee()], &[]),
            "detect.rules: id `custom.employee-number` stands twice",
        ),
        (
            "a built-in id",
            own(json!({ "id": "pii.id.sg-nric", "pattern": "EMP-1" })),
            "detect.rules[0].id: `pii.id.sg-nric` cannot be used as a rule's id",
        ),
        (
            "the id of its class",
            own(json!({ "id": "custom.employee", "pattern": "EMP-1" })),
            "detect.rules[0].id: is also the name of its class",
        ),
        (
            "an unknown class",
            own(json!({ "class": "custom.Employee", "pattern": "EMP-1" })),
            "detect.rules[0].class: unknown class `custom.Employee`",
        ),
        (
            "nothing to look for",
            own(json!({})),
            "detect.rules[0]: needs one of `pattern`, `literals` and `words`",
        ),
        ("two things", own(json!({ "pattern": "EMP-1", "words": ["a b"] })), "detect.rules[0]: needs one of"),
        ("an empty list", own(json!({ "words": [] })), "detect.rules[0].words: is empty"),
        ("no pattern", own(json!({ "pattern": "EMP-[" })), "detect.rules[0].pattern: does not compile"),
        (
            "an empty match",
            own(json!({ "pattern": "(EMP)?" })),
            "detect.rules[0].pattern: matches the empty text; make one",
        ),
        (
            "no bound",
            own(json!({ "pattern": "EMP-[0-9]+" })),
            "detect.rules[0].max_length: is missing, and the pattern has no such bound; say how many",
        ),
        (
            "too large a bound",
            own(json!({ "pattern": "EMP-[0-9]+", "max_length": 5000 })),
            "detect.rules[0].max_length: 5000 is out of range; write 5 to 256",
        ),
        (
            "tried everywhere",
            own(json!({ "pattern": "[0-9]{9}", "word": false })),
            "detect.rules[0].word: is `false`, so the pattern would be tried everywhere",
        ),
        (
            "a short keyword",
            own(json!({ "pattern": "[0-9]+-K", "max_length": 9, "keywords": ["-K"] })),
            "detect.rules[0].keywords[0]: has 2 bytes",
        ),
        (
            "keywords of words",
            own(json!({ "words": ["Ann"], "keywords": ["Ann"] })),
            "detect.rules[0].keywords: have no effect without `pattern`",
        ),
        (
            "a wrong field",
            own(json!({ "pattern": "EMP-1", "patern": "x" })),
            "detect.rules[0].patern: unknown field `patern`; did you mean `pattern`?",
        ),
        (
            "an unknown validator",
            own(json!({ "pattern": "EMP-1", "validator": "crc" })),
            "detect.rules[0].validator: unknown value `crc`",
        ),
        (
            "a missed example",
            own(json!({ "pattern": "EMP-[0-9]{6}", "examples": { "match": ["EMP-123456", "EMP-1"] } })),
            "detect.rules[0].examples.match[1]: rule `custom.employee-number` finds nothing that is acted on in it",
        ),
        (
            "an example that is low",
            own(
                json!({ "pattern": "EMP-[0-9]{6}", "confidence": "low", "examples": { "match": ["EMP-123456"] } }),
            ),
            "detect.rules[0].examples.match[0]: ",
        ),
        (
            "a false example",
            own(json!({ "pattern": "EMP-[0-9]{6}", "examples": { "no_match": ["EMP-123456"] } })),
            "detect.rules[0].examples.no_match[0]: rule `custom.employee-number` finds something in it",
        ),
        (
            "too many literals",
            own(json!({ "literals": (0..600).map(|nth| format!("literal-{nth:04}")).collect::<Vec<_>>() })),
            "detect.rules: have literals and keywords of 7200 bytes together",
        ),
        (
            "too many rules",
            detect(
                &(0..129)
                    .map(|nth| {
                        let mut one = employee();
                        one["id"] = format!("custom.r{nth}").into();
                        one
                    })
                    .collect::<Vec<_>>(),
                &[],
            ),
            "detect.rules: has 129 entries; write at most 128",
        ),
        (
            "a short canary",
            detect(&[], &[canary("secret")]),
            "detect.canaries[0].text: has 6 bytes; write 8 to 16384",
        ),
        (
            "a canary without a name",
            detect(&[], &[json!({ "name": "The Prompt", "text": "kestrel-4711" })]),
            "detect.canaries[0].name: `The Prompt` cannot be used as a name",
        ),
        (
            "an address for a host",
            vec![("/detect", json!({ "allow_hosts": ["cdn.example.com", "https://cdn.example.com/"] }))],
            "detect.allow_hosts[1]: `https://cdn.example.com/` is no host; write a host without scheme, port and path: \
             `cdn.example.com`, `*.example.com`",
        ),
        (
            "a level of nothing",
            vec![("/classification", json!({ "levels": { "pii.contct": "public" } }))],
            "classification.levels.pii.contct: unknown class or rule `pii.contct`; did you mean `pii.contact`?",
        ),
        (
            "no level",
            vec![("/classification", json!({ "levels": { "pii": "secret" } }))],
            "classification.levels.pii: unknown value `secret`; known: `public`, `internal`",
        ),
        (
            "no limit",
            vec![("/routes/0/at_most", json!({ "request": "top" }))],
            "routes[0].at_most.request: unknown value `top`",
        ),
        (
            "an action for no rule",
            vec![("/guards/standard", json!({ "request": { "custom.employee": "off" } }))],
            "guards.standard.request.custom.employee: unknown class or rule `custom.employee`",
        ),
    ];
    for (name, edits, expected) in table {
        let found = problems(&with(&edits));
        assert!(found.iter().any(|problem| problem.starts_with(expected)), "{name}: {found:#?}");
    }
}

#[test]
fn problems_of_rules_come_with_all_others() {
    let mut edits = detect(
        &[rule(json!({ "pattern": "a*" })), rule(json!({ "id": "custom.b", "literals": ["x"] }))],
        &[],
    );
    edits.push(("/routes/0/guard", json!("standart")));
    let found = problems(&with(&edits));
    let places: Vec<&str> = found.iter().map(|problem| problem.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["detect.rules[0].pattern", "detect.rules[1].literals[0]", "routes[0].guard"],
        "{found:#?}"
    );
}

#[test]
fn rules_of_ones_own_are_selected_like_built_in_ones() {
    let canary = json!({ "name": "prompt", "text": "You are Kestrel, an assistant." });
    let other = rule(json!({ "id": "custom.contractor-number", "words": ["Ann Lee"] }));
    let mut edits = detect(&[employee(), other], &[canary]);
    edits.push((
        "/guards/standard",
        json!({
            "request": { "custom": "redact", "custom.contractor-number": "block", "exfiltration": "block" },
            "response": { "custom.employee": "off" },
        }),
    ));
    let guarded = guarded(&edits);
    let action =
        |actions: &crate::redact::Actions, id: &str| actions.of(actions.catalogue().index_of(id).unwrap());
    let canary = "exfiltration.canary.prompt";
    assert_eq!(action(&guarded.request, "custom.employee-number"), Action::Redact);
    assert_eq!(action(&guarded.request, "custom.contractor-number"), Action::Block);
    assert_eq!(action(&guarded.request, canary), Action::Off, "a prompt stands in requests by right");
    assert_eq!(action(&guarded.response, "custom.employee-number"), Action::Off);
    assert_eq!(action(&guarded.response, canary), Action::Block);
    let found = scan_all(
        guarded.response.catalogue(),
        guarded.response.enabled(),
        b"you  ARE kestrel,\nan assistant. ann lee",
    );
    assert_eq!(found.len(), 1);
}

#[test]
fn levels_are_the_most_specific_ones_that_are_written() {
    let mut edits = detect(&[employee()], &[json!({ "name": "prompt", "text": "You are Kestrel." })]);
    edits.push((
        "/classification",
        json!({ "levels": { "pii": "internal", "pii.id": "confidential", "custom.employee": "public" } }),
    ));
    edits.push(("/routes/0/at_most", json!({ "request": "internal" })));
    let guarded = guarded(&edits);
    let level = |id: &str| guarded.request.level(guarded.request.catalogue().index_of(id).unwrap());
    for (id, expected) in [
        ("pii.contact.email", Level::Internal),
        ("pii.id.sg-nric", Level::Confidential),
        ("custom.employee-number", Level::Public),
        ("financial.card", Level::Restricted),
        ("injection.control-token", Level::Public),
        ("exfiltration.canary.prompt", Level::Restricted),
    ] {
        assert_eq!(level(id), expected, "{id}");
    }
    assert_eq!((guarded.request.at_most(), guarded.response.at_most()), (Some(Level::Internal), None));
}

#[test]
fn thirty_thousand_names_configure() {
    let names: Vec<String> = (0..30_000).map(|nth| format!("Customer{nth} Name{}", nth * 7)).collect();
    let edits =
        detect(&[rule(json!({ "words": names, "examples": { "match": ["to customer77 name539."] } }))], &[]);
    guarded(&edits);
}

#[test]
fn addresses_of_an_allowed_host_may_carry_data() {
    let guarded = guarded(&[("/detect", json!({ "allow_hosts": ["cdn.example.com", "*.corp.example"] }))]);
    let found = |url: &str| {
        let catalogue = guarded.response.catalogue();
        let text = format!("![a]({url}) [b]({url}) <img src=\"{url}\">");
        let found = scan_all(catalogue, guarded.response.enabled(), text.as_bytes());
        found.iter().any(|one| catalogue.rule(one.rule).unwrap().id.starts_with("exfiltration."))
    };
    for (url, expected) in [
        ("https://cdn.example.com/p.png?to=bob@mail.example", false),
        ("https://CDN.example.com:8443/p.png?to=bob@mail.example", false),
        ("//img.corp.example/p.png?to=bob@mail.example", false),
        ("https://corp.example/p.png?to=bob@mail.example", true),
        ("https://cdn.example.com.evil.example/p.png?to=bob@mail.example", true),
        ("https://cdn.example.com@evil.example/p.png?to=bob@mail.example", true),
        ("https://evil.example/cdn.example.com?to=bob@mail.example", true),
        ("https://evil.example\\@cdn.example.com/?to=bob@mail.example", true),
    ] {
        assert_eq!(found(url), expected, "{url}");
    }
}
