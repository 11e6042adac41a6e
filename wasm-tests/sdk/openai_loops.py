import openai

TOOL = {"name": "count_mails", "description": "Counts.", "parameters": {
    "type": "object", "properties": {"folder": {"type": "string"}}}}
gate = openai.OpenAI(base_url=base + "/v1", api_key=good, max_retries=0, timeout=15)


# The application's own tool: what it was asked, and what it says.
def count(ran, arguments):
    ran.append(json.loads(arguments))
    return "3, the last about card 4111 1111 1111 1111"


def chat_once(messages, script, streaming):
    arguments = dict(model=model, messages=messages, tools=[{"type": "function", "function": TOOL}],
                     extra_headers={"x-script": script})
    if not streaming:
        choice = gate.chat.completions.create(**arguments).choices[0]
        return choice.message, choice.finish_reason
    message, finish, calls = "", None, []
    for event in gate.chat.completions.create(**arguments, stream=True):
        for choice in event.choices:
            message += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for piece in choice.delta.tool_calls or []:
                if piece.index == len(calls):
                    calls.append({"id": piece.id, "type": "function",
                                  "function": {"name": piece.function.name, "arguments": ""}})
                calls[piece.index]["function"]["arguments"] += piece.function.arguments or ""
    message = openai.types.chat.ChatCompletionMessage(role="assistant", content=message, tool_calls=calls or None)
    return message, finish


def chat(script, streaming):
    ran, messages = [], [{"role": "user", "content": "How many mails?"}]
    message, finish = chat_once(messages, script, streaming)
    while finish == "tool_calls":
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            messages.append({"role": "tool", "tool_call_id": call.id, "content": count(ran, call.function.arguments)})
        message, finish = chat_once(messages, "done stream" if streaming else "done", streaming)
    return {"text": message.content, "finish": finish, "ran": ran}


def respond_once(items, script, streaming):
    arguments = dict(model=model, input=items, tools=[{"type": "function", "strict": False, **TOOL}],
                     extra_headers={"x-script": "responses " + script})
    if not streaming:
        return gate.responses.create(**arguments)
    with gate.responses.stream(**arguments) as events:
        for event in events:
            if event.type in ("response.completed", "response.incomplete"):
                response = event.response
    return response


def respond(script, streaming):
    ran, items = [], [{"role": "user", "content": "How many mails?"}]
    response = respond_once(items, script, streaming)
    while calls := [item for item in response.output if item.type == "function_call"]:
        for item in calls:
            items.append({"type": "function_call", "call_id": item.call_id, "name": item.name, "arguments": item.arguments})
            items.append({"type": "function_call_output", "call_id": item.call_id, "output": count(ran, item.arguments)})
        response = respond_once(items, "done stream" if streaming else "done", streaming)
    reason = response.incomplete_details.reason if response.incomplete_details else response.status
    return {"text": response.output_text, "finish": reason, "ran": ran}


for api, loop in (("chat", chat), ("responses", respond)):
    for streaming in (False, True):
        kind = " stream" if streaming else ""
        for script in ("tool", "tool masked", "tool blocked"):
            call(f"{api} {script}{kind}", lambda: loop(script + kind, streaming))

# Assistants: an API that keeps its state with the provider, where the gate does not see it.
call("thread", lambda: gate.beta.threads.create(messages=[{"role": "user", "content": "Hi."}]).id)
call("run", lambda: gate.beta.threads.runs.create_and_poll(thread_id="thread_1", assistant_id="asst_1").status)


def streamed_run():
    with gate.beta.threads.create_and_run_stream(assistant_id="asst_1", thread={"messages": []}) as events:
        events.until_done()


call("run stream", streamed_run)
print(json.dumps(told))
