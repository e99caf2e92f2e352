"""An application behind a web server of its own, for a real browser to visit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

from flask import Flask

SECONDS_TO_STOP = 0.02


# Not Werkzeug's: when a browser leaves in the middle of a file, that one forgets to close it.
class _Server(ThreadingMixIn, WSGIServer):
    """Answers every request in a thread of its own."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on a free port within the block, which gets its address."""
    with make_server("127.0.0.1", 0, app, server_class=_Server) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": SECONDS_TO_STOP})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()
