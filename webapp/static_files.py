"""The built assets: found by the name that templates use, served compressed and cacheable for ever."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

STATIC = Path(__file__).parent / "static"
NAMED_AFTER_ITS_CONTENT = re.compile(r"-[0-9A-Z]{8}\.\w+$")


class AssetsAreNotBuiltError(RuntimeError):
    """The pages' style and script have not been built yet."""


def init_static_files(app: Flask) -> None:
    """Serve the built assets under /static/ and give templates `asset(name)`. Raises AssetsAreNotBuiltError."""
    app.add_template_global(asset_urls(STATIC), "asset")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=STATIC,
        prefix="static/",
        immutable_file_test=lambda path, url: bool(NAMED_AFTER_ITS_CONTENT.search(url)),
        add_headers_function=_no_sniffing,
    )


def asset_urls(folder: Path) -> Callable[[str], str]:
    """Return what maps the name of a source to the URL of what was built from it, by the manifest in `folder`."""
    try:
        manifest: dict[str, str] = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        raise AssetsAreNotBuiltError(f"no {folder / 'manifest.json'}: run make assets") from None
    return lambda name: f"/static/{manifest[name]}"


def _no_sniffing(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
