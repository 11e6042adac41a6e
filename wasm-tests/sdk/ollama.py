import ollama

MESSAGES = [{"role": "user", "content": "Hi."}]


def client(script, token):
    return ollama.Client(host=base, timeout=15, headers={"authorization": "Bearer " + token, "x-script": script})


def chat(script, token, model):
    answer = client(script, token).chat(model=model, messages=MESSAGES)
    return {"text": answer.message.content, "finish": answer.done_reason}


def chat_stream(script, token, model):
    out = said
    out.update(text="", finish=None)
    for part in client(script, token).chat(model=model, messages=MESSAGES, stream=True):
        out["text"] += part.message.content or ""
        out["finish"] = part.done_reason or out["finish"]
    return dict(out)


def generate(script, token, model):
    answer = client("generate " + script, token).generate(model=model, prompt="Hi.")
    return {"text": answer.response, "finish": answer.done_reason}


def generate_stream(script, token, model):
    out = said
    out.update(text="", finish=None)
    for part in client("generate " + script, token).generate(model=model, prompt="Hi.", stream=True):
        out["text"] += part.response or ""
        out["finish"] = part.done_reason or out["finish"]
    return dict(out)


run(chat, chat_stream)
run(generate, generate_stream, "generate ")
print(json.dumps(told))
