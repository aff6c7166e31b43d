"""The report as one page for a browser and its printer: no script, nothing from outside, whole in one file."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import groupby

from dashboard.charts.palette import LIGHT
from dashboard.report import blocks
from dashboard.report.blocks import ReportGrid, ReportItem, ReportSection
from dashboard.report.page import LEFT, ReportPage
from dashboard.report.page_fit import DENSE_BELOW, picture_height
from dashboard.timeline.print_figure import draw_svg

HTML_STYLE = f"""
@page {{ margin: 8mm 10mm; }}
* {{ box-sizing: border-box; }}
html {{ color-scheme: light; background: #fff; color: {LIGHT.ink}; -webkit-text-size-adjust: 100%; }}
body {{ margin: 0 auto; padding: 1.25rem; max-width: 62rem;
  font: 1rem/1.45 "Source Sans 3", "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif; }}
h1, h2, p, dl, dd, ul, figure {{ margin: 0; padding: 0; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5em; line-height: 1.2; }}
h2 {{ font-size: 1em; margin: .7em 0 .1em; break-after: avoid; }}
header p {{ color: {LIGHT.muted}; }}
header .first {{ color: inherit; font-weight: 600; }}
dl {{ display: flex; flex-wrap: wrap; gap: .3em 1.4em; margin: .6em 0; }}
dt {{ font-size: .85em; color: {LIGHT.muted}; }}
dd {{ font-weight: 600; }}
figure {{ overflow-x: auto; }}
svg {{ display: block; width: 100%; min-width: 42rem; height: auto; }}
.soap {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2.2rem; }}
.told {{ columns: 2 22rem; column-gap: 2.2rem; }}
section, .soap > div {{ min-width: 0; }}
section ul {{ list-style: none; }}
section li {{ margin: 0 0 .25em; break-inside: avoid; }}
section tr {{ break-inside: avoid; }}
.soap table {{ font-size: .88em; margin: .2em 0 .5em; }}
.soap th, .soap td {{ padding: .1em .55em .1em 0; font-weight: 400; }}
.soap tbody th {{ white-space: nowrap; }}
.soap thead th {{ color: {LIGHT.muted}; vertical-align: bottom; }}
.sure {{ color: {LIGHT.muted}; margin-top: .7em; break-inside: avoid; }}
details {{ margin: 1em 0; }}
summary {{ cursor: pointer; padding: .4em 0; }}
div.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; color: {LIGHT.muted}; }}
th, td {{ padding: .15em .9em .15em 0; text-align: right; border-bottom: 1px solid {LIGHT.grid}; }}
th:first-child {{ text-align: left; }}
footer {{ margin-top: .8em; }}
.care {{ border: 1px solid {LIGHT.ink}; padding: .35em .6em; font-weight: 600; break-inside: avoid; }}
@media print {{
  body {{ padding: 0; max-width: none; font-size: 7.7pt; line-height: 1.2; }}
  details:not([open]), .numbers {{ display: none; }}
  .more {{ break-before: page; margin: 0; }}
  .more summary {{ list-style: none; padding: 0; }}
  .dense {{ font-size: 7pt; line-height: 1.15; }}
  figure {{ overflow: visible; }}
  svg {{ min-width: 0; }}
  .care {{ margin-right: 1px; }}
  .soap {{ display: block; columns: 2; column-gap: 6mm; }}
  .soap table {{ break-inside: avoid; }}
  .told {{ columns: 2; column-gap: 6mm; }}
  .who {{ display: flex; flex-wrap: wrap; gap: 0 1em; align-items: baseline; }}
  h2 {{ margin-top: .3em; }}
  dl {{ margin: .3em 0; }}
  section li {{ margin-bottom: .1em; }}
  .sure {{ margin-top: .4em; }}
  div.wide {{ overflow: visible; }}
  footer {{ margin-top: .4em; }}
}}
"""
_HASH = b64encode(sha256(HTML_STYLE.encode()).digest()).decode()
# A page that holds a runner's data asks nobody for anything, even where a name tried to make it.
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def render_html(report_page: ReportPage, with_details: bool = False) -> str:
    """Write a report as HTML: it opens from a mail years later, and prints on A4 and Letter alike.

    What a reader may leave is folded, and printed where it is open.
    """
    height = picture_height(report_page)
    svg = draw_svg(report_page.picture, most_height=height) if report_page.picture else ""
    picture = f"<figure tabindex='0'>{svg}</figure>" if svg else ""
    title = escape(f"Heelwise: {report_page.title}")
    dense = " class='dense'" if height < DENSE_BELOW else ""
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f"<meta http-equiv='Content-Security-Policy' content=\"{POLICY}\">\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        "<meta name='referrer' content='no-referrer'>\n<meta name='robots' content='noindex'>\n"
        f"<title>{title}</title>\n<style>{HTML_STYLE}</style>\n</head>\n<body{dense}>\n"
        f"{_head(report_page)}\n<main>\n{picture}\n{_soap(report_page)}\n"
        f"{''.join(_section(one) for one in report_page.doubts)}\n</main>\n"
        f"<footer><p class='care'>{escape(report_page.care)}</p></footer>\n"
        f"{_details(report_page, with_details)}\n"
        f"{_numbers(report_page.grid) if report_page.grid else ''}\n"
        "</body>\n</html>\n"
    )


def _soap(report_page: ReportPage) -> str:
    """S and O left, A and P right; how sure it is below them. In print they flow through two even columns."""
    left, right = report_page.sections[:LEFT], report_page.sections[LEFT:]
    sure = "".join(f"<p>{escape(line)}</p>" for line in report_page.certainty)
    certainty = f"<div class='sure'><h2>{escape(blocks.CERTAINTY)}</h2>{sure}</div>" if sure else ""
    columns = ("".join(_section(one) for one in part) for part in (left, right))
    return f"<div class='soap'><div>{next(columns)}</div><div>{next(columns)}{certainty}</div></div>"


def _details(report_page: ReportPage, is_open: bool) -> str:
    sections = "".join(_section(one) for one in report_page.details if one.items)
    if not sections:
        return ""
    state = " open" if is_open else ""
    return (
        f"<details class='more'{state}><summary>{escape(blocks.SECOND_PAGE)}</summary>"
        f"<div class='told'>{sections}</div></details>"
    )


def _head(report_page: ReportPage) -> str:
    label = f"<bdi>{escape(report_page.label)}</bdi> · " if report_page.label else ""
    who = f"<p>{label}{escape(report_page.period)}</p>" if report_page.label or report_page.period else ""
    remarks = "".join(f"<p class='first'>{escape(one)}</p>" for one in report_page.remarks)
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in report_page.facts
    )
    listed = f"<dl>{facts}</dl>" if facts else ""
    return (
        f"<header><div class='who'><h1>{escape(report_page.title)}</h1>{who}</div>{remarks}{listed}</header>"
    )


def _section(section: ReportSection) -> str:
    """Write items as lists, a table among them where it stands."""
    out = []
    for is_grid, parts in groupby(section.parts, lambda part: isinstance(part, ReportGrid)):
        written = "".join(_table(part) if isinstance(part, ReportGrid) else _item(part) for part in parts)
        out.append(written if is_grid else f"<ul>{written}</ul>")
    return f"<section><h2>{escape(section.title)}</h2>{''.join(out)}</section>"


def _item(item: ReportItem) -> str:
    lead = f"<b><bdi>{escape(item.lead)}</bdi></b>: " if item.lead else ""
    return f"<li>{lead}{escape(' '.join(item.sentences))}</li>"


def _table(grid: ReportGrid) -> str:
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in grid.head)
    rows = "".join(
        f"<tr><th scope='row'>{escape(row[0])}</th>{''.join(f'<td>{escape(text)}</td>' for text in row[1:])}</tr>"
        for row in grid.rows
    )
    return (
        f"<div class='wide'><table><caption>{escape(grid.caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _numbers(grid: ReportGrid) -> str:
    summary = f"<summary>{escape(blocks.IN_NUMBERS)}</summary>"
    return f"<details class='numbers'>{summary}{_table(grid)}</details>"
