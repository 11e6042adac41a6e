//! Providers of models, and of what is around them.

use super::{keyed, token};
use crate::detect::keyed::Keyed;
use crate::detect::rules::{Rule, example};
use crate::detect::token::Token;

pub(super) const RULES: [Rule; 40] = [
    token(
        "secret.openai-key",
        "OpenAI API key: user, project, service account, admin",
        "OpenAI API reference, Authentication; Admin API keys",
        Token::new(&[
            "sk-[A-Za-z0-9]{48}",
            r"sk-proj-[\w-]{40,200}",
            r"sk-svcacct-[\w-]{40,200}",
            r"sk-admin-[\w-]{40,200}",
            r"sk-None-[\w-]{40,200}",
        ]),
        &[example(
            "key: sk-tKavA1QQ468KUybSQDCKewhLLR5eXprVP5DaF2C65CGimIJi\n",
            "sk-tKavA1QQ468KUybSQDCKewhLLR5eXprVP5DaF2C65CGimIJi",
        )],
        &[
            "sk-tKavA1QQ468KUybSQDCKewhLLR5eXprVP5DaF2C65CGimIJ",
            "xsk-tKavA1QQ468KUybSQDCKewhLLR5eXprVP5DaF2C65CGimIJi",
        ],
    ),
    token(
        "secret.anthropic-key",
        "Anthropic API key, admin key, OAuth token or session",
        "Anthropic API reference, Authentication; Admin API",
        Token::new(&[
            r"sk-ant-api\d{2}-[\w-]{93}AA",
            r"sk-ant-admin\d{2}-[\w-]{93}AA",
            r"sk-ant-oat\d{2}-[\w-]{80,120}",
            r"sk-ant-ort\d{2}-[\w-]{80,120}",
            r"sk-ant-sid\d{2}-[\w-]{80,120}",
        ]),
        &[example(
            "{\"token\": \"sk-ant-api42-ckSw9xeHZrRAAPxjt7i8nbRME7wc3XCRBBr57ouI0pfpKhkPyTXmmk3rgA7yTZL04al65LGf5zgnJg2o1CEWWi0A1xglXAA\"}",
            "sk-ant-api42-ckSw9xeHZrRAAPxjt7i8nbRME7wc3XCRBBr57ouI0pfpKhkPyTXmmk3rgA7yTZL04al65LGf5zgnJg2o1CEWWi0A1xglXAA",
        )],
        &[
            "sk-ant-api42-ckSw9xeHZrRAAPxjt7i8nbRME7wc3XCRBBr57ouI0pfpKhkPyTXmmk3rgA7yTZL04al65LGf5zgnJg2o1CEWWi0A1xglXA",
            "xsk-ant-api42-ckSw9xeHZrRAAPxjt7i8nbRME7wc3XCRBBr57ouI0pfpKhkPyTXmmk3rgA7yTZL04al65LGf5zgnJg2o1CEWWi0A1xglXAA",
        ],
    ),
    token(
        "secret.openrouter-key",
        "OpenRouter API key",
        "OpenRouter docs, API authentication",
        Token::new(&[r"sk-or-v1-\h{64}"]),
        &[example(
            "key: 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\n",
            "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",
        )],
        &[
            "sk-or-v1-394c42ef0569c396b943081cb9ce32f602a058930166c2b9e14ccc80e2fa769",
            "xsk-or-v1-394c42ef0569c396b943081cb9ce32f602a058930166c2b9e14ccc80e2fa769e",
        ],
    ),
    token(
        "secret.deepseek-key",
        "DeepSeek API key, and others of the same form",
        "DeepSeek API docs, First API call",
        Token::new(&["sk-[0-9a-f]{32}"]),
        &[example(
            "{\"token\": \"sk-b42b03f74904bb407de7cc992f8b4e7f\"}",
            "sk-b42b03f74904bb407de7cc992f8b4e7f",
        )],
        &["sk-b42b03f74904bb407de7cc992f8b4e7", "xsk-b42b03f74904bb407de7cc992f8b4e7f"],
    ),
    token(
        "secret.groq-key",
        "Groq API key",
        "Groq docs, API keys",
        Token::new(&["gsk_[A-Za-z0-9]{52}"]),
        &[example(
            "'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'",
            "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",
        )],
        &[
            "gsk_lHf2XCNPDYWjJqUeByv88Hu1agw4unALHFngK59GG68J4V2W2UU",
            "xgsk_lHf2XCNPDYWjJqUeByv88Hu1agw4unALHFngK59GG68J4V2W2UUP",
        ],
    ),
    token(
        "secret.replicate-token",
        "Replicate API token",
        "Replicate docs, API tokens",
        Token::new(&["r8_[A-Za-z0-9]{37}"]),
        &[example(
            "{\"token\": \"r8_WZQxzATShvnXUr9BCCI7CSPT4snsnJeY7pDkv\"}",
            "r8_WZQxzATShvnXUr9BCCI7CSPT4snsnJeY7pDkv",
        )],
        &["r8_WZQxzATShvnXUr9BCCI7CSPT4snsnJeY7pDk", "xr8_WZQxzATShvnXUr9BCCI7CSPT4snsnJeY7pDkv"],
    ),
    token(
        "secret.perplexity-key",
        "Perplexity API key",
        "Perplexity docs, API groups and keys",
        Token::new(&["pplx-[A-Za-z0-9]{48}"]),
        &[example(
            "export TOKEN=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",
            "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",
        )],
        &[
            "pplx-6NXFlpBZaNqI90LpO9IWwtuk8W4BcqWX27tHuQaw5YCcrvh",
            "xpplx-6NXFlpBZaNqI90LpO9IWwtuk8W4BcqWX27tHuQaw5YCcrvhS",
        ],
    ),
    token(
        "secret.xai-key",
        "xAI API key",
        "xAI docs, API reference",
        Token::new(&["xai-[A-Za-z0-9]{70,90}"]),
        &[example(
            "{\"token\": \"xai-qp6VjcaleJAFzHzE76ZiYbSRLoFYkAW3S5W1I1vGnMGxJYPewvtxh4htN03alnsBAEe4kSQr20cm\"}",
            "xai-qp6VjcaleJAFzHzE76ZiYbSRLoFYkAW3S5W1I1vGnMGxJYPewvtxh4htN03alnsBAEe4kSQr20cm",
        )],
        &["xai-...", "xxai-qp6VjcaleJAFzHzE76ZiYbSRLoFYkAW3S5W1I1vGnMGxJYPewvtxh4htN03alnsBAEe4kSQr20cm"],
    ),
    token(
        "secret.huggingface-token",
        "Hugging Face user access or organization token",
        "Hugging Face Hub docs, User access tokens",
        Token::new(&["hf_[A-Za-z0-9]{34,40}", "api_org_[A-Za-z0-9]{34,40}"]),
        &[example(
            "use hf_ImssTvisgnqXIL6SC9de7l2sMBgCBEI073EwR, please",
            "hf_ImssTvisgnqXIL6SC9de7l2sMBgCBEI073EwR",
        )],
        &["hf_I...", "xhf_ImssTvisgnqXIL6SC9de7l2sMBgCBEI073EwR"],
    ),
    token(
        "secret.fireworks-key",
        "Fireworks AI API key",
        "Fireworks docs, API keys",
        Token::new(&["fw_[A-Za-z0-9]{22,24}"]),
        &[example("use fw_fncYy8Kuxs30s5WWXUBq9D, please", "fw_fncYy8Kuxs30s5WWXUBq9D")],
        &["fw_f...", "xfw_fncYy8Kuxs30s5WWXUBq9D"],
    ),
    token(
        "secret.elevenlabs-key",
        "ElevenLabs API key",
        "ElevenLabs docs, Authentication",
        Token::new(&["sk_[0-9a-f]{48}"]),
        &[example(
            "token = sk_9359e623404b9b080e0a9fe9101209d8e82d20c08020a3fd",
            "sk_9359e623404b9b080e0a9fe9101209d8e82d20c08020a3fd",
        )],
        &[
            "sk_9359e623404b9b080e0a9fe9101209d8e82d20c08020a3f",
            "xsk_9359e623404b9b080e0a9fe9101209d8e82d20c08020a3fd",
        ],
    ),
    token(
        "secret.tavily-key",
        "Tavily API key",
        "Tavily docs, Quickstart",
        Token::new(&[r"tvly-[\w-]{24,64}"]),
        &[example("'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'", "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")],
        &["tvly-...", "xtvly-udESFMNZ4jXq7j4FrqGbSrTV2v2ptp"],
    ),
    token(
        "secret.langsmith-key",
        "LangSmith API key",
        "LangSmith docs, API keys",
        Token::new(&[r"lsv2_pt_\h{32}_\h{10}", r"lsv2_sk_\h{32}_\h{10}", r"ls__\h{32}"]),
        &[example(
            "'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'",
            "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",
        )],
        &[
            "lsv2_pt_914beaef093b6945178510363fe871d7_a97bfd266",
            "xlsv2_pt_914beaef093b6945178510363fe871d7_a97bfd2666",
        ],
    ),
    token(
        "secret.langfuse-key",
        "Langfuse secret key",
        "Langfuse docs, API keys",
        Token::new(&[r"sk-lf-\h{8}-\h{4}-\h{4}-\h{4}-\h{12}"]),
        &[example(
            "'sk-lf-204f61f8-3e17-0427-0a68-a67d1807eada'",
            "sk-lf-204f61f8-3e17-0427-0a68-a67d1807eada",
        )],
        &["sk-lf-204f61f8-3e17-0427-0a68-a67d1807ead", "xsk-lf-204f61f8-3e17-0427-0a68-a67d1807eada"],
    ),
    token(
        "secret.pinecone-key",
        "Pinecone API key",
        "Pinecone docs, API keys",
        Token::new(&["pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,66}"]),
        &[example(
            "{\"token\": \"pcsk_BH84z_28lE7by1D5LF2VEw8jryP6TGpruZDr3KP4RSRQZ7xeqlEarielWtcjFK6uuuYs1\"}",
            "pcsk_BH84z_28lE7by1D5LF2VEw8jryP6TGpruZDr3KP4RSRQZ7xeqlEarielWtcjFK6uuuYs1",
        )],
        &["pcsk_...", "xpcsk_BH84z_28lE7by1D5LF2VEw8jryP6TGpruZDr3KP4RSRQZ7xeqlEarielWtcjFK6uuuYs1"],
    ),
    token(
        "secret.nvidia-key",
        "NVIDIA API key",
        "NVIDIA NIM docs, API keys",
        Token::new(&[r"nvapi-[\w-]{60,70}"]),
        &[example(
            "token = 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",
            "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",
        )],
        &["nvapi-...", "xnvapi-3E9GJUgdoI6K4EebTcWEwI0gfDOrZ7D5qSPvUqdWQD85Xy8PUhburXWYjY3aTF5OK"],
    ),
    token(
        "secret.cerebras-key",
        "Cerebras inference API key",
        "Cerebras docs, Authentication",
        Token::new(&["csk-[a-z0-9]{48}"]),
        &[example(
            "'csk-22f8168gurzgatb82c7xmtuk3klo61sb4xsz8ckrcam2z9jm'",
            "csk-22f8168gurzgatb82c7xmtuk3klo61sb4xsz8ckrcam2z9jm",
        )],
        &[
            "csk-22f8168gurzgatb82c7xmtuk3klo61sb4xsz8ckrcam2z9j",
            "xcsk-22f8168gurzgatb82c7xmtuk3klo61sb4xsz8ckrcam2z9jm",
        ],
    ),
    token(
        "secret.voyage-key",
        "Voyage AI API key",
        "Voyage docs, API key",
        Token { patterns: &[r"pa-[\w-]{43}"], entropy: 42 },
        &[example(
            "token = pa-OV3c01gvqjiUceoWYNYwgEP5joWUKaDhWwSg6zP5uci",
            "pa-OV3c01gvqjiUceoWYNYwgEP5joWUKaDhWwSg6zP5uci",
        )],
        &["pa-OV3c01gvqjiUceoWYNYwgEP5joWUKaDhWwSg6zP5uc", "xpa-OV3c01gvqjiUceoWYNYwgEP5joWUKaDhWwSg6zP5uci"],
    ),
    token(
        "secret.jina-key",
        "Jina AI API key",
        "Jina docs, API",
        Token::new(&[r"jina_\h{32}[\w-]{28}"]),
        &[example(
            "'jina_499b5dba867a309f4af6b97a9e248396Vr5ikqhzzyHU8O5x22pdJH92XALe'",
            "jina_499b5dba867a309f4af6b97a9e248396Vr5ikqhzzyHU8O5x22pdJH92XALe",
        )],
        &[
            "jina_499b5dba867a309f4af6b97a9e248396Vr5ikqhzzyHU8O5x22pdJH92XAL",
            "xjina_499b5dba867a309f4af6b97a9e248396Vr5ikqhzzyHU8O5x22pdJH92XALe",
        ],
    ),
    token(
        "secret.anyscale-key",
        "Anyscale credential",
        "Anyscale docs, Credentials",
        Token::new(&["esecret_[A-Za-z0-9]{20,40}", "aph0_[A-Za-z0-9]{30,60}"]),
        &[example(
            "{\"token\": \"esecret_8f2Zzv8khoAjwhvrz1OHe7E3yw\"}",
            "esecret_8f2Zzv8khoAjwhvrz1OHe7E3yw",
        )],
        &["esecret_...", "xesecret_8f2Zzv8khoAjwhvrz1OHe7E3yw"],
    ),
    token(
        "secret.friendli-token",
        "Friendli personal access token",
        "Friendli docs, Personal access tokens",
        Token::new(&["flp_[A-Za-z0-9]{40,50}"]),
        &[example(
            "export TOKEN=flp_9W7JcdYQ7E64Atl2QjirO1i3PMPlyBb8mh1tpGyzK0JVh",
            "flp_9W7JcdYQ7E64Atl2QjirO1i3PMPlyBb8mh1tpGyzK0JVh",
        )],
        &["flp_...", "xflp_9W7JcdYQ7E64Atl2QjirO1i3PMPlyBb8mh1tpGyzK0JVh"],
    ),
    token(
        "secret.runpod-key",
        "RunPod API key",
        "RunPod docs, API keys",
        Token::new(&["rpa_[A-Za-z0-9]{40,50}"]),
        &[example(
            "'rpa_kr7AH5xExHjxTfJhJF5H2I5JaAbTxHtqR45sgNoUE48yU'",
            "rpa_kr7AH5xExHjxTfJhJF5H2I5JaAbTxHtqR45sgNoUE48yU",
        )],
        &["rpa_...", "xrpa_kr7AH5xExHjxTfJhJF5H2I5JaAbTxHtqR45sgNoUE48yU"],
    ),
    token(
        "secret.e2b-key",
        "E2B API key",
        "E2B docs, API key",
        Token::new(&[r"e2b_\h{40}"]),
        &[example(
            "'e2b_c6eda9c0bf5b0eefeefab913a02fb4e54430f898'",
            "e2b_c6eda9c0bf5b0eefeefab913a02fb4e54430f898",
        )],
        &["e2b_c6eda9c0bf5b0eefeefab913a02fb4e54430f89", "xe2b_c6eda9c0bf5b0eefeefab913a02fb4e54430f898"],
    ),
    token(
        "secret.firecrawl-key",
        "Firecrawl API key",
        "Firecrawl docs, Authentication",
        Token::new(&[r"fc-\h{32}"]),
        &[example("key: fc-6fa52fdd7d018cb12e53e89a6106a21f\n", "fc-6fa52fdd7d018cb12e53e89a6106a21f")],
        &["fc-6fa52fdd7d018cb12e53e89a6106a21", "xfc-6fa52fdd7d018cb12e53e89a6106a21f"],
    ),
    token(
        "secret.apify-token",
        "Apify API token",
        "Apify docs, API integration",
        Token::new(&["apify_api_[A-Za-z0-9]{34,40}"]),
        &[example(
            "token = apify_api_PX5kyXJDsjLEosT6JhiMIOGwQYTrYpNo3uvyL",
            "apify_api_PX5kyXJDsjLEosT6JhiMIOGwQYTrYpNo3uvyL",
        )],
        &["apify_api_...", "xapify_api_PX5kyXJDsjLEosT6JhiMIOGwQYTrYpNo3uvyL"],
    ),
    token(
        "secret.llamacloud-key",
        "LlamaCloud API key",
        "LlamaCloud docs, API key",
        Token::new(&["llx-[A-Za-z0-9]{40,60}"]),
        &[example(
            "{\"token\": \"llx-BeWmNRJHRhTmPdCt3w2Qo3wbHX3bnXptAtk7WrE91S71qp\"}",
            "llx-BeWmNRJHRhTmPdCt3w2Qo3wbHX3bnXptAtk7WrE91S71qp",
        )],
        &["llx-...", "xllx-BeWmNRJHRhTmPdCt3w2Qo3wbHX3bnXptAtk7WrE91S71qp"],
    ),
    token(
        "secret.bedrock-key",
        "Amazon Bedrock API key, long-term or short-term",
        "Amazon Bedrock User Guide, API keys",
        Token {
            patterns: &[
                "ABSK[A-Za-z0-9+/]{109,269}={0,2}",
                "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{0,2048}",
            ],
            entropy: 0,
        },
        &[example(
            "{\"token\": \"ABSKrXGxSGgv0P6TW8RtNWtB6nNNXiJmNTaIxtpVrjroERVoQzI551yAY5MsRqffvdeN37DxeoPARe7Gm9GM7hFgJgdspyDZejDWvuPeVidWUrQzR3BT73s\"}",
            "ABSKrXGxSGgv0P6TW8RtNWtB6nNNXiJmNTaIxtpVrjroERVoQzI551yAY5MsRqffvdeN37DxeoPARe7Gm9GM7hFgJgdspyDZejDWvuPeVidWUrQzR3BT73s",
        )],
        &[
            "ABSK...",
            "xABSKrXGxSGgv0P6TW8RtNWtB6nNNXiJmNTaIxtpVrjroERVoQzI551yAY5MsRqffvdeN37DxeoPARe7Gm9GM7hFgJgdspyDZejDWvuPeVidWUrQzR3BT73s",
        ],
    ),
    keyed(
        "secret.cohere-key",
        "Cohere API key",
        "Cohere docs, Rate limits and keys",
        &[b"cohere", b"co_api_key"],
        Keyed::new(&["[A-Za-z0-9]{40}"]),
        &[example(
            "cohere-api-key: FDibPfeFiAbzyhkfWAFPsp5aenDI0hvE7JfV9LlB\n",
            "FDibPfeFiAbzyhkfWAFPsp5aenDI0hvE7JfV9LlB",
        )],
        &["cohere_key = \"FDibPfeFiAbzyhkfWAFPsp5aenDI0hvE7JfV9Ll \"", "cohere_token: FDib"],
    ),
    keyed(
        "secret.mistral-key",
        "Mistral API key",
        "Mistral docs, Quickstart",
        &[b"mistral"],
        Keyed::new(&["[A-Za-z0-9]{32}"]),
        &[example(
            "mistral_token = \"82bl1LpjollceVNuBVg4RjgN0p7nqgkb\"",
            "82bl1LpjollceVNuBVg4RjgN0p7nqgkb",
        )],
        &["mistral_key = \"82bl1LpjollceVNuBVg4RjgN0p7nqgk \"", "mistral_token: 82bl"],
    ),
    keyed(
        "secret.together-key",
        "Together AI API key",
        "Together docs, Quickstart",
        &[b"together_api", b"together.ai", b"togetherai"],
        Keyed::new(&[r"\h{64}", r"tgp_v1_[\w-]{43}"]),
        &[example(
            "together_api_token = \"839669107579d7dad45932b123cc920f8c45547ee9cc1f3c231777ca1c07fa69\"",
            "839669107579d7dad45932b123cc920f8c45547ee9cc1f3c231777ca1c07fa69",
        )],
        &[
            "together_api_key = \"839669107579d7dad45932b123cc920f8c45547ee9cc1f3c231777ca1c07fa6 \"",
            "together_api_token: 8396",
        ],
    ),
    keyed(
        "secret.assemblyai-key",
        "AssemblyAI API key",
        "AssemblyAI docs, Authentication",
        &[b"assemblyai", b"assembly_ai"],
        Keyed::new(&[r"\h{32}"]),
        &[example(
            "assemblyai-api-key: b75971ebfdb6c8cb39585d42748bbb05\n",
            "b75971ebfdb6c8cb39585d42748bbb05",
        )],
        &["assemblyai_key = \"b75971ebfdb6c8cb39585d42748bbb0 \"", "assemblyai_token: b759"],
    ),
    keyed(
        "secret.deepgram-key",
        "Deepgram API key",
        "Deepgram docs, Authenticating",
        &[b"deepgram"],
        Keyed::new(&[r"\h{40}"]),
        &[example(
            "DEEPGRAM_SECRET=e4249dcaa315bba76d66907c321cc849d3e5cfe7\n",
            "e4249dcaa315bba76d66907c321cc849d3e5cfe7",
        )],
        &["deepgram_key = \"e4249dcaa315bba76d66907c321cc849d3e5cfe \"", "deepgram_token: e424"],
    ),
    keyed(
        "secret.wandb-key",
        "Weights & Biases API key",
        "W&B docs, API keys",
        &[b"wandb"],
        Keyed::new(&[r"\h{40}"]),
        &[example(
            "{\"wandb_key\": \"3858e06943140b90f685fe5b070081708193424f\"}",
            "3858e06943140b90f685fe5b070081708193424f",
        )],
        &["wandb_key = \"3858e06943140b90f685fe5b070081708193424 \"", "wandb_token: 3858"],
    ),
    keyed(
        "secret.ai21-key",
        "AI21 API key",
        "AI21 docs, Authentication",
        &[b"ai21"],
        Keyed::new(&["[A-Za-z0-9]{32}"]),
        &[example("ai21-api-key: YRUt7UYe4a3EDDtjDuzqwrn2cZO6VGZC\n", "YRUt7UYe4a3EDDtjDuzqwrn2cZO6VGZC")],
        &["ai21_key = \"YRUt7UYe4a3EDDtjDuzqwrn2cZO6VGZ \"", "ai21_token: YRUt"],
    ),
    keyed(
        "secret.clarifai-key",
        "Clarifai personal access token",
        "Clarifai docs, PAT",
        &[b"clarifai"],
        Keyed::new(&[r"\h{32}"]),
        &[example("CLARIFAI_SECRET=fd3bc50dab87cad71b51a30a3e0af8eb\n", "fd3bc50dab87cad71b51a30a3e0af8eb")],
        &["clarifai_key = \"fd3bc50dab87cad71b51a30a3e0af8e \"", "clarifai_token: fd3b"],
    ),
    keyed(
        "secret.serpapi-key",
        "SerpApi key",
        "SerpApi docs, Search API",
        &[b"serpapi", b"serper", b"serp_api"],
        Keyed::new(&[r"\h{64}", r"\h{40}"]),
        &[example(
            "serpapi-api-key: d98e69335fee840a0329bda963f475ded92960755f29f22a02446ecf7ffe530e\n",
            "d98e69335fee840a0329bda963f475ded92960755f29f22a02446ecf7ffe530e",
        )],
        &[
            "serpapi_key = \"d98e69335fee840a0329bda963f475ded92960755f29f22a02446ecf7ffe530 \"",
            "serpapi_token: d98e",
        ],
    ),
    keyed(
        "secret.fal-key",
        "fal key",
        "fal docs, Authentication",
        &[b"fal_key", b"falai", b"fal-ai"],
        Keyed { entropy: 28, is_credential: true, ..Keyed::new(&[r"\h{8}-\h{4}-\h{4}-\h{4}-\h{12}:\h{32}"]) },
        &[example(
            "{\"fal_key_key\": \"7eff3544-6e18-773b-fa30-40d449005294:032875d0ce74205d468b312b4b995876\"}",
            "7eff3544-6e18-773b-fa30-40d449005294:032875d0ce74205d468b312b4b995876",
        )],
        &[
            "fal_key_key = \"7eff3544-6e18-773b-fa30-40d449005294:032875d0ce74205d468b312b4b99587 \"",
            "fal_key_token: 7eff",
        ],
    ),
    keyed(
        "secret.stability-key",
        "Stability AI API key",
        "Stability AI platform docs",
        &[b"stability_", b"stabilityai", b"dreamstudio"],
        Keyed::new(&["sk-[A-Za-z0-9]{48}"]),
        &[example(
            "{\"stability_key\": \"sk-iiXK2uj4YcPvsMoHetoLpftAC8W38HzIxunFBUkbIIQxevC5\"}",
            "sk-iiXK2uj4YcPvsMoHetoLpftAC8W38HzIxunFBUkbIIQxevC5",
        )],
        &["stability_key = \"sk-iiXK2uj4YcPvsMoHetoLpftAC8W38HzIxunFBUkbIIQxevC \"", "stability_token: sk-i"],
    ),
    keyed(
        "secret.privateai-key",
        "Private AI API key",
        "Private AI docs, API key",
        &[b"privateai", b"private_ai", b"private-ai"],
        Keyed::new(&["[a-z0-9]{32}"]),
        &[example(
            "privateai-api-key: p0389ibwtck66q7ost4rctk7yq3cr8ph\n",
            "p0389ibwtck66q7ost4rctk7yq3cr8ph",
        )],
        &["privateai_key = \"p0389ibwtck66q7ost4rctk7yq3cr8p \"", "privateai_token: p038"],
    ),
    keyed(
        "secret.azure-openai-key",
        "Azure OpenAI or AI Services key",
        "Azure AI services docs, Authenticate requests",
        &[b"openai", b"cognitive", b"azure_ai"],
        Keyed::new(&[r"\h{32}", "[A-Za-z0-9]{84}"]),
        &[example("openai-api-key: 1982bf83d95df15cf0200d2a47c0b3ee\n", "1982bf83d95df15cf0200d2a47c0b3ee")],
        &["openai_key = \"1982bf83d95df15cf0200d2a47c0b3e \"", "openai_token: 1982"],
    ),
];
