"""Says how large a wasm module is and what it imports; fails when either is more than it may be.

Usage: inspect_module.py MODULE MAX_BYTES
"""

import sys

# What Envoy 1.36 to 1.40 offer and the filter uses. A new name here is a decision: the filter then needs it of its host.
ALLOWED = {
    "env": {
        "proxy_call_foreign_function", "proxy_close_stream", "proxy_define_metric", "proxy_done", "proxy_get_buffer_bytes",
        "proxy_get_current_time_nanoseconds", "proxy_get_header_map_pairs", "proxy_get_property", "proxy_grpc_call",
        "proxy_http_call", "proxy_increment_metric", "proxy_log", "proxy_record_metric",
        "proxy_remove_header_map_value", "proxy_replace_header_map_value", "proxy_send_local_response",
        "proxy_set_buffer_bytes", "proxy_set_effective_context", "proxy_set_property",
        "proxy_set_tick_period_milliseconds",
        # Not called: the SDK's traits refer to them.
        "proxy_add_header_map_value", "proxy_continue_stream",
        "proxy_dequeue_shared_queue", "proxy_enqueue_shared_queue", "proxy_get_header_map_value",
        "proxy_get_shared_data", "proxy_get_status", "proxy_grpc_cancel", "proxy_grpc_close", "proxy_grpc_send",
        "proxy_grpc_stream", "proxy_register_shared_queue", "proxy_resolve_shared_queue",
        "proxy_set_header_map_pairs", "proxy_set_shared_data",
    },
    "wasi_snapshot_preview1": {
        "environ_get", "environ_sizes_get", "fd_write", "proc_exit", "random_get", "clock_time_get",
    },
}


def number(data, at):
    """An unsigned LEB128 number and the place behind it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def imports(data):
    """(module, name) of each imported function."""
    at = 8
    while at < len(data):
        section = data[at]
        size, at = number(data, at + 1)
        if section != 2:
            at += size
            continue
        count, at = number(data, at)
        for _ in range(count):
            names = []
            for _ in range(2):
                length, at = number(data, at)
                names.append(data[at : at + length].decode())
                at += length
            if data[at] != 0:
                sys.exit(f"{names} is not a function")
            _, at = number(data, at + 1)
            yield tuple(names)
        return


def main():
    path, most = sys.argv[1], int(sys.argv[2])
    with open(path, "rb") as file:
        data = file.read()
    found = sorted(imports(data))
    refused = [name for name in found if name[1] not in ALLOWED.get(name[0], ())]
    print(f"{len(data)} bytes (at most {most}), {len(found)} imports")
    if refused:
        sys.exit(f"imports that no host is known to offer: {refused}")
    if len(data) > most:
        sys.exit("the module is too large: code is start-up time in Envoy's V8")


main()
