//! What can be said of a pattern without running it: how long its matches are, and which bytes they begin with.
//!
//! Reads the syntax of regex-lite, of patterns that it has compiled. Sets are not read here: regex-lite itself is asked
//! which bytes are in them. What looks around itself (`^`, `$`, `\b`) is refused, because a match must not depend on how
//! much text has come, and so are flags in the pattern.

use crate::detect::pattern::Set;
use regex_lite::RegexBuilder;

/// Bytes of a match whose sets are known at most.
pub(super) const MAX_LEAD: usize = 64;
/// Groups within groups.
const MAX_DEPTH: u32 = 32;

/// What every match of a pattern has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// Its bytes at least.
    pub(super) least: u64,
    /// Its bytes at most; `None` where there is no bound.
    pub(super) most: Option<u64>,
    /// Which bytes its first ones may be.
    pub(super) lead: Vec<Set>,
    /// Whether `lead` says it all: every text that fits it is a match, and nothing else is.
    pub(super) is_exact: bool,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// `^`, `$`, `\b` and the like.
    Assertion,
    /// `(?i)` and the like.
    Flags,
    /// Groups in groups without end, or what is not known here.
    Unknown,
}

/// Reads a pattern that regex-lite compiles.
pub(super) fn shape(pattern: &str, any_case: bool) -> Result<Shape, Refused> {
    let mut reader = Reader { rest: pattern, any_case, depth: 0 };
    let shape = reader.alternatives()?;
    match reader.rest.is_empty() {
        true => Ok(shape),
        false => Err(Refused::Unknown),
    }
}

impl Shape {
    fn empty() -> Shape {
        Shape { least: 0, most: Some(0), lead: Vec::new(), is_exact: true }
    }

    /// Whether all matches have one length, and `lead` covers it.
    fn is_covered(&self) -> bool {
        self.most == Some(self.lead.len() as u64)
    }

    fn then(mut self, next: Shape) -> Shape {
        let is_covered = self.is_covered();
        self.is_exact &= next.is_exact && is_covered;
        if is_covered {
            self.lead.extend(next.lead);
            self.is_exact &= self.lead.len() <= MAX_LEAD;
            self.lead.truncate(MAX_LEAD);
        }
        self.least = self.least.saturating_add(next.least);
        self.most = self.most.zip(next.most).map(|(a, b)| a.saturating_add(b));
        self
    }

    fn or(self, other: Shape) -> Shape {
        let is_exact = self.is_exact && other.is_exact && self.lead.len() == 1 && other.lead.len() == 1;
        let lead = self.lead.iter().zip(&other.lead).map(|(a, b)| union(a, b)).collect();
        let most = self.most.zip(other.most).map(|(a, b)| a.max(b));
        Shape { least: self.least.min(other.least), most, lead, is_exact }
    }

    fn times(self, least: u64, most: Option<u64>) -> Shape {
        let mut whole = Shape::empty();
        // More than the lead can hold adds nothing to it.
        for _ in 0..least.min(MAX_LEAD as u64 + 1) {
            whole = whole.then(self.clone());
        }
        whole.is_exact &= most == Some(least) && least <= MAX_LEAD as u64;
        whole.least = self.least.saturating_mul(least);
        whole.most = match (self.most, most) {
            (Some(0), _) | (_, Some(0)) => Some(0),
            (one, times) => one.zip(times).map(|(one, times)| one.saturating_mul(times)),
        };
        whole
    }
}

fn union(a: &Set, b: &Set) -> Set {
    let mut all = *a;
    (0..=u8::MAX).filter(|byte| b.has(*byte)).for_each(|byte| all.insert(byte));
    all
}

struct Reader<'p> {
    rest: &'p str,
    any_case: bool,
    depth: u32,
}

impl<'p> Reader<'p> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn take(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What stands in front of `end`, which is taken, too.
    fn until(&mut self, end: char) -> Result<&'p str, Refused> {
        let (inside, rest) = self.rest.split_once(end).ok_or(Refused::Unknown)?;
        self.rest = rest;
        Ok(inside)
    }

    fn alternatives(&mut self) -> Result<Shape, Refused> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Refused::Unknown);
        }
        let mut shape = self.sequence()?;
        while self.take("|") {
            shape = shape.or(self.sequence()?);
        }
        self.depth -= 1;
        Ok(shape)
    }

    fn sequence(&mut self) -> Result<Shape, Refused> {
        let mut shape = Shape::empty();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let mut one = self.one()?;
            while let Some((least, most)) = self.repetition()? {
                one = one.times(least, most);
            }
            shape = shape.then(one);
        }
        Ok(shape)
    }

    fn one(&mut self) -> Result<Shape, Refused> {
        let before = self.rest;
        let first = self.next().ok_or(Refused::Unknown)?;
        match first {
            '^' | '$' => Err(Refused::Assertion),
            '(' => {
                if self.take("?P<") || self.take("?<") {
                    self.until('>')?;
                } else if !self.take("?:") && self.rest.starts_with('?') {
                    return Err(Refused::Flags);
                }
                let shape = self.alternatives()?;
                if self.take(")") { Ok(shape) } else { Err(Refused::Unknown) }
            }
            '[' => {
                self.bracket()?;
                self.set(before, true)
            }
            '.' => self.set(before, true),
            '\\' => self.escape(before),
            '*' | '+' | '?' | '{' => Err(Refused::Unknown),
            literal => Ok(self.literal(literal)),
        }
    }

    /// Reads to the end of a set that has begun.
    fn bracket(&mut self) -> Result<(), Refused> {
        self.take("^");
        self.take("]");
        loop {
            if self.take("[:") {
                self.until(':')?;
                self.take("]");
                continue;
            }
            match self.next().ok_or(Refused::Unknown)? {
                ']' => return Ok(()),
                '\\' => {
                    self.next();
                }
                _ => {}
            }
        }
    }

    fn escape(&mut self, before: &str) -> Result<Shape, Refused> {
        match self.next().ok_or(Refused::Unknown)? {
            'b' | 'B' | 'A' | 'z' | '<' | '>' => Err(Refused::Assertion),
            'd' | 's' | 'w' => self.set(before, false),
            'D' | 'S' | 'W' => self.set(before, true),
            form @ ('x' | 'u' | 'U') => {
                let digits = match (self.take("{"), form) {
                    (true, _) => self.until('}')?,
                    (false, form) => {
                        let count = if form == 'x' {
                            2
                        } else if form == 'u' {
                            4
                        } else {
                            8
                        };
                        let (digits, rest) = self.rest.split_at_checked(count).ok_or(Refused::Unknown)?;
                        self.rest = rest;
                        digits
                    }
                };
                let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                Ok(self.literal(code.ok_or(Refused::Unknown)?))
            }
            'n' => Ok(self.literal('\n')),
            'r' => Ok(self.literal('\r')),
            't' => Ok(self.literal('\t')),
            'f' => Ok(self.literal('\x0c')),
            'v' => Ok(self.literal('\x0b')),
            'a' => Ok(self.literal('\x07')),
            letter if letter.is_alphanumeric() => Err(Refused::Unknown),
            itself => Ok(self.literal(itself)),
        }
    }

    fn literal(&self, literal: char) -> Shape {
        let mut bytes = [0; 4];
        let bytes = literal.encode_utf8(&mut bytes).as_bytes();
        let lead = bytes.iter().map(|byte| {
            let mut set = Set::one(*byte);
            if self.any_case {
                set.insert(byte.to_ascii_lowercase());
                set.insert(byte.to_ascii_uppercase());
            }
            set
        });
        let length = bytes.len() as u64;
        Shape { least: length, most: Some(length), lead: lead.collect(), is_exact: true }
    }

    /// One character of the set that is written from `before` to here. `may_be_other`: characters beyond ASCII may be in it.
    fn set(&self, before: &str, may_be_other: bool) -> Result<Shape, Refused> {
        let written = before.strip_suffix(self.rest).ok_or(Refused::Unknown)?;
        let regex = RegexBuilder::new(&format!(r"\A(?:{written})\z"))
            .case_insensitive(self.any_case)
            .build()
            .map_err(|_| Refused::Unknown)?;
        let mut set = Set([0; 4]);
        let holds = |byte: &u8| regex.is_match(char::from(*byte).encode_utf8(&mut [0; 2]));
        (0..0x80).filter(holds).for_each(|byte| set.insert(byte));
        // Letters, digits and ranges of them hold no others; what is written otherwise may.
        let plain = |c: char| c.is_ascii_alphanumeric() || "[]-_.,:;/+=#@%&!~ ".contains(c);
        let mut members = written.to_owned();
        for named in [r"\d", r"\w", r"\s", r"\-", r"\."] {
            members = members.replace(named, "");
        }
        if !may_be_other || (written.starts_with('[') && members.chars().all(plain)) {
            return Ok(Shape { least: 1, most: Some(1), lead: vec![set], is_exact: true });
        }
        (0x80..=u8::MAX).for_each(|byte| set.insert(byte));
        Ok(Shape { least: 1, most: Some(4), lead: vec![set], is_exact: false })
    }

    /// How often what stands before is there: at least, at most.
    fn repetition(&mut self) -> Result<Option<(u64, Option<u64>)>, Refused> {
        let counts = match self.rest.chars().next() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                self.next();
                let inside = self.until('}')?;
                let number = |text: &str| text.trim().parse::<u64>().map_err(|_| Refused::Unknown);
                let counts = match inside.split_once(',') {
                    None => (number(inside)?, Some(number(inside)?)),
                    Some((least, most)) if most.trim().is_empty() => (number(least)?, None),
                    Some((least, most)) => (number(least)?, Some(number(most)?)),
                };
                self.take("?");
                return Ok(Some(counts));
            }
            _ => return Ok(None),
        };
        self.next();
        self.take("?");
        Ok(Some(counts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `lead` as regex-lite would write it, shortened to the members of `ALPHABET`.
    fn lead(shape: &Shape) -> Vec<String> {
        const ALPHABET: &str = "AaBbEeMmPpXx019-_# \u{7f}";
        let members = |set: &Set| ALPHABET.chars().filter(|c| set.has(*c as u8)).collect();
        shape.lead.iter().map(members).collect()
    }

    #[test]
    fn lengths_and_leads() {
        type Case = (&'static str, u64, Option<u64>, &'static [&'static str], bool);
        let cases: [Case; 15] = [
            ("", 0, Some(0), &[], true),
            ("EMP-[0-9]{2}", 6, Some(6), &["E", "M", "P", "-", "019", "019"], true),
            ("EMP-[0-9]+", 5, None, &["E", "M", "P", "-", "019"], false),
            ("(?:AB|PX)-", 3, Some(3), &["AP", "BX", "-"], false),
            ("(?:AB|PX-)9", 3, Some(4), &["AP", "BX"], false),
            ("(A|B)9", 2, Some(2), &["AB", "9"], true),
            ("A?B", 1, Some(2), &[], false),
            ("(A{2}){2}", 4, Some(4), &["A", "A", "A", "A"], true),
            (r"\d\w\x41\u{42}\-", 5, Some(5), &["019", "AaBbEeMmPpXx019_", "A", "B", "-"], true),
            ("[^A]B", 2, Some(5), &["aBbEeMmPpXx019-_# \u{7f}"], false),
            ("[]#]", 1, Some(1), &["#"], true),
            ("[[:digit:]]{3,5}?", 3, Some(5), &["019", "019", "019"], false),
            ("(?P<a>X){0}", 0, Some(0), &[], true),
            ("\u{e9}A", 3, Some(3), &["", "", "A"], true),
            ("a{3,}", 3, None, &["a", "a", "a"], false),
        ];
        for (pattern, least, most, expected, is_exact) in cases {
            regex_lite::Regex::new(pattern).unwrap();
            let found = shape(pattern, false).unwrap();
            assert_eq!((found.least, found.most, found.is_exact), (least, most, is_exact), "{pattern}");
            assert_eq!(lead(&found), expected, "{pattern}");
        }
        assert_eq!(lead(&shape("eM[x]", true).unwrap()), ["Ee", "Mm", "Xx"]);
    }

    #[test]
    fn what_looks_around_itself_is_refused() {
        let cases = [
            ("^a", Refused::Assertion),
            ("a$", Refused::Assertion),
            (r"\ba", Refused::Assertion),
            (r"(a|\z)", Refused::Assertion),
            ("(?i)a", Refused::Flags),
            ("(?i:a)", Refused::Flags),
            (&format!("{}a{}", "(".repeat(40), ")".repeat(40)), Refused::Unknown),
        ];
        for (pattern, expected) in cases {
            assert_eq!(shape(pattern, false), Err(expected), "{pattern}");
        }
    }

    #[test]
    fn what_a_pattern_matches_has_its_shape() {
        let patterns =
            ["EMP-[0-9]{2}", "(?:AB|PX-)9+", "A?B{1,3}", r"[^A]-\w{2,4}", "(a|b)c|d", r"\W\S", "[a-c-]x*"];
        let alphabet = "EMP-019ABXabcdx \u{e9}#";
        let mut dice = crate::chunking::Dice::new(5);
        for pattern in patterns {
            let shape = shape(pattern, false).unwrap();
            let regex = regex_lite::Regex::new(pattern).unwrap();
            for _ in 0..3000 {
                let text: String = (0..8)
                    .filter_map(|_| alphabet.chars().nth(dice.below(alphabet.chars().count())))
                    .collect();
                for found in regex.find_iter(&text) {
                    let (bytes, length) = (found.as_str().as_bytes(), found.len() as u64);
                    assert!(
                        length >= shape.least && shape.most.is_none_or(|most| length <= most),
                        "{pattern} {text}"
                    );
                    assert!(bytes.len() >= shape.lead.len(), "{pattern} {text}");
                    assert!(
                        shape.lead.iter().zip(bytes).all(|(set, byte)| set.has(*byte)),
                        "{pattern} {text}"
                    );
                }
            }
        }
    }
}
