"""The demo: starts the parts on 127.0.0.1, runs the table of table.py as a story, stops the parts. See scripts/demo."""

import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import table

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds, until a part listens


class Parts:
    """The processes of the demo, each stopped by its own id, the last one first."""

    def __init__(self, folder):
        self.folder, self.running = folder, []

    def start(self, name, command, **options):
        output = open(self.folder / f"{name}.out", "wb")
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
        )
        self.running.append((name, process))
        return process

    def wait(self, name, process, ready):
        end = time.monotonic() + PATIENCE
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                words = (self.folder / f"{name}.out").read_text(errors="replace")[-2000:]
                raise SystemExit(f"demo: {name} did not start:\n{words}")
            time.sleep(0.05)

    def program(self, name, command):
        """Starts one of the project's own programs; its port."""
        file = self.folder / f"{name}.port"
        process = self.start(name, [*command, "--listen", "127.0.0.1:0", "--port-file", file])
        self.wait(name, process, file.exists)
        return int(file.read_text())

    def stop(self):
        for _, process in reversed(self.running):
            process.terminate()
        for _, process in reversed(self.running):
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        return server.getsockname()[1]


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def shipped(ports, module):
    """The shipped envoy.yaml, with the addresses of the demo's parts in the place of the compose file's."""
    text = (ROOT / "envoy/envoy.yaml").read_text()
    local = "127.0.0.1, port_value:"
    for old, new in {
        "/etc/envoy/portcullis.wasm }": f"{module} }}",
        "0.0.0.0, port_value: 10000": f"{local} {ports['gate']}",
        "0.0.0.0, port_value: 9902": f"{local} {ports['metrics']}",
        "127.0.0.1, port_value: 9901": f"{local} {ports['admin']}",
        "address: model, port_value: 8080": f"address: {local} {ports['model']}",
        "address: issuer, port_value: 8080": f"address: {local} {ports['issuer']}",
        "address: collector, port_value: 4317": f"address: {local} {ports['collector']}",
    }.items():
        if old not in text:
            raise SystemExit(f"demo: envoy/envoy.yaml no longer holds `{old}`")
        text = text.replace(old, new)
    return text


def bring_up(parts, given):
    """Starts everything; the table's world."""
    folder, ports = parts.folder, {}
    ports["model"] = parts.program(
        "model",
        [given.parts / "scripted-model", "--scenarios", ROOT / "scripts/lib/scenarios.json", "--log", folder / "model.log"],
    )
    ports["issuer"] = parts.program("issuer", [given.parts / "issuer", "--issuer", "https://issuer.example"])
    ports["sink"] = parts.program("sink", [given.parts / "collector-sink", "--file", folder / "records.log"])
    for name in ("collector", "collector_http", "gate", "metrics", "admin"):
        ports[name] = free_port()
    collector = parts.start(
        "collector",
        [given.collector, "start", "--otlp-grpc-endpoint", f"127.0.0.1:{ports['collector']}",
         "--otlp-http-endpoint", f"127.0.0.1:{ports['collector_http']}",
         "--exporter", "otlp", "--otlp-exporter-protocol", "grpc", "--batch-timeout", "50ms",
         "--otlp-exporter-endpoint", f"http://127.0.0.1:{ports['sink']}",
         "--pid-file", folder / "collector.pid", "--log-file", folder / "collector.log"],
    )
    parts.wait("collector", collector, lambda: listens(ports["collector"]))
    config = folder / "envoy.yaml"
    config.write_text(shipped(ports, given.module))
    envoy = parts.start(
        "envoy",
        [given.envoy, "-c", config, "--log-level", "warning", "--disable-hot-restart", "--concurrency", "1",
         "--file-flush-interval-msec", "50"],
        env={**os.environ, "PROVIDER_AUTHORIZATION": "Bearer the-providers-own-key"},
    )
    parts.wait("envoy", envoy, lambda: listens(ports["gate"]))

    def log(name):
        path = folder / name
        return lambda: path.read_text(errors="replace") if path.exists() else ""

    gate, issuer = f"http://127.0.0.1:{ports['gate']}", f"http://127.0.0.1:{ports['issuer']}"
    return table.World(
        gate, issuer, log("envoy.out"), log("model.log"), log("records.log"),
        model=f"http://127.0.0.1:{ports['model']}", has_texts=True,
    )


INTRODUCTION = """
An application calls a model with the openai SDK. Two arguments are not the provider's: `base_url` is the gate, and
`api_key` is the caller's own token. The caller is alice, of the group support, tenant acme; what she may do stands in
envoy/portcullis.yaml. Behind the gate is a scripted model, because here one must know what the model will say.

    alice ── openai SDK ──▶ Envoy with Portcullis ──▶ model
                                 │   └──── keys ────▶ issuer
                                 └─── records, gRPC ─▶ collector

   → what is sent     ← what comes back     ≡ what is proven of it
"""


def main():
    flags = argparse.ArgumentParser(description=__doc__)
    for name in ("module", "envoy", "collector", "parts"):
        flags.add_argument(f"--{name}", type=lambda path: pathlib.Path(path).resolve(), required=True)
    given = flags.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="portcullis-demo-"))
    parts = Parts(folder)
    try:
        world = bring_up(parts, given)
        print(INTRODUCTION, flush=True)
        passed = table.run(world, table.Story())
    finally:
        parts.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("\nEverything was as it should be, and everything is stopped." if passed else "\nThe demo failed; everything is stopped.")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
