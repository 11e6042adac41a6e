//! Markup whose display would send data away, and what else a display would carry out.

use super::Rule;

mod address;
mod code;
mod html;
mod link;
mod markdown_image;
mod markup;
mod payload;
mod script;
mod terminal;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        markdown_image::RULE,
        link::LINK,
        link::REFERENCE,
        link::AUTOLINK,
        link::BARE,
        markup::RULE,
        html::HTML,
        html::CSS_URL,
        script::URL,
        script::TAG,
        script::HANDLER,
        terminal::ESCAPE,
        terminal::WRITTEN,
    ]
}
