//! Credentials and keys.
//!
//! Most are entries of tables: tokens with a prefix of their provider, and values that are known by a name in front of
//! them. What has a form of its own has a file of its own; `generic` finds what no provider's rule knows.

use super::{Detector, Example, Rule};
use crate::class::Class;
use crate::detect::keyed::Keyed;
use crate::detect::token::Token;

mod ai;
mod aws;
mod cloud;
mod command;
mod data;
mod files;
mod forge;
mod generic;
mod github;
mod hash;
mod header;
mod identity;
mod infix;
mod jwk;
mod jwt;
mod kubernetes;
mod messaging;
mod name;
mod observability;
mod payment;
mod private_key;
mod service;
mod url;
mod value;

pub(super) fn rules() -> Vec<Rule> {
    let mut rules = vec![
        aws::ACCESS_KEY_ID,
        aws::SECRET_ACCESS_KEY,
        github::RULE,
        jwt::RULE,
        private_key::RULE,
        generic::RULE,
        header::AUTHORIZATION,
        header::CURL_USER,
        command::PASSWORD,
        command::ARGUMENT,
        jwk::RULE,
        url::RULE,
        kubernetes::RULE,
        files::NETRC,
        files::PGPASS,
        files::PUTTY_KEY,
        files::NUGET,
        hash::RULE,
    ];
    rules.extend(infix::RULES);
    rules.extend(ai::RULES);
    rules.extend(cloud::RULES);
    rules.extend(forge::RULES);
    rules.extend(payment::RULES);
    rules.extend(messaging::RULES);
    rules.extend(observability::RULES);
    rules.extend(identity::RULES);
    rules.extend(data::RULES);
    rules.extend(service::RULES);
    rules
}

const fn secret(
    id: &'static str,
    description: &'static str,
    source: &'static str,
    detector: Detector,
    true_examples: &'static [Example],
    false_examples: &'static [&'static str],
) -> Rule {
    Rule {
        id,
        class: Class::Secret,
        level: None,
        description,
        source,
        true_examples,
        false_examples,
        detector,
    }
}

/// A credential with a prefix of its provider.
const fn token(
    id: &'static str,
    description: &'static str,
    source: &'static str,
    token: Token,
    true_examples: &'static [Example],
    false_examples: &'static [&'static str],
) -> Rule {
    secret(id, description, source, Detector::token(token), true_examples, false_examples)
}

/// A credential that is known by a name in front of it.
const fn keyed(
    id: &'static str,
    description: &'static str,
    source: &'static str,
    names: &'static [&'static [u8]],
    keyed: Keyed,
    true_examples: &'static [Example],
    false_examples: &'static [&'static str],
) -> Rule {
    secret(id, description, source, Detector::keyed(names, keyed), true_examples, false_examples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_credentials_of_many_providers_are_known() {
        let rules = rules();
        // `secret.gitlab-token`: GitLab. A rule that knows several providers counts once.
        let provider = |rule: &Rule| rule.id.strip_prefix("secret.")?.split('-').next().map(str::to_owned);
        let providers: BTreeSet<String> = rules.iter().filter_map(provider).collect();
        println!("{} rules of {} providers or groups: {providers:?}", rules.len(), providers.len());
        assert!(providers.len() >= 200);
    }
}
