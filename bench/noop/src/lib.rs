//! Floors of a filter. Without a configuration it lets everything pass, in the callbacks that Portcullis has: what any wasm
//! filter costs. With [`HOST_CALLS`] it asks Envoy for what Portcullis asks for, and makes nothing of it: what a gate costs that
//! sees both heads and bodies and writes a record, before its first line of work.

use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, MapType};

/// The plugin's configuration for the second floor.
const HOST_CALLS: &[u8] = b"host-calls";
/// As long as the record of an exchange of the bench.
const RECORD: &[u8] = &[b'x'; 1200];

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root { makes_calls: false }));
}}

struct Root {
    makes_calls: bool,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        self.makes_calls = self.get_plugin_configuration().as_deref() == Some(HOST_CALLS);
        true
    }

    fn create_http_context(&self, _context_id: u32) -> Option<Box<dyn HttpContext>> {
        Some(if self.makes_calls { Box::new(Calls { is_stream: false }) } else { Box::new(Noop) })
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Noop;

impl Context for Noop {}

impl HttpContext for Noop {}

struct Calls {
    is_stream: bool,
}

impl Context for Calls {}

impl HttpContext for Calls {
    fn on_http_request_headers(&mut self, _count: usize, _end: bool) -> Action {
        self.get_http_request_headers_bytes();
        // The caller's token does not leave with the request.
        self.set_http_request_header("authorization", None);
        Action::Pause
    }

    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        if end {
            self.get_http_request_body(0, size);
        }
        if end { Action::Continue } else { Action::Pause }
    }

    fn on_http_response_headers(&mut self, _count: usize, _end: bool) -> Action {
        let headers = self.get_http_response_headers_bytes();
        self.is_stream = headers.iter().any(|(_, value)| value == b"text/event-stream");
        if self.is_stream { Action::Continue } else { Action::Pause }
    }

    fn on_http_response_body(&mut self, size: usize, end: bool) -> Action {
        if self.is_stream || end {
            let body = self.get_http_response_body(0, size);
            if let Some(body) = body.filter(|_| self.is_stream) {
                self.set_http_response_body(0, size, &body);
            }
            return Action::Continue;
        }
        Action::Pause
    }

    fn on_log(&mut self) {
        let _ = hostcalls::get_map_value_bytes(MapType::HttpResponseHeaders, ":status");
        self.set_property(vec!["portcullis.record"], Some(RECORD));
    }
}
