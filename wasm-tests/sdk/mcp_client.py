import asyncio, httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client


async def tool(mode, token, name):
    types = []

    async def note(response):
        if response.request.method == "POST":
            types.append(response.headers.get("content-type", ""))

    headers = {"authorization": "Bearer " + token}
    async with httpx2.AsyncClient(headers=headers, timeout=15, event_hooks={"response": [note]}) as http:
        async with Client(streamable_http_client(base + "/mcp", http_client=http), mode=mode) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            answer = await client.call_tool(name, {})
            version = client.protocol_version
    text = "".join(block.text for block in answer.content)
    return {"text": text, "error": answer.is_error, "tools": tools, "version": version, "type": types[-1]}


# `auto` asks the server what it speaks, `legacy` begins with `initialize`.
for mode in ("auto", "legacy"):
    for name in ("mail_clean", "mail_redacted", "mail_blocked", "mail_cut", "files_read"):
        call(f"{mode} {name}", lambda: asyncio.run(tool(mode, good, name)))
    call(f"{mode} no identity", lambda: asyncio.run(tool(mode, "sk-mine", "mail_clean")))
# The same without a gate.
    gate, base = base, direct
    call(f"{mode} mail_cut direct", lambda: asyncio.run(tool(mode, good, "mail_cut")))
    base = gate
print(json.dumps(told))
