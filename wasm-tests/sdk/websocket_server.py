# A real WebSocket server that says everything again. Leaves its port in a file.
import os, sys
from websockets.sync.server import serve

(port_file,) = sys.argv[1:]


def echo(connection):
    for message in connection:
        connection.send(message)


with serve(echo, "127.0.0.1", 0, compression=None) as server:
    with open(port_file + ".part", "w") as file:
        file.write(str(server.socket.getsockname()[1]))
    os.rename(port_file + ".part", port_file)
    server.serve_forever()
