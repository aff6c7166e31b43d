"""Work the server does while the browser is still opening."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from connectors.errors import HeelwiseError
from connectors.store import home_folder, open_store
from dashboard import first_start, incident, syncing

SHARED_IMPORTS = ("numpy", "polars", "pandas", "plotly.graph_objects")
"""What two pages may ask for at once. Plotly takes pandas out of `sys.modules` as soon as its name stands there, so a
page that draws while another thread imports pandas would meet half of it."""


def prepare() -> None:
    """Add the made-up runner to an empty store.

    Source
    ------
    ours: the page waits for the same lock, so that nothing is done twice; what fails here fails again there.
    """
    home = home_folder()
    try:
        first_start.show_demo(open_store(home), home)
    except HeelwiseError:
        return  # the page opens the same store and says what is wrong with it
    except Exception as error:  # a thread that dies must leave a trace
        incident.record(home, error)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[None, None]:
    """Import SHARED_IMPORTS before the first page is asked for, then start `prepare` and `syncing.keep_going`.

    Parameters
    ----------
    _app : App
        The server; not used.

    Yields
    ------
    None
        Once; nothing is handed on.

    Source
    ------
    ours: the port answers at once, the data is ready when the page asks.
    """
    for name in SHARED_IMPORTS:
        import_module(name)
    threading.Thread(target=prepare, name="heelwise-warm", daemon=True).start()
    threading.Thread(target=syncing.keep_going, name="heelwise-sync", daemon=True).start()
    yield
