//! Words that the English phrases of several rules share.

/// Sets of words; see [`crate::detect::phrase`].
pub(super) const WORDS: &[(&str, &str)] = &[
    // In front of an order they make it none, or a tale of somebody.
    (
        "dont",
        "not!|don't!|dont!|never!|can't!|cannot!|won't!|didn't!|doesn't!|shouldn't!|mustn't!|couldn't!|wouldn't!|who!|\
         which!|did_you!|do_you!|they!",
    ),
    // Orders to drop what was said.
    ("ignore", "<dont>|^ignore|^disregard|^forget|^override|!ignore_their|!ignore_h*"),
    // The same in words that have other meanings.
    (
        "drop",
        "<dont>|bypass|discard|abandon|disobey|neglect|erase|wipe|nullify|ignoring|disregarding|overlook|set_aside|throw_out|\
         throw_away|pay_no_attention|stop_following|stop_obeying|don't_listen|do_not_listen|do_not_obey|don't_obey|\
         instead_of_following|no_longer_have_to_follow|no_longer_need_to_follow",
    ),
    // What came first.
    (
        "before",
        "previous|prior|above|earlier|preceding|former|foregoing|previously|past|existing|initial|original|\
         pre-existing|preexisting|built-in|internal",
    ),
    // What a model was told, and seldom anybody else.
    (
        "orders",
        "instruction|instructions|directive|directives|guideline|guidelines|programming|!programming_language|\
         !programming_languages|system_prompt|system_prompts",
    ),
    // And what others are told, too.
    (
        "words",
        "<orders>|prompt|prompts|conversation|conversations|orders|rule|rules|command|commands|context|\
         training|task|tasks|constraint|constraints|restriction|restrictions|limitation|limitations|policy|policies|\
         boundaries|safeguards|protocols|directions|guidance",
    ),
    // Where they came from.
    (
        "given",
        "before|!before_the|!before_a|!before_you|above|!above_the|!above_a|!above_where|earlier|previously|you_got|you_have|\
         you_were|you_received|you_ve_been|you've_been|you_had|i_gave_you|given_to_you|your_developers|so_far|prior|that_came",
    ),
    // What only a model's operator sees.
    (
        "hidden",
        "system_prompt|system_prompts|system_message|system_instructions|system_instruction|initial_prompt|\
         initial_instructions|original_instructions|original_prompt|hidden_prompt|hidden_instructions|\
         secret_instructions|secret_prompt|your_instructions|your_prompt|\
         your_guidelines|developer_message|prompt_above|instructions_above|text_above|words_above|\
         sentences_above|everything_above|pre-prompt|preprompt|previous_prompt|your_programming|configuration_prompt",
    ),
    // The same, where it can be nothing else.
    (
        "own",
        "system_prompt|system_prompts|system_message|system_instructions|system_instruction|initial_prompt|\
         initial_instructions|original_instructions|original_prompt|hidden_prompt|hidden_instructions|secret_instructions|\
         secret_prompt|developer_message|pre-prompt|preprompt|configuration_prompt",
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
    // Who reads planted text.
    (
        "ai",
        "ai|ai_assistant|ai_assistants|ai_agent|ai_agents|ai_model|ai_models|ai_system|ai_systems|llm|llms|language_model|\
         language_models|chatbot|chatbots|copilot|!ai_researchers|!ai_enthusiasts|!ai_community",
    ),
    ("end", "enabled|activated|active|unlocked|engaged"),
];
