# Stands before each of the programs beside it. Prints one JSON value: what each call led to, by name.
import json, sys

base, good, model, direct = sys.argv[1:]
told = {}
# What a stream has said so far.
said = {}


def call(name, run):
    said.clear()
    try:
        told[name] = run()
    except Exception as e:
        # An SDK of asyncio wraps what happened in groups.
        while getattr(e, "exceptions", None):
            e = e.exceptions[0]
        told[name] = {"exception": type(e).__name__, "text": f"{e} {getattr(e, 'body', '')}", "before": said.get("text")}
        told[name]["status"] = getattr(e, "status_code", None) or getattr(e, "code", None)


# `whole` and `stream` take the script, the token and the model.
def run(whole, stream, api=""):
    global base
    for kind, ask in (("", whole), (" stream", stream)):
        for script in ("clean", "redacted", "blocked", "cut"):
            call(api + script + kind, lambda: ask(script + kind, good, model))
        call(api + "no identity" + kind, lambda: ask("clean" + kind, "sk-mine", model))
        call(api + "other model" + kind, lambda: ask("clean" + kind, good, "other-model"))
    # The same stream without a gate.
    gate, base = base, direct
    call(api + "cut stream direct", lambda: stream("cut stream", good, model))
    base = gate
