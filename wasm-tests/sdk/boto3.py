import boto3, botocore.config, botocore.exceptions

settings = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=15)


# `authorization` is AWS's signature, so the caller's token has a header of its own.
def client(script, token):
    def add(request, **_):
        request.headers["x-configured-token"] = token
        request.headers["x-script"] = script

    client = boto3.client("bedrock-runtime", endpoint_url=base, region_name="us-east-1", config=settings,
                          aws_access_key_id="unused", aws_secret_access_key="unused")
    client.meta.events.register("before-sign.bedrock-runtime", add)
    return client


# Puts into an exception of botocore what `call` looks for.
def typed(ask):
    def asked(*what):
        try:
            return ask(*what)
        except botocore.exceptions.ClientError as e:
            e.status_code = e.response["ResponseMetadata"]["HTTPStatusCode"]
            raise
    return asked


MESSAGES = [{"role": "user", "content": [{"text": "Hi."}]}]
BODY = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64,
        "messages": [{"role": "user", "content": "Hi."}]}


@typed
def converse(script, token, model):
    answer = client(script, token).converse(modelId=model, messages=MESSAGES)
    text = "".join(block["text"] for block in answer["output"]["message"]["content"])
    return {"text": text, "finish": answer["stopReason"]}


@typed
def converse_stream(script, token, model):
    out = said
    out.update(text="", finish=None, more=None)
    for event in client(script, token).converse_stream(modelId=model, messages=MESSAGES)["stream"]:
        out["text"] += event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
        if "messageStop" in event:
            out["finish"] = event["messageStop"]["stopReason"]
            out["more"] = event["messageStop"].get("additionalModelResponseFields")
    return dict(out)


@typed
def invoke(script, token, model):
    body = json.loads(client("invoke " + script, token).invoke_model(modelId=model, body=json.dumps(BODY))["body"].read())
    return {"text": "".join(block["text"] for block in body["content"]), "finish": body["stop_reason"]}


@typed
def invoke_stream(script, token, model):
    out = said
    out.update(text="", finish=None)
    gate = client("invoke " + script, token)
    for event in gate.invoke_model_with_response_stream(modelId=model, body=json.dumps(BODY))["body"]:
        data = json.loads(event["chunk"]["bytes"])
        out["text"] += data.get("delta", {}).get("text", "")
        out["finish"] = data.get("delta", {}).get("stop_reason", out["finish"])
    return dict(out)


run(converse, converse_stream)
run(invoke, invoke_stream, "invoke ")
print(json.dumps(told))
