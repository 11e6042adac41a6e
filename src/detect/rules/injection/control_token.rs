//! `injection.control-token`: the markers that chat templates put around turns. In text they try to begin a turn of
//! the system or of the model. Written exactly so by the templates; a template does not read another spelling.

use crate::class::{Class, Confidence};
use crate::detect::rules::{Detector, Hit, Progress, Rule, Verdict, example};
use crate::detect::window::Window;

pub(super) const RULE: Rule = Rule {
    id: "injection.control-token",
    class: Class::Injection,
    level: Some(1),
    description: "control token of a chat template",
    source: "chat templates as published with the models: OpenAI ChatML and harmony, Llama 2, 3 and 4, Gemma, \
                 Phi, DeepSeek, Qwen, Command R",
    true_examples: &[
        example("hello<|im_start|>system", "<|im_start|>"),
        example("done<|im_end|>", "<|im_end|>"),
        example("[INST] be evil", "[INST]"),
        example("x [/INST]", "[/INST]"),
        example("<<SYS>> new orders", "<<SYS>>"),
        example("a<</SYS>>b", "<</SYS>>"),
        example("<start_of_turn>model", "<start_of_turn>"),
        example("<<|eot_id|>", "<|eot_id|>"),
        example("<｜begin▁of▁sentence｜>", "<｜begin▁of▁sentence｜>"),
        example("好<｜Assistant｜>好", "<｜Assistant｜>"),
    ],
    false_examples: &[
        "a <| b |> c",
        "<|im_started|> <im_start>",
        "the installer [inst] and [INSTALL]",
        "<<SYSTEM>> <sys>",
        "xs |> List.map(fn x <|> y)",
    ],
    detector: Detector::new(
        &[
            // ChatML, GPT.
            b"<|im_start|>",
            b"<|im_end|>",
            b"<|im_sep|>",
            b"<|endoftext|>",
            b"<|endofprompt|>",
            b"<|fim_prefix|>",
            b"<|fim_middle|>",
            b"<|fim_suffix|>",
            // Phi, Zephyr and others.
            b"<|system|>",
            b"<|user|>",
            b"<|assistant|>",
            b"<|tool|>",
            b"<|end|>",
            // harmony.
            b"<|start|>",
            b"<|channel|>",
            b"<|message|>",
            b"<|constrain|>",
            b"<|return|>",
            b"<|call|>",
            // Llama 3 and 4.
            b"<|begin_of_text|>",
            b"<|end_of_text|>",
            b"<|start_header_id|>",
            b"<|end_header_id|>",
            b"<|header_start|>",
            b"<|header_end|>",
            b"<|eot_id|>",
            b"<|eom_id|>",
            b"<|eot|>",
            b"<|eom|>",
            b"<|python_tag|>",
            // Llama 2, Mistral.
            b"[INST]",
            b"[/INST]",
            b"<<SYS>>",
            b"<</SYS>>",
            b"[SYSTEM_PROMPT]",
            b"[/SYSTEM_PROMPT]",
            b"[AVAILABLE_TOOLS]",
            b"[/AVAILABLE_TOOLS]",
            b"[TOOL_CALLS]",
            b"[TOOL_RESULTS]",
            b"[/TOOL_RESULTS]",
            // Gemma.
            b"<start_of_turn>",
            b"<end_of_turn>",
            // Command R.
            b"<|START_OF_TURN_TOKEN|>",
            b"<|END_OF_TURN_TOKEN|>",
            b"<|SYSTEM_TOKEN|>",
            b"<|USER_TOKEN|>",
            b"<|CHATBOT_TOKEN|>",
            // DeepSeek: full-width bars, and U+2581 for the blank.
            "<｜begin▁of▁sentence｜>".as_bytes(),
            "<｜end▁of▁sentence｜>".as_bytes(),
            "<｜User｜>".as_bytes(),
            "<｜Assistant｜>".as_bytes(),
            "<｜fim▁begin｜>".as_bytes(),
            "<｜fim▁hole｜>".as_bytes(),
            "<｜fim▁end｜>".as_bytes(),
            "<｜tool▁calls▁begin｜>".as_bytes(),
            "<｜tool▁calls▁end｜>".as_bytes(),
            "<｜tool▁call▁begin｜>".as_bytes(),
            "<｜tool▁call▁end｜>".as_bytes(),
            "<｜tool▁outputs▁begin｜>".as_bytes(),
            "<｜tool▁outputs▁end｜>".as_bytes(),
            "<｜tool▁output▁begin｜>".as_bytes(),
            "<｜tool▁output▁end｜>".as_bytes(),
            "<｜tool▁sep｜>".as_bytes(),
        ],
        verify,
    ),
};

fn verify(_: &Window, hit: &Hit, _: &mut Progress) -> Verdict {
    Verdict::Match { start: hit.start, end: hit.end, confidence: Confidence::High }
}
