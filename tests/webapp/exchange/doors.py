"""What a test puts before a deployment: a server that is in trouble."""

from collections.abc import Callable, Iterable

Answer = Callable[[dict, Callable], Iterable[bytes]]


def says(status: str, words: bytes = b"") -> Answer:
    """A server that answers always the same."""

    def answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response(status, [("Content-Type", "text/plain"), ("Location", "http://127.0.0.1:9/")])
        return [words]

    return answer
