"""The server: `streamlit run dashboard/app.py`. Headers, loopback guard, what to do when a page fails."""

from __future__ import annotations

import sys
from pathlib import Path

# `streamlit run` puts dashboard/ on the path, not the folder above it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from connectors import redaction
from dashboard import connect, guard, incident, state, warm
from dashboard.headers import SafeHeaders

redaction.install()
guard.hold(config)
incident.keep_tracebacks_off("streamlit.error_util")
PAGE = Path(st.__file__).parent / "static" / "index.html"
app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=warm.lifespan,
    routes=connect.routes(),
    middleware=[Middleware(SafeHeaders, page=PAGE.read_text("utf-8") + connect.SHEET)],
    on_script_error=state.page_failed,
)
