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
            "use glsa_8QbwM78X87YgaUYt1s5QooKNCoyINw79_8f199635, please",
            "glsa_8QbwM78X87YgaUYt1s5QooKNCoyINw79_8f199635",
        )],
        &["glsa_8QbwM78X87YgaUYt1s5QooKNCoyINw79_8f19963", "xglsa_8QbwM78X87YgaUYt1s5QooKNCoyINw79_8f199635"],
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
        &[example("export TOKEN=NRAK-GezejBwoFVXclPBusL4AFa4KvZs", "NRAK-GezejBwoFVXclPBusL4AFa4KvZs")],
        &["NRAK-GezejBwoFVXclPBusL4AFa4KvZ", "xNRAK-GezejBwoFVXclPBusL4AFa4KvZs"],
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
            "key: sntrys_eyJFiAHS7N3MEi2ZPg1gOpnXvDjX1S1GEDa9IQrAOtOuBwnhmYeAODqfx9KvljUzi3743_H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIvU98bFgIPXe\n",
            "sntrys_eyJFiAHS7N3MEi2ZPg1gOpnXvDjX1S1GEDa9IQrAOtOuBwnhmYeAODqfx9KvljUzi3743_H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIvU98bFgIPXe",
        )],
        &[
            "sntrys_eyJ...",
            "xsntrys_eyJFiAHS7N3MEi2ZPg1gOpnXvDjX1S1GEDa9IQrAOtOuBwnhmYeAODqfx9KvljUzi3743_H21Jxqs2i5xf2WYJ91VRSA8cFVwDr9gIvU98bFgIPXe",
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
            "{\"token\": \"dt0c02.89OF9J0W32QeYtVzTWdDFAIy.ZY6A1nfCo2aWJJFuXDexktqQ4QbFVvCIyrlMlZulP0ThXQqSpyZtF4JOn6Om2Wr1\"}",
            "dt0c02.89OF9J0W32QeYtVzTWdDFAIy.ZY6A1nfCo2aWJJFuXDexktqQ4QbFVvCIyrlMlZulP0ThXQqSpyZtF4JOn6Om2Wr1",
        )],
        &[
            "dt0c02.89OF9J0W32QeYtVzTWdDFAIy.ZY6A1nfCo2aWJJFuXDexktqQ4QbFVvCIyrlMlZulP0ThXQqSpyZtF4JOn6Om2Wr",
            "xdt0c02.89OF9J0W32QeYtVzTWdDFAIy.ZY6A1nfCo2aWJJFuXDexktqQ4QbFVvCIyrlMlZulP0ThXQqSpyZtF4JOn6Om2Wr1",
        ],
    ),
    token(
        "secret.honeycomb-key",
        "Honeycomb ingest or management key",
        "Honeycomb docs, API keys",
        Token::new(&["hcaik_[a-z0-9]{58}", "hcaic_[a-z0-9]{58}", "hcamk_[a-z0-9]{58}", r"hcxik_\w{58}"]),
        &[example(
            "'hcaik_6t0ruz81cenf64w3crl1vovb118b7cuwqy5o78543wcbzi0mifyn47wan2'",
            "hcaik_6t0ruz81cenf64w3crl1vovb118b7cuwqy5o78543wcbzi0mifyn47wan2",
        )],
        &[
            "hcaik_6t0ruz81cenf64w3crl1vovb118b7cuwqy5o78543wcbzi0mifyn47wan",
            "xhcaik_6t0ruz81cenf64w3crl1vovb118b7cuwqy5o78543wcbzi0mifyn47wan2",
        ],
    ),
    token(
        "secret.posthog-key",
        "PostHog personal or project key",
        "PostHog docs, API",
        Token::new(&["phx_[A-Za-z0-9]{40,48}", "phc_[A-Za-z0-9]{40,48}"]),
        &[example(
            "key: phx_mOZ2HKY1YX6dv1kvYQmG7E96GsdzQ6umg2mabYoWslSk\n",
            "phx_mOZ2HKY1YX6dv1kvYQmG7E96GsdzQ6umg2mabYoWslSk",
        )],
        &["phx_...", "xphx_mOZ2HKY1YX6dv1kvYQmG7E96GsdzQ6umg2mabYoWslSk"],
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
            "use xaat-da96c5da-2c3a-1084-a920-2b9c9c1c03ab, please",
            "xaat-da96c5da-2c3a-1084-a920-2b9c9c1c03ab",
        )],
        &["xaat-da96c5da-2c3a-1084-a920-2b9c9c1c03a", "xxaat-da96c5da-2c3a-1084-a920-2b9c9c1c03ab"],
    ),
    token(
        "secret.incident-pagerduty-key",
        "incident.io or PagerDuty key",
        "Providers' own documentation, API keys",
        Token::new(&[r"inc_\h{64}", r"pdus\+[\w+-]{20,60}"]),
        &[example(
            "key: inc_42d3d203c780f9429c59e7a54e3bd4f1709250071b152823638c6f73d99bb526\n",
            "inc_42d3d203c780f9429c59e7a54e3bd4f1709250071b152823638c6f73d99bb526",
        )],
        &[
            "inc_42d3d203c780f9429c59e7a54e3bd4f1709250071b152823638c6f73d99bb52",
            "xinc_42d3d203c780f9429c59e7a54e3bd4f1709250071b152823638c6f73d99bb526",
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
        &[example("'sdk-610d4e24-701f-ba3a-d0d8-24236f4a6b84'", "sdk-610d4e24-701f-ba3a-d0d8-24236f4a6b84")],
        &["sdk-610d4e24-701f-ba3a-d0d8-24236f4a6b8", "xsdk-610d4e24-701f-ba3a-d0d8-24236f4a6b84"],
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
            "'secret-mnWkpcrOvJ4kb6G7NelGZFmaYVR0qPI8vcLK9hXypmiye'",
            "secret-mnWkpcrOvJ4kb6G7NelGZFmaYVR0qPI8vcLK9hXypmiye",
        )],
        &["secret-...", "xsecret-mnWkpcrOvJ4kb6G7NelGZFmaYVR0qPI8vcLK9hXypmiye"],
    ),
    keyed(
        "secret.datadog-key",
        "Datadog API or application key",
        "Datadog docs, API and application keys",
        &[b"datadog", b"dd_api", b"dd-api", b"dd_app", b"dd-app"],
        Keyed::new(&[r"\h{32}", "[A-Za-z0-9]{40}", r"pub\h{32}", "[a-z0-9]{40}"]),
        &[example("DATADOG_SECRET=83bd87fbf8d3865813bcec7a2bf63182\n", "83bd87fbf8d3865813bcec7a2bf63182")],
        &["datadog_key = \"83bd87fbf8d3865813bcec7a2bf6318 \"", "datadog_token: 83bd"],
    ),
    keyed(
        "secret.newrelic-license",
        "New Relic license or user key",
        "New Relic docs, API keys",
        &[b"newrelic", b"new_relic", b"new-relic", b"nr_license"],
        Keyed::new(&["[A-Za-z0-9]{64}", r"\h{36}NRAL", r"\h{40}", "[A-Za-z0-9]{47}", r"\h{32}"]),
        &[example(
            "newrelic_token = \"zX6amP3zKCGpF1u1lvYQMtgp20xSSgX9wkmFtfAoe9NCDwxEGLETFmaotTD1Sh1d\"",
            "zX6amP3zKCGpF1u1lvYQMtgp20xSSgX9wkmFtfAoe9NCDwxEGLETFmaotTD1Sh1d",
        )],
        &[
            "newrelic_key = \"zX6amP3zKCGpF1u1lvYQMtgp20xSSgX9wkmFtfAoe9NCDwxEGLETFmaotTD1Sh1 \"",
            "newrelic_token: zX6a",
        ],
    ),
    keyed(
        "secret.sentry-key",
        "Sentry auth token",
        "Sentry docs, Auth tokens",
        &[b"sentry"],
        Keyed::new(&[r"\h{64}"]),
        &[example(
            "{\"sentry_key\": \"639918b17b074a37e6a50cad341c0ae7800967316d7c0f144cb11efc078e217d\"}",
            "639918b17b074a37e6a50cad341c0ae7800967316d7c0f144cb11efc078e217d",
        )],
        &[
            "sentry_key = \"639918b17b074a37e6a50cad341c0ae7800967316d7c0f144cb11efc078e217 \"",
            "sentry_token: 6399",
        ],
    ),
    keyed(
        "secret.rollbar-token",
        "Rollbar, Bugsnag, Airbrake, Raygun or Honeybadger token",
        "Providers' own documentation",
        &[b"rollbar", b"bugsnag", b"airbrake", b"raygun", b"honeybadger"],
        Keyed::new(&[r"\h{32}", "[A-Za-z0-9]{22}", "hb[a-z]_[A-Za-z0-9]{36}", r"\h{64}"]),
        &[example(
            "rollbar_token = \"22ca257ee39a116179464a145523df90\"",
            "22ca257ee39a116179464a145523df90",
        )],
        &["rollbar_key = \"22ca257ee39a116179464a145523df9 \"", "rollbar_token: 22ca"],
    ),
    keyed(
        "secret.sumologic-key",
        "Sumo Logic access id or key",
        "Sumo Logic docs, Access keys",
        &[b"sumologic", b"sumo"],
        Keyed { entropy: 30, is_credential: false, ..Keyed::new(&["su[A-Za-z0-9]{12}", "[A-Za-z0-9]{64}"]) },
        &[example("sumologic_token = \"suIacyuGjSONqU\"", "suIacyuGjSONqU")],
        &["sumologic_key = \"suIacyuGjSONq \"", "sumologic_token: suIa"],
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
            "splunk_token = \"f6badcb5-51b7-f9a4-7cac-6fa5afe95e3f\"",
            "f6badcb5-51b7-f9a4-7cac-6fa5afe95e3f",
        )],
        &["splunk_key = \"f6badcb5-51b7-f9a4-7cac-6fa5afe95e3 \"", "splunk_token: f6ba"],
    ),
    keyed(
        "secret.pagerduty-token",
        "PagerDuty, Opsgenie, VictorOps or Statuspage key",
        "Providers' own documentation",
        &[b"pagerduty", b"pager_duty", b"opsgenie", b"victorops", b"statuspage"],
        Keyed::new(&[r"\h{32}", r"\h{8}-\h{4}-\h{4}-\h{4}-\h{12}", r"[\w+-]{20}"]),
        &[example(
            "pagerduty-api-key: 0637130364595c25e01dab9b77de3a60\n",
            "0637130364595c25e01dab9b77de3a60",
        )],
        &["pagerduty_key = \"0637130364595c25e01dab9b77de3a6 \"", "pagerduty_token: 0637"],
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
            "uptimerobot-api-key: m01025157-1096f4c4283ba99a68f36e26fcdd\n",
            "m01025157-1096f4c4283ba99a68f36e26fcdd",
        )],
        &["uptimerobot_key = \"m01025157-1096f4c4283ba99a68f36e26fcd \"", "uptimerobot_token: m010"],
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
            "segment_token = \"lcOhk3Z51ga9jdEimpnQiEFwo5ZoJit1\"",
            "lcOhk3Z51ga9jdEimpnQiEFwo5ZoJit1",
        )],
        &["segment_key = \"lcOhk3Z51ga9jdEimpnQiEFwo5ZoJit \"", "segment_token: lcOh"],
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
            "LAUNCHDARKLY_SECRET=XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal7\n",
            "XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal7",
        )],
        &["launchdarkly_key = \"XNhsLmo9IFZL6yMWTR5InSHuyAoaXLWTDoEsSal \"", "launchdarkly_token: XNhs"],
    ),
    keyed(
        "secret.beamer-key",
        "Beamer API token",
        "Beamer docs, API",
        &[b"beamer"],
        Keyed::new(&["b_[A-Za-z0-9=_-]{44}"]),
        &[example(
            "beamer_token = \"b_IwfFT5F1VyxSzKCmDCxsMDbYdGGmIT3R1LRXARsg0UIj\"",
            "b_IwfFT5F1VyxSzKCmDCxsMDbYdGGmIT3R1LRXARsg0UIj",
        )],
        &["beamer_key = \"b_IwfFT5F1VyxSzKCmDCxsMDbYdGGmIT3R1LRXARsg0UI \"", "beamer_token: b_Iw"],
    ),
    token(
        "secret.segment-token",
        "Segment public API token",
        "Segment docs, Public API",
        Token::new(&["sgp_[A-Za-z0-9]{64}"]),
        &[example(
            "'sgp_XHlgIwQcDjPbmVNhEeL8f7z7ryQJ7SS4Vlsbur71okFjCMtasEIZjdkuPCOShJ2r'",
            "sgp_XHlgIwQcDjPbmVNhEeL8f7z7ryQJ7SS4Vlsbur71okFjCMtasEIZjdkuPCOShJ2r",
        )],
        &[
            "sgp_XHlgIwQcDjPbmVNhEeL8f7z7ryQJ7SS4Vlsbur71okFjCMtasEIZjdkuPCOShJ2",
            "xsgp_XHlgIwQcDjPbmVNhEeL8f7z7ryQJ7SS4Vlsbur71okFjCMtasEIZjdkuPCOShJ2r",
        ],
    ),
];
