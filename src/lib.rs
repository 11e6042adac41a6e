//! Portcullis: a proxy-wasm HTTP filter that puts AI traffic under zero trust.
#![cfg_attr(test, allow(clippy::string_slice, missing_docs))]

pub mod class;
pub mod reason;
