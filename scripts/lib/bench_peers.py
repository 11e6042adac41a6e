"""The tables of `scripts/bench` that show others beside Portcullis: Envoy's own token filter, and LiteLLM with its guards. Standard
library only."""

import statistics

# Variant of the driver (wasm-tests/src/bin/bench/peers.rs) and what it is.
VERIFIERS = [("jwt_authn", "Envoy's jwt_authn"), ("jwt_authn_cache", "jwt_authn with its cache")]
GATEWAYS = [
    ("litellm", "LiteLLM, no guard"),
    ("litellm_filter", "LiteLLM, content filter"),
    ("litellm_presidio", "LiteLLM, Presidio"),
]
TOLD = "Beside Portcullis, not judged."


def sections(samples, with_gateways, spread, table):
    """Sections in Markdown. `samples` is {(workload, variant): {round: [value]}}."""
    workloads = [("json2", "2 KB answer, clean"), ("first_seen", "2 KB answer, RS256 token first seen")]
    text = "## Who verifies the token: CPU time of the Envoy process per request\n\n"
    text += compared(samples, workloads, VERIFIERS, spread, table)
    text += f"\n\n{TOLD} `jwt_authn` verifies the token and does nothing else."
    yield text

    text = "## Other gateways: CPU time of all their processes per request\n\n"
    if not with_gateways:
        yield text + "LiteLLM and Presidio were left out: `scripts/bench --peers` measures them too, and installs some 1 GB for it."
        return
    workloads = [("json2", "2 KB answer, clean"), ("json64", "64 KB answer, clean"), ("stream", "400 deltas at full speed")]
    text += compared(samples, workloads, GATEWAYS, spread, table)
    yield text + f"\n\n{TOLD} LiteLLM 1.106.2 compares a key and verifies no token; its guards look at requests and answers."


def compared(samples, workloads, others, spread, table):
    """A row for each workload and variant: CPU time, and its ratio to the plain Envoy's of the same round."""
    rows = [["workload", "", "µs", "/ plain Envoy"]]
    for workload, title in workloads:
        for variant, name in [("plain", "plain Envoy"), *others, ("portcullis", "Portcullis")]:
            rounds = {number: mean(ones) for number, ones in samples[workload, variant].items()}
            plain = {number: mean(ones) for number, ones in samples[workload, "plain"].items()}
            ratios = [own / plain[number] for number, own in rounds.items()]
            rows.append([title, name, spread(rounds.values(), 0), spread(ratios, 1 if max(ratios) > 20 else 2)])
    return table(rows)


def mean(ones):
    return statistics.mean(one["cpu_us"] for one in ones)
