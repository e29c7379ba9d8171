"""telemelya with what it needs beside it: a Redis server and an S3 endpoint, on the loopback.

Run by the interpreter of its own environment, so it imports nothing of this project. Prints its
address once it listens, and ends where standard input ends: whoever started it has ended by then.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Storage(BaseHTTPRequestHandler):
    """An S3 endpoint whose buckets are there already: no test sends media."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is worth telling."""


def main() -> None:
    """Serve until standard input ends."""
    import uvicorn
    from fakeredis import TcpFakeServer

    redis = TcpFakeServer(("127.0.0.1", 0))
    redis.daemon_threads = True  # connections stay open to the end
    storage = ThreadingHTTPServer(("127.0.0.1", 0), Storage)
    for each in (redis, storage):
        threading.Thread(target=each.serve_forever, daemon=True).start()
    # Read when telemelya is imported.
    os.environ["REDIS_URL"] = "redis://127.0.0.1:{1}/0".format(*redis.server_address)
    os.environ["MINIO_ENDPOINT"] = "127.0.0.1:{1}".format(*storage.server_address)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config("telemelya.server.app:app", log_level="warning"))

    def end() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end, daemon=True).start()
    print("http://{}:{}".format(*listening.getsockname()), flush=True)
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
