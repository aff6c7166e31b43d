"""The PDF: one tagged page, readable by a machine, whatever a name holds."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import typst
from hostile import HOSTILE, hostile_page
from pypdf import PdfReader

from connectors.errors import HeelwiseError
from dashboard.report import to_pdf
from dashboard.report.material import collect
from dashboard.report.page import build_page
from dashboard.shared import visits


def reader(page: bytes) -> PdfReader:
    return PdfReader(BytesIO(page))


@pytest.mark.parametrize(("paper", "width", "height"), [("a4", 595, 842), ("letter", 612, 792)])
def test_it_is_one_tagged_page_of_the_paper_asked_for(demo_page, paper, width, height):
    made = to_pdf.render_pdf(demo_page, paper)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made
    found = reader(made)
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata.title == "Heelwise: Running load and the heel"
    assert len(found.pages) == 1
    assert (round(found.pages[0].mediabox.width), round(found.pages[0].mediabox.height)) == (width, height)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_longest_agreed_step_leaves_it_one_page(demo_store, demo_runner, demo_ready, paper):
    step = ("Slow heel raises each other day, with both knees straight.\n" * 40)[: visits.LONGEST_STEP]
    agreed = visits.AgreedStep(date(2026, 11, 25), step, date(2026, 12, 9))
    report_page = build_page(replace(collect(demo_store, demo_runner, ready=demo_ready), agreed=agreed))
    found = reader(to_pdf.render_pdf(report_page, paper)).pages
    assert len(found) == 1
    assert "Review: 9 Dec 2026" in found[0].extract_text()


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_whole_consult_stands_on_one_page(consult_input, paper):
    found = reader(to_pdf.render_pdf(build_page(consult_input), paper)).pages
    assert len(found) == 1
    assert "Review: 12 May 2026" in found[0].extract_text()


def test_what_does_not_fit_goes_overleaf_and_no_sentence_is_cut(consult_input):
    notes = tuple(f"Note {n}: " + "long words " * 40 + f"end {n}." for n in range(14))
    record = replace(consult_input.consult, notes=notes)
    found = reader(to_pdf.render_pdf(build_page(replace(consult_input, consult=record)))).pages
    assert len(found) == 2
    first = [page.extract_text() for page in found]
    for n in range(14):
        assert [f"Note {n}:" in text for text in first] == [f"end {n}." in text for text in first]
    assert "S · Subjective" in first[0]


def test_the_second_page_is_added_where_asked_for(demo_page):
    found = reader(to_pdf.render_pdf(demo_page, with_details=True)).pages
    assert len(found) == 2
    assert "Does load usually come first?" in found[1].extract_text()
    assert "Does load usually come first?" not in found[0].extract_text()


def test_the_tags_tell_headings_and_the_picture_in_words(demo_page):
    kinds, alts = [], []

    def walk(part) -> None:
        part = part.get_object()
        if isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, dict):
            kinds.append(part.get("/S"))
            alts.append(str(part.get("/Alt", "")))
            if "/K" in part:
                walk(part["/K"]) if not isinstance(part["/K"], int) else None

    walk(reader(to_pdf.render_pdf(demo_page)).trailer["/Root"]["/StructTreeRoot"])
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len(demo_page.sections) + 1, "S, O, A, P and how sure"
    assert "/Table" in kinds
    assert "/Figure" in kinds
    assert any("on one clock: Symptoms, Tendon load" in alt for alt in alts)


def test_signs_of_our_own_are_in_the_font_that_comes_along(demo_page):
    assert not to_pdf.UNDRAWN.findall(
        json.dumps(to_pdf._plain(demo_page, True), ensure_ascii=False).replace("\n", "")
    )
    fonts = {
        str(font.get_object()["/BaseFont"])
        for font in reader(to_pdf.render_pdf(demo_page)).pages[0]["/Resources"]["/Font"].values()
    }
    assert all("LibertinusSerif" in name for name in fonts)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(store, name):
    page = hostile_page(store, name)
    text = "".join(part.extract_text() for part in reader(to_pdf.render_pdf(page)).pages)
    if not to_pdf.UNDRAWN.search(name):
        assert "".join(name.split()) in "".join(text.split())
    assert "root:" not in text


def test_the_fonts_that_come_along_hold_every_letter_that_is_not_replaced():
    letters = "".join(chr(n) for n in range(32, 0x2600) if not to_pdf.UNDRAWN.match(chr(n)))
    assert len(letters) > 500
    source = b'#set document(title: "x")\n#set text(font: "Libertinus Serif")\n#sys.inputs.letters'
    given = {"letters": letters}
    made = typst.compile(
        source, format="pdf", pdf_standards=[to_pdf.STANDARD], sys_inputs=given, ignore_system_fonts=True
    )
    assert made.startswith(b"%PDF-")


def test_letters_that_no_font_has_become_a_box_and_are_said(store):
    page = hostile_page(store, "Ana \u0378 Pacer")
    text = reader(to_pdf.render_pdf(page)).pages[0].extract_text()
    assert "Ana □ Pacer" in text
    assert "no font on this machine can draw" in text


def test_without_typst_it_says_how_to_get_it(demo_page, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(HeelwiseError, match="Nothing was written"):
        to_pdf.render_pdf(demo_page)
