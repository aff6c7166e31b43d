"""What stands on the page, and what stays off it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard.report import page as report_page
from dashboard.report.material import collect
from dashboard.report.page import build_page
from dashboard.shared import visits
from dashboard.shared.text import initials
from dashboard.timeline.text import timeline_in_words


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Robin Placeholder", "R. P."),
        ("ana maria de la cruz", "A. M. D. L."),
        ("Demo Runner (made up)", "D. R."),
        ("Runner", ""),
        ("李 小龙", "李. 小."),
        ("<script>alert(1)</script>", "S."),
        ("#read \\input", "R. I."),
        ("42", ""),
        ("ßa #1A2B Ős", "S. Ő."),
    ],
)
def test_a_runner_stands_as_initials(name, short):
    assert initials(name) == short


def test_a_chosen_name_takes_their_place_and_none_leaves_it_out(store):
    report_input = collect(store, store.runner())
    assert build_page(report_input, "  Kit \n K. ").label == "Kit K."
    assert build_page(report_input, "").label == ""
    assert build_page(report_input).label == "R. P."


def test_the_period_is_the_last_16_weeks_inside_the_record(store):
    last = date(2026, 4, 29)
    report_input = collect(store, store.runner())
    assert (report_input.start, report_input.end) == (last - timedelta(days=111), last)
    report_input = collect(store, store.runner(), until=date(2026, 3, 1))
    assert (report_input.start, report_input.end) == (date(2026, 1, 1), date(2026, 3, 1))
    report_input = collect(store, store.runner(), date(2025, 1, 1), date(2030, 1, 1))
    assert (report_input.start, report_input.end) == (date(2026, 1, 1), last)


def test_what_lies_outside_the_period_is_not_told(demo_store, demo_runner, demo_ready):
    report_input = collect(demo_store, demo_runner, date(2026, 3, 10), date(2026, 5, 1), ready=demo_ready)
    page = build_page(report_input)
    told = str(report_page.page_sentences(page))
    assert "Since " not in told.split("When load rose above what you are used to", maxsplit=1)[0]
    assert "No flare was found in this period." in told
    assert "In this period load did not rise above what you were used to." in told
    for month in ("Sep", "Nov"):
        assert month not in told


def test_what_is_not_known_is_not_called_calm(store, athlete_id):
    early = str(
        report_page.page_sentences(
            build_page(collect(store, store.runner(), date(2026, 1, 1), date(2026, 2, 1)))
        )
    )
    assert "it takes 42 days of records" in early
    assert "did not rise above" not in early
    assert "No symptoms were logged in these 32 days, so we cannot tell whether it hurt." in early
    assert "No flare was found" not in early
    edge = str(
        report_page.page_sentences(
            build_page(collect(store, store.runner(), date(2026, 1, 20), date(2026, 3, 1)))
        )
    )
    assert "On those days of this period whose load is known, it did not rise above" in edge


def test_sentences_are_those_of_the_timeline(demo_page, demo_ready):
    analysis, why = demo_ready
    first = next(one for one in demo_page.details if one.title == "What stands out")
    assert demo_page.picture is not None
    shown = demo_page.picture
    sentences = timeline_in_words(analysis, shown.start, shown.end, shown.units, why, {}, with_drivers=False)
    assert [line for item in first.items for line in item.lines] == sentences


def test_sections_come_in_the_order_of_a_record_and_the_rest_may_be_left(demo_page):
    assert [one.title for one in demo_page.sections] == [
        "S · Subjective",
        "O · Objective",
        "A · Assessment",
        "P · Plan",
    ]
    assert [one.title for one in demo_page.details] == [
        "What stands out",
        "Where it stands at the end",
        "When load rose above what you are used to",
        "Flares and what came before",
        "Does load usually come first?",
        "Shoes",
        "What this rests on",
        "How sure the model is",
        "What is not known",
        "How to read this",
    ]
    assert all(one.items for one in (*demo_page.sections, *demo_page.details))
    assert len(demo_page.certainty) == 2


def test_shares_of_pairs_and_of_the_unknown_are_told(store, athlete_id):
    rows = store.read(ACTIVITY, athlete_id)
    half = rows.head(30).with_columns(shoe_id=None)
    store.write(ACTIVITY, half)
    page = build_page(collect(store, store.runner(), usual_days=None))
    shoes = next(one for one in page.details if one.title == "Shoes")
    lines = [line for item in shoes.items for line in item.lines]
    known = rows.tail(30)["distance_m"].sum() / 1000
    assert lines[0].startswith(
        f"Plain Pacer 3: {known:,.1f} km, {100_000 * known / rows['distance_m'].sum():.0f} %"
    )
    assert "first worn on 2 Mar 2026" in lines[0]
    assert "was run in a pair that is not recorded" in lines[1]


def test_a_pair_of_the_first_weeks_on_record_is_not_called_new(store):
    page = build_page(collect(store, store.runner(), usual_days=None))
    shoes = next(one for one in page.details if one.title == "Shoes")
    assert "first worn" not in str(shoes)


def test_what_was_agreed_is_told_in_the_words_it_was_written_in(store, athlete_id):
    assert "Agreed" not in str(report_page.page_sentences(build_page(collect(store, store.runner()))))
    visit = date(2026, 4, 20)
    visits.save_note(store, athlete_id, visit, "agreed", note="Hills off.\n\nHeel raises  daily.")
    visits.save_note(store, athlete_id, visit, "review", on_date=date(2026, 5, 4))
    told = report_page.page_sentences(build_page(collect(store, store.runner())))
    said = ["Agreed: Hills off. · Heel raises daily. (20 Apr 2026)", "Review: 4 May 2026"]
    assert {"title": "P · Plan", "said": said} in told
    earlier = collect(store, store.runner(), until=visit - timedelta(days=1))
    assert "Agreed" not in str(report_page.page_sentences(build_page(earlier)))


def test_what_was_agreed_is_told_where_no_run_is_on_record_too(tmp_path):
    store = open_store(tmp_path / "empty")
    runner = store.add_runner("Robin Placeholder")
    visits.save_note(store, runner.athlete_id, date(2026, 4, 20), "agreed", note="Hills off.")
    page = build_page(collect(store, runner))
    said = ["Agreed: Hills off. (20 Apr 2026)"]
    assert {"title": "P · Plan", "said": said} in report_page.page_sentences(page)


@pytest.mark.parametrize(("after", "said"), [(7, False), (8, True), (420, True)])
def test_a_record_that_ended_long_ago_is_said(store, after, said):
    last = date(2026, 4, 29)
    page = build_page(collect(store, store.runner(), today=last + timedelta(days=after)))
    sentence = f"The runs on record end on 29 Apr 2026, {after} days before this page."
    assert (sentence in page.remarks) is said


def test_two_runners_of_equal_initials_have_unlike_pages(store):
    other = store.add_runner("Rita Pell")
    store.set_label(store.add_runner("Kim").athlete_id, "K-7")
    labels = [build_page(collect(store, runner)).label for runner in store.runners()]
    assert labels == ["R. P.", other.label, "K-7"]
    assert other.label == "RP 2"
