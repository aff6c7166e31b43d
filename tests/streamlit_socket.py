"""A page without a browser: speaks Streamlit's socket and returns what a run of a page sends."""

from __future__ import annotations

import socket
import ssl
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect


def connected(
    address: str, cookie: str | None = None, session: str | None = None, **headers: str
) -> ClientConnection:
    """Open the socket of a page as a browser does; `session` asks to go on with an earlier one."""
    scheme, _, place = address.partition("://")
    context = None
    if scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return connect(
        f"{'wss' if context else 'ws'}://{place}/_stcore/stream",
        ssl=context,
        origin=address,  # type: ignore[arg-type]
        subprotocols=["streamlit", "-", *([session] if session else [])],  # type: ignore[list-item]
        additional_headers={**({"Cookie": cookie} if cookie else {}), **headers},
        max_size=None,
        open_timeout=30,
    )


def lose(connection: ClientConnection) -> None:
    """Lose the network under a socket: unlike a tab that is closed, it may come back."""
    connection.socket.shutdown(socket.SHUT_RDWR)


def rerun(query: str = "", page_hash: str = "", page_name: str = "", widgets: Any = None) -> BackMsg:
    """Build the message with which a page asks to be drawn, or says that a widget was pressed."""
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_script_hash = page_hash
    message.rerun_script.page_name = page_name
    if widgets is not None:
        message.rerun_script.widget_states.CopyFrom(widgets)
    return message


def run(socket: ClientConnection, message: BackMsg, timeout: float = 60) -> list[ForwardMsg]:
    """Send one message and collect what comes until the page is drawn, also where it begins itself anew meanwhile."""
    socket.send(message.SerializeToString())
    messages: list[ForwardMsg] = []
    while True:
        payload = socket.recv(timeout=timeout)
        assert isinstance(payload, bytes)
        messages.append(ForwardMsg.FromString(payload))
        if _is_drawn(messages[-1]):
            return messages


def _is_drawn(message: ForwardMsg) -> bool:
    return (
        message.WhichOneof("type") == "script_finished"
        and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
    )


def session_of(messages: list[ForwardMsg]) -> str:
    """Return the number of the session that answers."""
    return next(one.new_session.initialize.session_id for one in messages if one.HasField("new_session"))


def text_of(messages: list[ForwardMsg]) -> str:
    """Return all that a run sent, to look for words in."""
    return b"\n".join(one.SerializeToString() for one in messages).decode("utf-8", "replace")


def buttons_of(messages: list[ForwardMsg]) -> dict[str, str]:
    """Return the id of every button of a run by its label."""
    elements = [one.delta.new_element for one in messages if one.HasField("delta")]
    return {one.button.label: one.button.id for one in elements if one.HasField("button")}


def hash_of(messages: list[ForwardMsg], address: str) -> str:
    """Return the hash under which a run knows one of its pages."""
    pages = [page for one in messages if one.HasField("navigation") for page in one.navigation.app_pages]
    return next(page.page_script_hash for page in pages if page.url_pathname == address)
