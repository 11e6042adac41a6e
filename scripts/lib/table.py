"""The table that the demo shows and that the compose file is tested by: real calls of the `openai` SDK through the gate.

    $(scripts/lib/venv)/bin/python scripts/lib/table.py --gate http://127.0.0.1:10000 --issuer http://127.0.0.1:10001 \
        --access-log 'docker logs envoy' --model-log 'docker logs model' --collector-log 'docker logs collector' [--brief]

The three logs are commands (split as a shell would, run without one) whose output is the whole log so far: Envoy's access log
(one JSON object a line, other lines are skipped), the scripted model's (`--log`), whatever text the collector writes. The
model answers by scenarios.json. Ends with 1 at the first row that is not as it should be, and says why.

For another program: `run(world, show)`, with a `World` of addresses and log readers, and a `Show` (`Story` tells all,
`Brief` has a line for each row).
"""

import argparse
import json
import shlex
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Callable, Optional

import openai

SUBJECT = "alice"
CLAIMS = {"sub": SUBJECT, "groups": ["support"], "tenant": "acme"}
MODEL = "gpt-4.1-mini"
PATIENCE = 20.0  # seconds, for whatever ought to happen


class Wrong(Exception):
    """Something is not as it should be."""


def expect(condition, problem):
    if not condition:
        raise Wrong(problem)


def wait_for(what, ask):
    end = time.monotonic() + PATIENCE
    while True:
        answer = ask()
        if answer:
            return answer
        expect(time.monotonic() < end, f"waited {PATIENCE:.0f} s in vain for {what}")
        time.sleep(0.1)


class Show:
    """What is told of a row while it runs. Says nothing."""

    def row(self, title, why): ...
    def sent(self, text): ...
    def token(self, seconds, text): ...
    def came(self, text): ...
    def noted(self, text): ...
    def record(self, text): ...
    def passed(self, title): ...
    def failed(self, title, problem): ...


class Brief(Show):
    def passed(self, title):
        print(f"ok    {title}", flush=True)

    def failed(self, title, problem):
        print(f"FAIL  {title}: {problem}", flush=True)


class Story(Brief):
    def row(self, title, why):
        print(f"\n━━ {title}\n   {why}", flush=True)

    def sent(self, text):
        print(f"   → {text}", flush=True)

    def token(self, seconds, text):
        print(f"   ← {seconds:6.3f} s  {text}", flush=True)

    def came(self, text):
        print(f"   ← {text}", flush=True)

    def noted(self, text):
        print(f"   ≡ {text}", flush=True)

    def record(self, text):
        for line in textwrap.wrap(text, 112, break_long_words=True, break_on_hyphens=False):
            print(f"     {line}", flush=True)


@dataclass
class World:
    """Where the parts are."""

    gate: str
    issuer: str
    access_log: Callable[[], str]
    model_log: Callable[[], str]
    collector_log: Callable[[], str]
    # Where known: the model's own address, for what must pass unchanged, and whether the collector's log holds the
    # records as they are (a JSON line each, with the record as `text`).
    model: Optional[str] = None
    has_texts: bool = False

    def token(self, **claims):
        """A token of the issuer; see its `POST /token` for what is not a claim."""
        body = json.dumps({**CLAIMS, **claims}).encode()
        request = urllib.request.Request(f"{self.issuer}/token", data=body, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["access_token"]

    def client(self, token):
        """The SDK as any program has it: these two arguments are all that changes."""
        return openai.OpenAI(base_url=f"{self.gate}/v1", api_key=token)

    def exchanges(self):
        """The access log: Envoy's word on each exchange, with the record (parsed, and as text) that names the same request."""
        lines = self.access_log().splitlines()
        records = {line["request_id"]: (line, text) for text, line in zip(lines, map(parsed, lines)) if "chain" in line}
        found = []
        for line in map(parsed, lines):
            if "code" in line and line.get("request_id") in records:
                record, text = records[line["request_id"]]
                found.append({**line, "record": record, "text": text})
        return found

    def reached(self):
        """What reached the model."""
        return objects(self.model_log())

    def wait_until_ready(self):
        """The gate answers, and has fetched the issuer's keys."""

        answers = []

        def ready():
            request = urllib.request.Request(f"{self.gate}/v1/chat/completions", data=b"{}", method="POST")
            try:
                request.add_header("authorization", f"Bearer {self.token()}")
                urllib.request.urlopen(request, timeout=2)
            except urllib.error.HTTPError as answer:
                answers.append(answer.code)
                return answer.headers.get("x-portcullis-reason") not in (None, "keys_unavailable")
            except OSError:
                return False

        wait_for("the gate", ready)
        # Their lines must not be taken for those of the calls that follow.
        wait_for("the access log", lambda: len(self.exchanges()) >= len(answers))


def parsed(line):
    """The object that the line is; an empty one where it is none."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def objects(text):
    return [value for value in map(parsed, text.splitlines()) if value]


class Exchange:
    """One call and its evidence."""

    def __init__(self, world, show):
        self.world, self.show = world, show
        self.before = len(world.exchanges())
        self.reached_before = len(world.reached())

    def evidence(self, code, decision, reason=None):
        """Its record is in the access log and at the collector, and says this."""

        def arrived():
            lines = self.world.exchanges()
            return lines[self.before :]

        lines = wait_for("the line in the access log", arrived)
        expect(len(lines) == 1, f"{len(lines)} lines in the access log instead of one")
        line, record = lines[0], lines[0]["record"]
        self.show.noted(f"access log: {line['code']} {line['details']}, record {summary(record)}")
        self.show.record(line["text"])
        expect(line["code"] == code, f"the access log says {line['code']}, not {code}")
        expect(record["decision"] == decision, f"the record's decision is `{record['decision']}`, not `{decision}`")
        expect(record.get("reason") == reason, f"the record's reason is `{record.get('reason')}`, not `{reason}`")
        wait_for("the record at the collector", lambda: record["id"] in self.world.collector_log())
        if self.world.has_texts:
            texts = [sent["text"] for sent in objects(self.world.collector_log())]
            expect(texts.count(line["text"]) == 1, "the collector's record is not the access log's")
            self.show.noted(f"collector: received the same {len(line['text'])} bytes by gRPC")
        else:
            self.show.noted(f"collector: has record {record['id']}")
        return record

    def reached(self):
        """The one request that reached the model."""

        def new():
            return self.world.reached()[self.reached_before :]

        requests = wait_for("the model's log", new)
        expect(len(requests) == 1, f"{len(requests)} requests reached the model instead of one")
        return requests[0]

    def nothing_reached(self):
        requests = self.world.reached()[self.reached_before :]
        expect(not requests, "the model was asked although the call was refused")
        self.show.noted("model: was not asked")


def summary(record):
    findings = [f"{it['rule']} ×{it['count']} {it['action']}" for it in record.get("findings", [])]
    words = [record["decision"], record.get("reason"), record.get("rule") and f"by rule {record['rule']}", *findings]
    return ", ".join(word for word in words if word)


ROWS = []


def row(title, why):
    def add(function):
        ROWS.append((title, why, function))
        return function

    return add


def refused(world, show, token, code, reason, model=MODEL, **options):
    """A call that must end with this status and reason, and of which the model must not hear."""
    exchange = Exchange(world, show)
    try:
        answer = world.client(token).chat.completions.create(
            model=model, messages=[{"role": "user", "content": "What does the file on Mr Tan say?"}], **options
        )
    except openai.APIStatusError as error:
        show.came(f"{error.status_code} {type(error).__name__}: {error.body}")
        expect(error.status_code == code, f"the status is {error.status_code}, not {code}")
        expect(error.code == reason, f"the error's code is `{error.code}`, not `{reason}`")
        header = error.response.headers.get("x-portcullis-reason")
        expect(header == reason, f"x-portcullis-reason is `{header}`, not `{reason}`")
    else:
        raise Wrong(f"it was answered: {answer.choices[0].message.content!r}")
    exchange.evidence(code, "deny", reason)
    exchange.nothing_reached()


@row("no token: 401 token_missing", "Without a proven identity nothing happens.")
def no_token(world, show):
    show.sent(f"chat, {MODEL}, no authorization")
    refused(world, show, "unused", 401, "token_missing", extra_headers={"authorization": openai.Omit()})


@row("a token for another audience: 401 token_audience", "A good token for something else opens nothing here.")
def wrong_audience(world, show):
    show.sent(f"chat, {MODEL}, a token with aud=api://payroll")
    refused(world, show, world.token(aud="api://payroll"), 401, "token_audience")


@row("an expired token: 401 token_expired", "It ended 10 minutes ago; clocks may differ by 1.")
def expired(world, show):
    show.sent(f"chat, {MODEL}, a token with exp=now-600")
    token = world.token(iat=int(time.time()) - 1200, expires_in=-600)
    refused(world, show, token, 401, "token_expired")


@row("a token signed by another key: 401 token_signature", "The key id is right, the signature is not.")
def wrong_key(world, show):
    show.sent(f"chat, {MODEL}, a token that the issuer did not sign")
    refused(world, show, world.token(wrong_key=True), 401, "token_signature")


@row("a model that no rule allows: 403 model_denied", "Support may use small models; the provider sees nothing of it.")
def model_denied(world, show):
    show.sent("chat, o3-pro, a good token")
    refused(world, show, world.token(), 403, "model_denied", model="o3-pro")


@row("a whole answer: NRIC and card masked", "The provider gets its own key and the caller's name, never the caller's token.")
def whole_answer(world, show):
    exchange, token = Exchange(world, show), world.token()
    show.sent(f"chat, {MODEL}: What does the file on Mr Tan say?")
    question = {"model": MODEL, "messages": [{"role": "user", "content": "What does the file on Mr Tan say?"}]}
    response = world.client(token).chat.completions.with_raw_response.create(**question)
    text = response.parse().choices[0].message.content
    show.came(text)
    wanted = "Mr Tan Wei Ming, NRIC [REDACTED:pii.id], pays with the card [REDACTED:financial]. He called twice."
    expect(text == wanted, f"the answer is {text!r}")
    record = exchange.evidence(200, "allow")
    found = {finding["rule"]: finding["action"] for finding in record["findings"]}
    expect(found == {"pii.id.sg-nric": "redact", "financial.card": "redact"}, f"the record's findings are {found}")
    expect(record["principal"]["subject"] == SUBJECT, "the record does not name the caller")
    asked = exchange.reached()
    if world.model:
        own = openai.OpenAI(base_url=f"{world.model}/v1", api_key="none").chat.completions
        own = own.with_raw_response.create(**question).content
        masked = own.replace(b"S1234567D", b"[REDACTED:pii.id]").replace(b"4556 7375 8689 9855", b"[REDACTED:financial]")
        expect(response.content == masked, "a byte outside of the findings was changed")
        show.noted(f"model: wrote {len(own)} bytes; all but the two findings came as they were")
    headers = {}
    for name, value in asked["headers"]:
        headers.setdefault(name, []).append(value)
    show.noted(f"model: was asked for {', '.join(headers.get('x-portcullis-subject', []))}, with the provider's key")
    expect(token not in json.dumps(asked), "the caller's token reached the model")
    expect(len(headers.get("authorization", [])) == 1, "the provider's key is missing")
    expect(headers.get("x-portcullis-subject") == [SUBJECT], "the caller's name did not reach the model")


@row("a stream, a card over nine deltas: masked", "What is decided leaves at once; what may become a card waits.")
def streamed_card(world, show):
    exchange = Exchange(world, show)
    show.sent(f"chat, {MODEL}, stream: Which card on file is it?")
    text, times = "", []
    for seconds, choice in stream(world, "Which card on file is it?"):
        if choice.delta.content:
            show.token(seconds, repr(choice.delta.content))
            text, times = text + choice.delta.content, [*times, seconds]
    wanted = "Of course. The card on file is [REDACTED:financial]. Anything else?"
    expect(text == wanted, f"the answer is {text!r}")
    # 19 deltas, 120 ms each: whoever waits for the whole answer first has all of it at the end.
    expect(times[-1] - times[0] > 1.2, f"the answer came at once, after {times[0]:.1f} s")
    record = exchange.evidence(200, "allow")
    expect(sum(it["count"] for it in record["findings"]) == 1, f"the record's findings are {record['findings']}")
    exchange.reached()


@row("a stream, an AWS key in a tool's arguments: blocked", "The call ends as the provider itself ends one: `content_filter`.")
def streamed_key(world, show):
    exchange = Exchange(world, show)
    show.sent(f"chat, {MODEL}, stream, one tool: Please deploy the site.")
    tool = {"type": "function", "function": {"name": "shell", "parameters": {"type": "object"}}}
    text, arguments, refusal, finish = "", "", "", None
    for seconds, choice in stream(world, "Please deploy the site.", tools=[tool]):
        for call in choice.delta.tool_calls or []:
            show.token(seconds, f"shell({call.function.arguments!r})")
            arguments += call.function.arguments or ""
        if choice.delta.content:
            show.token(seconds, repr(choice.delta.content))
            text += choice.delta.content
        if choice.delta.refusal:
            show.token(seconds, f"refusal: {choice.delta.refusal!r}")
            refusal += choice.delta.refusal
        finish = choice.finish_reason or finish
    show.came(f"finish_reason: {finish}")
    expect(text == "I will set the key and deploy.", f"what came before it is {text!r}")
    expect("AK" not in arguments, f"the arguments that came are {arguments!r}")
    expect(finish == "content_filter" and refusal, f"it ended with {finish!r} and the refusal {refusal!r}")
    record = exchange.evidence(200, "cut", "response_blocked")
    expect(record["findings"][0]["rule"] == "secret.aws-access-key-id", f"the record's findings are {record['findings']}")
    expect("IAZ7M" not in json.dumps(record), "the record holds the key")


def stream(world, prompt, **options):
    """(seconds since the request, choice) for each event."""
    client, began = world.client(world.token()), time.monotonic()
    events = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": prompt}], stream=True, **options
    )
    for event in events:
        for choice in event.choices:
            yield time.monotonic() - began, choice


def run(world, show):
    """Every row in order; false at the first that is not as it should be."""
    try:
        world.wait_until_ready()
    except Exception as problem:
        show.failed("the gate is ready", problem)
        return False
    for title, why, function in ROWS:
        show.row(title, why)
        try:
            function(world, show)
        except Exception as problem:
            show.failed(title, f"{problem}" if isinstance(problem, Wrong) else f"{type(problem).__name__}: {problem}")
            return False
        show.passed(title)
    return True


def output_of(command):
    words = shlex.split(command)

    def read():
        result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return result.stdout.decode(errors="replace")

    return read


def main():
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gate", "issuer", "access-log", "model-log", "collector-log"):
        flags.add_argument(f"--{name}", required=True, metavar="URL" if "log" not in name else "COMMAND")
    flags.add_argument("--brief", action="store_true", help="a line for each row")
    given = flags.parse_args()
    logs = [output_of(it) for it in (given.access_log, given.model_log, given.collector_log)]
    world = World(given.gate.rstrip("/"), given.issuer.rstrip("/"), *logs)
    sys.exit(0 if run(world, Brief() if given.brief else Story()) else 1)


if __name__ == "__main__":
    main()
