//! Identity providers.

use super::{keyed, token};
use crate::detect::keyed::Keyed;
use crate::detect::rules::{Rule, example};
use crate::detect::token::Token;

pub(super) const RULES: [Rule; 12] = [
    token(
        "secret.okta-token",
        "Okta API token",
        "Okta docs, API tokens",
        Token { patterns: &[r"00u[\w-]{39}"], entropy: 48 },
        &[example(
            "token = 00uzMcJWkiwBTIRAtpYz2dQu5v2cKy8BKfO9vL5soS",
            "00uzMcJWkiwBTIRAtpYz2dQu5v2cKy8BKfO9vL5soS",
        )],
        &["00uzMcJWkiwBTIRAtpYz2dQu5v2cKy8BKfO9vL5so", "x00uzMcJWkiwBTIRAtpYz2dQu5v2cKy8BKfO9vL5soS"],
    ),
    token(
        "secret.stytch-secret",
        "Stytch secret",
        "Providers' own documentation, API keys",
        Token::new(&[r"secret-test-[\w=-]{36}", r"secret-live-[\w=-]{36}"]),
        &[example(
            "key: secret-test-MrLBXBwpwub9lm1ivnw9RJ80lLLb8pn7fT06\n",
            "secret-test-MrLBXBwpwub9lm1ivnw9RJ80lLLb8pn7fT06",
        )],
        &[
            "secret-test-MrLBXBwpwub9lm1ivnw9RJ80lLLb8pn7fT0",
            "xsecret-test-MrLBXBwpwub9lm1ivnw9RJ80lLLb8pn7fT06",
        ],
    ),
    token(
        "secret.persona-onfido-key",
        "Persona or Onfido key",
        "Providers' own documentation, API tokens",
        Token::new(&[
            "persona_sandbox_[0-9a-f-]{36}",
            "persona_production_[0-9a-f-]{36}",
            r"api_live\.[\w-]{11}\.[\w-]{32}",
            r"api_sandbox\.[\w-]{11}\.[\w-]{32}",
        ]),
        &[example(
            "key: persona_sandbox_4b4f96809ebc2ab8a263c0ee5dfb115a21fc\n",
            "persona_sandbox_4b4f96809ebc2ab8a263c0ee5dfb115a21fc",
        )],
        &[
            "persona_sandbox_4b4f96809ebc2ab8a263c0ee5dfb115a21f",
            "xpersona_sandbox_4b4f96809ebc2ab8a263c0ee5dfb115a21fc",
        ],
    ),
    keyed(
        "secret.okta-key",
        "Okta API token or client secret",
        "Okta docs, API tokens",
        &[b"okta"],
        Keyed::new(&[r"00[\w=-]{40}", r"[\w-]{40}", r"[\w-]{64}"]),
        &[example(
            "OKTA_SECRET=00O4kYaxInbSthxY8Uvs37B2zDfMyESetUSR7ZYjRo\n",
            "00O4kYaxInbSthxY8Uvs37B2zDfMyESetUSR7ZYjRo",
        )],
        &["okta_key = \"00O4kYaxInbSthxY8Uvs37B2zDfMyESetUSR7ZYjR \"", "okta_token: 00O4"],
    ),
    keyed(
        "secret.auth0-secret",
        "Auth0 client secret",
        "Auth0 docs, Application settings",
        &[b"auth0"],
        Keyed::new(&[r"[\w-]{64}", "[A-Za-z0-9]{32}"]),
        &[example(
            "{\"auth0_key\": \"GEpAVtgLKmNQWGtGpNdvwLKllFicrg8y9W4x0DnmCeogHyyn5qBwyPz6VY9W275m\"}",
            "GEpAVtgLKmNQWGtGpNdvwLKllFicrg8y9W4x0DnmCeogHyyn5qBwyPz6VY9W275m",
        )],
        &[
            "auth0_key = \"GEpAVtgLKmNQWGtGpNdvwLKllFicrg8y9W4x0DnmCeogHyyn5qBwyPz6VY9W275 \"",
            "auth0_token: GEpA",
        ],
    ),
    keyed(
        "secret.onelogin-secret",
        "OneLogin, JumpCloud, Duo, Ping or Keycloak secret",
        "Providers' own documentation",
        &[b"onelogin", b"jumpcloud", b"duo_", b"pingone", b"keycloak", b"fusionauth", b"authentik"],
        Keyed {
            entropy: 32,
            is_credential: false,
            ..Keyed::new(&[
                r"\h{64}",
                r"\h{40}",
                "[A-Za-z0-9]{40}",
                r"\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
                "[A-Za-z0-9]{32}",
                r"\w{43}",
                "jca_[A-Za-z0-9]{36}",
            ])
        },
        &[example(
            "onelogin_token = \"9c374be6579139db1823f2f156ea9212393b60648795e96fc8192ae58ec4702f\"",
            "9c374be6579139db1823f2f156ea9212393b60648795e96fc8192ae58ec4702f",
        )],
        &[
            "onelogin_key = \"9c374be6579139db1823f2f156ea9212393b60648795e96fc8192ae58ec4702 \"",
            "onelogin_token: 9c37",
        ],
    ),
    keyed(
        "secret.adobe-secret",
        "Adobe client id or secret",
        "Adobe Developer docs, Credentials",
        &[b"adobe"],
        Keyed::new(&[r"\h{32}", "p8e-[A-Za-z0-9-]{32}", "p8e-[A-Za-z0-9]{32}"]),
        &[example("adobe-api-key: e622f4b4f6c36106a538748a6d99fa2f\n", "e622f4b4f6c36106a538748a6d99fa2f")],
        &["adobe_key = \"e622f4b4f6c36106a538748a6d99fa2 \"", "adobe_token: e622"],
    ),
    token(
        "secret.adobe-token",
        "Adobe client secret",
        "Adobe Developer docs, Credentials",
        Token::new(&["p8e-[A-Za-z0-9-]{32}"]),
        &[example(
            "{\"token\": \"p8e-d62MiZADQ3dA4CJgvuamjm33tpDxazFe\"}",
            "p8e-d62MiZADQ3dA4CJgvuamjm33tpDxazFe",
        )],
        &["p8e-d62MiZADQ3dA4CJgvuamjm33tpDxazF", "xp8e-d62MiZADQ3dA4CJgvuamjm33tpDxazFe"],
    ),
    keyed(
        "secret.looker-key",
        "Looker client id or secret",
        "Looker docs, API authentication",
        &[b"looker"],
        Keyed::new(&["[A-Za-z0-9]{20}", "[A-Za-z0-9]{24}"]),
        &[example("looker_token = \"KTpdJK42EOeCP3qas8vC\"", "KTpdJK42EOeCP3qas8vC")],
        &["looker_key = \"KTpdJK42EOeCP3qas8v \"", "looker_token: KTpd"],
    ),
    keyed(
        "secret.intra42-secret",
        "Intra 42 client secret",
        "42 API docs",
        &[b"intra42", b"intra_42", b"42_"],
        Keyed { entropy: 28, is_credential: true, ..Keyed::new(&[r"s-s4t2[a-z]{2}-\h{64}"]) },
        &[example(
            "intra42_token = \"s-s4t2jp-6ded8ea9423a65e7e478d1b0c122ef1349967865f7dc39170825add4ca9ca67e\"",
            "s-s4t2jp-6ded8ea9423a65e7e478d1b0c122ef1349967865f7dc39170825add4ca9ca67e",
        )],
        &[
            "intra42_key = \"s-s4t2jp-6ded8ea9423a65e7e478d1b0c122ef1349967865f7dc39170825add4ca9ca67 \"",
            "intra42_token: s-s4",
        ],
    ),
    token(
        "secret.intra42-token",
        "Intra 42 client secret",
        "42 API docs",
        Token::new(&[r"s-s4t2ud-\h{64}", r"s-s4t2af-\h{64}"]),
        &[example(
            "use 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, please",
            "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",
        )],
        &[
            "s-s4t2ud-a3c37ecf21b38585e7e24aac8da0e2404ccf9c208494d848b7da30e7c9cf1f7",
            "xs-s4t2ud-a3c37ecf21b38585e7e24aac8da0e2404ccf9c208494d848b7da30e7c9cf1f75",
        ],
    ),
    keyed(
        "secret.azure-ad-secret",
        "Microsoft Entra client secret in its older form",
        "Microsoft Entra docs",
        &[b"azure_ad", b"aad_", b"arm_client", b"graph_client", b"msal", b"azuread"],
        Keyed { entropy: 37, is_credential: false, ..Keyed::new(&[r"[\w~.+/=@?-]{32,44}"]) },
        &[example(
            "{\"azure_ad_key\": \"6wtogEDuSFyHA5bETt0M275XbExzW8dR4CEd8v\"}",
            "6wtogEDuSFyHA5bETt0M275XbExzW8dR4CEd8v",
        )],
        &["azure_ad_key = \"6wtogEDuSFyHA5bETt0M275XbExzW8dR4CEd8 \"", "azure_ad_token: 6wto"],
    ),
];
