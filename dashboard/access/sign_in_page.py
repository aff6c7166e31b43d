"""The small pages around a sign-in: they say nothing of this server, its runners, or who has signed in before."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

BEGIN = "/sign-in/begin"
OUT = "/sign-in/out"
ENDED = "/sign-in/ended"
NEXT = "next"
PROBLEM = "problem"
HOME = "/"
LONGEST_NEXT = 500
NO_NEXT = ("/sign-in", "/pair", "/_stcore", "/media", "/static", "/component", "/auth", "/oauth2callback")
"""Addresses that are no page to come back to."""
PROBLEMS = {
    "unreachable": "The sign-in at $provider does not answer just now. Nothing was changed. Try again in a minute; if "
    "it stays so, the person who runs this server can see the reason in its log.",
    "refused": "The answer of $provider could not be verified, so nobody was signed in. Try again; if it stays so, "
    "the person who runs this server can see the reason in its log.",
    "denied": "$provider ended the sign-in without naming anybody. Nothing was changed.",
    "stale": "This sign-in was not begun in this browser, was used before, or is older than ten minutes. Nobody was "
    "signed in. Begin again.",
    "removed": "An administrator of this server has removed this account, so nobody was signed in.",
    "busy": "Very many sign-ins are being begun just now. Nothing was changed. Try again in a minute.",
    "store": "The database of this server does not answer just now. Nobody was signed in. Try again in a minute.",
}
_PAGE = Template(Path(__file__).with_name("sign_in.html").read_text("utf-8"))


def path_of_ours(given: str | None) -> str:
    """Return where a browser goes after the sign-in: a path of this server and nothing else, else its first page."""
    if not given or len(given) > LONGEST_NEXT or not given.isascii() or not given.isprintable():
        return HOME
    try:
        parts = urlsplit(given)
    except ValueError:
        return HOME
    is_path = given.startswith("/") and not given.startswith("//") and "\\" not in given
    if not is_path or parts.scheme or parts.netloc or any(mark in given for mark in ' "<>'):
        return HOME
    if any(parts.path == one or parts.path.startswith(f"{one}/") for one in NO_NEXT):
        return HOME
    return parts._replace(fragment="").geturl()


def sign_in_page(provider: str, wanted: str, problem: str | None = None) -> bytes:
    """Return the page with the one button that leads to the provider."""
    begin = f"{BEGIN}?{urlencode({NEXT: path_of_ours(wanted)})}"
    sentence = PROBLEMS.get(problem or "")
    note = ""
    if sentence:
        note = (
            f'<p class="problem" role="alert">{escape(Template(sentence).substitute(provider=provider))}</p>'
        )
    return _page(
        "Sign in",
        f"{note}<p>This server holds health records. Sign in to open those that you may see.</p>"
        f'<a class="press" href="{escape(begin)}">Sign in at {escape(provider)}</a>'
        '<p class="soft">You are signed out after 15 minutes without use, and after 12 hours at the latest. '
        'To use a phone for the log alone, <a href="/pair">pair it</a>.</p>',
    )


def out_page(name: str | None) -> bytes:
    """Return the page on which a person signs out, here or everywhere."""
    who = f"You are signed in as <strong>{escape(name)}</strong>." if name else "You are signed in."
    return _page(
        "Sign out",
        f'<p>{who}</p><form method="post" action="{OUT}">'
        '<button class="press" type="submit">Sign out</button>'
        '<button class="press second" type="submit" name="everywhere" value="1">Sign out in all browsers</button>'
        f'</form><p><a href="{HOME}">Back to Heelwise</a></p>',
    )


def ended_page(provider: str, elsewhere: str | None) -> bytes:
    """Return the page after a session has ended: by the person, by time, or by somebody who may end it."""
    more = ""
    if elsewhere is not None:
        more = (
            f'<p class="soft">This browser may still be signed in at {escape(provider)}. On a shared computer, '
            f'<a href="{escape(elsewhere)}">sign out there too</a>.</p>'
        )
    begin = f"{BEGIN}?{urlencode({NEXT: HOME})}"
    return _page(
        "You are signed out",
        "<p>Nothing of what was open stays in this tab. What was saved is saved.</p>"
        f'<a class="press" href="{escape(begin)}">Sign in again</a>{more}'
        '<p class="soft">A paired phone opens <a href="/log">its log</a>.</p>',
    )


def _page(title: str, body: str) -> bytes:
    return _PAGE.substitute(title=escape(title), body=body).encode()
