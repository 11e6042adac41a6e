"""Prometheus has the filter's statistics, and every query of the dashboard finds some of them.

    python3 scripts/lib/metrics.py http://127.0.0.1:9090 envoy/grafana/portcullis.json
"""

import json
import sys
import time
import urllib.parse
import urllib.request

PATIENCE = 20.0  # seconds: a few scrapes


def ask(prometheus, query):
    url = f"{prometheus}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)["data"]["result"]


def main():
    prometheus, dashboard = sys.argv[1:]
    with open(dashboard) as file:
        panels = json.load(file)["panels"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]]
    # What the table's rows leave behind.
    queries += [
        'portcullis_requests{decision="deny", reason="token_missing"} >= 1',
        'portcullis_requests{decision="cut", reason="response_blocked"} >= 1',
        'portcullis_findings{rule="pii.id.sg-nric", direction="response", action="redact"} >= 1',
        "portcullis_outbox_delivered >= 1",
        "portcullis_outbox_depth == 0",
    ]
    end = time.monotonic() + PATIENCE
    for query in queries:
        query = query.replace("$__rate_interval", "1m")
        while not ask(prometheus, query):
            if time.monotonic() > end:
                sys.exit(f"Prometheus finds nothing for `{query}`")
            time.sleep(0.3)
    print(f"ok    Prometheus: {len(queries)} queries find the filter's statistics")


main()
