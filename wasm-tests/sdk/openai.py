import openai

MESSAGES = [{"role": "user", "content": "Hi."}]


def client(token):
    return openai.OpenAI(base_url=base + "/v1", api_key=token, max_retries=0, timeout=15)


def chat(script, token, model):
    choice = client(token).chat.completions.create(
        model=model, messages=MESSAGES, extra_headers={"x-script": script}).choices[0]
    return {"text": choice.message.content, "finish": choice.finish_reason}


def chat_stream(script, token, model):
    out = said
    out.update(text="", finish=None)
    for event in client(token).chat.completions.create(
            model=model, messages=MESSAGES, extra_headers={"x-script": script}, stream=True):
        for choice in event.choices:
            out["text"] += choice.delta.content or ""
            out["finish"] = choice.finish_reason or out["finish"]
    return dict(out)


def ended(response):
    return response.incomplete_details.reason if response.incomplete_details else response.status


def respond(script, token, model):
    response = client(token).responses.create(
        model=model, input="Hi.", extra_headers={"x-script": "responses " + script})
    return {"text": response.output_text, "finish": ended(response)}


def respond_stream(script, token, model):
    out = said
    out.update(text="", finish=None)
    headers = {"x-script": "responses " + script}
    with client(token).responses.stream(model=model, input="Hi.", extra_headers=headers) as events:
        for event in events:
            if event.type == "response.output_text.delta":
                out["text"] += event.delta
            elif event.type in ("response.completed", "response.incomplete", "response.failed"):
                out["finish"] = ended(event.response)
    return dict(out)


run(chat, chat_stream)
run(respond, respond_stream, "responses ")
print(json.dumps(told))
