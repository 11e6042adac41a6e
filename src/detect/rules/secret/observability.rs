//! Observability, analytics, feature flags.

use super::{keyed, token};
use crate::detect::keyed::Keyed;
use crate::detect::rules::{Rule, example};
use crate::detect::token::Token;

pub(super) const RULES: [Rule; 22] = [
    token(
        "secret.grafana-token",
        "Grafana service account, cloud or API token",
        "Grafana docs, Service accounts; Cloud access policies",
        Token::new(&[
            r"glsa_[A-Za-z0-9]{32}_\h{8}",
            "glc_[A-Za-z0-9+/]{32,400}={0,3}",
            "eyJrIjoi[A-Za-z0-9]{70,400}={0,3}",
        ]),
        &[example(
            "key: glsa_YfU2N1KIa12bJcL46pjuiPZqYKFI4Kjv_cbbb6b90\n",
            "glsa_YfU2N1KIa12bJcL46pjuiPZqYKFI4Kjv_cbbb6b90",
        )],
        &["glsa_YfU2N1KIa12bJcL46pjuiPZqYKFI4Kjv_cbbb6b9", "xglsa_YfU2N1KIa12bJcL46pjuiPZqYKFI4Kjv_cbbb6b90"],
    ),
    token(
        "secret.newrelic-key",
        "New Relic user, license, ingest or browser key",
        "New Relic docs, API keys",
        Token::new(&[
            "NRAK-[A-Za-z0-9]{27}",
            r"NRJS-\h{19}",
            r"NRII-[\w-]{32}",
            r"NRIQ-[\w-]{32}",
            r"NRRA-\h{42}",
            r"NRSP-[a-z]{4}\h{31}",
            "NRAL-[A-Za-z0-9]{27,40}",
        ]),
        &[example("{\"token\": \"NRAK-ZsYkSOm7hQfz9fPQgPTBYHPkpN2\"}", "NRAK-ZsYkSOm7hQfz9fPQgPTBYHPkpN2")],
        &["NRAK-ZsYkSOm7hQfz9fPQgPTBYHPkpN", "xNRAK-ZsYkSOm7hQfz9fPQgPTBYHPkpN2"],
    ),
    token(
        "secret.sentry-token",
        "Sentry organization, user or integration token",
        "Sentry docs, Auth tokens",
        Token::new(&[
            "sntrys_eyJ[A-Za-z0-9+/]{60,300}={0,2}_[A-Za-z0-9+/]{43}",
            r"sntryu_\h{64}",
            r"sntrya_\h{64}",
            r"sntryi_\h{64}",
        ]),
        &[example(
            "key: sntrys_eyJbwM78X87YgaUYt1s5QooKNCoyINw79gk2HUwgi3IbrJCf6hdtAyXz2u7IWLZQGezej_woFVXclPBusL4AFa4KvZsSKymPGkejplBb60DT08FiA\n",
            "sntrys_eyJbwM78X87YgaUYt1s5QooKNCoyINw79gk2HUwgi3IbrJCf6hdtAyXz2u7IWLZQGezej_woFVXclPBusL4AFa4KvZsSKymPGkejplBb60DT08FiA",
        )],
        &[
            "sntrys_eyJ...",
            "xsntrys_eyJbwM78X87YgaUYt1s5QooKNCoyINw79gk2HUwgi3IbrJCf6hdtAyXz2u7IWLZQGezej_woFVXclPBusL4AFa4KvZsSKymPGkejplBb60DT08FiA",
        ],
    ),
    token(
        "secret.dynatrace-token",
        "Dynatrace API, PaaS or OAuth token",
        "Dynatrace docs, Token format",
        Token::new(&[
            r"dt0c\d{2}\.[A-Z0-9a-z]{24}\.[A-Z0-9a-z]{64}",
            r"dt0s\d{2}\.[A-Z0-9a-z]{8,24}\.[A-Z0-9a-z]{64}",
        ]),
        &[example(
            "{\"token\": \"dt0c53.ZPg1gOpnXvDjX1S1GEDa9IQr.OtOuBwnhmYeAODqfx9KvljUzi37432H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIvU\"}",
            "dt0c53.ZPg1gOpnXvDjX1S1GEDa9IQr.OtOuBwnhmYeAODqfx9KvljUzi37432H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIvU",
        )],
        &[
            "dt0c53.ZPg1gOpnXvDjX1S1GEDa9IQr.OtOuBwnhmYeAODqfx9KvljUzi37432H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIv",
            "xdt0c53.ZPg1gOpnXvDjX1S1GEDa9IQr.OtOuBwnhmYeAODqfx9KvljUzi37432H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIvU",
        ],
    ),
    token(
        "secret.honeycomb-key",
        "Honeycomb ingest or management key",
        "Honeycomb docs, API keys",
        Token::new(&["hcaik_[a-z0-9]{58}", "hcaic_[a-z0-9]{58}", "hcamk_[a-z0-9]{58}", r"hcxik_\w{58}"]),
        &[example(
            "export TOKEN=hcaik_ckj2a289of9j0w32qyvtwdfaiczy6a1c2wjjfxdq4qfvcimzp0txqszf4j",
            "hcaik_ckj2a289of9j0w32qyvtwdfaiczy6a1c2wjjfxdq4qfvcimzp0txqszf4j",
        )],
        &[
            "hcaik_ckj2a289of9j0w32qyvtwdfaiczy6a1c2wjjfxdq4qfvcimzp0txqszf4",
            "xhcaik_ckj2a289of9j0w32qyvtwdfaiczy6a1c2wjjfxdq4qfvcimzp0txqszf4j",
        ],
    ),
    token(
        "secret.posthog-key",
        "PostHog personal or project key",
        "PostHog docs, API",
        Token::new(&["phx_[A-Za-z0-9]{40,48}", "phc_[A-Za-z0-9]{40,48}"]),
        &[example(
            "key: phx_9ANnfdEHkae166mTf0gjRUZp8rj1CrENcFvta64W3CRq\n",
            "phx_9ANnfdEHkae166mTf0gjRUZp8rj1CrENcFvta64W3CRq",
        )],
        &["phx_...", "xphx_9ANnfdEHkae166mTf0gjRUZp8rj1CrENcFvta64W3CRq"],
    ),
    token(
        "secret.axiom-logfire-token",
        "Axiom or Logfire token",
        "Providers' own documentation, API tokens",
        Token::new(&[
            r"xaat-\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
            r"xapt-\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
            r"pylf_v\d_[a-z]{2}_[A-Za-z0-9]{40,60}",
        ]),
        &[example(
            "use xaat-004536fd-c342-1659-b97b-35b1be84c18a, please",
            "xaat-004536fd-c342-1659-b97b-35b1be84c18a",
        )],
        &["xaat-004536fd-c342-1659-b97b-35b1be84c18", "xxaat-004536fd-c342-1659-b97b-35b1be84c18a"],
    ),
    token(
        "secret.incident-pagerduty-key",
        "incident.io or PagerDuty key",
        "Providers' own documentation, API keys",
        Token::new(&[r"inc_\h{64}", r"pdus\+[\w+-]{20,60}"]),
        &[example(
            "export TOKEN=inc_837438d31e9f6616da96c5dae2c3a91084aa92052b9c9c1c03ab205142d3d203",
            "inc_837438d31e9f6616da96c5dae2c3a91084aa92052b9c9c1c03ab205142d3d203",
        )],
        &[
            "inc_837438d31e9f6616da96c5dae2c3a91084aa92052b9c9c1c03ab205142d3d20",
            "xinc_837438d31e9f6616da96c5dae2c3a91084aa92052b9c9c1c03ab205142d3d203",
        ],
    ),
    token(
        "secret.launchdarkly-key",
        "LaunchDarkly SDK, mobile or API key",
        "LaunchDarkly docs, Keys",
        Token::new(&[
            r"sdk-\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
            r"mob-\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
            r"api-\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
        ]),
        &[example(
            "token = sdk-9429c59e-a54e-bd4f-7092-0071b1528236",
            "sdk-9429c59e-a54e-bd4f-7092-0071b1528236",
        )],
        &["sdk-9429c59e-a54e-bd4f-7092-0071b152823", "xsdk-9429c59e-a54e-bd4f-7092-0071b1528236"],
    ),
    token(
        "secret.feature-flag-key",
        "Statsig, Flagsmith or ConfigCat key",
        "Providers' own documentation, Keys",
        Token::new(&[
            "secret-[A-Za-z0-9]{40,50}",
            r"ser\.[A-Za-z0-9]{20,30}",
            r"configcat-sdk-1/[\w-]{22}/[\w-]{22}",
            "console-[A-Za-z0-9]{40,50}",
        ]),
        &[example(
            "{\"token\": \"secret-IwJMNpBxsca5kCJtzbBje2YVLiC30Q8sSgca5mg8bbgFn\"}",
            "secret-IwJMNpBxsca5kCJtzbBje2YVLiC30Q8sSgca5mg8bbgFn",
        )],
        &["secret-...", "xsecret-IwJMNpBxsca5kCJtzbBje2YVLiC30Q8sSgca5mg8bbgFn"],
    ),
    keyed(
        "secret.datadog-key",
        "Datadog API or application key",
        "Datadog docs, API and application keys",
        &[b"datadog", b"dd_api", b"dd-api", b"dd_app", b"dd-app"],
        Keyed::new(&[r"\h{32}", "[A-Za-z0-9]{40}", r"pub\h{32}", "[a-z0-9]{40}"]),
        &[example("DATADOG_SECRET=01f9ba3afd0d8224236f4a6b842b98a0\n", "01f9ba3afd0d8224236f4a6b842b98a0")],
        &["datadog_key = \"01f9ba3afd0d8224236f4a6b842b98a \"", "datadog_token: 01f9"],
    ),
    keyed(
        "secret.newrelic-license",
        "New Relic license or user key",
        "New Relic docs, API keys",
        &[b"newrelic", b"new_relic", b"new-relic", b"nr_license"],
        Keyed::new(&["[A-Za-z0-9]{64}", r"\h{36}NRAL", r"\h{40}", "[A-Za-z0-9]{47}", r"\h{32}"]),
        &[example(
            "newrelic-api-key: mnWkpcrOvJ4kb6G7NelGZFmaYVR0qPI8vcLK9hXypmiyeeH7MzrumbQHyuEZwUNX\n",
            "mnWkpcrOvJ4kb6G7NelGZFmaYVR0qPI8vcLK9hXypmiyeeH7MzrumbQHyuEZwUNX",
        )],
        &[
            "newrelic_key = \"mnWkpcrOvJ4kb6G7NelGZFmaYVR0qPI8vcLK9hXypmiyeeH7MzrumbQHyuEZwUN \"",
            "newrelic_token: mnWk",
        ],
    ),
    keyed(
        "secret.sentry-key",
        "Sentry auth token",
        "Sentry docs, Auth tokens",
        &[b"sentry"],
        Keyed::new(&[r"\h{64}"]),
        &[example(
            "SENTRY_SECRET=8d3865813bcec7a2bf6318283c1a68700db10ee4754b6678a7e7e60e02639918\n",
            "8d3865813bcec7a2bf6318283c1a68700db10ee4754b6678a7e7e60e02639918",
        )],
        &[
            "sentry_key = \"8d3865813bcec7a2bf6318283c1a68700db10ee4754b6678a7e7e60e0263991 \"",
            "sentry_token: 8d38",
        ],
    ),
    keyed(
        "secret.rollbar-token",
        "Rollbar, Bugsnag, Airbrake, Raygun or Honeybadger token",
        "Providers' own documentation",
        &[b"rollbar", b"bugsnag", b"airbrake", b"raygun", b"honeybadger"],
        Keyed::new(&[r"\h{32}", "[A-Za-z0-9]{22}", "hb[a-z]_[A-Za-z0-9]{36}", r"\h{64}"]),
        &[example(
            "rollbar_token = \"17b074a37e6a50cad341c0ae78009673\"",
            "17b074a37e6a50cad341c0ae78009673",
        )],
        &["rollbar_key = \"17b074a37e6a50cad341c0ae7800967 \"", "rollbar_token: 17b0"],
    ),
    keyed(
        "secret.sumologic-key",
        "Sumo Logic access id or key",
        "Sumo Logic docs, Access keys",
        &[b"sumologic", b"sumo"],
        Keyed { entropy: 30, is_credential: false, ..Keyed::new(&["su[A-Za-z0-9]{12}", "[A-Za-z0-9]{64}"]) },
        &[example("sumologic_token = \"suerEPeqgsY1nV\"", "suerEPeqgsY1nV")],
        &["sumologic_key = \"suerEPeqgsY1n \"", "sumologic_token: suer"],
    ),
    keyed(
        "secret.splunk-token",
        "Splunk, Loggly, Logz.io, LogDNA, Papertrail, Logentries, Coralogix or Elastic token",
        "Providers' own documentation",
        &[
            b"splunk",
            b"hec_token",
            b"loggly",
            b"logz.io",
            b"logzio",
            b"logdna",
            b"papertrail",
            b"logentries",
            b"coralogix",
            b"mezmo",
            b"elastic_api",
            b"elastic_cloud",
            b"elasticsearch",
        ],
        Keyed {
            entropy: 30,
            is_credential: false,
            ..Keyed::new(&[
                r"\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
                "[A-Za-z0-9]{32}",
                r"\h{32}",
                "[A-Za-z0-9]{20}",
                "cxt[a-z]_[A-Za-z0-9]{30}",
                "[A-Za-z0-9]{25}",
                r"essu_[\w+/]{40,120}={0,2}",
                "[A-Za-z0-9+/]{56,80}={0,2}",
                "[A-Za-z0-9+/]{20,24}={0,2}",
            ])
        },
        &[example(
            "{\"splunk_key\": \"44cb11ef-078e-17d6-2ca2-7ee39a116179\"}",
            "44cb11ef-078e-17d6-2ca2-7ee39a116179",
        )],
        &["splunk_key = \"44cb11ef-078e-17d6-2ca2-7ee39a11617 \"", "splunk_token: 44cb"],
    ),
    keyed(
        "secret.pagerduty-token",
        "PagerDuty, Opsgenie, VictorOps or Statuspage key",
        "Providers' own documentation",
        &[b"pagerduty", b"pager_duty", b"opsgenie", b"victorops", b"statuspage"],
        Keyed::new(&[r"\h{32}", r"\h{8}-\h{4}-\h{4}-\h{4}-\h{12}", r"[\w+-]{20}"]),
        &[example(
            "{\"pagerduty_key\": \"64a145523df9027e98ecbf0f6badcb51\"}",
            "64a145523df9027e98ecbf0f6badcb51",
        )],
        &["pagerduty_key = \"64a145523df9027e98ecbf0f6badcb5 \"", "pagerduty_token: 64a1"],
    ),
    keyed(
        "secret.uptime-key",
        "UptimeRobot, Pingdom, StatusCake, Checkly or Better Uptime key",
        "Providers' own documentation",
        &[b"uptimerobot", b"uptime_robot", b"pingdom", b"statuscake", b"betteruptime", b"checkly_"],
        Keyed {
            entropy: 30,
            is_credential: false,
            ..Keyed::new(&[
                r"[um]\d{6,10}-\h{24,32}",
                r"[\w-]{71}",
                "[A-Za-z0-9]{64}",
                "[A-Za-z0-9]{20}",
                "[A-Za-z0-9]{24}",
                r"cu_\h{32}",
            ])
        },
        &[example(
            "UPTIMEROBOT_SECRET=m53074521-cacc6fa5afe95e3f006371303645\n",
            "m53074521-cacc6fa5afe95e3f006371303645",
        )],
        &["uptimerobot_key = \"m53074521-cacc6fa5afe95e3f00637130364 \"", "uptimerobot_token: m530"],
    ),
    keyed(
        "secret.analytics-key",
        "Segment, Mixpanel, Amplitude, Heap, Hotjar, Pendo or Fullstory key",
        "Providers' own documentation",
        &[
            b"segment_",
            b"mixpanel",
            b"amplitude",
            b"heap_",
            b"hotjar",
            b"pendo",
            b"fullstory",
            b"keen_",
            b"woopra",
        ],
        Keyed {
            entropy: 30,
            is_credential: false,
            ..Keyed::new(&[
                "[A-Za-z0-9]{32}",
                r"\h{32}",
                r"\h{8}-\h{4}-\h{4}-\h{4}-\h{12}",
                r"\h{64}",
                "sgp_[A-Za-z0-9]{64}",
                r"[\w-]{43}",
                r"na1\.[A-Za-z0-9+/]{40,100}={0,2}",
            ])
        },
        &[example(
            "{\"segment_key\": \"vBmqPekW4XAS1nq2QaKcjNWIjoMExEWp\"}",
            "vBmqPekW4XAS1nq2QaKcjNWIjoMExEWp",
        )],
        &["segment_key = \"vBmqPekW4XAS1nq2QaKcjNWIjoMExEW \"", "segment_token: vBmq"],
    ),
    keyed(
        "secret.launchdarkly-token",
        "LaunchDarkly, Optimizely, Split or Unleash key",
        "Providers' own documentation",
        &[b"launchdarkly", b"optimizely", b"splitio", b"unleash", b"flagsmith"],
        Keyed {
            entropy: 32,
            is_credential: false,
            ..Keyed::new(&[
                "[A-Za-z0-9=_-]{40}",
                "[A-Za-z0-9]{32}",
                r"2:[\w-]{64,90}",
                r"[\w*]+:[\w-]{1,40}\.\h{56,64}",
            ])
        },
        &[example(
            "LAUNCHDARKLY_SECRET=cT6jLDu1gnQEgm251hvAL5MTH30JCV9O9y5qG6qM\n",
            "cT6jLDu1gnQEgm251hvAL5MTH30JCV9O9y5qG6qM",
        )],
        &["launchdarkly_key = \"cT6jLDu1gnQEgm251hvAL5MTH30JCV9O9y5qG6q \"", "launchdarkly_token: cT6j"],
    ),
    keyed(
        "secret.beamer-key",
        "Beamer API token",
        "Beamer docs, API",
        &[b"beamer"],
        Keyed::new(&["b_[A-Za-z0-9=_-]{44}"]),
        &[example(
            "{\"beamer_key\": \"b_KDvuHacU6CT4smgqpCUOzqwWQzZRqRlcOhk3Z51ga9jd\"}",
            "b_KDvuHacU6CT4smgqpCUOzqwWQzZRqRlcOhk3Z51ga9jd",
        )],
        &["beamer_key = \"b_KDvuHacU6CT4smgqpCUOzqwWQzZRqRlcOhk3Z51ga9j \"", "beamer_token: b_KD"],
    ),
    token(
        "secret.segment-token",
        "Segment public API token",
        "Segment docs, Public API",
        Token::new(&["sgp_[A-Za-z0-9]{64}"]),
        &[example(
            "key: sgp_ZoJit18XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal7lNj34IwfFT5F1VyxS\n",
            "sgp_ZoJit18XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal7lNj34IwfFT5F1VyxS",
        )],
        &[
            "sgp_ZoJit18XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal7lNj34IwfFT5F1Vyx",
            "xsgp_ZoJit18XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal7lNj34IwfFT5F1VyxS",
        ],
    ),
];
