//! A filter that lends Envoy's foreign functions to a test: a request to `/NAME` calls the function of that name with the
//! body, and the answer's body is what it answers. The status is 502 where it
//! answers nothing, and the body the ABI's status.

use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Foreign));
}}

struct Foreign;

impl Context for Foreign {}

impl RootContext for Foreign {
    fn create_http_context(&self, _context_id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Foreign))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

impl HttpContext for Foreign {
    fn on_http_request_headers(&mut self, _count: usize, end: bool) -> Action {
        if end { self.on_http_request_body(0, true) } else { Action::Pause }
    }

    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        if end {
            let name = self.get_http_request_header(":path").unwrap_or_default();
            let arguments = self.get_http_request_body(0, size);
            let answer = hostcalls::call_foreign_function(name.trim_start_matches('/'), arguments.as_deref());
            match answer {
                Ok(answer) => self.send_http_response(200, vec![], Some(&answer.unwrap_or_default())),
                Err(status) => self.send_http_response(502, vec![], Some(format!("{status:?}").as_bytes())),
            }
        }
        Action::Pause
    }
}
