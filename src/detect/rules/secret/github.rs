//! GitHub's tokens.

use crate::class::Class;
use crate::detect::rules::{Detector, Rule, example};
use crate::detect::token::Token;

pub(super) const RULE: Rule = Rule {
    id: "secret.github-token",
    class: Class::Secret,
    level: None,
    description: "GitHub token: personal, OAuth, user-to-server, server-to-server, refresh, fine-grained",
    source: "GitHub Docs, Token authentication requirements: prefixes ghp, gho, ghu, ghs, ghr, github_pat",
    true_examples: &[
        example(
            "token: ghp_q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oVi",
            "ghp_q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oVi",
        ),
        example(
            "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",
            "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",
        ),
    ],
    false_examples: &[
        "ghp_q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oV",
        "ghp_q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "xghp_q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oVi",
    ],
    detector: Detector::token(Token::new(&[
        "ghp_[A-Za-z0-9]{36}",
        "gho_[A-Za-z0-9]{36}",
        "ghu_[A-Za-z0-9]{36}",
        "ghs_[A-Za-z0-9]{36}",
        "ghr_[A-Za-z0-9]{36,76}",
        r"github_pat_\w{82}",
    ])),
};
