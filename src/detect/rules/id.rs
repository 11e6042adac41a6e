//! Numbers that a state gives to a person or a company, a file for each place.

use super::Rule;

mod alps;
mod au;
mod be;
mod ca;
mod cz;
mod de;
mod es;
mod fr;
mod gb;
mod it;
mod latam;
mod nl;
mod nordic;
mod nz;
mod part;
mod pl;
mod pt;
mod sg;
mod southeast;
mod us;
mod vat;

pub(super) fn rules() -> Vec<Rule> {
    let places: [&[fn() -> Rule]; 20] = [
        &[|| sg::RULE],
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
    places.into_iter().flatten().map(|rule| rule()).collect()
}
