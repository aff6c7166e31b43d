"""Blanks an open page whose right has ended: nothing that was drawn stays on a removed phone."""

# A socket that the server closes for want of a right carries the code 1008; one that never opened carries none, so the
# page then asks whether it may still ask. Streamlit itself would leave the last picture there.
SCRIPT = """(() => {
  const Plain = window.WebSocket;
  const leave = () => location.replace("/log");
  const blank = () => {
    document.documentElement.replaceChildren();
    leave();
  };
  const ask = () => fetch("/_stcore/health", { cache: "no-store" })
    .then((answer) => { if (answer.status === 403) blank(); }, () => {});
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", (event) => { if (event.code === 1008) blank(); else ask(); });
    }
  };
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
})();"""
TAG = f"<script>{SCRIPT}</script>"
_ENDED = """const leave = () => fetch("/sign-in/ended", { cache: "no-store", redirect: "manual" })
    .then((answer) => location.replace(answer.status === 403 ? "/log" : "/sign-in/ended"),
      () => location.replace("/sign-in/ended"));"""
# On the phone's own listener there is no sign-in, so a phone goes to its log as ever.
SIGN_IN_TAG = TAG.replace('const leave = () => location.replace("/log");', _ENDED)
"""The same where persons sign in."""
