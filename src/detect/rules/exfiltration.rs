//! Markup whose display would send data away.

use super::Rule;

mod markdown_image;
mod payload;

pub(super) fn rules() -> Vec<Rule> {
    vec![markdown_image::RULE]
}
