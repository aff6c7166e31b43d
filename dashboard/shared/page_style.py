"""How every page of Streamlit's looks beyond its theme: one sheet."""

from __future__ import annotations

# Buttons of the log and of events are wide enough for a thumb; the page starts below the menu, not a hand further down;
# a picture never scrolls inside its own frame, where a finger would be caught while it is drawn. What waits for a
# rerun keeps its ink: the line at the upper edge shows that the page works. Captions are drawn at
# 60 % by themselves, which is too faint to read; so is white on the light blue of the dark theme. Both follow the theme
# by themselves: a page that nobody touches is not run again when the system turns dark in the evening.
STYLE = """<style>
.stMainBlockContainer { padding-top: .5rem; }
.stMainBlockContainer h1 { padding: .25rem 0 .4rem; }
:is(.st-key-width, .st-key-tab, [class*="st-key-hover_strip_"]) { position: absolute; left: 0; height: 0; }
[data-testid="stHeader"], [data-testid="stHeader"] * { pointer-events: none; }
[data-testid="stHeader"] { background: none; }
[data-testid="stHeader"] :is(button, button *, [data-testid="stStatusWidget"], [data-testid="stStatusWidget"] *)
  { pointer-events: auto; }
.st-key-signs button { height: auto; }
.st-key-signs button * { white-space: normal; overflow: visible; text-overflow: clip; text-align: left; }
.stMain a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; border-radius: .25rem; }
.stApp [data-stale="true"] { opacity: 1; transition: none; }
[class*="st-key-large_taps"] button { min-height: 44px; min-width: 44px; justify-content: center; }
.stElementContainer:has(.stPlotlyChart) { overflow: visible; }
[data-testid="stCaptionContainer"] { color: light-dark(#566372, #a3afbc); opacity: 1; }
[data-testid="stExpander"] summary { opacity: 1; }
[class*="st-key-forget_runner"] button { border-color: light-dark(#a4262c, #ff9a9a); }
.st-key-demo_notice { flex-wrap: nowrap; padding: .15rem .6rem; border-radius: .5rem;
  background: rgba(128,140,152,.14); }
.st-key-demo_notice p { font-size: .875rem; }
.st-key-demo_notice > :first-child { flex: 1 1 auto; min-width: 0; }
.st-key-demo_notice button { white-space: nowrap; text-decoration: underline; }
button[data-testid^="stBaseButton-primary"]:not([disabled]) p { color: light-dark(#fff, #11161c); }
@media (max-width: 640px), (pointer: coarse) {
  .stMain :where(button, :not(.hw-words) > summary, label:has(> span > input), a[data-testid="stPageLink-NavLink"],
    [data-testid="stNumberInputContainer"], [data-testid="stTextInputRootElement"], .react-aria-ComboBox > div,
    [data-testid="stDateInputField"], [data-testid="stTimeInputField"]) { min-height: 44px; }
  .stMain :where(button, [data-testid="stNumberInputContainer"] button, .react-aria-ComboBox button)
    { min-width: 44px; }
  .stMain :is([data-testid="stNumberInputContainer"], .react-aria-ComboBox > div) > * { align-self: stretch; }
  .stMain label:has(> span > input) { align-items: center; }
  .stMain details:not(.hw-words, [data-testid="stExpander"] *) > summary { padding-block: .7rem; }
  .stMain :is([data-testid="stTooltipIcon"], [data-testid="stDateInput"], [data-testid="stTextInput"]) button
    { position: relative; min-height: 0; min-width: 0; }
  .stMain :is([data-testid="stTooltipIcon"], [data-testid="stDateInput"], [data-testid="stTextInput"]) button::after
    { content: ""; position: absolute; inset: 50% auto auto 50%; width: 44px; height: 44px;
      transform: translate(-50%, -50%); }
  .hw-runners a { min-height: 44px; min-width: 44px; display: inline-flex !important; align-items: center; }
  .stElementContainer:has(.stDataFrame) { padding-top: 2.9rem; }
  .stMain .stDataFrame [data-testid="stElementToolbar"] { top: -2.9rem; }
}
@media (max-width: 640px) {
  .st-key-window_row [role="radio"] { padding-inline: .4rem; }
  .st-key-timeline_controls { gap: .4rem; }
  .st-key-timeline_controls button { padding-inline: .45rem; }
}
[class*="st-key-act_row_"] { flex-wrap: wrap; border-bottom: 1px solid rgba(128,140,152,.3); padding-bottom: .25rem; }
[class*="st-key-act_row_"] > :first-child { flex: 1 1 13rem; min-width: min(13rem, 100%); }
[data-testid="stFileUploaderDropzoneInstructions"] span { white-space: normal; }
</style>"""
