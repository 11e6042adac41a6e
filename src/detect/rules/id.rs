//! Numbers that a state gives to a person or a company, a file for each place.

use super::{Detector, Example, Rule};
use crate::class::Class;
use crate::detect::number::Number;

mod ae;
mod bd;
mod cn;
mod date;
mod hk;
mod id_;
mod il;
mod in_;
mod ir;
mod jp;
mod kr;
mod lk;
mod my;
mod ph;
mod pk;
mod sa;
mod sg;
mod th;
mod tr;
mod tw;
mod vn;

pub(super) fn rules() -> Vec<Rule> {
    let places = [
        sg::rules(),
        hk::rules(),
        cn::rules(),
        tw::rules(),
        jp::rules(),
        kr::rules(),
        in_::rules(),
        my::rules(),
        th::rules(),
        id_::rules(),
        ph::rules(),
        vn::rules(),
        pk::rules(),
        lk::rules(),
        bd::rules(),
        ae::rules(),
        sa::rules(),
        il::rules(),
        tr::rules(),
        ir::rules(),
    ];
    places.into_iter().flatten().collect()
}

/// A number of a person or a company: its name and meaning, where it is specified, examples, how it is known.
const fn number(
    id: &'static str,
    description: &'static str,
    source: &'static str,
    true_examples: &'static [Example],
    false_examples: &'static [&'static str],
    number: Number,
) -> Rule {
    Rule {
        id,
        class: Class::PiiId,
        level: None,
        description,
        source,
        true_examples,
        false_examples,
        detector: Detector::number(number),
    }
}
