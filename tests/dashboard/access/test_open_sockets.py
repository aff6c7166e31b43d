"""Open sockets: every message is checked anew, and a right that ends closes the page within a second."""

from __future__ import annotations

import asyncio
import time

from door_rig import PHONE_HOST, MemoryDevices, identity

from connectors.errors import StoreError
from dashboard.access.door import FrontDoor, identity_of_key
from dashboard.access.identity import LISTENER

ALL = identity(2, "everything")


class Page:
    """A socket that stays open: what the page sends and gets, and an app that answers each message."""

    def __init__(self, devices: MemoryDevices, open_store=lambda: None, cookie="all", listener="phone"):
        self.coming: asyncio.Queue[dict] = asyncio.Queue()
        self.sent: list[dict] = []
        self.heard: list[bytes] = []
        self.door = FrontDoor(self.app, devices=devices, open_store=open_store)
        self.headers = [
            (b"host", PHONE_HOST[1].encode()),
            (b"cookie", f"__Host-heelwise_device={cookie}".encode()),
        ]
        if listener == "machine":
            self.headers = [(b"host", b"127.0.0.1:8501")]
        self.scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "scheme": "wss",
            "headers": self.headers,
        }
        if listener != "machine":
            self.scope[LISTENER] = listener

    async def app(self, scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message["bytes"])
            await send({"type": "websocket.send", "bytes": b"health data"})

    async def send(self, message):
        self.sent.append(message)

    async def open(self):
        self.coming.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(self.door(self.scope, self.coming.get, self.send))
        await self.say(b"hello")

    async def say(self, payload: bytes):
        self.coming.put_nowait({"type": "websocket.receive", "bytes": payload})
        await asyncio.sleep(0.1)

    def types(self):
        return [one["type"].removeprefix("websocket.") for one in self.sent]


def paired() -> MemoryDevices:
    devices = MemoryDevices()
    devices.pair("all", ALL)
    return devices


def test_a_removed_device_is_cut_off_within_a_second_and_hears_nothing_more():
    async def walk():
        devices = paired()
        page = Page(devices)
        await page.open()
        assert page.types() == ["accept", "send"]
        assert identity_of_key(ALL.key) == ALL
        began = time.monotonic()
        devices.remove(ALL)
        await asyncio.wait_for(page.task, 5)
        assert time.monotonic() - began < 1
        assert page.types() == ["accept", "send", "close"]
        assert page.sent[-1]["code"] == 1008
        assert identity_of_key(ALL.key) is None

    asyncio.run(walk())


def test_the_first_message_after_the_removal_is_not_heard():
    async def walk():
        devices = paired()
        page = Page(devices)
        await page.open()
        devices.remove(ALL)
        await page.say(b"delete everything")
        await asyncio.wait_for(page.task, 5)
        assert page.heard == [b"hello"]
        assert page.types()[-1] == "close"

    asyncio.run(walk())


def test_another_scope_ends_the_page_that_was_drawn_with_the_old_one():
    async def walk():
        devices = paired()
        page = Page(devices)
        await page.open()
        devices.versions[2] += 1
        await asyncio.wait_for(page.task, 5)
        assert page.types()[-1] == "close"

    asyncio.run(walk())


def test_a_store_that_fails_closes_devices_and_leaves_the_owner():
    async def walk():
        devices = paired()
        is_broken = False

        def open_store():
            if is_broken:
                raise StoreError("The disk is gone.")

        phone, owner = Page(devices, open_store), Page(devices, open_store, listener="machine")
        await phone.open()
        await owner.open()
        is_broken = True
        await asyncio.wait_for(phone.task, 5)
        await owner.say(b"still here")
        assert owner.heard == [b"hello", b"still here"]
        owner.task.cancel()

    asyncio.run(walk())


def test_a_page_that_leaves_by_itself_is_forgotten():
    async def walk():
        page = Page(paired())
        await page.open()
        page.coming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(page.task, 5)
        assert page.types() == ["accept", "send"]
        assert identity_of_key(ALL.key) is None

    asyncio.run(walk())
