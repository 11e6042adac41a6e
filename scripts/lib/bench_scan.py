"""The part of `scripts/bench` that has no traffic: how fast the catalogue reads text in Envoy's V8 (bench/scan), and how long
the filter takes to be there. Standard library only."""

import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

# Text, what it is, and the least megabytes a second; `None` where nothing is asked.
TEXTS = [
    ("clean", "English prose", 350),
    ("planted", "the same, a value every 1.5 KB", 150),
    ("dense", "the same, a value every 200 bytes", None),
    ("asian", "Chinese, Japanese and Korean", 100),
]
MOST_READY_S = 1.5
MOST_CONFIGURE_MS = 150
MOST_MODULE_BYTES = 2_621_440
STARTS = 5


def scanned(envoy, module, table, verdict):
    """MB/s of scanning alone, as the module logs it."""
    service = {"name": "scan", "vm_config": {
        "runtime": "envoy.wasm.runtime.v8", "code": {"local": {"filename": str(module)}}}}
    bootstrap = {"bootstrap_extensions": [{"name": "envoy.bootstrap.wasm", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.wasm.v3.WasmService", "singleton": True, "config": service}}]}
    lines = until(envoy, bootstrap, lambda line: "scan end" in line, 120)
    told = dict(re.findall(r"scan (\w+) ([0-9.]+)", "\n".join(lines)))
    rows = [["text, 4 MB", "MB/s", "bar", ""]]
    for name, title, least in TEXTS:
        speed = float(told[name])
        rows.append([title, f"{speed:.0f}", f"≥ {least}" if least else "", verdict(speed >= least) if least else ""])
    return (
        f"## Scanning alone, every built-in rule, in Envoy's V8\n\n{table(rows)}\n\n"
        f"Median of six scans behind six others. The automata take {int(told['automata_bytes']):,} bytes."
    )


def started(envoy, pinned, module, config, table, verdict):
    """How long an Envoy with the filter takes until its workers take connections, and the module to be configured. V8 compiles
    the module on all cores that the process has, so `envoy` has them all; how long one core takes is told beside it."""
    filter_config = {"name": "portcullis", "root_id": "portcullis", "vm_config": {
        "vm_id": "portcullis", "runtime": "envoy.wasm.runtime.v8", "code": {"local": {"filename": str(module)}}},
        "configuration": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": json.dumps(config)}}
    manager = {"@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
               "stat_prefix": "bench", "route_config": {"virtual_hosts": []}, "http_filters": [
                   {"name": "portcullis", "typed_config": {
                       "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm", "config": filter_config}},
                   {"name": "router", "typed_config": {
                       "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}
    bootstrap = {"static_resources": {"listeners": [{
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}]}]}}
    ready, configured = {envoy: [], pinned: []}, []
    for _ in range(STARTS):
        for program, times in ready.items():
            began = time.monotonic()
            lines = until(program, bootstrap, lambda line: "starting main dispatch loop" in line, 60)
            times.append(time.monotonic() - began)
            configured += [int(ms) for ms in re.findall(r"configured in (\d+) ms", "\n".join(lines))]
    size = pathlib.Path(module).stat().st_size
    rows = [["", "median (most)", "bar", ""]]
    for program, times in ready.items():
        median = statistics.median(times)
        title, bar = "from start to ready, s", [f"≤ {MOST_READY_S}", verdict(median <= MOST_READY_S)]
        if program != envoy:
            title, bar = "the same on one core", ["", ""]
        rows.append([title, f"{median:.2f} ({max(times):.2f})"] + bar)
    rows.append(["`on_configure` of one VM, ms", f"{statistics.median(configured):.0f} ({max(configured)})",
                 f"≤ {MOST_CONFIGURE_MS}", verdict(statistics.median(configured) <= MOST_CONFIGURE_MS)])
    rows.append(["module, bytes", f"{size:,}", f"≤ {MOST_MODULE_BYTES:,}", verdict(size <= MOST_MODULE_BYTES)])
    cores = f"on {os.cpu_count()} cores where no other number is given"
    return f"## Start\n\n{table(rows)}\n\n{STARTS} starts of an Envoy with one worker, which configures three VMs, {cores}."


def until(envoy, bootstrap, is_last, seconds):
    """The lines that an Envoy logs up to one of them; it is stopped then. It may use every core, unless `envoy` keeps it to one:
    this process and its children are kept to that of the clients."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(bootstrap, file)
        file.flush()
        command = [envoy, "-c", file.name, "--concurrency", "1", "-l", "info", "--use-dynamic-base-id"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
                              preexec_fn=on_every_core) as process:
            lines, end = [], time.monotonic() + seconds
            try:
                for line in process.stderr:
                    lines.append(line)
                    if is_last(line):
                        return lines
                    if time.monotonic() > end:
                        break
            finally:
                process.kill()
    raise SystemExit("bench: Envoy did not get so far:\n" + "".join(lines[-8:]))


def on_every_core():
    os.sched_setaffinity(0, range(os.cpu_count()))
