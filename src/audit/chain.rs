//! Sealing records into lines that vouch for each other, and checking such lines.
//!
//! Each worker has a chain: an identifier drawn at random, a sequence number from 0, and in each record the digest
//! of the line before, byte for byte. The first record carries the digest of the chain's opening. The digest is
//! SHA-256, or HMAC-SHA-256 (RFC 2104) where a key is configured.
//!
//! What this shows: a record that was edited, removed, inserted, repeated or moved, anywhere but at the end.
//! What it cannot show:
//! - A record is vouched for by the next one. So the end of a chain may be cut off, and its last record edited,
//!   without a trace in the chain itself; a later record (a heartbeat) is what pins it down.
//! - Without a key, whoever can rewrite all the lines can compute all the digests.
//! - Chains are independent: a whole chain that is missing is missed by nobody but an inventory of workers.

use std::collections::BTreeMap;
use std::fmt;

use hmac_sha256::HMAC;
use serde::Deserialize;
use sha2::Digest as _;

use super::record::{Link, MAX_LINE_BYTES, Record};
use super::value::{Digest, Hex, Id};

/// Bytes that a key needs at least: RFC 2104, section 3, discourages keys shorter than the digest.
pub const MIN_KEY_BYTES: usize = 32;

/// What the digest before the first record covers, followed by the chain's identifier.
const OPENING: &str = "portcullis audit chain 1 ";

/// The key of a chain's digests.
#[derive(Clone)]
pub struct ChainKey(Vec<u8>);

impl ChainKey {
    /// `None` if it has fewer than [`MIN_KEY_BYTES`].
    pub fn new(bytes: &[u8]) -> Option<ChainKey> {
        (bytes.len() >= MIN_KEY_BYTES).then(|| ChainKey(bytes.to_vec()))
    }
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKey(..)")
    }
}

/// One worker's chain.
#[derive(Debug)]
pub struct Chain {
    id: Id,
    seq: u64,
    prev: Digest,
    key: Option<ChainKey>,
}

impl Chain {
    /// A chain that begins. `id` must be random: two chains of one identifier cannot be told apart.
    pub fn new(id: Id, key: Option<ChainKey>) -> Chain {
        let prev = opening(id, key.as_ref());
        Chain { id, seq: 0, prev, key }
    }

    /// Appends `record` to the chain.
    ///
    /// # Errors
    ///
    /// None that a record can cause; the signature is that of the JSON writer. The chain stays as it was.
    pub fn seal(&mut self, mut record: Record) -> Result<SealedRecord, serde_json::Error> {
        record.chain = Some(Link { id: self.id, seq: self.seq, prev: self.prev });
        let line = record.to_line()?;
        self.prev = digest(line.as_bytes(), self.key.as_ref());
        self.seq += 1;
        Ok(SealedRecord { record, line })
    }
}

/// A record in its final form. The line is what the access log and the collector get.
#[derive(PartialEq, Eq)]
pub struct SealedRecord {
    record: Record,
    line: String,
}

impl SealedRecord {
    /// The [`weight`](SealedRecord::weight) that no record exceeds.
    pub const MAX_WEIGHT: usize = weight(MAX_LINE_BYTES);

    /// The record, its place in the chain included.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// One line of JSON, without a line break.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Bytes of memory, near enough for a bound: the line, as much again for the texts that the record owns, and
    /// the record itself.
    pub fn weight(&self) -> usize {
        weight(self.line.len())
    }
}

/// Names the record; its line holds identity fields.
impl fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedRecord")
            .field("id", &self.record.id)
            .field("chain", &self.record.chain)
            .finish_non_exhaustive()
    }
}

/// Where a chain may begin in the lines that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// With record 0: the lines are all there is.
    Complete,
    /// With any record: older lines have been rotated away. What was before is not vouched for.
    Anywhere,
}

/// What was checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Records in all chains.
    pub records: u64,
    /// The chains, by identifier. The last record of each is vouched for by nothing yet.
    pub chains: BTreeMap<Id, Span>,
}

/// The unbroken part of one chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first sequence number seen.
    pub first: u64,
    /// The last sequence number seen.
    pub last: u64,
}

/// The first place, in the order of lines, where the evidence does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The line on which it shows, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The line is not a sealed record: cut short, not JSON, or without its place in a chain.
    Unreadable,
    /// The record that names itself first in its chain does not follow from the opening: it was made without the
    /// key, or the key is another.
    Forged {
        /// The chain.
        chain: Id,
    },
    /// This record is not the one that its successor, on the line reported, vouches for; or the successor's own
    /// link was changed. The two cannot be told apart.
    Edited {
        /// The chain.
        chain: Id,
        /// The record's number.
        seq: u64,
    },
    /// A record that its predecessor knows nothing of takes the number of one that stands behind it.
    Inserted {
        /// The chain.
        chain: Id,
        /// The number that both claim.
        seq: u64,
    },
    /// This record is nowhere in the lines.
    Missing {
        /// The chain.
        chain: Id,
        /// The record's number.
        seq: u64,
    },
    /// This record stands behind one that came after it.
    Reordered {
        /// The chain.
        chain: Id,
        /// The record's number.
        seq: u64,
    },
    /// A record of this number was there already.
    Repeated {
        /// The chain.
        chain: Id,
        /// The record's number.
        seq: u64,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.fault {
            Fault::Unreadable => f.write_str("not a sealed record"),
            Fault::Forged { chain } => {
                write!(f, "chain {chain} does not begin as it must: forged, or sealed with another key")
            }
            Fault::Edited { chain, seq } => {
                write!(f, "record {seq} of chain {chain} is not the one that this line follows: edited")
            }
            Fault::Inserted { chain, seq } => {
                write!(f, "record {seq} of chain {chain} does not follow the one before: inserted")
            }
            Fault::Missing { chain, seq } => {
                write!(f, "record {seq} of chain {chain} is missing before this line")
            }
            Fault::Reordered { chain, seq } => {
                write!(f, "record {seq} of chain {chain} stands later than this line: reordered")
            }
            Fault::Repeated { chain, seq } => {
                write!(f, "record {seq} of chain {chain} was there already: repeated")
            }
        }
    }
}

impl std::error::Error for Broken {}

/// Checks lines of any number of interleaved chains. Empty lines are skipped; a line break at a line's end does
/// not count. Memory grows with the number of chains, not of records.
///
/// # Errors
///
/// The first place where a chain does not hold.
pub fn verify<L: AsRef<[u8]>>(
    lines: impl IntoIterator<Item = L>,
    key: Option<&ChainKey>,
    opening: Opening,
) -> Result<Summary, Broken> {
    let mut check = Check { key, opening, ends: BTreeMap::new(), summary: Summary::default(), broken: None };
    for (number, line) in (1..).zip(lines) {
        let line = line.as_ref().trim_ascii_end();
        if line.is_empty() {
            continue;
        }
        // The first fault stands. Later lines can only say more exactly what it is.
        match check.broken {
            None => check.broken = check.line(number, line).err(),
            Some(broken) => {
                if let Some(fault) = check.explained(broken.fault, line) {
                    return Err(Broken { fault, ..broken });
                }
            }
        }
    }
    check.broken.map_or(Ok(check.summary), Err)
}

struct Check<'k> {
    key: Option<&'k ChainKey>,
    opening: Opening,
    /// The digest of the last line of each chain.
    ends: BTreeMap<Id, Digest>,
    summary: Summary,
    broken: Option<Broken>,
}

/// The one part of a record that the check needs, whatever the version of the rest.
#[derive(Deserialize)]
struct Sealed {
    chain: Link,
}

impl Check<'_> {
    fn line(&mut self, number: u64, line: &[u8]) -> Result<(), Broken> {
        let broken = |fault| Broken { line: number, fault };
        let Some(Link { id: chain, seq, prev }) = link(line) else {
            return Err(broken(Fault::Unreadable));
        };
        match (self.summary.chains.get_mut(&chain), self.ends.get(&chain)) {
            (Some(span), Some(end)) => {
                let next = span.last.saturating_add(1);
                if seq < next {
                    return Err(broken(Fault::Repeated { chain, seq }));
                }
                if seq > next {
                    return Err(broken(Fault::Missing { chain, seq: next }));
                }
                if prev != *end {
                    return Err(broken(Fault::Edited { chain, seq: span.last }));
                }
                span.last = seq;
            }
            _ => {
                if seq > 0 && self.opening == Opening::Complete {
                    return Err(broken(Fault::Missing { chain, seq: 0 }));
                }
                if seq == 0 && prev != opening(chain, self.key) {
                    return Err(broken(Fault::Forged { chain }));
                }
                self.summary.chains.insert(chain, Span { first: seq, last: seq });
            }
        }
        self.summary.records += 1;
        self.ends.insert(chain, digest(line, self.key));
        Ok(())
    }

    /// What a line behind the fault says about it: the record that was missing turns up, or the true record
    /// turns up behind one that took its number.
    fn explained(&self, fault: Fault, line: &[u8]) -> Option<Fault> {
        let Link { id, seq: found, prev } = link(line)?;
        match fault {
            Fault::Missing { chain, seq } if id == chain && found == seq => {
                Some(Fault::Reordered { chain, seq })
            }
            Fault::Edited { chain, seq }
                if id == chain && found == seq.saturating_add(1) && self.ends.get(&chain) == Some(&prev) =>
            {
                Some(Fault::Inserted { chain, seq: found })
            }
            _ => None,
        }
    }
}

const fn weight(line_bytes: usize) -> usize {
    2 * line_bytes + size_of::<SealedRecord>()
}

fn link(line: &[u8]) -> Option<Link> {
    serde_json::from_slice::<Sealed>(line).ok().map(|sealed| sealed.chain)
}

fn opening(id: Id, key: Option<&ChainKey>) -> Digest {
    digest(format!("{OPENING}{id}").as_bytes(), key)
}

fn digest(bytes: &[u8], key: Option<&ChainKey>) -> Digest {
    Hex(match key {
        Some(ChainKey(key)) => HMAC::mac(bytes, key),
        None => sha2::Sha256::digest(bytes).into(),
    })
}

#[cfg(test)]
mod tests;
