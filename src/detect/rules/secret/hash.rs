//! `secret.password-hash`: what a password is kept as. Who has it can guess at leisure.

use super::token;
use crate::detect::rules::{Rule, example};
use crate::detect::token::Token;

pub(super) const RULE: Rule = token(
    "secret.password-hash",
    "hash of a password: bcrypt, crypt, Apache, Argon2, scrypt, PBKDF2",
    "crypt(5); Apache HTTP Server documentation, Password formats; RFC 9106; Django documentation, Password management",
    Token::new(&[
        r"$2a$\d{2}$[./A-Za-z0-9]{53}",
        r"$2b$\d{2}$[./A-Za-z0-9]{53}",
        r"$2x$\d{2}$[./A-Za-z0-9]{53}",
        r"$2y$\d{2}$[./A-Za-z0-9]{53}",
        r"$apr1$[./A-Za-z0-9]{1,8}$[./A-Za-z0-9]{22}",
        r"$1$[./A-Za-z0-9]{1,8}$[./A-Za-z0-9]{22}",
        r"$5$[./A-Za-z0-9=]{1,16}$[./A-Za-z0-9]{43}",
        r"$5$rounds=\d{4,9}$[./A-Za-z0-9]{1,16}$[./A-Za-z0-9]{43}",
        r"$6$[./A-Za-z0-9=]{1,16}$[./A-Za-z0-9]{86}",
        r"$6$rounds=\d{4,9}$[./A-Za-z0-9]{1,16}$[./A-Za-z0-9]{86}",
        r"$y$[./A-Za-z0-9]{2,6}$[./A-Za-z0-9]{1,90}$[./A-Za-z0-9]{43}",
        r"$7$[./A-Za-z0-9]{11,97}$[./A-Za-z0-9]{43}",
        r"$argon2id$v=\d{2}$m=\d{1,9},t=\d{1,3},p=\d{1,3}$[A-Za-z0-9+/]{8,90}$[A-Za-z0-9+/]{16,90}",
        r"$argon2i$v=\d{2}$m=\d{1,9},t=\d{1,3},p=\d{1,3}$[A-Za-z0-9+/]{8,90}$[A-Za-z0-9+/]{16,90}",
        r"$P$[./A-Za-z0-9]{31}",
        r"pbkdf2_sha256$\d{4,8}$[A-Za-z0-9]{8,40}$[A-Za-z0-9+/]{43}=",
        r"{SSHA}[A-Za-z0-9+/]{32,64}={0,2}",
    ]),
    &[
        example(
            "alice:$2y$10$q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR2mXv9LpK4s",
            "$2y$10$q7ZtR2mXv9LpK4sWn8BdYcH3fJg6TuEa1oViQ5q7ZtR2mXv9LpK4s",
        ),
        example("alice:$apr1$q7ZtR2mX$v9LpK4sWn8BdYcH3fJg6Tu", "$apr1$q7ZtR2mX$v9LpK4sWn8BdYcH3fJg6Tu"),
    ],
    &["$2y$10$...", "$1$2"],
);
