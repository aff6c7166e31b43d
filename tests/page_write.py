"""One write of a page, as a process of its own: the Log page saves this morning on its second tap."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from page_runner import opened_for
from streamlit.testing.v1 import AppTest

from connectors.store import open_store


def main(home: str, name: str, when_ready: str) -> None:
    """Open the page, print the word, then answer the two questions of the morning."""
    os.environ["HEELWISE_HOME"] = home
    with open_store(Path(home)) as store:
        athlete_id = store.runner(name).athlete_id
    app = opened_for(athlete_id, "log")
    print(when_ready, flush=True)
    _tap(app, "stiffness_", 3)
    _tap(app, "minutes_", "5-15")


def _tap(app: AppTest, start: str, value: object) -> None:
    next(one for one in app.button_group if one.key and one.key.startswith(start)).set_value(value).run()
    assert not app.exception


if __name__ == "__main__":
    main(*sys.argv[1:])
