try:
    from mistralai.client import Mistral
except ImportError:
    from mistralai import Mistral


def asking(script, token, model):
    client = Mistral(api_key=token, server_url=base, timeout_ms=15000)
    messages = [{"role": "user", "content": "Hi."}]
    return client, dict(model=model, messages=messages, http_headers={"x-script": script})


def whole(*what):
    client, call = asking(*what)
    choice = client.chat.complete(**call).choices[0]
    return {"text": choice.message.content, "finish": choice.finish_reason}


def stream(*what):
    client, call = asking(*what)
    out = said
    out.update(text="", finish=None)
    for event in client.chat.stream(**call):
        for choice in event.data.choices:
            out["text"] += choice.delta.content or ""
            out["finish"] = choice.finish_reason or out["finish"]
    return dict(out)


run(whole, stream)
print(json.dumps(told))
