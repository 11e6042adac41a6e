"""The figures of scripts/eval that replay whole exchanges: recorded streams and requests, and planted values."""

import base64
import collections
import json
import random
import re
import time
import urllib.parse

import eval_dialects

# Streams up to this size are cut at every byte.
EVERY_SPLIT = 64 << 10


def path_of(row, body):
    """The path of the request that this stream answered, by its provider and the words of its events."""
    text = body.decode(errors="replace")
    if row["provider"].startswith("mcp."):
        return "/mcp"
    if row["label"] == "vnd.amazon.eventstream":
        return "/model/x/converse-stream"
    if "ollama" in row["provider"]:
        return "/api/chat"
    for pattern, path in [
        (r'"type": ?"message_start"', "/v1/messages"),
        (r'"type": ?"response\.|"object": ?"response"', "/v1/responses"),
        (r'"object": ?"text_completion"', "/v1/completions"),
        (r'"type": ?"message-start"', "/v2/chat"),
        (r'"chat\.completion\.chunk"', "/v1/chat/completions"),
        (r'"candidates"', "/v1beta/models/x:streamGenerateContent?alt=sse"),
        (r'"interaction"', "/v1beta/interactions?alt=sse"),
    ]:
        if re.search(pattern, text):
            return path
    return "/v1/chat/completions"


def is_readable(body):
    """Whether every event of a stream of Server-Sent Events is JSON."""
    for data in re.findall(r"^data: ?(.*?)\r?$", body.decode(errors="replace"), re.MULTILINE):
        if data.strip() not in ("", "[DONE]"):
            try:
                json.loads(data)
            except ValueError:
                return False
    return True


def listed(counts):
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def streams_recorded(tool, table):
    """Clean streams leave byte-identically, however they are cut; with a finding, every cut gives the same bytes."""
    rows = table.corpus("streams_recorded")
    if rows is None:
        return
    config = ["replay", "--config", tool.config("redact")]
    unframed = collections.Counter(row["provider"] for row in rows if "no framing" in row["label"])
    rows = {row["id"]: row for row in rows if "no framing" not in row["label"]}
    bodies = {key: base64.b64decode(row["b64"]) for key, row in rows.items()}

    def asked(key, chunks):
        kind = "application/vnd.amazon.eventstream" if "amazon" in rows[key]["label"] else "text/event-stream"
        return json.dumps({"id": key, "b64": rows[key]["b64"], "path": path_of(rows[key], bodies[key]),
                           "content_type": kind, "chunks": chunks})

    understood, unknown, whole, found, wrong, odd = collections.Counter(), collections.Counter(), {}, {}, [], []
    for answer in tool.answers(config, (asked(key, "whole") for key in rows)):
        key, provider = answer["id"], rows[answer["id"]]["provider"]
        if answer["reason"] == "unsupported_content":
            unknown[provider] += 1
            continue
        understood[provider] += 1
        whole[key] = answer
        if answer["findings"]:
            found[key] = sorted({one["rule"] for one in answer["findings"]})
        elif answer["verdict"] == "cut" and not is_readable(bodies[key]):
            odd.append(key)
        elif answer["verdict"] != "pass" or answer["out_b64"] != rows[key]["b64"]:
            wrong.append(f"{key}: {answer['verdict']} ({answer['reason']})")
    clean = len(whole) - len(found) - len(odd) - len(wrong)
    notes = [f"understood, by provider: {listed(understood)}"]
    notes += [f"not understood yet: {sum(unknown.values())}: {listed(unknown)}"] if unknown else []
    notes += [f"not judged, recorded without their framing: {listed(unframed)}"] if unframed else []
    notes += [f"not JSON as recorded, and cut: {', '.join(odd)}"] if odd else []
    notes += [f"with a finding: {key} {', '.join(rules)}" for key, rules in found.items()]
    table.add("streams_recorded", f"whole: {clean} of {clean + len(wrong)} clean streams byte-identical",
              "all of known dialects", not wrong, notes + wrong)

    left, splits, disagree, spent = [], 0, [], time.monotonic()
    for key in sorted(whole, key=lambda key: len(bodies[key])):
        if len(bodies[key]) > EVERY_SPLIT or time.monotonic() - spent > table.budget:
            left.append(key)
            continue
        for answer in tool.answers(config, [asked(key, "splits:all")]):
            splits += 1
            if not answer["splits"]["agree"]:
                disagree.append(f"{key}: split:{answer['splits']['first']}")
    table.add("streams_recorded", f"cut at every byte: {splits - len(disagree)} of {splits} agree with the whole", "all",
              not disagree, disagree)
    disagree = set()
    for key in left:
        for answer in tool.answers(config, (asked(key, f"random:{seed}") for seed in range(table.cuts))):
            if any(answer[what] != whole[key][what] for what in ("out_b64", "verdict", "reason", "findings")):
                disagree.add(key)
    table.add("streams_recorded",
              f"{table.cuts} random chunkings: {len(left) - len(disagree)} of {len(left)} others agree", "all",
              not disagree, sorted(disagree))


def requests_recorded(tool, table):
    """Requests are parsed, model and tools are read, and allowed ones leave byte-identically."""
    rows = table.corpus("requests_recorded")
    if rows is None:
        return
    rows = {row["id"]: row for row in rows}
    asked = ({"id": key, "text": row["text"], "direction": "request", "path": row["expected"]["path"],
              "headers": {"host": row["expected"]["host"]}} for key, row in rows.items())
    parsed, unknown, no_json, odd, wrong = 0, collections.Counter(), 0, [], []
    for answer in tool.answers(["replay", "--config", tool.config("flag")], asked):
        row = rows[answer["id"]]
        if answer["reason"] == "unsupported_content":
            host = row["expected"]["host"]
            unknown[re.sub(r"^[a-z0-9-]+-(aiplatform)", r"\1", host)] += 1
            continue
        try:
            body = json.loads(row["text"])
        except ValueError:
            no_json += 1
            if answer["verdict"] != "refused":
                wrong.append(f"{answer['id']}: no JSON, and {answer['verdict']}")
            continue
        path = urllib.parse.unquote(row["expected"]["path"])
        if answer["verdict"] != "pass" or base64.b64decode(answer["out_b64"]) != row["text"].encode():
            wrong.append(f"{answer['id']}: {answer['verdict']} ({answer['reason']}), {path}")
            continue
        parsed += 1
        if answer["model"] != model_of(body, path):
            odd.append(f"{answer['id']}: model {answer['model']}, not {model_of(body, path)}")
        if not fits(answer["tools"], tools_of(body, path)):
            odd.append(f"{answer['id']}: tools {answer['tools']}, not {tools_of(body, path)}")
    notes = [f"no JSON, and refused: {no_json}"]
    notes += [f"not understood yet: {sum(unknown.values())}: {listed(unknown)}"] if unknown else []
    table.add("requests_recorded", f"{parsed} of {parsed + len(wrong)} of known APIs parsed, byte-identical", "all",
              not wrong, notes + wrong)
    table.add("requests_recorded", f"{parsed - len({one.split(':')[0] for one in odd})} of {parsed}: model and tools read",
              "all", not odd, odd)


def model_of(body, path):
    # Bedrock's may be an ARN, with slashes of its own.
    named = re.search(r"^/model/(.+)/[a-z-]+$|/models/([^/:]+):|/deployments/([^/]+)/", path)
    if named:
        return next(name for name in named.groups() if name)
    return body.get("model") if isinstance(body, dict) else None


def tools_of(body, path):
    """For each tool the names that it may be known by."""
    if not isinstance(body, dict):
        return []
    if path.endswith("/mcp"):
        return [{body["params"]["name"]}] if body.get("method") == "tools/call" else []
    # Bedrock counts the tokens of a request that stands inside.
    inside = body.get("input")
    if isinstance(inside, dict) and isinstance(inside.get("converse"), dict):
        return tools_of(inside["converse"], path)
    tools = body.get("tools") or []
    bedrock = body.get("toolConfig")
    if isinstance(bedrock, dict) and "tools" in bedrock:
        tools = bedrock["tools"]
    # Gemini takes one tool in the place of a list.
    tools = [tools] if isinstance(tools, dict) else tools
    names = [{"mcp_toolset"} for _ in body.get("mcp_servers") or []]
    tools = [one for tool in tools for one in [tool, *(tool.get("tools") or [] if isinstance(tool, dict) else [])]]
    for tool in [*tools, *(body.get("functions") or [])]:
        if not isinstance(tool, dict):
            names.append({str(tool)})
            continue
        inner = next((tool[kind] for kind in ("function", "custom", "toolSpec") if isinstance(tool.get(kind), dict)), tool)
        if "cachePoint" in tool:
            continue
        if "systemTool" in tool:
            inner = tool["systemTool"]
        if "functionDeclarations" in tool or "function_declarations" in tool:
            names += [{one["name"]} for one in tool.get("functionDeclarations") or tool["function_declarations"]]
        elif "name" in inner or "type" in tool:
            names.append({inner.get("name"), tool.get("type"), tool.get("server_label")} - {None})
        else:
            names += [{key} for key in tool]
    return names


def fits(told, expected):
    """Whether each tool that was told is one that was expected, and the other way round. Records name 32 tools."""
    plain = [name.replace("_", "").lower() for name in told]
    wanted = [{name.replace("_", "").lower() for name in names} for names in expected]
    every = all(any(name in names for names in wanted) for name in plain)
    return every and (len(told) >= 32 or all(any(name in plain for name in names) for names in wanted))


# A value, and what it becomes. None of them is anybody's.
VALUES = {
    "card": ("4111 1111 1111 1111", "financial"),
    "AWS key": ("AKIAQ3EGRLPBX7N2TVWM", "secret"),
    "control token": ("<|im_start|>", "injection"),
}
BEFORE, AFTER = "It is as follows: ", " and that is all."
MOST_DELTAS = 12
RANDOM_CHUNKINGS = 3
SPLIT_EVERYWHERE = (1, 2, 9)


def planted(tool, table):
    """A value over 1 to 12 deltas: none of its bytes in any prefix of the output, which only ever grows."""
    dice = random.Random(1)
    for name, dialect in eval_dialects.DIALECTS.items():
        cases, wrong, cuts, known = {}, [], 0, True
        for where in dialect.places:
            for kind, (value, mask) in VALUES.items():
                for count in range(1, (MOST_DELTAS if dialect.streams(where) else 1) + 1):
                    deltas = pieces(dice, value, count)
                    body = dialect.stream(where, [BEFORE, *deltas, AFTER])
                    read = dialect.read(where, body)
                    assert read == whole(where, BEFORE + value + AFTER), (name, where, read)
                    for action in ("redact", "block"):
                        cases[f"{where}, {kind} over {count} deltas, {action}"] = (where, value, mask, action, body)
        for action in ("redact", "block"):
            asked = []
            for key, case in cases.items():
                if case[3] == action:
                    ways = ["whole", 1, *(f"random:{seed}" for seed in range(RANDOM_CHUNKINGS))]
                    ways += ["splits:all"] if int(re.search(r"over (\d+)", key).group(1)) in SPLIT_EVERYWHERE else []
                    asked += [{"id": key, "b64": base64.b64encode(case[4]).decode(), "path": dialect.path,
                               "content_type": dialect.content_type, "chunks": way} for way in ways]
            for answer in tool.answers(["replay", "--config", tool.config(action)], asked):
                if answer["reason"] == "unsupported_content":
                    known = False
                    break
                cuts += 1
                where, value, mask, action, _ = cases[answer["id"]]
                problem = leak(dialect, where, base64.b64decode(answer["out_b64"]), value, mask, action)
                if answer.get("splits", {"agree": True})["agree"] is False:
                    problem = problem or "splits do not agree"
                if problem:
                    wrong.append(f"{answer['id']}: {problem}")
            if not known:
                break
        if not known:
            table.add("planted", f"{name}: not understood yet")
            continue
        wrong = list(dict.fromkeys(wrong))
        table.add("planted", f"{name}: {len(cases) - len({one.rsplit(':', 1)[0] for one in wrong})} of {len(cases)} "
                  f"values held, in {cuts} runs", "all", not wrong, wrong[:20])


def pieces(dice, text, count):
    places = sorted(dice.sample(range(1, len(text)), count - 1))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)])]


def whole(where, text):
    return text if where == "text" else json.dumps({"q": text})


def leak(dialect, where, out, value, mask, action):
    """What is wrong with an output."""
    try:
        read = dialect.read(where, out)
        strings = [one for data in dialect.messages(out) for one in eval_dialects.strings(data)]
    except ValueError as error:
        return f"the output cannot be read: {error}"
    if any(value in one for one in strings):
        return "the value left"
    if action == "redact":
        expected = whole(where, f"{BEFORE}[REDACTED:{mask}]{AFTER}")
        return None if read == expected else f"read as {read!r}"
    # Of blocked text only what stands before it may leave; of a tool call nothing.
    is_held = BEFORE.startswith(read) if where == "text" else read == "" and "look_up" not in strings
    return None if is_held else f"read as {read!r}"
