"""The server: `streamlit run dashboard/app.py`. Headers, loopback guard, what to do when a page fails."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config, runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from connectors import log_redaction
from dashboard.charts.early_imports import import_early
from dashboard.shared import crash_log, curtain, session, web_security
from dashboard.shared.left_tabs import LeftTabs
from dashboard.shared.own_requests import OwnRequests
from dashboard.shared.web_security import SafeHeaders
from dashboard.strava_link import background_sync, routes

# `streamlit run` puts dashboard/ on the path, not the folder above it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


log_redaction.install()
import_early()
web_security.hold_to_loopback(config)
crash_log.keep_tracebacks_off("streamlit.error_util")
# Where the package rich is installed, Streamlit prints a failure with it past every logger, quoted values and all.
config.set_option("logger.enableRich", False)


def _session_of(message: bytes) -> str | None:
    return ForwardMsg.FromString(message).new_session.initialize.session_id or None


def _end_session(session_id: str) -> None:
    if runtime.exists() and not runtime.get_instance().is_active_session(session_id):
        runtime.get_instance().close_session(session_id)


# Streamlit forgets a lost session by itself at the end of its time, but then it ends none.
COMES_BACK_S = max(0.0, config.get_option("server.disconnectedSessionTTL") - 5.0)
PAGE = Path(st.__file__).parent / "static" / "index.html"
app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=background_sync.lifespan,
    routes=routes.routes(),
    middleware=[
        Middleware(
            OwnRequests, hosts=web_security.other_hosts(config), behind_proxy=web_security.is_opened()
        ),
        Middleware(SafeHeaders, page=PAGE.read_text("utf-8") + routes.SIGN_IN_STYLE + curtain.TAG),
        Middleware(curtain.Curtain),
        Middleware(LeftTabs, session_of=_session_of, end=_end_session, comes_back_s=COMES_BACK_S),
    ],
    on_script_error=session.page_failed,
)
