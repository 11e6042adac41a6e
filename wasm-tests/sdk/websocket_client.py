# A real WebSocket client. Prints what came back of a text and of bytes, or the refusal.
import json, sys
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

uri, token = sys.argv[1:]
text, data = "Hello, caf\u00e9.", bytes(range(256)) * 512
try:
    with connect(uri, additional_headers={"authorization": "Bearer " + token}, compression=None, open_timeout=10) as socket:
        socket.send(text)
        heard = [socket.recv(timeout=10)]
        socket.send(data)
        heard.append(socket.recv(timeout=10))
        socket.close()
    print(json.dumps({"status": 101, "echoed": heard == [text, data], "close": socket.close_code}))
except InvalidStatus as refused:
    reason = refused.response.headers.get("x-portcullis-reason")
    print(json.dumps({"status": refused.response.status_code, "reason": reason}))
