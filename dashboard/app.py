"""The server: `streamlit run dashboard/app.py`. The door, the listeners, headers, what to do when a page fails."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

# `streamlit run` puts dashboard/ on the path, not the folder above it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from connectors import collector

collector.search_seldom()

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.middleware import Middleware
from streamlit import config, delta_generator, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from connectors import log_redaction
from dashboard.access import (
    blank_page,
    devices,
    listeners,
    own_store,
    pair_page,
    pair_routes,
    proxy,
    route_table,
    sign_in_settings,
    web_security,
)
from dashboard.access.door import FrontDoor
from dashboard.access.person_sessions import PersonSessions
from dashboard.access.web_security import SafeHeaders
from dashboard.charts.early_imports import import_early
from dashboard.phone import calendar_routes, log_routes
from dashboard.shared import crash_log, curtain, page_presses, session
from dashboard.shared.left_tabs import LeftTabs
from dashboard.strava_link import background_sync, refused_page
from dashboard.strava_link import routes as strava_routes

log_redaction.install()
import_early()
web_security.hold_to_loopback(config)
PROXY = web_security.or_stop(lambda: proxy.proxy_from(os.environ))
SIGN_IN = web_security.or_stop(lambda: sign_in_settings.sign_in_from(os.environ, PROXY))
PHONE = web_security.or_stop(lambda: listeners.choice_from(os.environ))
crash_log.keep_tracebacks_off("streamlit.error_util")
# With its first element Streamlit looks up the file of every module there is, only to warn those who did not start it
# with `streamlit run`: a sixth of a second of the first page.
delta_generator._use_warning_has_been_displayed = True
# Where the package rich is installed, Streamlit prints a failure with it past every logger, quoted values and all.
config.set_option("logger.enableRich", False)
config.set_option("runner.postScriptGC", False)  # see connectors/collector.py
page_presses.install()


def _session_of(message: bytes) -> str | None:
    return ForwardMsg.FromString(message).new_session.initialize.session_id or None


def _is_act(message: bytes) -> bool:
    """Return whether a person did something: what a page asks by the clock is marked, and a heartbeat is none."""
    try:
        asked = BackMsg.FromString(message)
    except DecodeError:
        return False
    if asked.WhichOneof("type") == "rerun_script":
        return not asked.rerun_script.is_auto_rerun
    return asked.WhichOneof("type") != "app_heartbeat"


def _end_session(session_id: str) -> None:
    if runtime.exists() and not runtime.get_instance().is_active_session(session_id):
        runtime.get_instance().close_session(session_id)


# Streamlit forgets a lost session by itself at the end of its time, but then it ends none.
COMES_BACK_S = max(0.0, config.get_option("server.disconnectedSessionTTL") - 5.0)
PAGE = Path(st.__file__).parent / "static" / "index.html"
OWN_ROUTES = [
    *route_table.routes(),
    *pair_routes.routes(),
    *log_routes.routes(),
    *calendar_routes.routes(),
    *strava_routes.routes(),
]
BLANK = blank_page.TAG
SIGN_IN_DOOR: dict[str, Any] = {}
if SIGN_IN is not None:
    # What speaks with a provider is imported where persons sign in, and nowhere else.
    sign_in_routes = import_module("dashboard.access.sign_in_routes")
    OWN_ROUTES += sign_in_routes.routes(SIGN_IN)
    BLANK = blank_page.SIGN_IN_TAG
    SIGN_IN_DOOR = {
        "persons": PersonSessions(own_store.own_store, _is_act),
        "sign_in_page": sign_in_routes.page_for(SIGN_IN),
    }


@asynccontextmanager
async def lifespan(served: Any) -> AsyncGenerator[None, None]:
    """Keep the background work and the further listeners going while the app runs."""
    collector.keep_for_good()
    threading.Thread(target=collector.search_by_the_clock, name="heelwise-collector", daemon=True).start()
    chosen = PHONE or listeners.chosen_before(own_store.own_store)
    async with background_sync.lifespan(served), listeners.LISTENERS.serving(served, chosen, PROXY):
        yield


app = st.App(
    Path(__file__).with_name("main.py"),
    lifespan=lifespan,
    routes=OWN_ROUTES,
    middleware=[
        Middleware(
            SafeHeaders,
            page=PAGE.read_text("utf-8") + refused_page.TEMPLATE + curtain.TAG + BLANK,
        ),
        Middleware(
            FrontDoor,
            devices=devices,
            open_store=own_store.own_store,
            routes=OWN_ROUTES,
            proxied=PROXY,
            hosts=web_security.other_hosts(config),
            code_page=pair_page.NOT_PAIRED,
            **SIGN_IN_DOOR,
        ),
        Middleware(curtain.Curtain, more=BLANK),
        Middleware(LeftTabs, session_of=_session_of, end=_end_session, comes_back_s=COMES_BACK_S),
    ],
    on_script_error=session.page_failed,
)
