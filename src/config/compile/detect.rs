//! The customer's own rules and canaries → a catalogue; classes, families and rules → levels.

use super::Check;
use crate::class::{Class, Confidence, Level};
use crate::config::problem::known;
use crate::config::raw;
use crate::detect::{
    Catalogue, CatalogueRule, CustomRule, MAX_LITERALS, MAX_WORDS, MAX_WORDS_BYTES, Prepared, RuleSet,
    Validator, What, scan_all,
};
use crate::glob::Glob;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// More rules than this are not one gate's.
const MAX_RULES: usize = 128;
/// More canaries than this are not.
const MAX_CANARIES: usize = 64;
/// Bytes of a name or a class; records hold no more.
const MAX_NAME: usize = 64;
/// Examples of one rule of each kind, and bytes of one.
const MAX_EXAMPLES: usize = 32;
const MAX_EXAMPLE: usize = 4096;

/// The levels that the configuration writes, by class, family or rule.
pub(super) struct Levels(BTreeMap<String, Level>);

impl Levels {
    pub(super) fn of(&self, rule: &CatalogueRule) -> Level {
        most_specific(rule, &self.0).copied().unwrap_or_else(|| rule.default_level())
    }
}

impl Check {
    /// The built-in rules and these. `None` where they do not make one, and why is said.
    pub(super) fn catalogue(&mut self, raw: &raw::Detect) -> Option<Arc<Catalogue>> {
        let mut prepared = Vec::new();
        self.unique("detect.rules", "id", raw.rules.iter().map(|rule| rule.id.as_str()));
        self.unique("detect.canaries", "name", raw.canaries.iter().map(|canary| canary.name.as_str()));
        for (path, count, most) in [
            ("detect.rules", raw.rules.len(), MAX_RULES),
            ("detect.canaries", raw.canaries.len(), MAX_CANARIES),
        ] {
            if count > most {
                self.problem(path, format!("has {count} entries"), format!("write at most {most}"));
            }
        }
        for (index, rule) in raw.rules.iter().enumerate().take(MAX_RULES) {
            let path = format!("detect.rules[{index}]");
            prepared.extend(self.custom_rule(&path, rule).and_then(|rule| self.prepare(&path, rule)));
        }
        for (index, canary) in raw.canaries.iter().enumerate().take(MAX_CANARIES) {
            let path = format!("detect.canaries[{index}]");
            if canary.name.len() + "exfiltration.canary.".len() > MAX_NAME || !canary.name.chars().all(fits) {
                self.problem(
                    format!("{path}.name"),
                    format!("`{}` cannot be used as a name", canary.name),
                    "write at most 44 lower-case letters, digits, `-` and `_`",
                );
            }
            prepared.extend(self.prepare(&path, canary_rule(canary)));
        }
        self.sizes(&prepared);
        let allowed = self.hosts(&raw.allow_hosts);
        let catalogue = match prepared.is_empty() && allowed.is_empty() {
            true => Catalogue::shared(),
            false => Catalogue::with(prepared).map(|mut catalogue| {
                catalogue.allow_hosts(allowed);
                Arc::new(catalogue)
            }),
        };
        let catalogue = match catalogue {
            Ok(catalogue) => catalogue,
            Err(error) => {
                self.problem("detect", format!("the rules do not compile: {error}"), "write fewer of them");
                return None;
            }
        };
        for (index, rule) in raw.rules.iter().enumerate() {
            self.examples(&format!("detect.rules[{index}].examples"), rule, &catalogue);
        }
        Some(catalogue)
    }

    /// Hosts whose addresses may carry data.
    fn hosts(&mut self, raw: &[String]) -> Vec<Glob> {
        let is_host = |host: &&String| {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '*');
            !host.is_empty() && host.chars().all(fits) && host.chars().any(|c| c != '*' && c != '.')
        };
        for (index, host) in raw.iter().enumerate().filter(|(_, host)| !is_host(host)) {
            self.problem(
                format!("detect.allow_hosts[{index}]"),
                format!("`{host}` is no host"),
                "write a host without scheme, port and path: `cdn.example.com`, `*.example.com`",
            );
        }
        raw.iter().map(|host| Glob::new(&host.to_ascii_lowercase())).collect()
    }

    pub(super) fn levels(&mut self, raw: &BTreeMap<String, raw::Level>, catalogue: &Catalogue) -> Levels {
        let names = selector_names(catalogue);
        for selector in raw.keys().filter(|selector| !names.contains(*selector)) {
            self.problem(
                format!("classification.levels.{selector}"),
                format!("unknown class or rule `{selector}`"),
                known(selector, names.iter().map(String::as_str)),
            );
        }
        Levels(raw.iter().map(|(name, level)| (name.clone(), level_of(*level))).collect())
    }

    fn custom_rule(&mut self, path: &str, raw: &raw::CustomRule) -> Option<CustomRule> {
        let known_problems = self.problems.len();
        let name = raw.id.strip_prefix("custom.").unwrap_or_default();
        let is_name =
            !name.is_empty() && name.chars().all(|c| fits(c) || c == '.') && raw.id.len() <= MAX_NAME;
        if !is_name {
            self.problem(
                format!("{path}.id"),
                format!("`{}` cannot be used as a rule's id", raw.id),
                "write `custom.` and lower-case letters, digits, `.`, `-` and `_`, at most 64 bytes",
            );
        }
        let class = Class::parse(&raw.class).filter(|_| raw.class.len() <= MAX_NAME);
        if class.is_none() {
            let names = Class::BUILT_IN.map(|class| class.to_string());
            let help = known(&raw.class, names.iter().map(String::as_str));
            self.problem(
                format!("{path}.class"),
                format!("unknown class `{}`", raw.class),
                format!("write `custom.NAME` or a built-in one; {help}"),
            );
        }
        if raw.id == raw.class {
            self.problem(
                format!("{path}.id"),
                "is also the name of its class, so a guard could not tell them apart",
                "give it a longer one",
            );
        }
        let what = match (&raw.pattern, &raw.literals, &raw.words) {
            (Some(pattern), None, None) => Some(What::Pattern {
                pattern: pattern.clone(),
                max_length: raw.max_length,
                keywords: raw.keywords.clone(),
            }),
            (None, Some(literals), None) => {
                self.not_empty(&format!("{path}.literals"), literals);
                Some(What::Literals(literals.clone()))
            }
            (None, None, Some(words)) => {
                self.not_empty(&format!("{path}.words"), words);
                Some(What::Words(words.clone()))
            }
            _ => {
                self.problem(
                    path,
                    "needs one of `pattern`, `literals` and `words`",
                    "write exactly one of them",
                );
                None
            }
        };
        let is_pattern = raw.pattern.is_some();
        let unused = [
            ("max_length", raw.max_length.is_some() && !is_pattern, "has no effect without `pattern`"),
            ("keywords", !raw.keywords.is_empty() && !is_pattern, "have no effect without `pattern`"),
            (
                "word",
                raw.word == Some(false) && raw.words.is_some(),
                "cannot be `false`: `words` are whole words",
            ),
        ];
        for (field, _, message) in unused.into_iter().filter(|(_, is_unused, _)| *is_unused) {
            self.problem(format!("{path}.{field}"), message, "remove it");
        }
        if self.problems.len() > known_problems {
            return None;
        }
        Some(CustomRule {
            id: raw.id.clone(),
            class: class?,
            description: match raw.description.is_empty() {
                true => "defined by the configuration".to_owned(),
                false => raw.description.clone(),
            },
            what: what?,
            confidence: match raw.confidence {
                raw::Confidence::Low => Confidence::Low,
                raw::Confidence::Medium => Confidence::Medium,
                raw::Confidence::High => Confidence::High,
            },
            context: raw.context.clone(),
            allow: raw.allow.clone(),
            validator: raw.validator.map(|validator| match validator {
                raw::Validator::Luhn => Validator::Luhn,
                raw::Validator::Mod97 => Validator::Mod97,
                raw::Validator::Mod112 => Validator::Mod112,
                raw::Validator::Mod1110 => Validator::Mod1110,
                raw::Validator::Verhoeff => Validator::Verhoeff,
            }),
            any_case: raw.case.map_or(!is_pattern, |case| case == raw::Case::Insensitive),
            is_word: raw.word.unwrap_or(true),
        })
    }

    fn prepare(&mut self, path: &str, rule: CustomRule) -> Option<Prepared> {
        match rule.prepare() {
            Ok(prepared) => Some(prepared),
            Err(faults) => {
                for fault in faults {
                    self.problem(format!("{path}.{}", fault.field), fault.message, fault.help);
                }
                None
            }
        }
    }

    fn sizes(&mut self, prepared: &[Prepared]) {
        let literals: usize = prepared.iter().map(Prepared::literals).sum();
        if literals > MAX_LITERALS {
            self.problem(
                "detect.rules",
                format!("have literals and keywords of {literals} bytes together, which is more than {MAX_LITERALS}"),
                "write lists as `words`",
            );
        }
        let (words, bytes) =
            prepared.iter().map(Prepared::words).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        if words > MAX_WORDS || bytes > MAX_WORDS_BYTES {
            self.problem(
                "detect",
                format!("has {words} words, and {bytes} bytes of words and canaries"),
                format!("write at most {MAX_WORDS} words and {} MiB", MAX_WORDS_BYTES >> 20),
            );
        }
    }

    /// What a rule says of itself must be true.
    fn examples(&mut self, path: &str, raw: &raw::CustomRule, catalogue: &Catalogue) {
        // Where the rule did not compile, that is said already.
        let Some(index) = catalogue.index_of(&raw.id) else { return };
        let mut only = RuleSet::none();
        only.insert(index);
        let finds = |text: &String| {
            let found = scan_all(catalogue, &only, text.as_bytes());
            found.iter().any(|one| one.rule == index && one.confidence > Confidence::Low)
        };
        let kinds = [
            ("match", &raw.examples.matches, true, "finds nothing that is acted on"),
            ("no_match", &raw.examples.no_match, false, "finds something"),
        ];
        for (kind, texts, wanted, message) in kinds {
            if texts.len() > MAX_EXAMPLES || texts.iter().any(|text| text.len() > MAX_EXAMPLE) {
                let help = format!("write at most {MAX_EXAMPLES}, of at most {MAX_EXAMPLE} bytes");
                self.problem(format!("{path}.{kind}"), "are too many or too long", help);
                continue;
            }
            for (nth, _) in texts.iter().enumerate().filter(|(_, text)| finds(text) != wanted) {
                self.problem(
                    format!("{path}.{kind}[{nth}]"),
                    format!("rule `{}` {message} in it", raw.id),
                    "change the rule or the example",
                );
            }
        }
    }
}

fn canary_rule(canary: &raw::Canary) -> CustomRule {
    CustomRule {
        id: format!("exfiltration.canary.{}", canary.name),
        class: Class::Exfiltration,
        description: "a text of the configuration that must not come out".to_owned(),
        what: What::Canary(canary.text.clone()),
        confidence: Confidence::High,
        context: Vec::new(),
        allow: Vec::new(),
        validator: None,
        any_case: true,
        is_word: false,
    }
}

fn fits(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-'
}

pub(super) fn level_of(raw: raw::Level) -> Level {
    match raw {
        raw::Level::Public => Level::Public,
        raw::Level::Internal => Level::Internal,
        raw::Level::Confidential => Level::Confidential,
        raw::Level::Restricted => Level::Restricted,
    }
}

/// What is written about a rule: by its id, else its class, else the class's family.
pub(super) fn most_specific<'w, T>(rule: &CatalogueRule, written: &'w BTreeMap<String, T>) -> Option<&'w T> {
    let class = rule.class.to_string();
    let family = class.split('.').next().unwrap_or_default();
    [&*rule.id, class.as_str(), family].into_iter().find_map(|name| written.get(name))
}

/// Everything that a selector may name: families, classes that have rules, and rules.
pub(super) fn selector_names(catalogue: &Catalogue) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let built_in = Class::BUILT_IN.iter();
    for class in built_in.chain(catalogue.rules().map(|(_, rule)| &rule.class)) {
        let class = class.to_string();
        names.extend(class.split('.').next().map(str::to_owned));
        names.insert(class);
    }
    names.extend(catalogue.rules().map(|(_, rule)| rule.id.to_string()));
    names
}
