# A client of Bedrock as envoy/bedrock.yaml says it. Prints what it was told.
import json, sys
import boto3, botocore.config

base, token, model, prompt = sys.argv[1:]
settings = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=15)
client = boto3.client("bedrock-runtime", endpoint_url=base, region_name="us-east-1", config=settings,
                      aws_access_key_id="unused", aws_secret_access_key="unused")
client.meta.events.register("before-sign.bedrock-runtime",
                            lambda request, **_: request.headers.add_header("x-portcullis-token", token))
answer = client.converse(modelId=model, messages=[{"role": "user", "content": [{"text": prompt}]}])
print(json.dumps("".join(block["text"] for block in answer["output"]["message"]["content"])))
