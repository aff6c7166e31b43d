"""The socket of an open log: it tells of a change, and is refused to whoever may not ask."""

from __future__ import annotations

from datetime import datetime

import pytest
from phone_app import COOKIE, app
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard.diary import entries


def test_a_change_of_the_record_is_told(home, store, athlete_id):
    with (
        TestClient(app(), cookies={COOKIE: f"7.{athlete_id}"}) as phone,
        phone.websocket_connect("/phone/watch") as socket,
    ):
        entries.save_entry(store, athlete_id, entries.nothing_felt_on(datetime.now().date()))
        assert socket.receive_text() == "changed"


@pytest.mark.parametrize("cookie", ["", "7.99", "owner"])
def test_nobody_else_gets_a_socket(home, store, cookie):
    with (
        TestClient(app(), cookies={COOKIE: cookie}) as stranger,
        pytest.raises(WebSocketDisconnect) as refused,
        stranger.websocket_connect("/phone/watch"),
    ):
        pytest.fail("the socket was opened")
    assert refused.value.code == 1008
