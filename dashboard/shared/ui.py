"""What every page draws in one way: figures, cards, choices, tables to type into, who decides, undo."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

from connectors.frames import DECIDERS
from connectors.store import Runner
from dashboard.charts import plotly_figure
from dashboard.charts.plotly_figure import PageFigure
from dashboard.shared import consult_mode, doors, edit_history, session, text
from dashboard.shared.undo import Change

_SPAN = re.compile(r"font-size:(\d+(?:\.\d+)?)px")
_PIXELS = {"height", "l", "r", "t", "b", "xshift", "yshift", "ax", "ay", "ticklen", "width"}
_HOLDS_PIXELS = {"margin", "line", "marker"}


def zoomed(figure: PageFigure, by: float) -> PageFigure:
    """Enlarge letters, lines, margins and height alike; the width stays the page's.

    One picture for desk and projector, so that the two can never say different things.
    """
    plain = figure.plain()  # without what `PageFigure` adds for the browser
    layout = _grown(plain["layout"], by, "layout")
    data = [
        {**trace, **{k: _grown(trace[k], by, k) for k in ("line", "marker", "textfont") if k in trace}}
        for trace in plain["data"]
    ]
    return PageFigure({"data": data, "layout": layout})


def _grown(part: Any, by: float, name: str) -> Any:
    if isinstance(part, dict):
        return {key: _value(key, value, by, name) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_grown(one, by, name) for one in part]
    return part


def _value(key: str, value: Any, by: float, owner: str) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if key == "size" and is_number:
        return round(value * by, 2)
    if key == "size" and isinstance(value, list | tuple):
        return [None if one is None else round(one * by, 2) for one in value]
    if key in _PIXELS and is_number and (owner in _HOLDS_PIXELS or key not in ("width",)):
        return round(value * by, 2)
    if key == "text" and isinstance(value, str):
        return _SPAN.sub(lambda m: f"font-size:{float(m.group(1)) * by:g}px", value)
    return _grown(value, by, key)


TYPE_KEY = "consult_type_px"


def type_px() -> int:
    """Return the size of the type of this consult; a phone has the smallest."""
    chosen = st.session_state.get(TYPE_KEY, consult_mode.USUAL_TYPE_PX)
    return consult_mode.PHONE_TYPE_PX if st.session_state.get(PHONE_KEY) else chosen


def field_px(px: int) -> int:
    """Return the width of a field that is `px` wide in ordinary type: wider in the large type of a consult."""
    return round(px * type_px() / consult_mode.PHONE_TYPE_PX) if session.is_open() else px


PHONE_KEY = "is_phone"


def draw_figure(figure: PageFigure, key: str, alt: str, **more: Any) -> Any:
    """Draw a figure; `more` is what `st.plotly_chart` takes beside, and what it gives is given back."""
    shown = zoomed(figure, consult_mode.zoom(type_px())) if session.is_open() else figure
    return st.plotly_chart(shown, key=key, theme=None, config=plotly_figure.QUIET, alt=alt, **more)


SKELETON = """<style>
.hw-skeleton {display: grid; gap: .75rem; max-width: 100%;}
.hw-skeleton i {display: block; height: 1.25rem; width: min(40rem, 80%); border-radius: .4rem;
  background: rgba(128,140,152,.18);}
.hw-skeleton i:last-child {height: min(26rem, 45vh); width: 100%;}
</style><div class='hw-skeleton' role='status' aria-label='Working out the picture'><i></i><i></i><i></i></div>"""
STYLE = """<style>
.hw-facts {display: grid; gap: .35rem 1.5rem; margin: .25rem 0 .5rem !important; padding: 0 !important;
  grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 45%), 1fr));}
.hw-facts div {line-height: 1.3; font-size: .875rem; margin: 0 !important;}
.hw-facts dt {font-weight: 400; margin: 0 !important;}
.hw-facts dd {display: block; font-size: 1.0625rem; font-weight: 600; margin: 0 !important;}
.hw-head {display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; margin: 0 !important;
  padding: 0 !important; font-size: 1.125rem !important; font-weight: 600;}
.hw-badge {font-size: .8125rem; font-weight: 400;
  border: 1px solid currentColor; border-radius: 1rem; padding: .05rem .6rem;}
.hw-part {margin: .9rem 0 0 !important; padding: 0 !important; font-size: 1rem !important; font-weight: 600;}
.hw-said {margin: .3rem 0 0 !important; line-height: 1.45; overflow-wrap: anywhere; max-width: 60rem;}
.hw-story {margin: .25rem 0 0 !important; line-height: 1.45; font-size: 1.0625rem; max-width: 60rem;}
.hw-list {margin: .25rem 0 0 !important; padding-left: 1.1rem !important; max-width: 60rem; line-height: 1.45;}
.hw-list li {margin: 0 0 .4rem !important;}
.hw-scroll {overflow-x: auto;}
.hw-rows {border-collapse: collapse; font-size: .9375rem; line-height: 1.35;}
.hw-rows th, .hw-rows td {text-align: left; font-weight: 400; padding: .3rem 1.25rem .3rem 0; vertical-align: top;
  border-bottom: 1px solid rgba(128,140,152,.3); font-variant-numeric: tabular-nums;}
.hw-rows thead th {font-weight: 600;}
</style>"""


def paragraphs(sentences: Sequence[str]) -> None:
    """Write sentences, one paragraph each."""
    st.html(story(sentences))


def story(sentences: Sequence[str]) -> str:
    """Return sentences as paragraphs, to stand in one block with what belongs to them."""
    return "".join(f"<p class='hw-story'>{escape(sentence)}</p>" for sentence in sentences)


def card_paragraphs(sentences: Sequence[str]) -> str:
    """Write the sentences of a card."""
    return "".join(f"<p class='hw-said'>{escape(sentence)}</p>" for sentence in sentences)


def card_heading(title: str, badge: str | None = None, level: int = 3) -> str:
    """Write the head of a card: `level` 2 right below the page's title, 3 below a heading."""
    mark = f"<span class='hw-badge'>{escape(badge)}</span>" if badge else ""
    return f"<h{level} class='hw-head'>{escape(title)}{mark}</h{level}>"


def facts_list(pairs: Sequence[tuple[str, str]]) -> str:
    """Write names and values."""
    return (
        "<dl class='hw-facts'>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
        + "</dl>"
    )


def bullets(groups: Sequence[Sequence[str]]) -> str:
    """Write one point for each group of sentences."""
    return "<ul class='hw-list'>" + "".join(f"<li>{escape(' '.join(one))}</li>" for one in groups) + "</ul>"


def red_flag_questions() -> bool:
    """Ask for them; True where one is there."""
    signs = (*text.SIGNS_NOW, *text.SIGNS_SOON)
    chosen = st.pills(
        text.ASK_SIGNS,
        signs,
        selection_mode="multi",
        key="signs",
        wrap=True,
        on_change=_note_sign,
    )
    if set(chosen) & set(text.SIGNS_NOW):
        st.info(text.SEEK_CARE_NOW)
    elif chosen:
        st.info(text.SEEK_CARE_SOON)
    return bool(chosen)


PAGES_KEY = "pages_of_this_run"


def remember_pages(pages: Mapping[str, Any]) -> None:
    """Hold the pages of this run, by address, for the links drawn in it."""
    st.session_state[PAGES_KEY] = dict(pages)


def has_page(address: str) -> bool:
    """Return whether a page can be linked to in this run."""
    return address in st.session_state.get(PAGES_KEY, {})


def page_link(page: Any, label: str | None = None, runner: Runner | None = None, **more: Any) -> None:
    """Draw a link to a page, which carries the runner and the window: of this page, unless another is given.

    One behind a door may be named by address or file; of one that is not for this device, nothing is drawn.
    """
    carried = session.link_parameters(runner or session.runner())
    if isinstance(page, str):
        pages = st.session_state[PAGES_KEY]
        behind = None if page in pages else doors.find(page, session.own_door())
        if page == IMPORT_RUNS[0] and session.is_person():
            if not session.may_write():
                return
            label = BRING_IN if label == IMPORT_RUNS[1] else label
        if behind is not None:
            carried |= behind[0].parameters(behind[1])
            label, page = label or behind[1].title, behind[0].address
        if page not in pages and not session.is_owner():
            return
        page = pages[page]
    st.page_link(page, label=label, query_params=carried, **more)


def switch_page(address: str, parameters: Mapping[str, str]) -> None:
    """Open another page of this run, with all that this address carries and more."""
    carried = {name: st.query_params.get_all(name) for name in st.query_params}
    pages = st.session_state[PAGES_KEY]
    behind = None if address in pages else doors.find(address, session.own_door())
    if behind is not None:
        carried |= behind[0].parameters(behind[1])
        address = behind[0].address
    st.switch_page(pages[address], query_params=carried | dict(parameters))


SKELETONS_KEY = "pages_once_drawn"


@contextmanager
def skeleton(page: str) -> Iterator[None]:
    """Show grey bars where the answer and the picture of a page will be, while it is first worked out in this tab.

    A page that is drawn again keeps what it shows: bars in its place would be a flicker.
    """
    drawn = st.session_state.setdefault(SKELETONS_KEY, set())
    waiting = st.empty()
    if page not in drawn:
        waiting.html(SKELETON)
    yield
    waiting.empty()
    drawn.add(page)


def nothing_yet(sentence: str, *links: tuple[str, str]) -> None:
    """Describe what an empty page will show and with what, with one press to get there: address and label."""
    st.info(sentence)
    with st.container(horizontal=True):
        for address, label in links:
            page_link(address, label=label)


BRING_IN = "Bring in runs"
"""What the link below is called by whoever has signed in: the record may be somebody else's."""
IMPORT_RUNS = ("data", "Import my runs")
LOG_MORNING = ("log", "Log this morning")


def _note_sign() -> None:
    """Keep the day on which a warning sign was answered yes, for the list of runners; not which one it was."""
    now = session.runner()
    if now is not None and st.session_state["signs"]:
        session.store().set_bookmarks(now.athlete_id, {text.WARNING_SIGN: session.today().isoformat()})


def form_version(name: str) -> int:
    """Return the number that the keys of a form's fields end with: another number is an empty form."""
    return st.session_state.get(f"{name}_version", 0)


def reset_form(name: str) -> None:
    """Empty a form by a new version of its fields."""
    st.session_state[f"{name}_version"] = form_version(name) + 1


def choice(label: str, options: Sequence[Any], key: str, **more: Any) -> Any:
    """Draw a choice of one, of which one is always chosen: the first unless `default` names another."""
    wraps = None if session.is_open() else True  # a consult sets the height of its rows itself
    given = {"default": next(iter(options)), "required": True, "wrap": wraps, "key": key, **more}
    return st.segmented_control(label, options, **given)


def row_with_act(key: str) -> Any:
    """Return a row for one sentence and the buttons that act on it: beside it, or below where that is too narrow."""
    return st.container(horizontal=True, vertical_alignment="center", key=f"act_row_{key}")


def edited_table(
    rows: Sequence[Mapping[str, Any]], key: str, alt: str, **more: Any
) -> list[Mapping[str, Any]]:
    """Draw rows as a table to type into, and return all rows as they stand now."""
    return st.data_editor(list(rows), key=key, hide_index=True, placeholder="–", alt=alt, **more)


def edited(rows: Sequence[Mapping[str, Any]], key: str, alt: str, **more: Any) -> dict[str, Any]:
    """Draw rows as a table to type into, and return its `edited_rows` (by number), `added_rows`, `deleted_rows`."""
    edited_table(rows, key, alt, **more)
    typed = st.session_state.get(key, {})
    return {
        "edited_rows": {int(number): values for number, values in typed.get("edited_rows", {}).items()},
        "added_rows": list(typed.get("added_rows", ())),
        "deleted_rows": list(typed.get("deleted_rows", ())),
    }


DECIDED_BY = "decided_by"


def usual_decider(before: str | None = None) -> str:
    """Return who decides unless somebody says otherwise: in a consult the therapist, else as `before`."""
    return "therapist" if session.is_open() else before or DECIDERS[0]


def _decider_key() -> str:
    # What was picked at the desk must not speak in a consult of the same session, nor the other way round.
    return f"{DECIDED_BY}_consult" if session.is_open() else DECIDED_BY


def decided_by_picker(label: str = "Who decides", key: str = DECIDED_BY, default: str | None = None) -> str:
    """Ask who decides; the answer under the default key holds on every page of the session."""
    holds = key == DECIDED_BY
    chosen = choice(
        label,
        DECIDERS,
        _decider_key() if holds else key,
        default=usual_decider(default),
        format_func=text.DECIDER_NAMES.__getitem__,
        persist_state="session" if holds else None,
    )
    return chosen or usual_decider()


def decided_by() -> str:
    """Return who decides, as last picked in this session."""
    return st.session_state.get(_decider_key()) or usual_decider()


LAST_CHANGE, PROBLEM = "last_change", "last_problem"
SAVED = "Saved."
NOTHING_CHANGED = "Nothing differs from what is known, so nothing was changed."


@dataclass(frozen=True)
class LastChange:
    """The change that can be undone now; without a sentence, its edits are described from the history."""

    section: str
    sentence: str | None
    change: Change
    form: str | None = None
    before: LastChange | None = None


def remember_change(
    section: str, sentence: str | None, change: Change, form: str | None = None, after_last: bool = False
) -> None:
    """Remember the last change of a section; undoing it resets `form`, and offers the one it came `after_last`."""
    before = last_change(section) if after_last else None
    st.session_state[LAST_CHANGE] = LastChange(section, sentence, change, form, before)
    if change.outcome != "unchanged":
        say_saved(sentence or SAVED)


def say_saved(sentence: str = SAVED) -> None:
    """Say at the edge of the screen what was saved, wherever on the page the reader is; the undo stands in its bar."""
    st.toast(text.escape_markdown(sentence), icon=":material/check:")


def remember_problem(section: str, sentence: str) -> None:
    """Keep why a callback saved nothing, for the undo bar of its section to show."""
    st.session_state[PROBLEM] = (section, sentence)


def last_change(section: str) -> LastChange | None:
    """Return the last change, where it was made in this section."""
    last = st.session_state.get(LAST_CHANGE)
    return last if last is not None and last.section == section else None


def forget_change(batch_id: str | None = None) -> None:
    """Stop offering the undo of the last change; of one batch of edits where an id is given."""
    last = st.session_state.get(LAST_CHANGE)
    if last is not None and batch_id in (None, last.change.batch_id):
        del st.session_state[LAST_CHANGE]


def undo_bar(section: str) -> None:
    """Describe why a section saved nothing, or that nothing differs; what can be undone stands in `undo_row`.

    A consult has no menu: there the undo stands in its section.
    """
    place, problem = st.session_state.get(PROBLEM, ("", ""))
    if place == section:
        del st.session_state[PROBLEM]
        st.warning(text.escape_markdown(problem))
        return
    last = last_change(section)
    if last is None:
        return
    if last.change.outcome != "unchanged":
        if session.is_open():
            _draw_undo(last)
    elif last.sentence is None:
        st.info(NOTHING_CHANGED)
    else:
        st.success(text.escape_markdown(last.sentence), icon=":material/check:")


def undo_row(runner: Runner | None) -> None:
    """Draw the last act with its undo, in the one place of every page, for as long as it is the last one."""
    last = st.session_state.get(LAST_CHANGE)
    if last is None or last.change.outcome == "unchanged":
        return
    is_shown = runner is not None and runner.athlete_id == last.change.athlete_id
    if is_shown or last.change.is_of_machine:
        with st.container(key="undo_row"):
            _draw_undo(last)


def _draw_undo(last: LastChange) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"large_taps_undo_{last.section}"):
        sentence = _for_whom(last.change.athlete_id) + (last.sentence or _describe_edits(last.change))
        st.success(text.escape_markdown(sentence), icon=":material/check:")
        st.button("Undo", on_click=_undo, args=(last,), key=f"undo_{last.section}")


def _for_whom(athlete_id: int) -> str:
    """Name whose record was changed, where several runners are on this machine."""
    if not session.is_shared_machine():
        return ""
    return "".join(
        f"{session.name_of(one)}: "
        for one in session.machine_store().runners()
        if one.athlete_id == athlete_id
    )


def act_label(label: str) -> str:
    """Name on a button whose record it writes to, where several runners are on this machine."""
    now = session.runner()
    if now is None or not session.is_shared_machine():
        return label
    return f"{label} for {text.escape_markdown(session.name_of(now))}"


def _describe_edits(change: Change) -> str:
    batches = edit_history.edit_batches(session.store(), change.athlete_id, session.units(), change.batch_id)
    return " ".join(["Saved.", *(batch.summary for batch in batches)])


def _undo(last: LastChange) -> None:
    last.change.undo(session.machine_store() if last.change.is_of_machine else session.store())
    st.session_state.pop(LAST_CHANGE, None)
    if last.before is not None:
        st.session_state[LAST_CHANGE] = last.before
    if last.form is not None:
        reset_form(last.form)


UNCOVER = """
export default function({ parentElement, data }) {
  const button = parentElement.querySelector("button"), place = parentElement.querySelector("output");
  const show = () => { place.textContent = data.name; };
  const hide = () => { place.textContent = ""; };
  const key = (event) => { if (event.key === " " || event.key === "Enter") show(); };
  button.onpointerdown = show; button.onkeydown = key;
  button.onpointerup = button.onpointerleave = button.onpointercancel = button.onblur = button.onkeyup = hide;
  button.oncontextmenu = (event) => event.preventDefault();
}
"""
_uncover = component(
    "heelwise_uncover",
    js=UNCOVER,
    html="<button type='button'>Hold to see the full name</button> <output></output>",
    css="button { font: inherit; min-height: 44px; padding: .3rem .8rem; touch-action: none; } "
    "output { margin-left: .7rem; font-weight: 600; }",
)


def hold_to_uncover(runner: Runner, place: str = "") -> None:
    """Draw a button that shows the full name, and year of birth where known, for as long as it is held.

    A page with more than one names the place of each.
    """
    if not session.hides_names():
        return
    year = session.machine_store().settings(runner.athlete_id).get("birth_year")
    _uncover(
        key=f"uncover_{place}{runner.athlete_id}",
        data={"name": f"{runner.name}, born {year}" if year else runner.name},
    )


WIDTH = """
export default function({ setStateValue, data }) {
  const narrow = window.matchMedia(`(max-width: ${(data && data.most) || 640}px)`);
  const tell = () => setStateValue("narrow", narrow.matches);
  tell();
  narrow.addEventListener("change", tell);
  return () => narrow.removeEventListener("change", tell);
}
"""
PHONE_PX = 640
ask_width = component("heelwise_width", js=WIDTH)


def download_button(label: str, data: Any, *, file_name: str, **more: Any) -> bool:
    """Draw the button that saves a file; who saves one of somebody's record is noted in the access log."""
    is_saved = st.download_button(label, data, file_name=file_name, **more)
    if is_saved:
        session.note_download(label)
    return is_saved


def is_narrow() -> bool:
    """Ask the browser how wide it is, in a consult for its large type; until it answers, go by what it says it is."""
    most = consult_mode.NARROW_PX * type_px() if session.is_open() else PHONE_PX
    answer = ask_width(key="width", data={"most": most}, on_narrow_change=lambda: None)
    narrow = answer.get("narrow")
    return "Mobi" in st.context.headers.get("User-Agent", "") if narrow is None else bool(narrow)


def is_known_narrow() -> bool:
    """Return whether the browser has said that it is narrow, or says that it is a phone; asks nothing."""
    answer = st.session_state.get("width") or {}
    narrow = answer.get("narrow")
    return "Mobi" in st.context.headers.get("User-Agent", "") if narrow is None else bool(narrow)
