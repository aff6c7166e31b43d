"""The script of the curtain stands in Streamlit's pages, and in none that is a page of a phone."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.shared import curtain

PAGE = "<!doctype html><html><head><title>A page</title></head><body></body></html>"
MORE = "<script>more()</script>"


@pytest.fixture
def client():
    routes = [Route("/{path:path}", lambda _request: HTMLResponse(PAGE))]
    return TestClient(curtain.Curtain(Starlette(routes=routes), more=MORE), headers={"Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/log", "/timeline", "/phones", "/pairs"])
def test_it_stands_in_every_page_of_streamlit(client, path):
    told = client.get(path).text
    assert told.startswith(f"<!doctype html><html><head>{curtain.TAG}{MORE}<title>")


@pytest.mark.parametrize("path", ["/phone/log", "/pair", "/pair/code"])
def test_it_stands_in_no_page_of_a_phone(client, path):
    assert client.get(path).text == PAGE
