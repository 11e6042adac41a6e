//! Portcullis: a proxy-wasm HTTP filter that puts AI traffic under zero trust. This page is the map.
//!
//! ```text
//! Envoy ─▶ host ─▶ exchange ─▶ identity ─▶ policy             request head, then body
//!                     ├──────▶ redact ─▶ protocol, detect     bodies, both directions
//!                     └──────▶ audit ─────▶ host ─▶ Envoy     the record
//! config (compiled, shared, immutable) is read by exchange and host
//! ```
//!
//! | module | knows | does not know |
//! |---|---|---|
//! | `host` | Envoy's callbacks and host functions; compiled for wasm only | what is allowed |
//! | [`exchange`] | the phases of one request and response, and what each event leads to | bytes of bodies |
//! | [`identity`] | tokens, keys, claims → a principal | what a principal may do |
//! | [`policy`] | routes and rules → a decision with its reason | how a call is written |
//! | [`protocol`] | JSON, events, the APIs' shapes → where texts stand | rules of detection |
//! | [`detect`] | text → findings | JSON, HTTP |
//! | [`redact`] | lanes of text → which bytes may leave, and the masks | HTTP |
//! | [`audit`] | the record, its chain, its way to a collector | how it was decided |
//! | [`config`] | what is written → what is compiled; every problem at once | requests |
//! | [`fingerprint`] | a text → what knows it again | the text |
//! | [`class`], [`reason`], [`glob`] | the words that all share | anything else |
//!
//! Time, randomness, shared state and the host's cryptography are arguments. Nothing here panics: one panic costs every stream of the worker.
#![cfg_attr(test, allow(clippy::string_slice, missing_docs))]

pub mod audit;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod chunking;
pub mod class;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
#[cfg(test)]
pub(crate) mod corpus;
pub mod detect;
pub mod exchange;
pub mod fingerprint;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod glob;
#[cfg(all(target_arch = "wasm32", not(feature = "core-only")))]
mod host;
pub mod identity;
pub mod policy;
pub mod protocol;
pub mod reason;
pub mod redact;
