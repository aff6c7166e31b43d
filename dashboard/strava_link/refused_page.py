"""The page that says why a sign-in at Strava came to nothing."""

from __future__ import annotations

import html

from starlette.responses import HTMLResponse, Response

NO_STORE = {"Cache-Control": "no-store"}
PAGE = "/data"
# The script takes code and state out of the address bar, and so out of the browser's history; the page's policy has
# to name it.
TEMPLATE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Heelwise</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body{{font-family:system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;line-height:1.5}}
a{{color:inherit}}</style><script>history.replaceState(null, "", location.pathname)</script></head>
<body><h1>Strava was not linked</h1><p>{what}</p><p>{then}</p><p><a href="{page}">Back to Heelwise</a></p></body>
</html>"""


def refuse(words: tuple[str, str]) -> Response:
    """Answer with what went wrong and what to do."""
    what, then = (html.escape(part) for part in words)
    return HTMLResponse(TEMPLATE.format(what=what, then=then, page=PAGE), 400, NO_STORE)
