use proptest::prelude::*;

use super::*;
use crate::audit::chain::Chain;
use crate::audit::record::{Decision, Mode, Record};
use crate::audit::time::Timestamp;
use crate::audit::value::Hex;

/// A record that `Record::time` numbers and whose line is `extra` bytes longer than the shortest.
fn sealed(number: u64, is_denial: bool, extra: usize) -> SealedRecord {
    // `allow` is one letter longer than `deny`.
    let (decision, extra) = if is_denial { (Decision::Deny, extra + 1) } else { (Decision::Allow, extra) };
    let mut record = Record::new(Hex([0; 16]), Timestamp::from_unix_ms(number), Mode::Enforce, decision);
    record.route = Some("r".repeat(extra).as_str().into());
    Chain::new(Hex([0; 16]), None).seal(record).unwrap()
}

/// The weight of every `sealed(_, _, 0)`.
fn unit() -> usize {
    sealed(0, true, 0).weight()
}

fn limits(records: usize, units: usize) -> Limits {
    Limits { records, bytes: units * unit(), batch_records: 3, batch_bytes: 100 * unit() }
}

fn numbers(batch: &Batch) -> Vec<u64> {
    batch.records().map(|record| record.record().time.unix_ms()).collect()
}

fn next(outbox: &mut Outbox, now: u64) -> Option<(BatchId, Vec<u64>)> {
    outbox.batch(now).map(|batch| (batch.id(), numbers(&batch)))
}

#[test]
fn when_full_the_oldest_allowed_goes_first() {
    let mut outbox = Outbox::new(limits(3, 100));
    assert_eq!(outbox.push(sealed(0, true, 0)), Pushed::Kept);
    assert_eq!(outbox.push(sealed(1, false, 0)), Pushed::Kept);
    assert_eq!(outbox.push(sealed(2, false, 0)), Pushed::Kept);
    assert_eq!(outbox.push(sealed(3, true, 0)), Pushed::KeptInstead(1));
    assert_eq!(outbox.push(sealed(4, false, 0)), Pushed::KeptInstead(1));
    assert_eq!((outbox.dropped(), outbox.dropped_denials()), (2, 0));
    assert_eq!(next(&mut outbox, 0).unwrap().1, [0, 3, 4]);
}

#[test]
fn a_denial_gives_way_to_nothing() {
    let mut outbox = Outbox::new(limits(2, 100));
    assert_eq!(outbox.push(sealed(0, true, 0)), Pushed::Kept);
    assert_eq!(outbox.push(sealed(1, true, 0)), Pushed::Kept);
    assert_eq!(outbox.push(sealed(2, false, 0)), Pushed::Refused);
    assert_eq!(outbox.push(sealed(3, true, 0)), Pushed::Refused);
    assert_eq!((outbox.dropped(), outbox.dropped_denials()), (1, 1));
    assert_eq!(next(&mut outbox, 0).unwrap().1, [0, 1]);
}

#[test]
fn a_record_that_cannot_fit_drives_nothing_out() {
    let mut outbox = Outbox::new(limits(10, 3));
    let _ = outbox.push(sealed(0, true, 0));
    let _ = outbox.push(sealed(1, true, 0));
    let _ = outbox.push(sealed(2, false, 0));
    assert_eq!(outbox.push(sealed(3, true, 100)), Pushed::Refused);
    assert_eq!(next(&mut outbox, 0).unwrap().1, [0, 1, 2]);
}

#[test]
fn records_on_their_way_are_not_dropped() {
    let mut outbox = Outbox::new(limits(2, 100));
    let _ = outbox.push(sealed(0, false, 0));
    let _ = outbox.push(sealed(1, false, 0));
    let (id, _) = next(&mut outbox, 0).unwrap();
    assert_eq!(outbox.push(sealed(2, true, 0)), Pushed::Refused);
    assert!(outbox.delivered(id));
    assert_eq!(outbox.push(sealed(3, true, 0)), Pushed::Kept);
}

#[test]
fn a_failed_batch_goes_back_in_order_and_waits() {
    let mut outbox = Outbox::new(limits(10, 100));
    for (number, is_denial) in [(0, false), (1, true), (2, false), (3, true)] {
        let _ = outbox.push(sealed(number, is_denial, 0));
    }
    let mut now = 0;
    for wait in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
        let (id, sent) = next(&mut outbox, now).unwrap();
        assert_eq!(sent, [0, 1, 2]);
        assert!(outbox.batch(now).is_none(), "one batch at a time");
        assert!(outbox.failed(id, now));
        assert!(outbox.batch(now + wait - 1).is_none(), "before {wait} ms");
        now += wait;
    }
    let (id, sent) = next(&mut outbox, now).unwrap();
    assert_eq!(sent, [0, 1, 2]);
    assert!(outbox.delivered(id));
    let (id, sent) = next(&mut outbox, now).unwrap();
    assert_eq!(sent, [3]);
    assert!(outbox.failed(id, now));
    assert!(outbox.batch(now + 1_000).is_some(), "a delivery resets the wait");
}

#[test]
fn a_late_answer_changes_nothing() {
    let mut outbox = Outbox::new(limits(10, 100));
    let _ = outbox.push(sealed(0, true, 0));
    let (first, _) = next(&mut outbox, 0).unwrap();
    assert!(outbox.failed(first, 0));
    assert!(!outbox.delivered(first) && !outbox.failed(first, 0) && !outbox.rejected(first));
    let (second, sent) = next(&mut outbox, 5_000).unwrap();
    assert_eq!(sent, [0]);
    assert!(!outbox.delivered(first));
    assert!(outbox.delivered(second));
    assert_eq!((outbox.depth(), outbox.bytes()), (0, 0));
}

#[test]
fn a_rejected_batch_is_lost_and_counted() {
    let mut outbox = Outbox::new(limits(10, 100));
    let _ = outbox.push(sealed(0, true, 0));
    let _ = outbox.push(sealed(1, false, 0));
    let (id, _) = next(&mut outbox, 0).unwrap();
    assert!(outbox.rejected(id));
    assert_eq!((outbox.depth(), outbox.bytes()), (0, 0));
    assert_eq!((outbox.dropped(), outbox.dropped_denials()), (1, 1));
}

#[test]
fn batches_hold_their_bytes_and_a_large_record_goes_alone() {
    let limits = Limits { records: 100, bytes: 1000 * unit(), batch_records: 10, batch_bytes: 2 * unit() };
    let mut outbox = Outbox::new(limits);
    for (number, extra) in [(0, 0), (1, 0), (2, 0), (3, 128), (4, 0)] {
        let _ = outbox.push(sealed(number, true, extra));
    }
    let mut seen = Vec::new();
    while let Some((id, sent)) = next(&mut outbox, 0) {
        seen.push(sent);
        outbox.delivered(id);
    }
    assert_eq!(seen, [vec![0, 1], vec![2], vec![3], vec![4]]);
}

#[test]
fn fullness_leaves_room_for_the_largest_record() {
    let bytes = 3 * SealedRecord::MAX_WEIGHT;
    let mut outbox = Outbox::new(Limits { records: 2, bytes, ..Limits::default() });
    assert!(outbox.has_room_for(2) && !outbox.has_room_for(3));
    // A thousand ordinary exchanges at once are no reason to refuse the next one.
    assert!(Outbox::new(Limits::default()).has_room_for(1000));
    let _ = outbox.push(sealed(0, false, 0));
    assert!(!outbox.is_full());
    let _ = outbox.push(sealed(1, false, 0));
    assert!(outbox.is_full());
    let small = Outbox::new(Limits { bytes: SealedRecord::MAX_WEIGHT - 1, ..Limits::default() });
    assert!(small.is_full());
}

#[derive(Debug, Clone)]
enum Op {
    Push { is_denial: bool, extra: usize },
    Batch,
    Delivered,
    Failed,
    Rejected,
    Wait(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => (any::<bool>(), 0..100_usize).prop_map(|(is_denial, extra)| Op::Push { is_denial, extra }),
        4 => Just(Op::Batch),
        2 => Just(Op::Delivered),
        2 => Just(Op::Failed),
        1 => Just(Op::Rejected),
        2 => (0..3000_u64).prop_map(Op::Wait),
    ]
}

/// The same promises, written as directly as they can be: one list, searched from the front.
struct Model {
    limits: Limits,
    /// Number, denial, weight, and whether it is on its way.
    held: Vec<(u64, bool, usize, bool)>,
    out: Option<BatchId>,
    wait: u64,
    retry_at: u64,
    lost: [u64; 2],
}

impl Model {
    fn push(&mut self, number: u64, is_denial: bool, weight: usize) -> Pushed {
        let fits = |held: &[(u64, bool, usize, bool)]| {
            held.len() < self.limits.records
                && held.iter().map(|entry| entry.2).sum::<usize>() + weight <= self.limits.bytes
        };
        let mut kept = self.held.clone();
        while !fits(&kept) {
            let Some(at) = kept.iter().position(|entry| !entry.1 && !entry.3) else {
                self.lost[usize::from(is_denial)] += 1;
                return Pushed::Refused;
            };
            kept.remove(at);
        }
        let dropped = (self.held.len() - kept.len()) as u64;
        kept.push((number, is_denial, weight, false));
        self.held = kept;
        self.lost[0] += dropped;
        if dropped == 0 { Pushed::Kept } else { Pushed::KeptInstead(dropped) }
    }

    fn batch(&mut self, now: u64) -> Option<Vec<u64>> {
        if self.out.is_some() || now < self.retry_at || self.held.is_empty() {
            return None;
        }
        let mut bytes = 0;
        let mut numbers = Vec::new();
        for entry in self.held.iter_mut().take(self.limits.batch_records) {
            bytes += entry.2;
            if !numbers.is_empty() && bytes > self.limits.batch_bytes {
                break;
            }
            entry.3 = true;
            numbers.push(entry.0);
        }
        Some(numbers)
    }
}

proptest! {
    #[test]
    fn behaves_like_the_model(
        ops in prop::collection::vec(op(), 1..120),
        records in 1..12_usize,
        units in 1..12_usize,
        batch_records in 1..6_usize,
        batch_units in 1..6_usize,
    ) {
        let bytes = units * (unit() + 60);
        let limits = Limits { records, bytes, batch_records, batch_bytes: batch_units * (unit() + 60) };
        let mut outbox = Outbox::new(limits);
        let mut model =
            Model { limits, held: Vec::new(), out: None, wait: FIRST_RETRY_MS, retry_at: 0, lost: [0, 0] };
        let (mut now, mut number) = (0, 0);
        for op in ops {
            match op {
                Op::Push { is_denial, extra } => {
                    let record = sealed(number, is_denial, extra);
                    let expected = model.push(number, is_denial, record.weight());
                    prop_assert_eq!(outbox.push(record), expected);
                    number += 1;
                }
                Op::Batch => {
                    let sent = next(&mut outbox, now);
                    prop_assert_eq!(sent.as_ref().map(|sent| sent.1.clone()), model.batch(now));
                    model.out = sent.map(|sent| sent.0).or(model.out);
                }
                Op::Delivered => if let Some(id) = model.out.take() {
                    prop_assert!(outbox.delivered(id));
                    model.held.retain(|entry| !entry.3);
                    (model.wait, model.retry_at) = (FIRST_RETRY_MS, 0);
                },
                Op::Failed => if let Some(id) = model.out.take() {
                    prop_assert!(outbox.failed(id, now));
                    model.held.iter_mut().for_each(|entry| entry.3 = false);
                    model.retry_at = now + model.wait;
                    model.wait = (2 * model.wait).min(MAX_RETRY_MS);
                },
                Op::Rejected => if let Some(id) = model.out.take() {
                    prop_assert!(outbox.rejected(id));
                    for entry in model.held.extract_if(.., |entry| entry.3) {
                        model.lost[usize::from(entry.1)] += 1;
                    }
                },
                Op::Wait(ms) => now += ms,
            }
            prop_assert_eq!(outbox.depth(), model.held.len());
            prop_assert_eq!(outbox.bytes(), model.held.iter().map(|entry| entry.2).sum::<usize>());
            prop_assert_eq!([outbox.dropped(), outbox.dropped_denials()], model.lost);
            prop_assert!(outbox.depth() <= records && outbox.bytes() <= bytes);
        }
    }
}
