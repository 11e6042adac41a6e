//! Total wrappers over host functions: bytes in, `Option` or `Result` out, no panic.
//!
//! The SDK's own wrappers panic on every status that they do not expect and on every header value that is not UTF-8,
//! and one panic ends all streams of the worker. So what a stream calls is declared here. Calls whose answers come back
//! through the SDK's dispatcher (HTTP and gRPC callouts) must be made through the SDK, which keeps their tokens.

#![expect(unsafe_code, reason = "host functions are foreign functions")]

use crate::exchange::Headers;
use std::ptr::null_mut;

/// Buffers, as the proxy-wasm ABI 0.2.1 numbers them.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum Buffer {
    RequestBody = 0,
    ResponseBody = 1,
    HttpCallResponseBody = 4,
    GrpcReceive = 5,
    PluginConfiguration = 7,
}

/// Header maps, as the ABI numbers them.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum HeaderMap {
    Request = 0,
    Response = 2,
    HttpCallResponse = 6,
}

/// Kinds of metrics, as the ABI numbers them.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum MetricKind {
    Counter = 0,
    Gauge = 1,
    Histogram = 2,
}

/// The host did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed(pub(super) u32);

/// The ABI's `BadArgument`.
pub(super) const BAD_ARGUMENT: Failed = Failed(2);

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
    fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        size: usize,
        data: *mut *mut u8,
        len: *mut usize,
    ) -> u32;
    fn proxy_set_buffer_bytes(buffer: u32, start: usize, size: usize, data: *const u8, len: usize) -> u32;
    fn proxy_get_header_map_pairs(map: u32, data: *mut *mut u8, len: *mut usize) -> u32;
    fn proxy_get_header_map_value(
        map: u32,
        key: *const u8,
        key_len: usize,
        data: *mut *mut u8,
        len: *mut usize,
    ) -> u32;
    fn proxy_replace_header_map_value(
        map: u32,
        key: *const u8,
        key_len: usize,
        value: *const u8,
        len: usize,
    ) -> u32;
    fn proxy_remove_header_map_value(map: u32, key: *const u8, key_len: usize) -> u32;
    fn proxy_get_property(path: *const u8, path_len: usize, data: *mut *mut u8, len: *mut usize) -> u32;
    fn proxy_set_property(path: *const u8, path_len: usize, data: *const u8, len: usize) -> u32;
    fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_len: usize,
        body: *const u8,
        body_len: usize,
        headers: *const u8,
        headers_len: usize,
        grpc_status: i32,
    ) -> u32;
    fn proxy_close_stream(stream: u32) -> u32;
    fn proxy_define_metric(kind: u32, name: *const u8, name_len: usize, id: *mut u32) -> u32;
    fn proxy_increment_metric(id: u32, offset: i64) -> u32;
    fn proxy_record_metric(id: u32, value: u64) -> u32;
    fn proxy_done() -> u32;
    fn proxy_call_foreign_function(
        name: *const u8,
        name_len: usize,
        arguments: *const u8,
        arguments_len: usize,
        data: *mut *mut u8,
        len: *mut usize,
    ) -> u32;
}

fn done(status: u32) -> Result<(), Failed> {
    if status == 0 { Ok(()) } else { Err(Failed(status)) }
}

/// Runs a host call that hands over bytes which it allocated in this module's memory.
fn taken(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Result<Vec<u8>, Failed> {
    let mut data: *mut u8 = null_mut();
    let mut len: usize = 0;
    done(call(&raw mut data, &raw mut len))?;
    if data.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: the host allocated `len` bytes by the module's own `proxy_on_memory_allocate`, which makes a `Vec` of
    // that capacity and forgets it, filled them, and keeps no pointer.
    Ok(unsafe { Vec::from_raw_parts(data, len, len) })
}

/// Fills `bytes` with random bytes of the host.
pub(super) fn random(bytes: &mut [u8]) -> Result<(), Failed> {
    getrandom::fill(bytes).map_err(|_| Failed(u32::MAX))
}

/// Nanoseconds since the Unix epoch.
pub(super) fn now_ns() -> u64 {
    let mut time = 0;
    // SAFETY: the pointer is valid for the call. A failure leaves 0, a time at which every token has expired.
    unsafe { proxy_get_current_time_nanoseconds(&raw mut time) };
    time
}

/// Asks for a tick every `period` milliseconds.
pub(super) fn tick_every(period: u32) -> Result<(), Failed> {
    // SAFETY: no pointers.
    done(unsafe { proxy_set_tick_period_milliseconds(period) })
}

/// Reads the first `size` bytes of a buffer. An empty buffer may be absent for the host: that is empty too.
pub(super) fn read_buffer(buffer: Buffer, size: usize) -> Option<Vec<u8>> {
    if size == 0 {
        return Some(Vec::new());
    }
    // SAFETY: `taken` passes valid pointers.
    taken(|data, len| unsafe { proxy_get_buffer_bytes(buffer as u32, 0, size, data, len) }).ok()
}

/// Writes `bytes` in the place of the first `size` bytes of a buffer.
pub(super) fn replace_buffer(buffer: Buffer, size: usize, bytes: &[u8]) -> Result<(), Failed> {
    // SAFETY: pointer and length are those of a slice.
    done(unsafe { proxy_set_buffer_bytes(buffer as u32, 0, size, bytes.as_ptr(), bytes.len()) })
}

/// Every line of a header map.
pub(super) fn headers(map: HeaderMap) -> Option<Headers> {
    // SAFETY: `taken` passes valid pointers.
    let bytes = taken(|data, len| unsafe { proxy_get_header_map_pairs(map as u32, data, len) }).ok()?;
    decode_pairs(&bytes)
}

/// The first value of a header.
pub(super) fn header(map: HeaderMap, name: &str) -> Option<Vec<u8>> {
    // SAFETY: pointer and length are those of a slice; `taken` passes valid pointers.
    taken(|data, len| unsafe { proxy_get_header_map_value(map as u32, name.as_ptr(), name.len(), data, len) })
        .ok()
}

/// Makes `value` the only value of a header.
pub(super) fn set_header(map: HeaderMap, name: &[u8], value: &[u8]) -> Result<(), Failed> {
    // SAFETY: pointers and lengths are those of slices.
    done(unsafe {
        proxy_replace_header_map_value(map as u32, name.as_ptr(), name.len(), value.as_ptr(), value.len())
    })
}

/// Removes every line with this name.
pub(super) fn remove_header(map: HeaderMap, name: &[u8]) -> Result<(), Failed> {
    // SAFETY: pointer and length are those of a slice.
    done(unsafe { proxy_remove_header_map_value(map as u32, name.as_ptr(), name.len()) })
}

/// A property; the parts of its path are joined with NUL by the caller.
pub(super) fn property(path: &str) -> Option<Vec<u8>> {
    // SAFETY: pointer and length are those of a slice; `taken` passes valid pointers.
    taken(|data, len| unsafe { proxy_get_property(path.as_ptr(), path.len(), data, len) }).ok()
}

/// Sets a property of one segment: filter state with the prefix `wasm.`.
pub(super) fn set_property(path: &str, value: &[u8]) -> Result<(), Failed> {
    // SAFETY: pointers and lengths are those of slices.
    done(unsafe { proxy_set_property(path.as_ptr(), path.len(), value.as_ptr(), value.len()) })
}

/// Answers the client. `details` becomes the response code details of the access log.
pub(super) fn reply(
    status: u16,
    headers: &[(Vec<u8>, Vec<u8>)],
    body: &[u8],
    details: &str,
) -> Result<(), Failed> {
    let headers = encode_pairs(headers);
    // SAFETY: pointers and lengths are those of slices.
    done(unsafe {
        proxy_send_local_response(
            u32::from(status),
            details.as_ptr(),
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            -1,
        )
    })
}

/// Resets the stream towards the client.
pub(super) fn reset() -> Result<(), Failed> {
    const HTTP_RESPONSE: u32 = 1;
    // SAFETY: no pointers.
    done(unsafe { proxy_close_stream(HTTP_RESPONSE) })
}

/// Defines a metric, or finds it.
pub(super) fn define_metric(kind: MetricKind, name: &str) -> Option<u32> {
    let mut id = 0;
    // SAFETY: pointers are valid for the call.
    let status = unsafe { proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &raw mut id) };
    (status == 0).then_some(id)
}

/// Adds to a counter or a gauge.
pub(super) fn increment_metric(id: u32, offset: i64) -> Result<(), Failed> {
    // SAFETY: no pointers.
    done(unsafe { proxy_increment_metric(id, offset) })
}

/// Sets a gauge, or adds a value to a histogram.
pub(super) fn record_metric(id: u32, value: u64) -> Result<(), Failed> {
    // SAFETY: no pointers.
    done(unsafe { proxy_record_metric(id, value) })
}

/// Tells the host that a root context that asked it to wait is done.
pub(super) fn root_is_done() -> Result<(), Failed> {
    // SAFETY: no pointers.
    done(unsafe { proxy_done() })
}

/// Calls a function that is this host's own. One that is there refuses arguments with [`BAD_ARGUMENT`]; other failures
/// say that the host has none of this name or does not lend it.
pub(super) fn foreign(name: &str, arguments: &[u8]) -> Result<Vec<u8>, Failed> {
    // SAFETY: pointers and lengths are those of slices; `taken` passes valid pointers.
    taken(|data, len| unsafe {
        proxy_call_foreign_function(name.as_ptr(), name.len(), arguments.as_ptr(), arguments.len(), data, len)
    })
}

/// Envoy's `GrpcService` with `envoy_grpc.cluster_name` (fields 1 and 1), as the name of a gRPC callout's upstream. A bare
/// name is first parsed as that message, and some names (`model`) parse as one without a target: Envoy aborts.
pub(super) fn grpc_service(cluster: &str) -> Option<String> {
    let inner = u8::try_from(cluster.len()).ok().filter(|len| *len < 0x7e)?;
    let mut bytes = vec![0x0a, inner + 2, 0x0a, inner];
    bytes.extend_from_slice(cluster.as_bytes());
    String::from_utf8(bytes).ok()
}

/// The ABI's form of header lines: a count, the lengths of each name and value, then these, each behind it a NUL.
fn decode_pairs(bytes: &[u8]) -> Option<Headers> {
    if bytes.is_empty() {
        return Some(Headers::default());
    }
    let number = |at: usize| {
        let bytes = bytes.get(at..at.checked_add(4)?)?;
        usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
    };
    let count = number(0)?;
    let mut at = count.checked_mul(8)?.checked_add(4)?;
    let mut headers = Headers::with_capacity(count, bytes.len().checked_sub(at)?);
    for pair in 0..count {
        let mut text = |len: usize| {
            let end = at.checked_add(len)?;
            let text = bytes.get(at..end)?;
            at = end + 1;
            Some(text)
        };
        headers.push(text(number(4 + pair * 8)?)?, text(number(8 + pair * 8)?)?);
    }
    Some(headers)
}

fn encode_pairs(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let length = |text: &[u8]| u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = u32::try_from(pairs.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
    for (name, value) in pairs {
        bytes.extend_from_slice(&length(name));
        bytes.extend_from_slice(&length(value));
    }
    for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend_from_slice(text);
        bytes.push(0);
    }
    bytes
}
