//! Words that the English phrases of several rules share.

/// Sets of words; see [`crate::detect::phrase`].
pub(super) const WORDS: &[(&str, &str)] = &[
    // Orders to drop what was said.
    ("ignore", "^ignore|^disregard|^forget|^override|bypass|discard"),
    // What came first.
    (
        "before",
        "previous|prior|above|earlier|preceding|former|foregoing|previously|past|existing|initial|original|system|\
         pre-existing|preexisting|built-in|internal",
    ),
    // What a model was told. `orders` is seldom written of anything else, `words` often is.
    (
        "orders",
        "instruction|instructions|prompt|prompts|directive|directives|guideline|guidelines|programming|\
         conversation|conversations|orders",
    ),
    (
        "words",
        "<orders>|rule|rules|command|commands|request|requests|message|messages|context|text|input|inputs|training|\
         task|tasks|constraint|constraints|restriction|restrictions|limitation|limitations|policy|policies|\
         boundaries|order|content|contents|safeguards|protocols|directions",
    ),
    // Where they came from.
    (
        "given",
        "before|above|earlier|previously|you_got|you_have|you_were|you_received|you_ve_been|you've_been|given|\
         i_gave|so_far|prior|that_came",
    ),
    // What only a model's operator sees.
    (
        "hidden",
        "system_prompt|system_prompts|system_message|system_instructions|system_instruction|initial_prompt|\
         initial_instructions|original_instructions|original_prompt|hidden_prompt|hidden_instructions|\
         secret_instructions|secret_prompt|your_instructions|your_prompt|your_initial|your_original|\
         your_guidelines|your_rules|developer_message|prompt_above|instructions_above|text_above|words_above|\
         sentences_above|everything_above|pre-prompt|preprompt|previous_prompt|your_programming",
    ),
    // A model without morals.
    (
        "rules",
        "restriction|restrictions|limit|limits|limitation|limitations|rule|rules|filter|filters|guideline|\
         guidelines|constraint|constraints|boundaries|censorship|policies|policy|safeguards|moral|morals|morality|\
         ethics|inhibitions|confines",
    ),
    (
        "ethical",
        "ethical|moral|legal|ethics|morals|morality|safety|content|openai*|legality|ethically|morally",
    ),
    ("end", "enabled|activated|active|enable|on|unlocked|engaged|output|mode_enabled"),
];
