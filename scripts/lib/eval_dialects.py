"""Small synthetic streams for scripts/eval: in each dialect one text, or one tool call, in so many deltas as asked for.

A dialect writes a stream and reads one back as its clients do: the text, or the call's arguments, put together.
"""

import binascii
import json
import struct


def strings(value):
    """Every string of a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from strings(one)


def written(where, parts):
    """The deltas as they stand in the stream: arguments are a JSON text of their own."""
    if where == "text":
        return parts
    inner = [json.dumps(part)[1:-1] for part in parts]
    return ['{"q": "' + inner[0], *inner[1:-1], inner[-1] + '"}']


class Dialect:
    path = ""
    content_type = "text/event-stream"
    places = ("text", "arguments")

    def streams(self, _where):
        """Whether there are deltas; else a value stands whole in one event."""
        return True

    def stream(self, where, parts):
        return b"".join(self.write(event) for event in self.events(where, written(where, parts)))

    def write(self, event):
        name = f"event: {event['type']}\n" if "type" in event else ""
        return f"{name}data: {json.dumps(event)}\n\n".encode()

    def messages(self, out):
        """The JSON of each event."""
        for line in out.decode().splitlines():
            if line.startswith("data: ") and line != "data: [DONE]":
                yield json.loads(line[6:])

    def read(self, where, out):
        return "".join(part for event in self.messages(out) for part in self.deltas(where, event))


class Chat(Dialect):
    path = "/v1/chat/completions"

    def events(self, where, parts):
        for number, part in enumerate(parts):
            delta = {"content": part}
            if where == "arguments":
                head = {"id": "call_1", "type": "function"} if number == 0 else {}
                name = {"name": "look_up"} if number == 0 else {}
                delta = {"tool_calls": [{"index": 0, **head, "function": {**name, "arguments": part}}]}
            yield self.event(delta, None)
        yield self.event({}, "stop" if where == "text" else "tool_calls")

    def event(self, delta, finish):
        return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    def stream(self, where, parts):
        return super().stream(where, parts) + b"data: [DONE]\n\n"

    def deltas(self, where, event):
        for choice in event["choices"]:
            if where == "text":
                yield choice["delta"].get("content") or ""
            else:
                yield from (call["function"]["arguments"] for call in choice["delta"].get("tool_calls", []))


class Responses(Dialect):
    path = "/v1/responses"

    def events(self, where, parts):
        text = "".join(parts)
        response = {"id": "r", "object": "response", "created_at": 1, "model": "m", "output": []}
        kind, item = "output_text", {"id": "i", "type": "message", "role": "assistant", "content": []}
        done = {**item, "content": [{"type": "output_text", "text": text, "annotations": []}]}
        members, copy = {"content_index": 0}, {"text": text}
        if where == "arguments":
            kind, item = "function_call_arguments", {"id": "i", "type": "function_call", "call_id": "call_1",
                                                     "name": "look_up", "arguments": ""}
            done, members, copy = {**item, "arguments": text}, {}, {"arguments": text}
        events = [("created", {"response": response}), ("output_item.added", {"output_index": 0, "item": item})]
        if where == "text":
            part = {"type": "output_text", "text": "", "annotations": []}
            events.append(("content_part.added", {"item_id": "i", "output_index": 0, **members, "part": part}))
        events += [(f"{kind}.delta", {"item_id": "i", "output_index": 0, **members, "delta": part}) for part in parts]
        events.append((f"{kind}.done", {"item_id": "i", "output_index": 0, **members, **copy}))
        if where == "text":
            part = done["content"][0]
            events.append(("content_part.done", {"item_id": "i", "output_index": 0, **members, "part": part}))
        events.append(("output_item.done", {"output_index": 0, "item": done}))
        events.append(("completed", {"response": {**response, "output": [done]}}))
        for number, (name, event) in enumerate(events):
            yield {"type": f"response.{name}", "sequence_number": number, **event}

    def deltas(self, where, event):
        kind = "output_text" if where == "text" else "function_call_arguments"
        if event.get("type") == f"response.{kind}.delta":
            yield event["delta"]


class Anthropic(Dialect):
    path = "/v1/messages"

    def events(self, where, parts):
        block, kind, member = {"type": "text", "text": ""}, "text_delta", "text"
        if where == "arguments":
            block = {"type": "tool_use", "id": "call_1", "name": "look_up", "input": {}}
            kind, member = "input_json_delta", "partial_json"
        usage = {"input_tokens": 1, "output_tokens": 1}
        yield {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "model": "m",
                                                    "content": [], "stop_reason": None, "usage": usage}}
        yield {"type": "content_block_start", "index": 0, "content_block": block}
        for part in parts:
            yield {"type": "content_block_delta", "index": 0, "delta": {"type": kind, member: part}}
        yield {"type": "content_block_stop", "index": 0}
        stop = "end_turn" if where == "text" else "tool_use"
        yield {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": usage}
        yield {"type": "message_stop"}

    def deltas(self, where, event):
        if event.get("type") == "content_block_delta":
            yield event["delta"].get("text" if where == "text" else "partial_json", "")


class Gemini(Dialect):
    path = "/v1beta/models/m:streamGenerateContent?alt=sse"

    def streams(self, where):
        return where == "text"

    def events(self, where, parts):
        contents = [{"text": part} for part in parts]
        if where == "arguments":
            contents = [{"functionCall": {"name": "look_up", "args": json.loads("".join(parts))}}]
        for part in contents:
            yield self.event([part], {})
        yield self.event([{"text": ""}], {"finishReason": "STOP"})

    def event(self, parts, members):
        return {"candidates": [{"content": {"role": "model", "parts": parts}, "index": 0, **members}],
                "modelVersion": "m"}

    def deltas(self, where, event):
        for candidate in event.get("candidates", []):
            for part in candidate.get("content", {}).get("parts", []):
                if where == "text":
                    yield part.get("text", "")
                elif "functionCall" in part:
                    yield json.dumps(part["functionCall"]["args"])


class Bedrock(Dialect):
    path = "/model/m/converse-stream"
    content_type = "application/vnd.amazon.eventstream"

    def events(self, where, parts):
        yield {"messageStart": {"role": "assistant"}}
        if where == "arguments":
            start = {"toolUse": {"toolUseId": "call_1", "name": "look_up"}}
            yield {"contentBlockStart": {"contentBlockIndex": 0, "start": start}}
        for part in parts:
            delta = {"text": part} if where == "text" else {"toolUse": {"input": part}}
            yield {"contentBlockDelta": {"contentBlockIndex": 0, "delta": delta}}
        yield {"contentBlockStop": {"contentBlockIndex": 0}}
        yield {"messageStop": {"stopReason": "end_turn" if where == "text" else "tool_use"}}

    def write(self, event):
        """A message of the AWS event stream encoding."""
        [(kind, payload)] = event.items()
        headers = b""
        for name, value in [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")]:
            headers += bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        payload = json.dumps(payload).encode()
        prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
        message = prelude + struct.pack(">I", binascii.crc32(prelude)) + headers + payload
        return message + struct.pack(">I", binascii.crc32(message))

    def messages(self, out):
        while out:
            if len(out) < 16:
                raise ValueError("a message is cut off")
            length, headers = struct.unpack(">II", out[:8])
            message, out = out[:length], out[length:]
            if len(message) < length or struct.unpack(">I", message[-4:])[0] != binascii.crc32(message[:-4]):
                raise ValueError("a message is cut off, or its checksum is wrong")
            yield json.loads(message[12 + headers : -4])

    def deltas(self, where, event):
        delta = event.get("delta", {})
        yield delta.get("text", "") if where == "text" else delta.get("toolUse", {}).get("input", "")


class Mcp(Dialect):
    path = "/mcp"
    places = ("text",)

    def streams(self, _where):
        return False

    def events(self, _where, parts):
        yield {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": 1, "progress": 1}}
        text = {"type": "text", "text": "".join(parts)}
        yield {"jsonrpc": "2.0", "id": 1, "result": {"content": [text], "isError": False}}

    def deltas(self, _where, event):
        yield from (part["text"] for part in event.get("result", {}).get("content", []))


DIALECTS = {
    "OpenAI chat": Chat(),
    "OpenAI responses": Responses(),
    "Anthropic messages": Anthropic(),
    "Gemini": Gemini(),
    "Bedrock converse": Bedrock(),
    "MCP": Mcp(),
}
