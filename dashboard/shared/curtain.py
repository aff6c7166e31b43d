"""The curtain over a shared screen: drawn by the browser alone, before a page is, and while the server is away."""

# It is a curtain and not a lock. Hidden is a mark in the tab's own storage: it outlives a reload, Back and Forward and
# a restarted server, and only "Show the screen" takes it off. Nothing of the page is touched, so nothing half typed is
# lost under it.

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NEUTRAL = "closed"
"""Address of the page that a consult ends on; it names nobody, and is never covered."""
USUAL_MINUTES = 5
SHORTEST_MINUTES, LONGEST_MINUTES = 2, 30

SCRIPT = """(() => {
  const HIDDEN = "heelwise_hidden", LEFT = "heelwise_left", NEUTRAL = "/closed", ANNOUNCED = 20;
  const kept = window.sessionStorage, root = document.documentElement;
  let touched = Date.now();
  const isNeutral = () => location.pathname.endsWith(NEUTRAL);
  const consultOf = (search) => {
    const asked = new URLSearchParams(search);
    return asked.get("embed") === "true" ? asked.get("runner") || "?" : null;
  };
  const left = () => JSON.parse(kept.getItem(LEFT) || "[]");
  const keepLeft = (runners) => kept.setItem(LEFT, JSON.stringify(runners));
  const reopen = (runner) => keepLeft(left().filter((one) => one !== runner));
  const add = (parent, tag, text, id) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (id) made.id = id;
    parent.append(made);
    return made;
  };
  const remove = (id) => document.getElementById(id)?.remove();
  const show = () => {
    kept.removeItem(HIDDEN);
    if (!isNeutral()) reopen(consultOf(location.search));
    touched = Date.now();
    remove("hw-curtain");
    remove("hw-curtain-style");
  };
  const cover = () => {
    remove("hw-stay");
    if (isNeutral()) return;
    kept.setItem(HIDDEN, "1");
    if (document.getElementById("hw-curtain")) return;
    add(root, "style", "body, body * { visibility: hidden !important; } #hw-curtain { position: fixed; inset: 0; "
      + "z-index: 2147483647; display: flex; align-items: center; justify-content: center; background: Canvas; "
      + "color: CanvasText; font-family: sans-serif; } #hw-curtain button { font: inherit; font-size: 1.25rem; "
      + "min-height: 56px; padding: .6rem 1.4rem; }", "hw-curtain-style");
    const curtain = add(root, "div", "", "hw-curtain");
    curtain.setAttribute("role", "dialog");
    curtain.setAttribute("aria-label", "The screen is hidden");
    const button = add(curtain, "button", "Show the screen");
    button.onclick = show;
    button.focus();
  };
  const announce = (seconds) => {
    const text = `The screen covers itself in ${seconds} s. `;
    const there = document.getElementById("hw-stay");
    if (there) { there.firstChild.textContent = text; return; }
    const bar = add(root, "div", "", "hw-stay");
    bar.setAttribute("role", "status");
    bar.style.cssText = "position: fixed; left: 1rem; bottom: 1rem; z-index: 2147483646; background: Canvas; "
      + "color: CanvasText; border: 2px solid currentColor; border-radius: .5rem; padding: .8rem 1rem; "
      + "font: 1.1rem sans-serif;";
    add(bar, "span", text);
    const stay = add(bar, "button", "Stay");
    stay.style.cssText = "font: inherit; min-height: 44px; padding: .2rem 1rem; margin-left: .8rem;";
    stay.onclick = () => { touch(); remove("hw-stay"); };
  };
  const touch = () => { touched = Date.now(); };
  const look = () => {
    const mark = document.querySelector("[data-hw-cover]");
    if (!mark || document.getElementById("hw-curtain")) return;
    const rest = Number(mark.getAttribute("data-hw-cover")) * 60 - (Date.now() - touched) / 1000;
    if (rest <= 0) cover();
    else if (rest <= ANNOUNCED) announce(Math.ceil(rest));
    else remove("hw-stay");
  };
  const arrive = () => {
    if (kept.getItem(HIDDEN) || left().includes(consultOf(location.search))) cover();
  };
  const leave = (href) => {
    cover();
    keepLeft([...left(), consultOf(location.search)]);
    window.location.replace(href);
  };
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.(".st-key-hide_screen button, a");
    if (!pressed) return;
    if (!pressed.matches("a, .hw-leave")) { cover(); stop(event); }
    else if (pressed.matches(".hw-leave")) { leave(pressed.href); stop(event); }
    else if (pressed.matches(".hw-back")) show();
    else if (consultOf(pressed.search) && !consultOf(location.search)) reopen(consultOf(pressed.search));
  }, true);
  const stop = (event) => { event.preventDefault(); event.stopPropagation(); };
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
    document.addEventListener(kind, touch, { capture: true, passive: true });
  for (const kind of ["visibilitychange", "focus"]) window.addEventListener(kind, look, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted) arrive(); look(); });
  window.addEventListener("popstate", arrive);
  window.setInterval(look, 1000);
  arrive();
})();"""
TAG = f"<script>{SCRIPT}</script>"


def cover_mark(minutes: int | None) -> str:
    """Return what tells the browser after how many minutes without a touch it covers this page; empty for never."""
    return f"<div data-hw-cover='{minutes}'></div>" if minutes else ""


OWN_PAGES = ("/phone/", "/pair/")


class Curtain:
    """Put the script into the head of each page, in front of everything the page loads."""

    def __init__(self, app: ASGIApp, more: str = "") -> None:
        """Take what else stands in front of everything that a page loads."""
        self.app = app
        self.tags = (TAG + more).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only a whole page is changed."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks_for_page(scope) or _is_own(scope):
            await self.app(scope, receive, send)
            return
        # Neither a packed answer nor "as you had it" could be given the script.
        dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
        await self.app({**scope, "headers": headers}, receive, _Page(send, self.tags))


def _is_own(scope: Scope) -> bool:
    """Return whether a page is none of Streamlit's: those of a phone know by themselves when to show nothing."""
    return scope["path"] == "/pair" or scope["path"].startswith(OWN_PAGES)


def _asks_for_page(scope: Scope) -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accepted


class _Page:
    """Hold back an answer until it is whole, and put the script into it where it is a page."""

    def __init__(self, send: Send, tags: bytes) -> None:
        self.send = send
        self.tags = tags
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            is_page = b"text/html" in MutableHeaders(scope=message).get("content-type", "").encode()
            if is_page:
                self.start = message
                return
        if self.start is None or message["type"] != "http.response.body":
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self.body.replace(b"<head>", b"<head>" + self.tags, 1)
        MutableHeaders(scope=self.start)["content-length"] = str(len(body))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": body})
