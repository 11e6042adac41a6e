import anthropic


def asking(script, token, model):
    client = anthropic.Anthropic(base_url=base, api_key=token, max_retries=0, timeout=15)
    messages = [{"role": "user", "content": "Hi."}]
    return client, dict(model=model, max_tokens=64, messages=messages, extra_headers={"x-script": script})


def read(message):
    text = "".join(block.text for block in message.content)
    return {"text": text, "finish": message.stop_reason, "details": str(getattr(message, "stop_details", None))}


def whole(*what):
    client, call = asking(*what)
    return read(client.messages.create(**call))


def stream(*what):
    client, call = asking(*what)
    said["text"] = ""
    with client.messages.stream(**call) as events:
        for text in events.text_stream:
            said["text"] += text
        message = read(events.get_final_message())
    assert message["text"] == said["text"]
    return message


run(whole, stream)
print(json.dumps(told))
