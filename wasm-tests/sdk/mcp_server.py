# A real MCP server for mcp_client.py. Leaves its port in a file; `whole` or `stream` says how it answers.
import os, socket, sys
import uvicorn
from mcp.server.mcpserver import MCPServer

port_file, how, card, secret = sys.argv[1:]
server = MCPServer("tools")


def tool(name, text):
    server.add_tool(lambda: text, name=name, description="A tool.", structured_output=False)


tool("mail_clean", "Fine, thanks.")
tool("mail_redacted", f"The card is {card}, fine.")
tool("mail_blocked", f"Sure, it is {secret}, bye.")
tool("files_read", "Never reached.")

listener = socket.create_server(("127.0.0.1", 0))
with open(port_file + ".part", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(port_file + ".part", port_file)
app = server.streamable_http_app(json_response=how == "whole")
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
