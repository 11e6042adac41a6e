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
            "'00uf26eHtUwuy1EYfdSInzKJSu8IXLLcFO9lAqWNKb'",
            "00uf26eHtUwuy1EYfdSInzKJSu8IXLLcFO9lAqWNKb",
        )],
        &["00uf26eHtUwuy1EYfdSInzKJSu8IXLLcFO9lAqWNK", "x00uf26eHtUwuy1EYfdSInzKJSu8IXLLcFO9lAqWNKb"],
    ),
    token(
        "secret.stytch-secret",
        "Stytch secret",
        "Providers' own documentation, API keys",
        Token::new(&[r"secret-test-[\w=-]{36}", r"secret-live-[\w=-]{36}"]),
        &[example(
            "{\"token\": \"secret-test-FjHbSfml6VzCuFu3tHXeKLJhFTvvSGdHY5d2\"}",
            "secret-test-FjHbSfml6VzCuFu3tHXeKLJhFTvvSGdHY5d2",
        )],
        &[
            "secret-test-FjHbSfml6VzCuFu3tHXeKLJhFTvvSGdHY5d",
            "xsecret-test-FjHbSfml6VzCuFu3tHXeKLJhFTvvSGdHY5d2",
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
            "use persona_sandbox_d819a059c0d0a9d1cbbcc6d197b5cf4637d4, please",
            "persona_sandbox_d819a059c0d0a9d1cbbcc6d197b5cf4637d4",
        )],
        &[
            "persona_sandbox_d819a059c0d0a9d1cbbcc6d197b5cf4637d",
            "xpersona_sandbox_d819a059c0d0a9d1cbbcc6d197b5cf4637d4",
        ],
    ),
    keyed(
        "secret.okta-key",
        "Okta API token or client secret",
        "Okta docs, API tokens",
        &[b"okta"],
        Keyed::new(&[r"00[\w=-]{40}", r"[\w-]{40}", r"[\w-]{64}"]),
        &[example(
            "OKTA_SECRET=00M9VCLUkMREgi5xNFjwS9BAqlS6MaabjrsiyCm4fg\n",
            "00M9VCLUkMREgi5xNFjwS9BAqlS6MaabjrsiyCm4fg",
        )],
        &["okta_key = \"00M9VCLUkMREgi5xNFjwS9BAqlS6MaabjrsiyCm4f \"", "okta_token: 00M9"],
    ),
    keyed(
        "secret.auth0-secret",
        "Auth0 client secret",
        "Auth0 docs, Application settings",
        &[b"auth0"],
        Keyed::new(&[r"[\w-]{64}", "[A-Za-z0-9]{32}"]),
        &[example(
            "{\"auth0_key\": \"aqZkjiXYfhKV0i8EnBmSblUkr4wl4vFaBFr4rjmSbxhWH82EBl3LLnunsL4zMcJW\"}",
            "aqZkjiXYfhKV0i8EnBmSblUkr4wl4vFaBFr4rjmSbxhWH82EBl3LLnunsL4zMcJW",
        )],
        &[
            "auth0_key = \"aqZkjiXYfhKV0i8EnBmSblUkr4wl4vFaBFr4rjmSbxhWH82EBl3LLnunsL4zMcJ \"",
            "auth0_token: aqZk",
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
            "onelogin_token = \"e9d51d21a45ac4a2e06b89332fdc29ba55404d940aa43e038fd611ef93f8f5ae\"",
            "e9d51d21a45ac4a2e06b89332fdc29ba55404d940aa43e038fd611ef93f8f5ae",
        )],
        &[
            "onelogin_key = \"e9d51d21a45ac4a2e06b89332fdc29ba55404d940aa43e038fd611ef93f8f5a \"",
            "onelogin_token: e9d5",
        ],
    ),
    keyed(
        "secret.adobe-secret",
        "Adobe client id or secret",
        "Adobe Developer docs, Credentials",
        &[b"adobe"],
        Keyed::new(&[r"\h{32}", "p8e-[A-Za-z0-9-]{32}", "p8e-[A-Za-z0-9]{32}"]),
        &[example("adobe_token = \"4b4f96809ebc2ab8a263c0ee5dfb115a\"", "4b4f96809ebc2ab8a263c0ee5dfb115a")],
        &["adobe_key = \"4b4f96809ebc2ab8a263c0ee5dfb115 \"", "adobe_token: 4b4f"],
    ),
    token(
        "secret.adobe-token",
        "Adobe client secret",
        "Adobe Developer docs, Credentials",
        Token::new(&["p8e-[A-Za-z0-9-]{32}"]),
        &[example(
            "{\"token\": \"p8e-iMcn5O4kYaxInbSthxY8Uvs37B2zDfMy\"}",
            "p8e-iMcn5O4kYaxInbSthxY8Uvs37B2zDfMy",
        )],
        &["p8e-iMcn5O4kYaxInbSthxY8Uvs37B2zDfM", "xp8e-iMcn5O4kYaxInbSthxY8Uvs37B2zDfMy"],
    ),
    keyed(
        "secret.looker-key",
        "Looker client id or secret",
        "Looker docs, API authentication",
        &[b"looker"],
        Keyed::new(&["[A-Za-z0-9]{20}", "[A-Za-z0-9]{24}"]),
        &[example("LOOKER_SECRET=SetUSR7ZYjRoNGEpAVtg\n", "SetUSR7ZYjRoNGEpAVtg")],
        &["looker_key = \"SetUSR7ZYjRoNGEpAVt \"", "looker_token: SetU"],
    ),
    keyed(
        "secret.intra42-secret",
        "Intra 42 client secret",
        "42 API docs",
        &[b"intra42", b"intra_42", b"42_"],
        Keyed { entropy: 28, is_credential: true, ..Keyed::new(&[r"s-s4t2[a-z]{2}-\h{64}"]) },
        &[example(
            "{\"intra42_key\": \"s-s4t2tk-7442066825c3f413279c374be6579139db1823f2f156ea9212393b60648795e9\"}",
            "s-s4t2tk-7442066825c3f413279c374be6579139db1823f2f156ea9212393b60648795e9",
        )],
        &[
            "intra42_key = \"s-s4t2tk-7442066825c3f413279c374be6579139db1823f2f156ea9212393b60648795e \"",
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
            "s-s4t2ud-8ec4702f2e622f4b4f6c36106a538748a6d99fa2fd2cad31b56d1526911674a",
            "xs-s4t2ud-8ec4702f2e622f4b4f6c36106a538748a6d99fa2fd2cad31b56d1526911674ae",
        ],
    ),
    keyed(
        "secret.azure-ad-secret",
        "Microsoft Entra client secret in its older form",
        "Microsoft Entra docs",
        &[b"azure_ad", b"aad_", b"arm_client", b"graph_client", b"msal", b"azuread"],
        Keyed { entropy: 37, is_credential: false, ..Keyed::new(&[r"[\w~.+/=@?-]{32,44}"]) },
        &[example(
            "azure_ad-api-key: bc95QlMm6EN48L?~paDbyONptqXtdYE8CcMLsR\n",
            "bc95QlMm6EN48L?~paDbyONptqXtdYE8CcMLsR",
        )],
        &["azure_ad_key = \"bc95QlMm6EN48L?~paDbyONptqXtdYE8CcMLs \"", "azure_ad_token: bc95"],
    ),
];
