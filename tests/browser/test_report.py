"""The report as a browser shows and prints it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import BytesIO
from unicodedata import normalize

import pytest
from consult_builders import TODAY, plant_consult
from pypdf import PdfReader

from connectors.store import open_store
from dashboard.report import to_html
from dashboard.report.blocks import ReportItem
from dashboard.report.build import render_report
from dashboard.report.material import collect
from dashboard.report.page import build_page


@pytest.fixture(scope="module")
def file(tmp_path_factory, shared_demo):
    folder = tmp_path_factory.mktemp("report")
    with open_store(shutil.copytree(shared_demo, folder / "home")) as store:
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
    assert page.get_by_role("row").count() == 6 + 7, "the weeks since before the onset, four by four"
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
        # A font may draw two letters as one sign.
        assert "Does load usually come first?" in normalize("NFKC", printed.pages[1].extract_text())


@pytest.mark.browser
def test_what_does_not_fit_goes_overleaf_and_no_sentence_is_cut(page, tmp_path, shared_demo):
    with open_store(shutil.copytree(shared_demo, tmp_path / "home")) as store:
        runner = store.runner()
        plant_consult(store, runner.athlete_id)
        made = collect(store, runner, today=TODAY)
        notes = tuple(f"Note {n}: " + "long words " * 40 + f"end {n}." for n in range(14))
        full = replace(made, consult=replace(made.consult, notes=notes))
    target = tmp_path / "report.html"
    target.write_text(to_html.render_html(build_page(full)))
    page.goto(target.as_uri())
    for paper in ("A4", "Letter"):
        sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format=paper))).pages]
        assert len(sheets) == 2, paper
        for n in range(14):
            assert [f"Note {n}:" in one for one in sheets] == [f"end {n}." in one for one in sheets], (
                paper,
                n,
            )


@pytest.mark.browser
@pytest.mark.parametrize("lines", [20, 36, 48])
def test_words_of_one_section_alone_still_fit_one_sheet(page, tmp_path, shared_demo, lines):
    with open_store(shutil.copytree(shared_demo, tmp_path / "home")) as store:
        built = build_page(collect(store, store.runner()))
    words = [ReportItem((f"Line {n}: " + "word " * 12,)) for n in range(lines)]
    sections = [
        replace(one, items=words if n == 0 else [], grid=None, grid_after=0)
        for n, one in enumerate(built.sections)
    ]
    target = tmp_path / "report.html"
    target.write_text(to_html.render_html(replace(built, sections=sections)))
    page.goto(target.as_uri())
    for paper in ("A4", "Letter"):
        printed = PdfReader(BytesIO(page.pdf(format=paper)))
        assert len(printed.pages) == 1, paper
        assert f"Line {lines - 1}:" in printed.pages[0].extract_text()
