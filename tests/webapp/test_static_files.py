"""The built assets are small, compressed, cached for ever and never guessed at."""

import json
import re

import pytest

from webapp.static_files import STATIC, AssetsAreNotBuiltError, asset_urls

MOST_BYTES_OF_ALL_PAGES = 60_000
BUILT = json.loads((STATIC / "manifest.json").read_text())


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("name", BUILT.values())
def test_an_asset_comes_compressed_and_may_be_kept_for_ever(pages, name, encoding):
    with pages.test_client().get(f"/static/{name}", headers={"Accept-Encoding": encoding}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == encoding
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_style_and_script_of_a_page_stay_under_sixty_kilobytes():
    sizes = [(STATIC / f"{name}.gz").stat().st_size for name in BUILT.values()]
    assert sum(sizes) < MOST_BYTES_OF_ALL_PAGES


def test_a_page_names_only_assets_that_were_built(pages):
    page = pages.test_client().get("/sign-in").text
    assert set(re.findall(r"/static/([^\"]+)", page)) == set(BUILT.values())


def test_an_asset_that_is_not_there_gets_a_page_like_any_other(pages):
    assert pages.test_client().get("/static/app-00000000.css").status_code == 404


def test_without_built_assets_the_application_says_what_to_run(tmp_path):
    with pytest.raises(AssetsAreNotBuiltError, match="make assets"):
        asset_urls(tmp_path)
