"""The report as a browser shows and prints it."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from connectors.demo import add_demo
from connectors.store import open_store
from dashboard.report.build import render_report


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    with open_store(folder / "home") as store:
        add_demo(store)
        target = folder / "report.html"
        target.write_bytes(render_report("html", store, store.runner()))
    return target


@pytest.mark.browser
def test_it_asks_nobody_fits_a_phone_and_prints_on_one_page(page, file):
    asked, troubles = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: troubles.append(said.text))
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert troubles == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.get_by_role("row").count() == 6, "four weeks, what was usual before, and their heads"
    page.get_by_text("The picture in numbers", exact=True).click()
    assert page.get_by_role("row").count() == 6 + 17
    assert page.get_by_role("img").get_attribute("aria-labelledby")
    for paper in ("A4", "Letter"):
        printed = PdfReader(BytesIO(page.pdf(format=paper)))
        assert len(printed.pages) == 1, paper
        text = printed.pages[0].extract_text()
        assert "seek medical care now" in text
        assert "P · Plan" in text
        assert "Days logged" not in text
    page.get_by_text("Second page, may be left out", exact=True).click()
    for paper in ("A4", "Letter"):
        printed = PdfReader(BytesIO(page.pdf(format=paper)))
        assert len(printed.pages) == 2, paper
        assert "Does load usually come first?" in printed.pages[1].extract_text()
