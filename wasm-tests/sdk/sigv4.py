# Signs a request that was received once more, by AWS's own library, and prints what `authorization` ought to be, and the
# hash of the body. The library takes the hash from the header, as AWS does before it compares that with the body.
import hashlib, json, sys
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

received = json.load(sys.stdin)
key, secret, service, region = sys.argv[1:]
headers = {name: value for name, value in received["headers"]}
signed = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
request = AWSRequest(received["method"], "https://" + headers["host"] + received["path"],
                     headers={name: headers[name] for name in signed})
request.context["timestamp"] = headers["x-amz-date"]
signer = SigV4Auth(Credentials(key, secret), service, region)
to_sign = signer.string_to_sign(request, signer.canonical_request(request))
authorization = (f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, SignedHeaders={';'.join(signed)}, "
                 f"Signature={signer.signature(to_sign, request)}")
print(json.dumps({"authorization": authorization, "signed": signed,
                  "payload": hashlib.sha256(received["body"].encode()).hexdigest()}))
