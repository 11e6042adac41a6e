//! Names as configurations write them: exact, or with `*` for any run of characters (an empty one too).
//! Nothing else is special, so a name from a provider's documentation can be pasted as it is.

use std::fmt;

/// A compiled name pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    written: String,
}

impl Glob {
    /// Compiles a pattern; every text is one.
    pub fn new(pattern: &str) -> Glob {
        Glob { written: pattern.to_owned() }
    }

    /// Whether the whole of `name` fits. Time is at most pattern × name, with no recursion.
    pub fn matches(&self, name: &str) -> bool {
        fits(&self.written, name)
    }

    /// The same in any case. What denies a name denies it in each writing that a server may take for the same.
    pub fn meets(&self, name: &str) -> bool {
        self.matches(name) || fits(&self.written.to_lowercase(), &name.to_lowercase())
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(first) = pieces.next() else { return false };
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Whether any of the patterns fits; an absent list fits everything.
pub fn any_matches(patterns: Option<&[Glob]>, name: &str) -> bool {
    patterns.is_none_or(|list| list.iter().any(|glob| glob.matches(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (pattern, name, fits) in [
            ("gpt-4o", "gpt-4o", true),
            ("gpt-4o", "gpt-4o-mini", false),
            ("gpt-4o*", "gpt-4o", true),
            ("gpt-4o-*", "gpt-4o-mini", true),
            ("gpt-4o-*", "gpt-4o", false),
            ("*", "", true),
            ("*", "anything", true),
            ("", "", true),
            ("", "x", false),
            ("*-mini", "gpt-4.1-mini", true),
            ("*-mini", "gpt-4.1-mini-2", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "ac", false),
            ("ab*ba", "aba", false),
            ("**", "x", true),
            ("gpt.4", "gpt-4", false),
            ("模型*", "模型-1", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(name), fits, "{pattern} on {name}");
        }
    }
}
