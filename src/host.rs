//! The proxy-wasm side: translates Envoy's callbacks into events of an exchange and its steps into host calls.
//! Decides nothing, and is the only importer of `proxy_wasm`.

mod calls;
mod metrics;
mod root;
mod signatures;
mod stream;

use crate::audit::chain::Chain;
use crate::audit::ids::Ids;
use crate::audit::outbox::Outbox;
use crate::config::Config;
use crate::config::raw::WhenUnavailable;
use crate::exchange::Gate;
use metrics::Metrics;
use proxy_wasm::types::LogLevel;
use std::cell::{Cell, RefCell};

/// What the root context and the streams of one configuration share on this worker.
struct Shared {
    gate: RefCell<Gate>,
    chain: RefCell<Chain>,
    ids: RefCell<Ids>,
    outbox: Option<RefCell<Outbox>>,
    metrics: RefCell<Metrics>,
    /// Exchanges that have begun and not ended: each will leave a record.
    open: Cell<usize>,
}

impl Shared {
    /// Whether the exchanges that are open may fill the outbox, where no evidence means no answer.
    fn lacks_room(&self, config: &Config) -> bool {
        let evidence_first =
            config.otlp.as_ref().is_some_and(|otlp| otlp.when_unavailable == WhenUnavailable::Deny);
        evidence_first
            && self.outbox.as_ref().is_some_and(|outbox| !outbox.borrow().has_room_for(self.open.get()))
    }
}

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(root::Root::new()));
}}
