import anthropic

TOOL = {"name": "count_mails", "description": "Counts.", "input_schema": {
    "type": "object", "properties": {"folder": {"type": "string"}}}}
gate = anthropic.Anthropic(base_url=base, api_key=good, max_retries=0, timeout=15)


def once(messages, script, streaming):
    arguments = dict(model=model, max_tokens=64, messages=messages, tools=[TOOL], extra_headers={"x-script": script})
    if not streaming:
        return gate.messages.create(**arguments)
    with gate.messages.stream(**arguments) as events:
        return events.get_final_message()


def loop(script, streaming):
    ran, messages = [], [{"role": "user", "content": "How many mails?"}]
    message = once(messages, script, streaming)
    while message.stop_reason == "tool_use":
        calls = [block for block in message.content if block.type == "tool_use"]
        messages.append({"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in calls]})
        results = []
        for block in calls:
            ran.append(block.input)
            results.append({"type": "tool_result", "tool_use_id": block.id,
                            "content": "3, the last about card 4111 1111 1111 1111"})
        messages.append({"role": "user", "content": results})
        message = once(messages, "done stream" if streaming else "done", streaming)
    blocks = [block.type for block in message.content]
    text = "".join(block.text for block in message.content if block.type == "text")
    return {"text": text, "finish": message.stop_reason, "ran": ran, "blocks": blocks}


for streaming in (False, True):
    kind = " stream" if streaming else ""
    for script in ("tool", "tool masked", "tool blocked"):
        call(f"messages {script}{kind}", lambda: loop(script + kind, streaming))
print(json.dumps(told))
