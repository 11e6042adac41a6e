"""Measures Portcullis against corpora that nobody on this project wrote. See scripts/eval.

Everything is judged by the command-line tool `portcullis` (`cargo cli`), which is the code that runs in the filter: a
corpus becomes lines for `scan`, `replay` or `verify-token`, and the answers become figures. A figure with a bar passes or
misses; one without is only printed. Rows that errata.json names count for no bar.
"""

import argparse
import base64
import collections
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import eval_ids
import eval_ids_west
import eval_injection
import eval_network
import eval_secrets
import eval_streams

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Tool:
    """The command-line tool, asked with many lines at once."""

    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def answers(self, arguments, lines):
        """The answers to these lines (objects, or lines that are already written), in order."""
        with tempfile.TemporaryFile(dir=self.folder) as asked:
            for line in lines:
                asked.write((line if isinstance(line, str) else json.dumps(line)).encode() + b"\n")
            asked.seek(0)
            command = [str(self.path), *map(str, arguments), "--jsonl"]
            with subprocess.Popen(command, stdin=asked, stdout=subprocess.PIPE) as process:
                for line in process.stdout:
                    answer = json.loads(line)
                    if "error" in answer:
                        sys.exit(f"eval: {' '.join(command)}: {answer['id']}: {answer['error']}")
                    yield answer
            # 1 is an answer too (splits that do not agree).
            if process.returncode not in (0, 1):
                sys.exit(f"eval: {' '.join(command)} failed")

    def config(self, action):
        """A configuration of one route on which everything is allowed and every finding is treated alike."""
        actions = {name: action for name in
                   ["pii", "financial", "secret", "injection", "hidden_text", "exfiltration"]}
        file = self.folder / f"{action}.json"
        file.write_text(json.dumps({
            "identity": {"issuers": [{
                "name": "eval", "issuer": "https://eval.invalid", "audiences": ["eval"],
                "jwks": {"uri": "https://eval.invalid/keys", "cluster": "none"},
            }]},
            "guards": {"eval": {"request": actions, "response": actions}},
            "routes": [{"name": "eval", "match": {"path": "*"}, "guard": "eval", "allow": [{"id": "all"}]}],
        }))
        return file


class Table:
    """The figures, printed as they come."""

    def __init__(self, corpora, errata):
        self.corpora, self.errata, self.rows = corpora, errata, []

    def corpus(self, name):
        """The rows of a corpus; None, with a line that says so, where it is absent."""
        file = self.corpora / f"{name}.jsonl.gz"
        if not file.exists():
            print(f"{name:<24} skipped: {file} is absent")
            return None
        with gzip.open(file) as lines:
            return [json.loads(line) for line in lines]

    def counted(self, name):
        """The same without the rows that errata.json names."""
        rows = self.corpus(name)
        return rows and [row for row in rows if row["id"] not in self.errata]

    def add(self, corpus, figure, bar=None, passes=None, notes=()):
        """One row. `notes` are printed below it."""
        verdict = {True: "pass", False: "MISSED", None: ""}[passes]
        print(f"{corpus:<24} {figure:<78} {bar or '-':<30} {verdict}", flush=True)
        for note in notes:
            print(f"{'':<24}   {note}")
        self.rows.append({"corpus": corpus, "figure": figure, "bar": bar, "pass": passes, "notes": list(notes)})

    def missed(self):
        return [row for row in self.rows if row["pass"] is False]


def content(row):
    """The bytes of a row."""
    return base64.b64decode(row["b64"]) if row.get("b64") is not None else row["text"].encode()


def line(row, **members):
    """A row as a line for the tool."""
    body = {"b64": row["b64"]} if row.get("b64") is not None else {"text": row["text"]}
    return {"id": row["id"], **body, **members}


def jwt_vectors(tool, table):
    rows = table.corpus("jwt_vectors")
    if rows is None:
        return
    # Of a key set only a token can be judged: this one is well-formed and signed by nobody.
    probe = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in
                     [b'{"alg":"ES256"}', b"{}", bytes(64)])
    agreed, accepted, deviations, unexplained = 0, [], collections.defaultdict(list), []

    def judge(row, good, should, why):
        nonlocal agreed
        if good == should:
            agreed += 1
        elif good:
            accepted.append(row["id"])
        elif why:
            deviations[why].append(row["id"])
        else:
            unexplained.append(row["id"])

    sets = [row for row in rows if row["label"].startswith("jwks-")]
    asked = [{"id": row["id"], "text": probe, "jwks": row["text"]} for row in sets]
    for row, answer in zip(sets, tool.answers(["verify-token", "--signature-only"], asked)):
        keys = keys_of(row["text"])
        judge(row, answer["reason"] != "keys_unavailable", row["label"] == "jwks-valid", set_deviation(row, keys))
    tokens = [row for row in rows if not row["label"].startswith("jwks-")]
    asked = [{"id": row["id"], "text": row["text"], "jwks": key_set(row)} for row in tokens]
    for row, answer in zip(tokens, tool.answers(["verify-token", "--signature-only"], asked)):
        should = row["label"] == "valid" and not row.get("erratum")
        why = token_deviation(row["text"], keys_of(key_set(row)))
        if "status" in row["expected"] and not row["expected"].get("jwks_text"):
            why = "not judged: the row has no keys"
        judge(row, answer["verdict"] == "accept", should, why)
    notes = [f"refused although labelled valid, {why}: {len(ids)}" for why, ids in sorted(deviations.items())]
    notes += [f"accepted although invalid: {ids}" for ids in [accepted] if accepted]
    notes += [f"refused without a known reason: {ids}" for ids in [unexplained] if unexplained]
    table.add("jwt_vectors", f"{agreed} of {len(rows)} as labelled, {len(accepted)} invalid accepted",
              "no invalid accepted", not accepted and not unexplained, notes)


def key_set(row):
    expected = row["expected"]
    return expected.get("jwks_text") or json.dumps(expected.get("jwks") or {"keys": []})


def keys_of(text):
    try:
        document = json.loads(text)
    except ValueError:
        return []
    keys = document.get("keys") if isinstance(document, dict) else None
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []


def set_deviation(row, keys):
    """Why a key set that its source calls good holds no key for us."""
    if keys and all(key.get("crv") == "P-521" or key.get("alg") in ("ES512", "ES521") for key in keys):
        return "P-521 is not supported"
    if keys and all(key.get("kty") == "oct" for key in keys):
        return "symmetric"
    if keys and all(key.get("kty") == "EC" and "crv" not in key for key in keys):
        return "EC key without `crv`, which RFC 7518 section 6.2.1 requires"
    if row["source"].endswith((",GoodOKP", ",JwksIgnoreUnsupportedKey")):
        return "the Ed25519 key is not on its curve"
    return None


def token_deviation(token, keys):
    """Why a token that its source calls good is refused by us."""
    try:
        head = token.split(".")[0]
        algorithm = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("alg")
    except (ValueError, AttributeError):
        return None
    if str(algorithm).startswith("HS"):
        return "symmetric"
    if algorithm == "ES512":
        return "P-521 is not supported"
    if all("alg" in key and key["alg"] != algorithm for key in keys):
        return "the key's `alg` is another one; the key fixes the algorithm"
    return None


def json_suite(tool, table):
    """Each JSON text as a provider's answer: what is no JSON is refused, what is leaves as it came."""
    rows = table.corpus("json_suite")
    if rows is None:
        return
    wrong, doubled, taken = [], [], 0
    asked = [line(row, content_type="application/json") for row in rows if content(row)]
    rows = {row["id"]: row for row in rows}
    for answer in tool.answers(["replay", "--config", tool.config("flag")], asked):
        row, passed = rows[answer["id"]], answer["verdict"] == "pass"
        taken += row["label"] == "either" and passed
        if row["label"] == "accept" and not passed:
            (doubled if has_duplicates(content(row)) else wrong).append(row["id"])
        elif row["label"] == "reject" and (passed or answer["reason"] != "response_malformed"):
            wrong.append(row["id"])
    notes = [f"valid, and refused for a key that stands twice: {len(doubled)}"]
    notes += [f"wrong: {wrong}"] if wrong else []
    table.add("json_suite", f"{len(asked) - len(wrong)} of {len(asked)} right ({taken} of `either` taken)", "all",
              not wrong, notes)


def has_duplicates(text):
    class Twice(Exception):
        pass

    def look(pairs):
        if len({key for key, _ in pairs}) < len(pairs):
            raise Twice
        return None

    try:
        json.loads(text, object_pairs_hook=look)
    except Twice:
        return True
    return False


def sse_conformance(_tool, table):
    """What an event is has no output of the tool's: the project's own test over the same rows is asked."""
    rows = table.corpus("sse_conformance")
    if rows is None:
        return
    ran = subprocess.run(
        ["cargo", "test", "--quiet", "--lib", "corpus_sse_conformance", "--", "--nocapture"],
        cwd=ROOT, env={**os.environ, "PORTCULLIS_CORPORA": str(table.corpora)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    told = [words for words in ran.stdout.splitlines() if words.startswith("sse_conformance: ")]
    passes = ran.returncode == 0 and bool(told)
    figure = told[0].removeprefix("sse_conformance: ") if told else "the test did not run"
    table.add("sse_conformance", f"{figure} (cargo test)", "all", passes, [] if passes else ran.stdout.splitlines()[-8:])


def share(part, whole):
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0 of 0"


def benign(name, direction, most):
    """How many harmless documents have a finding, by class; `most` may have one of `pii.id` or `financial`."""
    def figure(tool, table):
        rows = table.counted(name)
        if rows is None:
            return
        documents, acted, any_finding, numbers = collections.Counter(), 0, 0, 0
        for answer in tool.answers(["scan", "--direction", direction], map(line, rows)):
            classes = {one["class"] for one in answer["findings"]}
            documents.update(classes)
            any_finding += bool(answer["findings"])
            numbers += bool(classes & {"pii.id", "financial"})
            acted += any(one["action"] in ("redact", "block") for one in answer["findings"])
        by_class = ", ".join(f"{kind} {count}" for kind, count in documents.most_common()) or "none"
        table.add(name, f"pii.id or financial in {share(numbers, len(rows))} of documents", f"<= {100 * most:.1f} %",
                  numbers <= most * len(rows), [f"any class in {any_finding}, {acted} would change; by class: {by_class}"])
    return figure


def out_exfil(tool, table):
    rows = table.counted("out_exfil")
    if rows is None:
        return
    missed, wrong = [], []
    for row, answer in zip(rows, tool.answers(["scan"], map(line, rows))):
        is_found = any(one["class"] in ("exfiltration", "secret") for one in answer["findings"])
        if is_found != (row["label"] == "pos"):
            (wrong if is_found else missed).append(row["id"])
    bad = sum(row["label"] == "pos" for row in rows)
    table.add("out_exfil", f"{bad - len(missed)} of {bad} found, {len(wrong)} of {len(rows) - bad} harmless ones too",
              "every one, no harmless one", not missed and not wrong, [f"missed: {missed}, wrong: {wrong}"])


FIGURES = {
    "jwt_vectors": jwt_vectors,
    "json_suite": json_suite,
    "sse_conformance": sse_conformance,
    "planted": eval_streams.planted,
    "streams_recorded": eval_streams.streams_recorded,
    "requests_recorded": eval_streams.requests_recorded,
    "ids_asia": eval_ids.id_oracles,
    "ids_asia_generated": eval_ids.id_generated,
    **eval_ids_west.FIGURES,
    **eval_network.FIGURES,
    "sec_gitleaks": eval_secrets.sec_gitleaks,
    "secrets_benign": eval_secrets.secrets_benign,
    "secrets_personal": eval_secrets.secrets_personal,
    "injection_benign": eval_injection.injection_benign,
    "injection_attacks": eval_injection.injection_attacks,
    "injection_evasion": eval_injection.injection_evasion,
    "injection_llmguard": eval_injection.injection_llmguard,
    "out_exfil": out_exfil,
    "ben_prompts": benign("ben_prompts", "request", 0.003),
    "ben_fp_text": benign("ben_fp_text", "response", 0.005),
}


def built():
    """The tool, built as it is shipped."""
    ran = subprocess.run(["cargo", "cli", "--quiet", "--message-format=json-render-diagnostics"], cwd=ROOT,
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    made = [json.loads(words).get("executable") for words in ran.stdout.splitlines() if words.startswith(b"{")]
    made = [path for path in made if path]
    if ran.returncode or not made:
        sys.exit("eval: the tool does not build (`cargo cli`)")
    return made[-1]


def main():
    default = os.environ.get("PORTCULLIS_CORPORA", ROOT.parent / "shared" / "corpora")
    parser = argparse.ArgumentParser(prog="scripts/eval", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", metavar="DIR", type=pathlib.Path, default=pathlib.Path(default),
                        help="where the corpora are (default: PORTCULLIS_CORPORA, else ../shared/corpora)")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the figures there, too")
    parser.add_argument("--only", metavar="NAME", action="append", choices=sorted(FIGURES),
                        help="only these figures (repeat it for more): " + ", ".join(FIGURES))
    parser.add_argument("--budget", metavar="SECONDS", type=float, default=120.0,
                        help="time for cutting recorded streams at every byte; those that find no time in it, or are "
                             "longer than 64 KiB, are cut at random instead (default: 120)")
    parser.add_argument("--cuts", metavar="N", type=int, default=500,
                        help="how many random chunkings a recorded stream gets that is not cut at every byte "
                             "(default: 500)")
    parser.add_argument("--tool", metavar="FILE", type=pathlib.Path, help="a built `portcullis` (default: `cargo cli`)")
    arguments = parser.parse_args()
    if not arguments.corpora.is_dir():
        print(f"skipped: no corpora in {arguments.corpora}")
        return 0
    begin = time.monotonic()
    errata = arguments.corpora / "errata.json"
    known = json.loads(errata.read_text()) if errata.exists() else {}
    table = Table(arguments.corpora.resolve(), {row for rows in known.values() for row in rows})
    table.budget, table.cuts = arguments.budget, arguments.cuts
    path = arguments.tool or built()
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(path, pathlib.Path(folder))
        print(f"{'corpus':<24} {'figure':<78} {'bar':<30} pass")
        for name, figure in FIGURES.items():
            if not arguments.only or name in arguments.only:
                figure(tool, table)
    took = time.monotonic() - begin
    missed = table.missed()
    print(f"\n{len(table.rows)} figures, {len(missed)} bars missed, {took:.0f} s")
    if arguments.json:
        told = {"figures": table.rows, "missed": len(missed), "seconds": round(took, 1)}
        arguments.json.write_text(json.dumps(told, indent=2) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
