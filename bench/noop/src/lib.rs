//! Floors of a filter. Without a configuration it lets everything pass, in the callbacks that Portcullis has: what any wasm
//! filter costs. With [`HOST_CALLS`] it asks Envoy for what Portcullis asks for, and makes nothing of it: what a gate costs that
//! sees both heads and bodies and writes a record, before its first line of work.

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

/// The plugin's configuration for the second floor.
const HOST_CALLS: &[u8] = b"host-calls";
/// As long as the line of the bench's 2 KB answer in the access log.
const RECORD: &[u8] = &[b'x'; 843];

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root { makes_calls: false }));
}}

struct Root {
    makes_calls: bool,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        let configuration = self.get_plugin_configuration();
        self.makes_calls = configuration.as_deref() == Some(HOST_CALLS);
        // What is neither floor must not pass for the lower one.
        self.makes_calls || configuration.is_none_or(|it| it.is_empty())
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
        if !end {
            return Action::Pause;
        }
        self.get_http_request_body(0, size);
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _count: usize, _end: bool) -> Action {
        let headers = self.get_http_response_headers_bytes();
        self.is_stream = headers.iter().any(|(_, value)| value == b"text/event-stream");
        if self.is_stream { Action::Continue } else { Action::Pause }
    }

    fn on_http_response_body(&mut self, size: usize, end: bool) -> Action {
        if !end && !self.is_stream {
            return Action::Pause;
        }
        let body = self.get_http_response_body(0, size);
        if let Some(body) = body.filter(|_| self.is_stream) {
            self.set_http_response_body(0, size, &body);
        }
        Action::Continue
    }

    fn on_log(&mut self) {
        self.get_http_response_header(":status");
        self.set_property(vec!["portcullis.record"], Some(RECORD));
    }
}
