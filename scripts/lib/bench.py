"""What `scripts/bench` prints and writes: runs the driver (wasm-tests/src/bin/bench.rs) and the command-line tool, and makes
tables of their figures. bench/README.md says what they mean. Standard library only."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import bench_peers
import bench_scan

VARIANTS = ["plain", "noop", "calls", "portcullis"]
# Workload, what it is, and the most that Portcullis may cost, as a ratio to the plain Envoy; None: told, not judged.
WORKLOADS = [
    ("json2", "2 KB answer, clean", 1.8),
    ("json64", "64 KB answer, clean", 6.0),
    ("json64_findings", "64 KB answer, a finding per 1.5 KB", 10.0),
    ("stream", "400 deltas at full speed", 1.25),
    ("burst", "400 deltas, many in one read", None),
    ("first_seen", "2 KB answer, RS256 token first seen", None),
]
PACE_MS = 5.0
PACE_SLACK_MS = 0.5  # wake-ups of the client, and the filter's own work
MOST_GROWTH = 2.2  # time(2n) / time(n); 2 is linear
ENOUGH_S = 0.15  # CPU time of time(n) from which a ratio means something
MIB = 1 << 20
MOST_BYTES = 12 * MIB  # of the input of n: twice of twice that is still below the widest limits
REPEATS = 3


def main():
    args = arguments()
    sections = [heading(args), growth(args), scan(args), cost(args)]
    ending = datetime.datetime.now().strftime("%Y-%m-%d %H:%M")
    sections.append(f"Ended {ending}; load average then {load_average()}.")
    pathlib.Path(args.results).write_text("\n\n".join(sections) + "\n")
    print(f"\nwritten to {os.path.relpath(args.results)}")


def arguments():
    parser = argparse.ArgumentParser()
    for name in ["asked", "driver", "noop", "scan", "module", "pinned", "tool", "envoy", "results"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peers", help="the Python that has LiteLLM and Presidio")
    return parser.parse_args()


def show(text):
    print("\n" + text, flush=True)
    return text


def load_average():
    return ", ".join(f"{it:.1f}" for it in os.getloadavg())


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip()


def heading(args):
    models = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    lines = [
        "# Results of scripts/bench",
        "",
        "Written by the script; [README.md](README.md) says how to read it.",
        "",
        f"- Command: `{args.asked}`",
        f"- Date: {datetime.datetime.now():%Y-%m-%d %H:%M}; commit {output('git', 'describe', '--always', '--dirty') or 'unknown'}",
        f"- Machine: {os.cpu_count()} cores, {models[0] if models else platform.machine()}, {platform.system()} {platform.release()}",
        f"- Load average at the start: {load_average()} (above 1 something else was running: ratios are too high then)",
        f"- Envoy: {output(args.envoy, '--version').split('version:')[-1].strip()}",
        f"- Toolchain: {output('rustc', '--version')}",
    ]
    return show("\n".join(lines))


# What it costs without a request


def scan(args):
    scanned = bench_scan.scanned(args.pinned, args.scan, table, verdict)
    started = bench_scan.started(args.envoy, args.pinned, args.module, start_config(), table, verdict)
    return show(f"{scanned}\n\n{started}")


def start_config():
    issuer = {"name": "bench", "issuer": "https://bench.invalid", "audiences": ["bench"], "jwks": {"uri": "https://bench.invalid/keys", "cluster": "none"}}
    guard = {"request": {"secret": "redact"}, "response": {"pii": "redact"}}
    route = {"name": "bench", "match": {"path": "*"}, "guard": "bench", "allow": [{"id": "all"}]}
    return {"identity": {"issuers": [issuer]}, "guards": {"bench": guard}, "routes": [route]}


# What a request costs


def cost(args):
    command = [args.driver, "--noop", args.noop, "--rounds", str(args.rounds)]
    command += ["--seconds", "0.5"] if args.quick else []
    command += ["--peers", args.peers] if args.peers else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("bench: the driver failed (see above)")
    samples = {}
    for line in done.stdout.splitlines():
        sample = json.loads(line)
        samples.setdefault((sample["workload"], sample["variant"]), {}).setdefault(sample["round"], []).append(sample["value"])

    rows = [["workload", "plain, µs", "no-op, µs", "host calls, µs", "Portcullis, µs", "host calls / plain", "Portcullis / plain", "bar", ""]]
    for workload, title, bar in WORKLOADS:
        cpu = {variant: [one["cpu_us"] for ones in samples[workload, variant].values() for one in ones] for variant in VARIANTS}
        ratio = {variant: [own / plain for own, plain in zip(cpu[variant], cpu["plain"])] for variant in VARIANTS}
        median = statistics.median(ratio["portcullis"])
        rows.append(
            [title]
            + [spread(cpu[variant], 0) for variant in VARIANTS]
            + [spread(ratio["calls"]), spread(ratio["portcullis"])]
            + ([f"≤ {bar}", verdict(median <= bar)] if bar else ["", ""])
        )
    busy = [one["busy"] for (workload, _), rounds in samples.items() if workload != "paced" for ones in rounds.values() for one in ones if "busy" in one]
    text = f"## CPU time of the Envoy process per request, {args.rounds} rounds\n\n{table(rows)}\n\n"
    text += f"Median (min–max). Envoy's share of its core while it was measured: {spread(busy)}."
    parts = [text, paced(samples), *bench_peers.sections(samples, args.peers, spread, table)]
    return show("\n\n".join(parts))


def paced(samples):
    """Each round's median of streams, and what Portcullis adds to each token of the plain Envoy's same round."""
    rows = [["", "plain", "no-op", "host calls", "Portcullis", "added", "bar", ""]]
    first, middle, most, share = ({variant: [] for variant in VARIANTS} for _ in range(4))
    gap = statistics.median(one["gap_ms"] for variant in VARIANTS for ones in samples["paced", variant].values() for one in ones)
    for variant in VARIANTS:
        for number, ones in samples["paced", variant].items():
            first[variant].append(statistics.median(one["first_ms"] for one in ones))
            delays = [delay for one in ones for delay in one["delays_ms"]]
            middle[variant].append(statistics.median(delays))
            most[variant].append(max(delays))
            share[variant].append(sum(delay > PACE_MS for delay in delays) / len(delays) * 100)
    for title, values, judged in [
        ("first token after the request, ms", first, True),
        ("delay of a token, median, ms", middle, True),
        ("delay of a token, most, ms", most, False),
        (f"tokens later than {PACE_MS:.0f} ms, %", share, False),
    ]:
        added = [own - plain for own, plain in zip(values["portcullis"], values["plain"])]
        good = verdict(statistics.median(added) <= gap + PACE_SLACK_MS) if judged else ""
        rows.append([title] + [spread(values[variant]) for variant in VARIANTS] + [spread(added), "≤ one delta" if judged else "", good])
    text = f"One delta came each {gap:.2f} ms; {PACE_SLACK_MS} ms on top of one count as the way through."
    return f"## A stream of 400 deltas, one each {PACE_MS:.0f} ms\n\n{table(rows)}\n\n{text}"


# How time grows


def growth(args):
    rows = [["input", "n", "time(n), ms", "time(2n), ms", "time(2n) / time(n)", "bar", ""]]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        config = path / "config.json"
        config.write_text(json.dumps(WIDE))
        replay = ["replay", "--config", str(config), "--route", "bench", "--content-type"]
        commands = {"json": replay + ["application/json"], "sse": replay + ["text/event-stream"], "text": ["scan"]}
        floor = {kind: seconds(args.tool, command, path, b"x" if kind == "text" else b"{}") for kind, command in commands.items()}
        for title, kind, size, make in HOSTILE:
            command = commands[kind]
            once = seconds(args.tool, command, path, make(size)) - floor[kind]
            while once < ENOUGH_S and len(make(size)) < MOST_BYTES and title not in FIXED:
                size *= 2
                once = seconds(args.tool, command, path, make(size)) - floor[kind]
            twice = seconds(args.tool, command, path, make(2 * size)) - floor[kind]
            measurable = once >= ENOUGH_S / 10
            ratio = twice / once if once > 0 else 0
            judged = [f"{ratio:.2f}", f"≤ {MOST_GROWTH}", verdict(ratio <= MOST_GROWTH)] if measurable else ["too quick to tell", "", ""]
            rows.append([title, f"{size:,}", f"{once * 1e3:.0f}", f"{twice * 1e3:.0f}"] + judged)
    text = f"## CPU time of the filter's core on hostile inputs, native\n\n{table(rows)}\n\n"
    return show(text + f"`portcullis scan` and `replay`, least of {REPEATS}, without the time that they need to start.")


def seconds(tool, command, folder, data):
    """CPU time of the tool on this input: the least of a few."""
    file = folder / "input"
    file.write_bytes(data)
    best = None
    for _ in range(REPEATS):
        with subprocess.Popen([tool, *command, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f"bench: `{tool} {' '.join(command)}` ended with {process.returncode}")
        time = used.ru_utime + used.ru_stime
        best = time if best is None else min(best, time)
    return best


# The public key of RFC 8037, appendix A.2: a configuration needs one, and no token is shown here.
KEY = {"kty": "OKP", "crv": "Ed25519", "kid": "bench", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}

# Limits out of the way: with the default ones most of these are refused at once.
WIDE = {
    "identity": {"issuers": [{"name": "bench", "issuer": "https://bench.test", "audiences": ["bench"], "jwks": {"inline": {"keys": [KEY]}}}]},
    "guards": {"all": {"response": {"pii": "redact", "financial": "redact", "secret": "redact"}}},
    "routes": [
        {
            "name": "bench",
            "match": {"path": "/v1/*"},
            "guard": "all",
            "allow": [{"id": "all"}],
            "limits": {"request_body": "64MiB", "response_body": "64MiB", "held": "64MiB"},
        }
    ],
}


def answer(content):
    return b'{"choices":[{"index":0,"message":{"role":"assistant","content":"' + content + b'"},"finish_reason":"stop"}]}'


def delta(content, choice=0):
    return b'data: {"choices":[{"index":%d,"delta":{"content":"%s"},"finish_reason":null}]}\n\n' % (choice, content)


def tool_call(arguments):
    call = b'{"id":"1","type":"function","function":{"name":"f","arguments":"' + arguments + b'"}}'
    return b'{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[' + call + b']},"finish_reason":"tool_calls"}]}'


def choices(count):
    one = b'{"index":%d,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}'
    return b'{"choices":[' + b",".join(one % index for index in range(count)) + b"]}"


HOSTILE = [
    ("nested arrays", "json", MIB, lambda n: b'{"a":' + b"[" * (n // 2) + b"]" * (n // 2) + b"}"),
    ("an endless line of letters", "text", MIB, lambda n: b"a" * n),
    ("endless digits", "text", MIB, lambda n: b"4111" * (n // 4)),
    ("endless digits in an answer", "json", MIB, lambda n: answer(b"4111" * (n // 4))),
    ("endless `@`", "text", MIB, lambda n: b"@" * n),
    ("endless `a@`", "text", MIB, lambda n: b"a@" * (n // 2)),
    ("addresses in an answer", "json", MIB, lambda n: answer(b"a@b.io, " * (n // 8))),
    ("addresses in a tool's arguments", "json", MIB, lambda n: tool_call(b'[' + b'\\"a@b.io\\",\\"\\",' * (n // 17) + b'0]')),
    ("endless escapes", "json", MIB, lambda n: answer(b"\\u0031" * (n // 6))),
    ("a string without an end", "json", MIB, lambda n: answer(b"a" * n)[: n]),
    ("an event's line without an end", "sse", MIB, lambda n: b"data: " + b"a" * n),
    ("tiny events", "sse", 4096, lambda n: delta(b"4") * n),
    ("one event, 25 and 50 MB", "sse", 25_000_000, lambda n: delta(b"a" * n)),
    ("choices in an answer", "json", 2048, lambda n: choices(n)),
    ("choices in a stream", "sse", 2048, lambda n: b"".join(delta(b"4", choice) for choice in range(n))),
]
FIXED = {"one event, 25 and 50 MB"}


# Forms


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def verdict(good):
    return "met" if good else "**missed**"


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
