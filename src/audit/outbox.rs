//! The bounded queue between exchanges and the collector.
//!
//! Pure: the owner sends what [`Outbox::batch`] hands out and reports how it went. At most one batch is out at a
//! time, and a record is handed out again only after its batch failed. A batch whose answer was lost may have
//! arrived: delivery is at least once, and a record's place in its chain tells repetitions apart.
//!
//! Bounded memory wins over everything. When there is no room, the oldest waiting record of an *allowed* exchange
//! goes, and is counted. A denial that was accepted leaves only to the collector. If nothing but denials is
//! left, the new record is refused: [`Pushed::Refused`] says so, and the owner must make it known. What the
//! outbox loses is still in the access log, and shows as a gap in the chain at the collector.
//!
//! Invariants: records and bytes stay within their limits, the batch that is out included. Each queue is ordered by
//! `seq`. Each operation is amortised O(1) per record.

use std::collections::VecDeque;

use super::chain::SealedRecord;

/// The wait after a first failure, in milliseconds. It doubles with each further one.
pub const FIRST_RETRY_MS: u64 = 1_000;
/// The longest wait between attempts, in milliseconds: how late the outbox notices a collector that is back.
pub const MAX_RETRY_MS: u64 = 30_000;

/// What an ordinary record weighs at most, in bytes.
const ORDINARY: usize = 8 << 10;

/// How much an outbox holds and hands out. Bytes are [`SealedRecord::weight`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Records held, those in the batch that is out included.
    pub records: usize,
    /// Bytes held, those in the batch that is out included.
    pub bytes: usize,
    /// Records in a batch.
    pub batch_records: usize,
    /// Bytes in a batch. A single record that is larger goes alone.
    pub batch_bytes: usize,
}

impl Default for Limits {
    /// 4096 records or 16 MiB for a worker: at 100 exchanges a second, the 40 s of a collector's restart. A batch
    /// stays well below gRPC's usual limit of 4 MiB for a message.
    fn default() -> Limits {
        Limits { records: 4096, bytes: 16 << 20, batch_records: 256, batch_bytes: 1 << 20 }
    }
}

/// What became of a record that was pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a refused record is lost evidence, which the caller must make known"]
pub enum Pushed {
    /// It is held.
    Kept,
    /// It is held, and this many records of allowed exchanges were dropped to make room.
    KeptInstead(u64),
    /// It is not held: everything that could make room is a denial or is being sent.
    Refused,
}

/// Names a batch that was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchId(u64);

/// Records to send.
#[derive(Debug)]
pub struct Batch<'a> {
    id: BatchId,
    entries: &'a [Entry],
}

impl<'a> Batch<'a> {
    /// What to report the outcome under.
    pub fn id(&self) -> BatchId {
        self.id
    }

    /// The records, oldest first. There is at least one.
    pub fn records(&self) -> impl ExactSizeIterator<Item = &'a SealedRecord> + use<'a> {
        self.entries.iter().map(|entry| &entry.record)
    }
}

/// The bounded queue between exchanges and the collector.
#[derive(Debug)]
pub struct Outbox {
    limits: Limits,
    denials: Queue,
    allowed: Queue,
    flight: Option<Flight>,
    /// Of everything held: both queues and the flight.
    bytes: usize,
    /// Of the largest record so far.
    heaviest: usize,
    next_seq: u64,
    next_batch: u64,
    /// How long to wait after the next failure.
    wait_ms: u64,
    retry_at_ms: u64,
    dropped: u64,
    dropped_denials: u64,
}

#[derive(Debug)]
struct Entry {
    seq: u64,
    record: SealedRecord,
}

#[derive(Debug)]
struct Flight {
    id: BatchId,
    entries: Vec<Entry>,
}

impl Outbox {
    /// An empty outbox.
    pub fn new(limits: Limits) -> Outbox {
        Outbox {
            limits,
            denials: Queue::default(),
            allowed: Queue::default(),
            flight: None,
            bytes: 0,
            heaviest: ORDINARY,
            next_seq: 0,
            next_batch: 0,
            wait_ms: FIRST_RETRY_MS,
            retry_at_ms: 0,
            dropped: 0,
            dropped_denials: 0,
        }
    }

    /// Takes a record in, if need be in place of older ones of allowed exchanges.
    pub fn push(&mut self, record: SealedRecord) -> Pushed {
        let weight = record.weight();
        self.heaviest = self.heaviest.max(weight);
        let is_denial = record.record().is_denial();
        // Without a first look, a record that does not fit anyway would drive others out.
        let fits_at_best = self.depth() - self.allowed.entries.len() < self.limits.records
            && self.bytes - self.allowed.bytes + weight <= self.limits.bytes;
        if !fits_at_best {
            self.count_loss(is_denial);
            return Pushed::Refused;
        }
        let mut dropped = 0;
        while self.depth() >= self.limits.records || self.bytes + weight > self.limits.bytes {
            let Some(oldest) = self.allowed.pop_front() else {
                break;
            };
            self.bytes -= oldest.record.weight();
            self.count_loss(false);
            dropped += 1;
        }
        self.bytes += weight;
        let entry = Entry { seq: self.next_seq, record };
        self.next_seq += 1;
        self.queue(is_denial).push_back(entry);
        if dropped == 0 { Pushed::Kept } else { Pushed::KeptInstead(dropped) }
    }

    /// The next records to send, oldest first. `None` while a batch is out, while waiting after a failure, and
    /// when there is nothing to send. `now_ms` is a monotonic clock in milliseconds.
    pub fn batch(&mut self, now_ms: u64) -> Option<Batch<'_>> {
        if self.flight.is_some() || now_ms < self.retry_at_ms {
            return None;
        }
        let mut entries = Vec::new();
        let mut bytes = 0;
        while entries.len() < self.limits.batch_records.max(1) {
            let queue = self.next_queue();
            let Some(weight) = queue.front_weight() else { break };
            if !entries.is_empty() && bytes + weight > self.limits.batch_bytes {
                break;
            }
            bytes += weight;
            entries.extend(self.next_queue().pop_front());
        }
        if entries.is_empty() {
            return None;
        }
        let id = BatchId(self.next_batch);
        self.next_batch += 1;
        let flight = self.flight.insert(Flight { id, entries });
        Some(Batch { id, entries: &flight.entries })
    }

    /// The collector has the batch. Also the answer to a partial success: its rejected records must not be sent
    /// again. `false` if that batch is not out, for example because it failed before.
    pub fn delivered(&mut self, id: BatchId) -> bool {
        let Some(flight) = self.land(id) else { return false };
        self.bytes -= flight.entries.iter().map(|entry| entry.record.weight()).sum::<usize>();
        self.wait_ms = FIRST_RETRY_MS;
        self.retry_at_ms = 0;
        true
    }

    /// The batch did not arrive, or nobody knows: its records go back to where they were, and the next attempt
    /// waits. The owner reports a call that is never answered as failed. `false` if that batch is not out.
    pub fn failed(&mut self, id: BatchId, now_ms: u64) -> bool {
        let Some(flight) = self.land(id) else { return false };
        for entry in flight.entries.into_iter().rev() {
            self.queue(entry.record.record().is_denial()).push_front(entry);
        }
        self.retry_at_ms = now_ms.saturating_add(self.wait_ms);
        self.wait_ms = (2 * self.wait_ms).min(MAX_RETRY_MS);
        true
    }

    /// The collector says that it will never take this batch (gRPC status `INVALID_ARGUMENT`): its records are
    /// lost and counted, so that one unfit message does not hold up all that follow. Every other status may pass
    /// once the collector or its configuration is repaired, and is [`failed`](Outbox::failed). `false` if that
    /// batch is not out.
    pub fn rejected(&mut self, id: BatchId) -> bool {
        let Some(flight) = self.land(id) else { return false };
        for entry in flight.entries {
            self.bytes -= entry.record.weight();
            self.count_loss(entry.record.record().is_denial());
        }
        true
    }

    /// Records held, those in the batch that is out included.
    pub fn depth(&self) -> usize {
        let in_flight = self.flight.as_ref().map_or(0, |flight| flight.entries.len());
        self.denials.entries.len() + self.allowed.entries.len() + in_flight
    }

    /// Bytes held, those in the batch that is out included.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Records of allowed exchanges that were lost since the start.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Denials that were lost since the start: refused because nothing could give way, or rejected by the
    /// collector.
    pub fn dropped_denials(&self) -> u64 {
        self.dropped_denials
    }

    /// Whether the next record could be lost or cost another one.
    pub fn is_full(&self) -> bool {
        !self.has_room_for(1)
    }

    /// Whether this many further records fit without a loss: one as large as a record can be, the others as large as any so far.
    /// For a configuration that wants evidence first: with so many exchanges under way, a new one among them may begin.
    pub fn has_room_for(&self, records: usize) -> bool {
        let others = self.heaviest.saturating_mul(records.saturating_sub(1));
        self.depth().saturating_add(records) <= self.limits.records
            && self.bytes.saturating_add(SealedRecord::MAX_WEIGHT).saturating_add(others) <= self.limits.bytes
    }

    fn queue(&mut self, is_denial: bool) -> &mut Queue {
        if is_denial { &mut self.denials } else { &mut self.allowed }
    }

    /// The queue whose front is the oldest record.
    fn next_queue(&mut self) -> &mut Queue {
        let denials_first = match (self.denials.front_seq(), self.allowed.front_seq()) {
            (Some(denial), Some(allowed)) => denial < allowed,
            (denial, _) => denial.is_some(),
        };
        self.queue(denials_first)
    }

    fn land(&mut self, id: BatchId) -> Option<Flight> {
        self.flight.take_if(|flight| flight.id == id)
    }

    fn count_loss(&mut self, is_denial: bool) {
        let counter = if is_denial { &mut self.dropped_denials } else { &mut self.dropped };
        *counter = counter.saturating_add(1);
    }
}

/// Entries in the order of `seq`, and the sum of their weights.
#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    bytes: usize,
}

impl Queue {
    fn push_back(&mut self, entry: Entry) {
        self.bytes += entry.record.weight();
        self.entries.push_back(entry);
    }

    fn push_front(&mut self, entry: Entry) {
        self.bytes += entry.record.weight();
        self.entries.push_front(entry);
    }

    fn pop_front(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.record.weight();
        Some(entry)
    }

    fn front_seq(&self) -> Option<u64> {
        self.entries.front().map(|entry| entry.seq)
    }

    fn front_weight(&self) -> Option<usize> {
        self.entries.front().map(|entry| entry.record.weight())
    }
}

#[cfg(test)]
mod tests;
