//! Numbers that a state gives to a person or a company, a file for each place.

use super::{Detector, Example, Rule};
use crate::class::Class;
use crate::detect::number::Number;

mod ae;
mod alps;
mod au;
mod bd;
mod be;
mod ca;
mod cn;
mod cz;
mod date;
mod de;
mod es;
mod fr;
mod gb;
mod hk;
mod id_;
mod il;
mod in_;
mod ir;
mod it;
mod jp;
mod kr;
mod latam;
mod lk;
mod my;
mod nl;
mod nordic;
mod nz;
mod part;
mod ph;
mod pk;
mod pl;
mod pt;
mod sa;
mod sg;
mod southeast;
mod th;
mod tr;
mod tw;
mod us;
mod vat;
mod vn;

pub(super) fn rules() -> Vec<Rule> {
    let asia = [
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
    let elsewhere: [&[fn() -> Rule]; 19] = [
        alps::RULES,
        au::RULES,
        be::RULES,
        ca::RULES,
        cz::RULES,
        de::RULES,
        es::RULES,
        fr::RULES,
        gb::RULES,
        it::RULES,
        latam::RULES,
        nl::RULES,
        nordic::RULES,
        nz::RULES,
        pl::RULES,
        pt::RULES,
        southeast::RULES,
        us::RULES,
        vat::RULES,
    ];
    let elsewhere = elsewhere.into_iter().flatten().map(|rule| rule());
    asia.into_iter().flatten().chain(elsewhere).collect()
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
