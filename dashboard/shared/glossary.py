"""The few terms of the model, explained behind one small question mark where they stand."""

from __future__ import annotations

from html import escape

from dashboard.shared.text import GLOSSARY
from dashboard.shared.units import Units

EASY_KM, USED_TO, USUAL, STEP_UP, FLARE = GLOSSARY
WHAT_MEANS = "What these words mean: {names}"
STYLE = """<style>
.hw-words {float: right; margin: 0 max(0px, 100% - 63rem) .25rem .5rem; font-size: 1rem;}
.hw-words[open] {float: none; max-width: 63rem; margin: 0 0 .5rem; padding: .25rem .5rem .6rem .9rem;
  border: 1px solid rgba(128,140,152,.35); border-radius: .5rem;}
.hw-words[open] summary {float: right; margin-left: .5rem;}
.hw-words summary {list-style: none; cursor: pointer; display: inline-flex; align-items: center;
  justify-content: center; min-width: 1.75rem; min-height: 1.75rem; border: 1px solid currentColor;
  border-radius: 50%; font-weight: 650; color: light-dark(#566372, #a3afbc);}
.hw-words summary::-webkit-details-marker {display: none;}
.hw-words summary:focus-visible {outline: 3px solid light-dark(#0068a6, #5fb6ea); outline-offset: 2px;}
.hw-words dl, .hw-words dd {margin: 0 !important; padding: 0 !important;}
.hw-words dt {font-weight: 650; margin: .35rem 0 0 !important;}
.hw-words dd {line-height: 1.4;}
@media (pointer: coarse) { .hw-words summary {min-width: 2.75rem; min-height: 2.75rem;} }
</style>"""


def glossary_html(units: Units, *terms: str) -> str:
    """Return a question mark that opens what these terms mean; no rerun, and reached by keys as well."""
    shown = terms or tuple(GLOSSARY)
    names = [_in_units(GLOSSARY[one][0], units) for one in shown]
    parts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(_in_units(GLOSSARY[one][1], units))}</dd>"
        for one, name in zip(shown, names, strict=True)
    )
    label = escape(WHAT_MEANS.format(names=", ".join(names)), quote=True)
    mark = f"<summary aria-label='{label}' title='{label}'>?</summary>"
    return f"{STYLE}<details class='hw-words'>{mark}<dl>{parts}</dl></details>"


def glossary_lines(units: Units, *terms: str) -> list[str]:
    """Return the same as sentences, for a page that cannot be tapped."""
    return [
        f"{_in_units(name, units)}: {_in_units(meaning, units)}"
        for name, meaning in (GLOSSARY[one] for one in terms or tuple(GLOSSARY))
    ]


def _in_units(sentence: str, units: Units) -> str:
    return sentence.format(unit=units.load_unit, far="mile" if units.distance_unit == "mi" else "kilometre")
