//! The real parts that the tests of the built filter need, and the programs of the demo.
//!
//! [`envoy`] starts a real Envoy, with the filter or without; [`model`] is the scripted upstream behind it, [`raw`] one
//! that keeps no rule of HTTP; [`issuer`] signs tokens and serves their keys; [`collector`] takes audit records, alone
//! or behind a real OpenTelemetry collector; [`client`] sends requests byte by byte.
//!
//! Each part listens on a free port of 127.0.0.1, runs on threads of its own (a test may block), and ends when its
//! value is dropped, also when the test panics.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_card_number_does_not_leave() {
//!     let (model, issuer) = (Model::start(), Issuer::start());
//!     let gate = Gate::new().filter_config(CONFIG).upstream(model.addr).cluster("issuer", issuer.addr);
//!     let envoy = gate.start().await.expect("Envoy starts");
//!     model.next(openai::stream_text(&["4111 1111", " 1111 1111"], Duration::from_millis(20)));
//!
//!     let call = Call::chat_stream("gpt-4.1-mini", "Hi.").bearer(&issuer.token().groups(["support"]).sign());
//!     let answer = call.send(envoy.addr, Http::Two).await.expect("an answer");
//!
//!     assert!(!answer.content(0).contains("4111"));
//!     assert_eq!(model.only().header("authorization"), ["Bearer provider-key"]);
//!     assert_eq!(envoy.wait_for_access_log(1).await[0]["record"]["decision"], "allow");
//! }
//! ```
//!
//! The tests need `scripts/envoy` (it is run by itself); those with the real collector or a real SDK need
//! `scripts/lib/venv` to have run, and print `skipped: …` where it has not.

pub mod body;
pub mod client;
pub mod collector;
pub mod envoy;
pub mod gate;
pub mod issuer;
pub mod model;
pub mod openai;
pub mod process;
pub mod program;
pub mod python;
pub mod raw;
pub mod scenario;
pub mod server;
pub mod stage;

/// An error of a part; its text is for the person who reads the failed test.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Which HTTP a connection speaks. HTTP/2 is without TLS, by prior knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Http {
    One,
    Two,
}

/// How long anything here waits for something that ought to happen, before it says that it did not.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// Asks again every few milliseconds until there is an answer; `None` after [`PATIENCE`].
pub async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let patience = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        if tokio::time::Instant::now() > patience {
            return None;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
