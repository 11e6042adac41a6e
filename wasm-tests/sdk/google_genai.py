from google import genai
from google.genai import types


def asking(script, token, model):
    options = types.HttpOptions(base_url=base, headers={"x-script": script}, timeout=15000,
                                retry_options=types.HttpRetryOptions(attempts=1))
    client = genai.Client(api_key=token, http_options=options)
    return client, dict(model=model, contents="Hi.")


def read(chunks):
    out = said
    out.update(text="", finish=None, message=None)
    for chunk in chunks:
        out["text"] += chunk.text or ""
        for candidate in chunk.candidates:
            out["finish"] = candidate.finish_reason.name if candidate.finish_reason else out["finish"]
        out["message"] = getattr(chunk.prompt_feedback, "block_reason_message", None) or out["message"]
    return dict(out)


def whole(*what):
    client, call = asking(*what)
    return read([client.models.generate_content(**call)])


def stream(*what):
    client, call = asking(*what)
    return read(client.models.generate_content_stream(**call))


run(whole, stream)
print(json.dumps(told))
