"""The console's files: assets for ever, one page for all of its addresses, and what is missing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Console</title>")
    (built / "favicon.svg").write_text("<svg/>")
    (built / ".secret").write_text("no")
    (built / "assets" / "main-3fa9.js").write_text("export {}" + " " * 5000)
    (tmp_path / "outside.txt").write_text("outside")
    return built


async def test_assets_are_kept_for_ever_and_the_page_is_asked_for_anew(
    place: Place, dist: Path
) -> None:
    built = Place(place.engine, dist=dist)
    async with await built.client() as client:
        asset = await client.get("/assets/main-3fa9.js")
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert asset.headers["content-type"].startswith("text/javascript")
        assert asset.headers["content-encoding"] == "gzip"
        assert asset.text.startswith("export {}")
        for path in ("/", "/agent", "/supervisor/queues", "/first-run", "/customers/王"):
            page = await client.get(path)
            assert "<title>Console" in page.text
            assert page.headers["cache-control"] == "no-cache"
        assert (await client.get("/favicon.svg")).text == "<svg/>"
        assert (await client.head("/")).status_code == 200
    built.close()


async def test_what_the_build_has_packed_is_handed_out_to_who_takes_it(
    place: Place, dist: Path
) -> None:
    packed = gzip.compress(b"export const packed = 1")
    (dist / "assets" / "main-3fa9.js.gz").write_bytes(packed)
    (dist / "assets" / "main-3fa9.js.br").write_bytes(b"brotli")
    built = Place(place.engine, dist=dist)
    async with await built.client() as client:
        for wanted, encoding, length in (
            ("gzip", "gzip", len(packed)),
            ("gzip, br;q=0", "gzip", len(packed)),
            ("gzip, br", "br", len(b"brotli")),
            ("identity", None, 5009),
        ):
            answer = await client.head("/assets/main-3fa9.js", headers={"accept-encoding": wanted})
            assert answer.headers.get("content-encoding") == encoding
            assert answer.headers["content-length"] == str(length)
            assert answer.headers["content-type"].startswith("text/javascript")
        asset = await client.get("/assets/main-3fa9.js", headers={"accept-encoding": "gzip"})
        assert asset.text == "export const packed = 1"
        assert "Accept-Encoding" in asset.headers["vary"]
    built.close()


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/none.js", "/.secret", "/..%2foutside.txt", "/%2e%2e/outside.txt",
     "/assets/..%2f..%2foutside.txt", "/assets/%2e%2e/%2e%2e/outside.txt", "/a.b%00c",
     "/api", "/api/x", "/ws/console", "/sip", "/%5c..%5coutside.txt", "/a/b.txt"],
)  # fmt: skip
async def test_nothing_outside_of_the_folder_is_served_and_apis_get_no_page(
    place: Place, dist: Path, path: str
) -> None:
    built = Place(place.engine, dist=dist)
    async with await built.client() as client:
        answer = await client.get(path)
    built.close()
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


async def test_without_a_built_console_the_page_says_how_to_build_it(
    place: Place, tmp_path: Path
) -> None:
    bare = Place(place.engine, dist=tmp_path / "<none>")
    async with await bare.client() as client:
        page = await client.get("/")
    bare.close()
    assert page.status_code == 503
    assert "npm run build" in page.text
    assert "&lt;none&gt;" in page.text
