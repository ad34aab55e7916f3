"""Signs each captured request anew and says whether the signature that it bears comes out."""

import base64
import hashlib
import json
import re
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request, ?"
    r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


def problem(raw, keys):
    head, body = raw.split(b"\r\n\r\n", 1)
    request_line, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = request_line.split(" ")
    headers = {}
    for line in lines:
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    if int(headers.get("content-length", 0)) != len(body):
        return "the body is not as long as it is said to be"
    match = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not match:
        return "there is no signature"
    access_key, region, service, signed, signature = match.groups()
    if access_key != keys["accessKeyId"]:
        return "the access key is another one"
    if headers.get("x-amz-security-token") != keys["sessionToken"]:
        return "the session token is another one"
    given_hash = headers.get("x-amz-content-sha256")
    if given_hash is not None and given_hash != hashlib.sha256(body).hexdigest():
        return "the hash of the body is wrong"

    request = AWSRequest(method=method, url=f"http://{headers['host']}{target}", data=body)
    for name in signed.split(";"):
        request.headers[name] = headers[name]
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(access_key, keys["secretAccessKey"]), service, region)
    canonical = signer.canonical_request(request)
    again = signer.signature(signer.string_to_sign(request, canonical), request)
    return None if again == signature else f"the signature does not come out of: {canonical}"


given = json.load(sys.stdin)
print(json.dumps([problem(base64.b64decode(raw), given["credentials"]) for raw in given["requests"]]))
