# A real MCP server for mcp_client.py. Leaves its port in a file; `whole` or `stream` says how it answers.
import asyncio, os, socket, sys
import uvicorn
from mcp.server.mcpserver import MCPServer

port_file, how, card, secret = sys.argv[1:]
server = MCPServer("tools")


def tool(name, text):
    server.add_tool(lambda: text, name=name, description="A tool.", structured_output=False)


tool("mail_clean", "Fine, thanks.")
tool("mail_redacted", f"The card is {card}, fine.")
tool("mail_blocked", f"Sure, it is {secret}, bye.")
tool("mail_cut", "Never told to its end.")
tool("files_read", "Never reached.")


# Breaks off in the middle of the answer to a call of `mail_cut`.
def breaking(app):
    async def run(scope, receive, send):
        asked = b""

        async def note():
            nonlocal asked
            message = await receive()
            asked += message.get("body", b"")
            return message

        async def cut(message):
            body = message.get("body", b"")
            if b"mail_cut" in asked and b"tools/call" in asked and body:
                await send({"type": "http.response.body", "body": body[:len(body) // 2], "more_body": True})
                await asyncio.sleep(0.02)
                raise ConnectionResetError
            await send(message)

        await app(scope, note, cut)
    return run

listener = socket.create_server(("127.0.0.1", 0))
with open(port_file + ".part", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(port_file + ".part", port_file)
app = server.streamable_http_app(json_response=how == "whole")
uvicorn.Server(uvicorn.Config(breaking(app), log_level="critical")).run(sockets=[listener])
