//! Many shapes read side by side: a table of states, each of which is the set of shapes that the bytes so far fit.

use std::collections::HashMap;

/// A state of a [`Walk`]: its number.
pub(super) type State = u16;

/// The state in which no shape is left.
const DEAD: State = 0;

/// All shapes, which begin at one place.
pub(super) struct Walk {
    /// Bytes that no shape tells apart have one class.
    classes: Vec<u8>,
    stride: usize,
    /// The state behind a state and a class.
    next: Vec<State>,
    /// The shapes that a state completes.
    ends: Vec<Box<[u16]>>,
    /// What the shapes that are left in a state belong to.
    groups: Vec<Box<[u16]>>,
}

impl Walk {
    /// Of shapes, each with the group that it belongs to. `None` where there are more states than numbers.
    pub(super) fn of(shapes: &[(&[u8], u16)]) -> Option<Walk> {
        let (classes, members) = classes(shapes.iter().map(|(shape, _)| *shape));
        let stride = members.len();
        let everything: Vec<u16> = (0..u16::try_from(shapes.len()).ok()?).collect();
        let mut walk = Walk {
            classes,
            stride,
            next: vec![DEAD; 2 * stride],
            ends: vec![Box::default(); 2],
            groups: vec![Box::default(), groups(&everything, shapes)],
        };
        let mut known: HashMap<(usize, Vec<u16>), State> = HashMap::new();
        let mut open: Vec<(State, usize, Vec<u16>)> = vec![(Walk::START, 0, everything)];
        while let Some((state, at, left)) = open.pop() {
            for (class, member) in members.iter().enumerate() {
                let taking = |shape: &&u16| {
                    let shape = shapes.get(usize::from(**shape)).map(|(shape, _)| *shape);
                    shape.and_then(|shape| shape.get(at)).is_some_and(|wanted| takes(*wanted, *member))
                };
                let left: Vec<u16> = left.iter().filter(taking).copied().collect();
                if left.is_empty() {
                    continue;
                }
                let next = match known.get(&(at + 1, left.clone())) {
                    Some(next) => *next,
                    None => {
                        let next = State::try_from(walk.ends.len()).ok()?;
                        walk.next.resize(walk.next.len() + stride, DEAD);
                        walk.ends.push(ending(&left, shapes, at + 1));
                        walk.groups.push(groups(&left, shapes));
                        known.insert((at + 1, left.clone()), next);
                        open.push((next, at + 1, left));
                        next
                    }
                };
                if let Some(place) = walk.next.get_mut(usize::from(state) * stride + class) {
                    *place = next;
                }
            }
        }
        Some(walk)
    }

    /// The state before the first byte.
    pub(super) const START: State = 1;

    /// The state behind one more byte; `None` where no shape takes it.
    #[inline]
    pub(super) fn step(&self, state: State, byte: u8) -> Option<State> {
        let class = self.classes.get(usize::from(byte)).copied().unwrap_or(0);
        let next = self.next.get(usize::from(state) * self.stride + usize::from(class)).copied();
        next.filter(|next| *next != DEAD)
    }

    /// Whether shapes end here.
    #[inline]
    pub(super) fn is_end(&self, state: State) -> bool {
        !self.ends(state).is_empty()
    }

    /// The shapes that end here, in their order.
    #[inline]
    pub(super) fn ends(&self, state: State) -> &[u16] {
        self.ends.get(usize::from(state)).map_or(&[], |ends| ends)
    }

    /// The groups of the shapes that are left.
    pub(super) fn groups(&self, state: State) -> &[u16] {
        self.groups.get(usize::from(state)).map_or(&[], |groups| groups)
    }

    /// Bytes of memory that it takes.
    pub(super) fn memory(&self) -> usize {
        let lists = self.ends.iter().chain(&self.groups).map(|list| list.len() * 2 + size_of::<Box<[u16]>>());
        self.next.len() * size_of::<State>() + lists.sum::<usize>()
    }
}

/// Whether a character of a shape takes a byte: `9` a digit, `A` a letter, `#` either, and everything else itself.
pub(super) fn takes(wanted: u8, byte: u8) -> bool {
    match wanted {
        b'9' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_alphabetic(),
        b'#' => byte.is_ascii_alphanumeric(),
        wanted => byte.eq_ignore_ascii_case(&wanted),
    }
}

fn ending(left: &[u16], shapes: &[(&[u8], u16)], length: usize) -> Box<[u16]> {
    let ends =
        |shape: &&u16| shapes.get(usize::from(**shape)).is_some_and(|(shape, _)| shape.len() == length);
    left.iter().filter(ends).copied().collect()
}

fn groups(left: &[u16], shapes: &[(&[u8], u16)]) -> Box<[u16]> {
    let mut groups: Vec<u16> =
        left.iter().filter_map(|shape| shapes.get(usize::from(*shape))).map(|(_, group)| *group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.into()
}

/// The class of each byte, and one byte of each class.
fn classes<'s>(shapes: impl Iterator<Item = &'s [u8]>) -> (Vec<u8>, Vec<u8>) {
    let mut told_apart: Vec<u8> = shapes.flatten().map(u8::to_ascii_uppercase).collect();
    told_apart.retain(|byte| !matches!(byte, b'9' | b'A' | b'#'));
    told_apart.sort_unstable();
    told_apart.dedup();
    let kind = |byte: u8| match byte.to_ascii_uppercase() {
        upper if told_apart.contains(&upper) => (0, upper),
        b'0'..=b'9' => (1, 0),
        b'A'..=b'Z' => (2, 0),
        _ => (3, 0),
    };
    let mut members: Vec<u8> = Vec::new();
    let mut classes = Vec::with_capacity(256);
    for byte in 0..=u8::MAX {
        let class = members.iter().position(|member| kind(*member) == kind(byte)).unwrap_or_else(|| {
            members.push(byte);
            members.len() - 1
        });
        classes.push(class as u8);
    }
    (classes, members)
}
