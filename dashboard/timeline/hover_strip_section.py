"""Values of the day under the pointer, in a strip beside each lane's name: no floating box hides what it is about."""

from __future__ import annotations

from typing import Any

from streamlit.components.v2 import component

from dashboard.charts.plotly_figure import PageFigure
from dashboard.charts.style import SMALL_PX, PlotlyDict

STRIP = "hw-strip"
# Plotly draws its answer in a box beside the pointer and has no other place for it. Here its event alone is listened
# to, and each lane's values are written over its unit. Where no chart is there, nothing happens; what a lane's values
# are on one day stands in words on the page as well.
SCRIPT = """
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const dayText = (x, step) => {
  const day = new Date(typeof x === "number" ? x : String(x).slice(0, 10) + "T00:00:00Z");
  const date = `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
  return step > 1 ? `${step} days to ${date}` : `${DAYS[day.getUTCDay()]} ${date}`;
};
const numberText = (value, format) => {
  if (value === undefined || value === null || Number.isNaN(value)) return "";
  if (!format || typeof value !== "number") return String(value);
  const digits = Number((format.match(/\\.(\\d+)f/) || [0, 0])[1]);
  let text = Math.abs(value).toFixed(digits);
  if (format.includes(",")) text = text.replace(/\\B(?=(\\d{3})+(?!\\d))/g, ",");
  const sign = value < 0 ? "−" : format.startsWith("+") ? "+" : "";
  return Number(text.replaceAll(",", "")) === 0 ? text : sign + text;
};
const PART = /%\\{(\\w+)(?:\\[(\\d+)\\])?(?::([^}]*))?\\}/g;
const fill = (template, point) => template.replace(PART, (_, name, at, format) => {
  const value = at === undefined ? point[name] : (point[name] || [])[Number(at)];
  return numberText(Array.isArray(value) && value.length === 1 ? value[0] : value, format);
}).replace(/<br>/g, "; ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const isNothing = (text) => /^[^\\d]*0(\\.0)?(?![\\d.,])/.test(text);
const clear = (chart) => chart.querySelectorAll(":scope > .STRIP").forEach((one) => one.remove());
const write = (chart, text, place) => {
  const strip = document.createElement("div");
  strip.className = "STRIP";
  strip.textContent = text;
  Object.assign(strip.style, { position: "absolute", pointerEvents: "none", zIndex: 5, lineHeight: "1.1",
    background: chart.layout.paper_bgcolor, color: chart.layout.font.color, overflow: "hidden" }, place);
  chart.appendChild(strip);
};
const show = (chart, points) => {
  clear(chart);
  const meta = chart.layout.meta, { margin, height } = chart.layout;
  if (!meta || !meta.lanes || !points.length) return;
  const size = meta.size, inner = height - margin.t - margin.b;
  const px = (value) => `${Math.round(value)}px`;
  const dated = dayText(points[0].x, meta.step_days);
  write(chart, dated, { left: "0px", top: "0px", fontSize: px(size), fontWeight: "700", padding: "0 .4em" });
  for (const lane of meta.lanes) {
    const texts = points.filter((one) => one.data.yaxis === lane.axis && one.data.meta)
      .map((one) => [one.data.meta.name, fill(one.data.meta.template, one)]).filter(([, text]) => text.trim());
    const some = texts.filter(([, text]) => !isNothing(text));
    const kept = (some.length ? some : texts.slice(0, 1));
    if (!kept.length) continue;
    const text = kept.map(([name, one]) => kept.length > 1 ? `${name} ${one}` : one).join(" · ");
    const domain = chart.layout[lane.axis === "y" ? "yaxis" : `yaxis${lane.axis.slice(1)}`].domain;
    const top = margin.t + (1 - domain[1]) * inner, high = (domain[1] - domain[0]) * inner;
    const beside = { right: px(margin.r), top: px(top - 1.7 * size), fontSize: px(size), maxWidth: "60%",
      maxHeight: px(1.4 * size), paddingLeft: ".4em" };
    const below = { left: "0px", width: px(margin.l - 3.7 * size), top: px(top + 1.25 * size), fontSize: px(size),
      textAlign: "right", minHeight: px(Math.max(0, Math.min(high - 1.2 * size, 3.6 * size))) };
    write(chart, text, meta.is_narrow ? beside : below);
  }
};
export default function({ data, setTriggerValue }) {
  const listen = () => {
    const chart = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
    if (!chart || !chart.on || chart.hasHoverStrip) return;
    chart.hasHoverStrip = true;
    chart.on("plotly_hover", (event) => show(chart, event.points));
    chart.on("plotly_unhover", () => clear(chart));
    // Where a drag chooses dates, a click on a day never reaches Streamlit's own selection.
    if (data.taps) chart.on("plotly_click", (event) => {
      const at = event.points.length ? event.points[0].x : null;
      if (at !== null) setTriggerValue("tapped", typeof at === "number" ? new Date(at).toISOString() : String(at));
    });
  };
  listen();
  const waiting = setInterval(listen, 500);  // a figure that is drawn anew may be another element
  return () => clearInterval(waiting);
}
""".replace("STRIP", STRIP)
_listen = component("heelwise_hover_strip", js=SCRIPT)


def hover_strip(chart_key: str, takes_clicks: bool = False) -> str | None:
    """Write values beside the names of the lanes of the chart with this key; drawn before the chart.

    With `takes_clicks` the date that was clicked is returned, once.
    """
    data = {"chart": chart_key, "taps": takes_clicks}
    answer = _listen(key=f"hover_strip_{chart_key}", data=data, on_tapped_change=lambda: None)
    tapped = answer.get("tapped")
    return str(tapped)[:10] if tapped else None


def without_box(plain: PlotlyDict, is_narrow: bool, step_days: int) -> PageFigure:
    """Return a picture as a figure without Plotly's box: each trace carries what it answers for the strip."""
    layout = plain["layout"]
    axes = dict.fromkeys(trace["yaxis"] for trace in plain["data"])
    data = [
        trace if trace.get("hoverinfo") in ("skip", "none") else _silent(trace) for trace in plain["data"]
    ]
    lanes = [{"axis": axis} for axis in axes]
    meta = {"size": SMALL_PX, "is_narrow": is_narrow, "step_days": step_days, "lanes": lanes}
    return PageFigure({"data": data, "layout": {**layout, "hovermode": "x", "meta": meta}})


def _silent(trace: dict[str, Any]) -> dict[str, Any]:
    answer = {"name": trace.get("name", ""), "template": trace.get("hovertemplate", "")}
    others = {key: value for key, value in trace.items() if key != "hovertemplate"}
    return {**others, "hoverinfo": "none", "meta": answer}
