use super::*;

fn names(list: &[&str]) -> Option<Vec<Glob>> {
    Some(list.iter().map(|name| Glob::new(name)).collect())
}

fn principal(groups: &[&str]) -> Principal {
    Principal {
        subject: "alice".into(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        tenant: Some("acme".into()),
        issuer: "okta".into(),
    }
}

fn call(model: Option<&str>, tools: &[&str]) -> Call {
    Call {
        api: Some("openai"),
        operation: Some("chat"),
        model: model.map(str::to_owned),
        tools: Some(tools.iter().map(|tool| (*tool).to_owned()).collect()),
    }
}

fn rule(id: &str, who: Who, what: What) -> Rule {
    Rule { id: id.into(), who, what }
}

fn group(name: &str) -> Who {
    Who { groups: names(&[name]), ..Who::default() }
}

#[test]
fn who_needs_one_of_each_list_that_is_written() {
    let alice = principal(&["support", "eu"]);
    for (name, who, fits) in [
        ("anyone", Who::default(), true),
        ("group", group("support"), true),
        ("glob", group("sup*"), true),
        ("other group", group("hr"), false),
        ("group and tenant", Who { tenants: names(&["acme"]), ..group("eu") }, true),
        ("group and other tenant", Who { tenants: names(&["b"]), ..group("eu") }, false),
        ("subject", Who { subjects: names(&["alice"]), ..Who::default() }, true),
        ("issuer", Who { issuers: names(&["entra"]), ..Who::default() }, false),
    ] {
        assert_eq!(who.matches(&alice), fits, "{name}");
    }
    let nobody = Principal { tenant: None, groups: Vec::new(), ..alice };
    assert!(
        !Who { tenants: names(&["*"]), ..Who::default() }.matches(&nobody),
        "no tenant is not any tenant"
    );
    assert!(!group("*").matches(&nobody), "no group is not any group");
}

#[test]
fn nothing_matched_is_denied_and_the_furthest_rule_gives_the_reason() {
    let rules = |what: What| Rules { allow: vec![rule("a", group("support"), what)], deny: Vec::new() };
    let alice = principal(&["support"]);
    for (name, what, expected) in [
        ("api", What { apis: names(&["anthropic"]), ..What::default() }, Reason::ApiDenied),
        (
            "operation",
            What { operations: names(&["embeddings"]), ..What::default() },
            Reason::OperationDenied,
        ),
        ("model", What { models: names(&["small"]), ..What::default() }, Reason::ModelDenied),
        ("tool", What { tools: names(&["look_up"]), ..What::default() }, Reason::ToolDenied),
    ] {
        let rules = rules(what);
        let decision = rules.decide(&alice, &call(Some("large"), &["look_up", "delete"]));
        assert_eq!(decision, Decision::Deny(expected, None), "{name}");
    }
    let none = Rules::default();
    assert_eq!(none.decide(&alice, &call(None, &[])), Decision::Deny(Reason::IdentityDenied, None));
    let other = principal(&["hr"]);
    let anything = rules(What::default());
    let decision = anything.decide(&other, &call(Some("large"), &[]));
    assert_eq!(decision, Decision::Deny(Reason::IdentityDenied, None));
}

#[test]
fn a_deny_beats_every_allow() {
    let rules = Rules {
        allow: vec![rule("all", Who::default(), What::default())],
        deny: vec![rule("no-tools", group("contractors"), What { tools: names(&["*"]), ..What::default() })],
    };
    let contractor = principal(&["contractors"]);
    assert_eq!(rules.decide(&contractor, &call(Some("m"), &[])), Decision::Allow("all"));
    let decision = rules.decide(&contractor, &call(Some("m"), &["x"]));
    assert_eq!(decision, Decision::Deny(Reason::RuleDenied, Some("no-tools")));
    assert_eq!(rules.decide(&principal(&["support"]), &call(Some("m"), &["x"])), Decision::Allow("all"));
}

#[test]
fn what_a_request_does_not_say_fits_no_allow_and_every_deny() {
    let alice = principal(&[]);
    let models = |id| rule(id, Who::default(), What { models: names(&["small"]), ..What::default() });
    let allow = Rules { allow: vec![models("a")], deny: Vec::new() };
    assert_eq!(allow.decide(&alice, &call(None, &[])), Decision::Deny(Reason::ModelDenied, None));
    let deny = Rules { allow: vec![rule("all", Who::default(), What::default())], deny: vec![models("d")] };
    assert_eq!(deny.decide(&alice, &call(None, &[])), Decision::Deny(Reason::RuleDenied, Some("d")));
    assert_eq!(deny.decide(&alice, &call(Some("large"), &[])), Decision::Allow("all"));
    // Many servers take names in any case; what is denied is denied in each.
    assert_eq!(deny.decide(&alice, &call(Some("SMALL"), &[])), Decision::Deny(Reason::RuleDenied, Some("d")));
    assert_eq!(allow.decide(&alice, &call(Some("SMALL"), &[])), Decision::Deny(Reason::ModelDenied, None));
    // Where nothing of the body was read, any tool may be in it.
    let tools = |id| rule(id, Who::default(), What { tools: names(&["look_up"]), ..What::default() });
    let unread = Call { tools: None, ..call(Some("large"), &[]) };
    let allow = Rules { allow: vec![tools("a")], deny: Vec::new() };
    assert_eq!(allow.decide(&alice, &unread), Decision::Deny(Reason::ToolDenied, None));
    let deny = Rules { allow: vec![rule("all", Who::default(), What::default())], deny: vec![tools("d")] };
    assert_eq!(deny.decide(&alice, &unread), Decision::Deny(Reason::RuleDenied, Some("d")));
}

#[test]
fn a_matcher_reads_host_without_port_and_path_without_query() {
    let matcher = |route: &str, host: &str, path: &str| Matcher {
        route: Some(Glob::new(route)),
        host: Some(Glob::new(host)),
        path: Some(Glob::new(path)),
    };
    let target = Target { route: "openai", host: "AI.example.com.:8443", path: "/v1/chat?x=/admin" };
    assert!(matcher("openai", "ai.example.com", "/v1/*").matches(&target));
    assert!(!matcher("openai", "ai.example.com", "*admin").matches(&target));
    assert!(!matcher("", "ai.example.com", "/v1/*").matches(&target));
    assert!(Matcher::default().matches(&target));
}

#[test]
fn plain_paths() {
    for (path, plain) in [
        ("/healthz", true),
        ("/a/b?x=../..", true),
        ("/a/..b", true),
        ("/a/../b", false),
        ("/a/..", false),
        ("/./a", false),
        ("//a", false),
        ("/a%2e%2e/b", false),
        ("/a%2Fb", false),
        ("/a%5Cb", false),
        ("/a\\b", false),
        ("/a;x/b", false),
        ("a", false),
        ("", false),
        ("*", false),
    ] {
        assert_eq!(is_plain_path(path), plain, "{path}");
    }
    for (path, plain) in [
        ("/model/arn:aws:bedrock:a:1:x%2Fy/converse", true),
        ("/model/x%2f..%2fy/converse", false),
        ("/model/x%2F%2Fy/converse", false),
        ("/model/../y/converse", false),
    ] {
        assert_eq!(is_plain_guarded_path(path), plain, "{path}");
    }
}
