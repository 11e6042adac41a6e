//! When keys are fetched, and how long a fetched set is used. Pure: time is an argument, the fetch is the caller's.
//!
//! A set is fetched again when it is due, and earlier when a token names a key that is not in it, but not more often
//! than once in [`MIN_INTERVAL`]: a flood of invented key ids must not become a flood of fetches. A set that cannot be
//! fetched again stays in use until its maximum age.

use super::KeySet;

/// The least time between two fetches of one set, in seconds.
pub const MIN_INTERVAL: u64 = 10;
/// The waits after fetches that failed, in seconds: none, so that a cluster that is not ready yet costs one tick, then
/// 1, and doubled each time up to [`MAX_RETRY`].
const FIRST_RETRY: u64 = 0;
/// The longest wait after a fetch that failed, in seconds.
const MAX_RETRY: u64 = 60;

/// The fetched key sets of the configured issuers.
pub struct Keyring {
    slots: Vec<Option<Slot>>,
}

struct Slot {
    refresh: u64,
    max_age: u64,
    keys: Option<KeySet>,
    fetched_at: u64,
    due_at: u64,
    retry: u64,
    is_fetching: bool,
}

impl Keyring {
    /// One place per issuer: `None` where nothing is fetched, else (refresh, maximum age) in seconds.
    pub fn new(issuers: impl Iterator<Item = Option<(u64, u64)>>, now: u64) -> Keyring {
        let slot = |(refresh, max_age)| Slot {
            refresh,
            max_age,
            keys: None,
            fetched_at: 0,
            due_at: now,
            retry: FIRST_RETRY,
            is_fetching: false,
        };
        Keyring { slots: issuers.map(|issuer| issuer.map(slot)).collect() }
    }

    /// The set of an issuer, unless it is older than its maximum age.
    pub fn current(&self, issuer: usize, now: u64) -> Option<&KeySet> {
        let slot = self.slots.get(issuer)?.as_ref()?;
        slot.keys.as_ref().filter(|_| now.saturating_sub(slot.fetched_at) <= slot.max_age)
    }

    /// The issuers whose sets are to be fetched now. Each is then answered by [`Keyring::fetched`] or
    /// [`Keyring::failed`].
    pub fn take_due(&mut self, now: u64) -> Vec<usize> {
        let mut due = Vec::new();
        for (issuer, slot) in self.slots.iter_mut().enumerate() {
            if let Some(slot) = slot
                && !slot.is_fetching
                && slot.due_at <= now
            {
                slot.is_fetching = true;
                due.push(issuer);
            }
        }
        due
    }

    /// A set arrived.
    pub fn fetched(&mut self, issuer: usize, keys: KeySet, now: u64) {
        if let Some(Some(slot)) = self.slots.get_mut(issuer) {
            slot.keys = Some(keys);
            slot.fetched_at = now;
            slot.due_at = now.saturating_add(slot.refresh);
            slot.retry = FIRST_RETRY;
            slot.is_fetching = false;
        }
    }

    /// A fetch failed, or brought no key set.
    pub fn failed(&mut self, issuer: usize, now: u64) {
        if let Some(Some(slot)) = self.slots.get_mut(issuer) {
            slot.due_at = now.saturating_add(slot.retry);
            slot.retry = (slot.retry * 2).clamp(1, MAX_RETRY);
            slot.is_fetching = false;
        }
    }

    /// A token named a key that the set does not have.
    pub fn wants_newer(&mut self, issuer: usize, now: u64) {
        if let Some(Some(slot)) = self.slots.get_mut(issuer) {
            let earliest = slot.fetched_at.saturating_add(MIN_INTERVAL).max(now);
            slot.due_at = slot.due_at.min(earliest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[u8] =
        br#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    fn ring() -> Keyring {
        Keyring::new([None, Some((300, 1000))].into_iter(), 5)
    }

    #[test]
    fn a_set_is_fetched_at_start_and_when_due() {
        let mut ring = ring();
        assert_eq!(ring.take_due(5), [1]);
        assert_eq!(ring.take_due(5), [0usize; 0], "one fetch at a time");
        ring.fetched(1, KeySet::parse(KEYS).unwrap(), 6);
        assert!(ring.current(1, 6).is_some());
        assert!(ring.take_due(305).is_empty());
        assert_eq!(ring.take_due(306), [1]);
    }

    #[test]
    fn a_failed_fetch_waits_longer_each_time_and_the_old_set_stays_until_its_age() {
        let mut ring = ring();
        ring.take_due(5);
        ring.fetched(1, KeySet::parse(KEYS).unwrap(), 10);
        assert_eq!(ring.take_due(310), [1]);
        ring.failed(1, 310);
        assert_eq!(ring.take_due(310), [1]);
        ring.failed(1, 310);
        assert!(ring.take_due(310).is_empty());
        assert_eq!(ring.take_due(311), [1]);
        ring.failed(1, 311);
        assert!(ring.take_due(312).is_empty());
        assert!(ring.current(1, 1010).is_some());
        assert!(ring.current(1, 1011).is_none(), "older than the maximum age");
    }

    #[test]
    fn an_unknown_key_id_brings_the_fetch_forward_but_not_more_often_than_the_interval() {
        let mut ring = ring();
        ring.take_due(5);
        ring.fetched(1, KeySet::parse(KEYS).unwrap(), 100);
        ring.wants_newer(1, 101);
        assert!(ring.take_due(109).is_empty());
        assert_eq!(ring.take_due(110), [1]);
    }

    #[test]
    fn an_issuer_that_is_not_fetched_has_no_set() {
        let mut ring = ring();
        ring.wants_newer(0, 5);
        ring.wants_newer(7, 5);
        assert!(ring.current(0, 5).is_none() && ring.current(7, 5).is_none());
    }
}
