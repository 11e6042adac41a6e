//! What is wrong with a configuration: where, what, and what to do about it.

use std::fmt;

/// One problem of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it stands, as `routes[2].allow[0].what.models`; empty for the whole document.
    pub path: String,
    /// What is wrong, in lower case, with the user's input in backticks.
    pub message: String,
    /// What to write instead; may be empty.
    pub help: String,
}

impl Problem {
    /// A problem with help.
    pub fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { path: path.into(), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}

/// Every problem of one configuration, in the order of their places. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// The known name that is nearest to `given`, where one is near enough to be a slip of the pen.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (distance(given, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}

/// Help that lists what is known, and the nearest of it first.
pub fn known<'a>(given: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let list = names.clone().into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match nearest(given, names) {
        Some(name) => format!("did you mean `{name}`? known: {list}"),
        None if list.is_empty() => "none is defined".to_owned(),
        None => format!("known: {list}"),
    }
}

/// Levenshtein distance of two short names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (above, y) in row.iter().skip(1).zip(&b) {
            left = (diagonal + usize::from(x != *y)).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("model", "models", 1)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn help_names_the_nearest() {
        assert_eq!(
            known("standart", ["standard", "strict"]),
            "did you mean `standard`? known: `standard`, `strict`"
        );
        assert_eq!(known("x", []), "none is defined");
    }
}
