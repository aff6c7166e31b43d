"""The picture as a file: SVG as it is drawn for paper, and PNG made of it by the browser."""

from __future__ import annotations

import streamlit as st
from streamlit.components.v2 import component

from dashboard.shared import session, ui
from dashboard.timeline import print_figure
from dashboard.timeline.data import TimelineData

SAVED_HEIGHT = 900.0
WIDTH_PX = 2400
# Nothing but the browser can draw an SVG as pixels here; the file never leaves it.
SCRIPT = """
export default function({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.onclick = () => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = data.width;
      canvas.height = Math.round(data.width * image.height / image.width);
      const brush = canvas.getContext("2d");
      brush.fillStyle = "#ffffff";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.download = data.name;
      link.href = canvas.toDataURL("image/png");
      link.click();
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(data.svg);
  };
}
"""
_png = component(
    "heelwise_save_png",
    js=SCRIPT,
    html="<button type='button'>PNG</button>",
    css="button { font: inherit; min-height: 40px; padding: .25rem .75rem; border-radius: .5rem; cursor: pointer; "
    "border: 1px solid rgba(128,140,152,.5); background: none; color: inherit; width: 100%; }",
)


def save_picture(drawn: TimelineData) -> None:
    """Offer the picture shown as PNG and as SVG, light, in the layout of paper."""
    below = st.popover("Save picture", icon=":material/download:", on_change="rerun", key="save_picture")
    if not below.open:
        return
    svg = print_figure.draw_svg(drawn, "sans-serif", SAVED_HEIGHT)
    name = session.labelled(f"heelwise_{drawn.start}_{drawn.end}")
    with below:
        _png(key="save_png", data={"svg": svg, "name": f"{name}.png", "width": WIDTH_PX})
        ui.download_button("SVG", svg, file_name=f"{name}.svg", mime="image/svg+xml", key="save_svg")
