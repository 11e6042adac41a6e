//! One HTTP stream: callback → exchange → step → host calls.

use super::Shared;
use super::calls::{self, Buffer, HeaderMap};
use super::metrics::Work;
use crate::audit::ACCESS_LOG_PROPERTY;
use crate::audit::outbox::Pushed;
use crate::config::Config;
use crate::exchange::{Body, Closing, Edit, End, Exchange, Headers, Reply, RequestHead, ResponseHead, Step};
use crate::reason::Reason;
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;
use std::rc::Rc;
use std::sync::Arc;

pub(super) struct Stream {
    /// `None` where the root has no configuration: nothing passes then.
    state: Option<State>,
    /// What was held in each direction, in bytes: where trailers end a body, it is read once more.
    held: Held,
}

#[derive(Default)]
struct Held {
    request: usize,
    response: usize,
}

struct State {
    shared: Rc<Shared>,
    config: Arc<Config>,
    exchange: Exchange,
    /// When it began: with its request's head. Unix milliseconds.
    began_ms: u64,
    work: Work,
    /// The gate ended this stream; what still comes is dropped.
    is_reset: bool,
}

#[derive(Clone, Copy)]
enum Direction {
    Request,
    Response,
}

impl Direction {
    fn buffer(self) -> Buffer {
        match self {
            Direction::Request => Buffer::RequestBody,
            Direction::Response => Buffer::ResponseBody,
        }
    }

    fn map(self) -> HeaderMap {
        match self {
            Direction::Request => HeaderMap::Request,
            Direction::Response => HeaderMap::Response,
        }
    }
}

impl Stream {
    pub(super) fn new(shared: Option<Rc<Shared>>) -> Stream {
        let state = shared.map(|shared| {
            let id = shared.ids.borrow_mut().draw();
            shared.open.set(shared.open.get() + 1);
            let config = shared.gate.borrow().config.clone();
            let began_ms = calls::now_ns() / 1_000_000;
            State {
                config,
                exchange: Exchange::new(id, began_ms),
                began_ms,
                work: Work::default(),
                is_reset: false,
                shared,
            }
        });
        Stream { state, held: Held::default() }
    }

    fn body(&mut self, direction: Direction, size: usize, end: End) -> Action {
        // Its head was refused.
        let Some(state) = &mut self.state else { return Action::Pause };
        if state.is_reset {
            return Action::Pause;
        }
        // What is only held takes no time.
        let mut began = None;
        let mut read = || {
            began = Some(calls::now_ns());
            calls::read_buffer(direction.buffer(), size)
        };
        let body = Body { size, read: &mut read, end };
        let step = match direction {
            Direction::Request => state.exchange.request_body(body),
            Direction::Response => state.exchange.response_body(body),
        };
        if let Some(began) = began {
            state.work.scan_ns += calls::now_ns().saturating_sub(began);
        }
        state.work.held_peak = state.work.held_peak.max(state.exchange.held());
        let action = state.apply(direction, step, size);
        let held = match direction {
            Direction::Request => &mut self.held.request,
            Direction::Response => &mut self.held.response,
        };
        *held = if action == Action::Pause { size } else { 0 };
        action
    }
}

impl State {
    /// The name of Envoy's route; empty where it has none, or none is asked for.
    fn route(&self) -> String {
        let name = self.config.matches_by_route().then(|| calls::property("xds\0route_name")).flatten();
        name.and_then(|name| String::from_utf8(name).ok()).unwrap_or_default()
    }

    fn edit(&self, direction: Direction, edits: &[Edit]) -> bool {
        edits.iter().all(|edit| match edit {
            Edit::Remove(name) => calls::remove_header(direction.map(), name).is_ok(),
            Edit::Set(name, value) => calls::set_header(direction.map(), name, value).is_ok(),
        })
    }

    /// Carries out a step in a body callback whose buffer holds `size` bytes.
    fn apply(&mut self, direction: Direction, step: Step, size: usize) -> Action {
        match step {
            Step::Pass => Action::Continue,
            Step::Hold => Action::Pause,
            Step::Replace(bytes) => self.replace(direction, size, &bytes),
            Step::ReplaceWhole(bytes) => {
                let length = bytes.len().to_string();
                match calls::set_header(direction.map(), b"content-length", length.as_bytes()) {
                    Ok(()) => self.replace(direction, size, &bytes),
                    Err(_) => self.reset(Reason::HostFailure),
                }
            }
            Step::Reply(reply) => self.reply(&reply),
            Step::Reset(reason) => self.reset(reason),
        }
    }

    fn replace(&mut self, direction: Direction, size: usize, bytes: &[u8]) -> Action {
        match calls::replace_buffer(direction.buffer(), size, bytes) {
            Ok(()) => Action::Continue,
            Err(_) => self.reset(Reason::HostFailure),
        }
    }

    fn reply(&mut self, reply: &Reply) -> Action {
        if calls::reply(reply.status, &reply.headers, &reply.body, reply.details).is_err() {
            return self.reset(Reason::HostFailure);
        }
        Action::Pause
    }

    /// The status line has left: a local reply resets the stream and leaves its reason in the access log.
    fn reset(&mut self, reason: Reason) -> Action {
        self.is_reset = true;
        if calls::reply(reason.status(), &[], &[], reason.code()).is_err() {
            let _ = calls::reset();
        }
        Action::Pause
    }
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _count: usize, end: bool) -> Action {
        let Some(state) = &mut self.state else {
            let _ = calls::reply(Reason::HostFailure.status(), &[], &[], Reason::HostFailure.code());
            return Action::Pause;
        };
        let headers = calls::headers(HeaderMap::Request).unwrap_or_default();
        let route = state.route();
        let head = RequestHead { headers: &headers, route: &route, end };
        let (step, edits) = {
            let mut gate = state.shared.gate.borrow_mut();
            gate.audit_is_full = state.shared.lacks_room(&state.config);
            state.exchange.request_head(&mut gate, &head, state.began_ms)
        };
        if !matches!(step, Step::Reply(_)) && !state.edit(Direction::Request, &edits) {
            return state.reset(Reason::HostFailure);
        }
        state.apply(Direction::Request, step, 0)
    }

    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        self.body(Direction::Request, size, if end { End::Yes } else { End::No })
    }

    fn on_http_request_trailers(&mut self, _count: usize) -> Action {
        let held = self.held.request;
        self.body(Direction::Request, held, End::Trailers)
    }

    fn on_http_response_headers(&mut self, _count: usize, end: bool) -> Action {
        let Some(state) = &mut self.state else {
            return Action::Continue;
        };
        if state.is_reset {
            return Action::Continue;
        }
        let headers = calls::headers(HeaderMap::Response).unwrap_or_default();
        let route = state.route();
        let head = ResponseHead { headers: &headers, route: &route, is_local: is_local(&headers), end };
        let (step, edits) = state.exchange.response_head(&head, state.config.hold_headers);
        if !matches!(step, Step::Reply(_)) && !state.edit(Direction::Response, &edits) {
            return state.reset(Reason::HostFailure);
        }
        state.apply(Direction::Response, step, 0)
    }

    fn on_http_response_body(&mut self, size: usize, end: bool) -> Action {
        self.body(Direction::Response, size, if end { End::Yes } else { End::No })
    }

    fn on_http_response_trailers(&mut self, _count: usize) -> Action {
        let held = self.held.response;
        self.body(Direction::Response, held, End::Trailers)
    }

    fn on_log(&mut self) {
        let Some(state) = self.state.take() else { return };
        let shared = state.shared;
        shared.open.set(shared.open.get().saturating_sub(1));
        let status = calls::header(HeaderMap::Response, ":status");
        let status = status.and_then(|status| std::str::from_utf8(&status).ok()?.parse::<u16>().ok());
        let closing = Closing { now_ms: calls::now_ns() / 1_000_000, status };
        let record = state.exchange.finish(&closing);
        shared.metrics.borrow_mut().exchange(&record, state.work);
        let sealed = match shared.chain.borrow_mut().seal(record) {
            Ok(sealed) => sealed,
            Err(_) => {
                shared.metrics.borrow_mut().count("portcullis.records.unsealed", 1);
                return;
            }
        };
        if calls::set_property(ACCESS_LOG_PROPERTY, sealed.line().as_bytes()).is_err() {
            shared.metrics.borrow_mut().count("portcullis.records.unlogged", 1);
        }
        if let Some(outbox) = &shared.outbox {
            // The outbox counts what it drops; the root reports it on its tick.
            let _: Pushed = outbox.borrow_mut().push(sealed);
        }
    }
}

/// Whether Envoy wrote this response itself: an upstream's own has the details `via_upstream`. Its router notes on each of
/// those how long it took, unless it is told not to: that spares the question.
fn is_local(headers: &Headers) -> bool {
    !headers.has("x-envoy-upstream-service-time")
        && calls::property("response\0code_details").is_some_and(|details| details != b"via_upstream")
}
