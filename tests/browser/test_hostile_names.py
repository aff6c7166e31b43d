"""Names and notes that try to be more than words: every page shows them as text, and runs and loads nothing of them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import polars as pl
import pytest
from page_list import ASKED, CONSULT, EVERYWHERE
from playwright.sync_api import Page, expect
from settled_page import settle
from typed_fields import today

from connectors.frames import ACTIVITY, SHOE, SHOE_FACT
from connectors.store import Store, open_store
from dashboard.diary import entries, events
from dashboard.strength import sets

pytestmark = pytest.mark.browser
SLOW = 90_000
NASTY = (
    "<img src=x onerror=alert(1)>",
    "**bold** [link](javascript:alert(1))",
    "$\\frac{1}{0}$ and $$y$$",
    ":red[red] :small[small] :smile: :material/home:",
    "{{7*7}} `code` ~~gone~~ -> there",
    "<script>window.hacked=1</script>",
    "https://evil.example www.evil.example",
)
RUNNER = "<b>Somebody</b> **Known**"
# What Markdown, maths and HTML would make of them; none of it is a part of Heelwise's own words.
MADE = """() => {
  const own = all => [...all].map(one => one.textContent.replaceAll('\\u2060', '').trim());
  const bad = ['bold', 'Known', 'Somebody', 'red', 'small', 'code', 'gone', 'link'];
  return [
    ...own(document.querySelectorAll('strong, em, b, del, code, a, span[style], small')).filter(t => bad.includes(t)),
    ...own(document.querySelectorAll('.katex, img[src="x"], a[href^="javascript"], a[href*="evil.example"]')),
    ...(window.hacked === undefined ? [] : ['hacked']),
  ];
}"""


def furnished(store: Store) -> None:
    """A runner with every kind of words: runs, pairs, notes, sets; the latest runs without a pair."""
    mine, now = store.add_runner(RUNNER).athlete_id, today()
    key = {"athlete_id": mine, "source": "file", "fetched_utc": datetime(2026, 1, 1, tzinfo=UTC)}
    pairs = [
        {**key, "shoe_id": f"pair{n}", "source_id": f"pair{n}", "name": name, "brand": name, "model": name}
        for n, name in enumerate(NASTY)
    ]
    runs = [
        {
            **key,
            "activity_id": f"run{n:04d}",
            "source_id": f"run{n}",
            "start_utc": datetime.combine(now - timedelta(days=n), time(9), UTC),
            "local_date": now - timedelta(days=n),
            "sport": "Run",
            "timezone": "Europe/Amsterdam",
            "name": NASTY[n % len(NASTY)],
            "shoe_id": None if n < 4 else f"pair{n % len(NASTY)}",
            "distance_m": 30_000.0 if n in (6, 20) else 8_000.0,
            "moving_s": 3_600.0 if n in (6, 20) else 2_700.0,
        }
        for n in range(120)
    ]
    store.write(SHOE, pl.DataFrame(pairs, schema_overrides=SHOE.schema))
    store.write(
        SHOE_FACT, pl.DataFrame([{k: v for k, v in pair.items() if k in SHOE_FACT.schema} for pair in pairs])
    )
    store.write(ACTIVITY, pl.DataFrame(runs, schema_overrides=ACTIVITY.schema, infer_schema_length=None))
    for n, note in enumerate(NASTY):
        day = now - timedelta(days=n)
        entries.save_entry(
            store,
            mine,
            entries.SymptomEntry(day, morning_stiffness_0_10=5.0, morning_pain_0_10=6.0, note=note),
        )
        events.save_event(store, mine, "other", day, None, note)
        sets.save_sets(
            store, mine, [{"date": now, "exercise": note, "repetitions": 8, "tempo": note, "note": note}]
        )


def looked_at(page: Page, url: str) -> str:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW)
    settle(page)
    return seen(page)


def seen(page: Page) -> str:
    """What stands on the page; nothing of it may have been made of a name."""
    assert page.evaluate(MADE) == [], page.url
    return page.locator("body").inner_text().replace("\u2060", "")


def test_words_of_a_person_stay_words_on_every_page(fresh, only_here):
    page, dialogs = only_here, []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    with open_store(fresh.home) as store:
        furnished(store)
    told = {}
    for path in EVERYWHERE:
        told[path] = looked_at(page, f"{fresh.url}/{path}")
    told["after"] = looked_at(page, f"{fresh.url}/log?when=After+a+run")

    page.goto(f"{fresh.url}/runs")
    page.locator('[class*="st-key-taps_"]').first.get_by_role("button").first.click(timeout=SLOW)
    expect(page.get_by_text("Saved. Run of").first).to_be_visible(timeout=SLOW)
    settle(page)
    told["runs"] += seen(page)
    page.goto(f"{fresh.url}/shoes")
    page.get_by_role("button", name="Retire").first.click(timeout=SLOW)
    expect(page.locator(".st-key-undo_last_pair_act")).to_be_visible(timeout=SLOW)
    page.get_by_text("Changes to pairs").click()
    expect(page.locator('[class*="st-key-act_"]').first).to_be_visible(timeout=SLOW)
    told["shoes"] += seen(page)

    assert RUNNER in told["settings"]
    for path in ("events", "strength"):
        assert [text for text in NASTY if text not in told[path]] == [], path
    for path in ("runs", "shoes", "after"):  # not every pair is offered
        assert sum(text in told[path] for text in NASTY) >= 2, path
    told[f"consult?{ASKED}"] = looked_at(page, f"{fresh.url}/consult?{ASKED}")
    in_consult = [path for path in told if "?" in path]
    assert len(in_consult) == 1 + len(CONSULT)
    assert [path for path in in_consult if "Somebody" in told[path]] == []
    assert dialogs == []
