"""Whatever goes wrong on the way, and however often it is cut off: in the end the store holds the server's truth."""

from __future__ import annotations

import random
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strava_stand_in import FAULTS, PASSING, StandIn, made_run, made_streams
from strava_world import Clock, World, stop_after

from connectors.errors import AppInactive, LinkEnded, StravaError, StravaTroubled, StravaUnreachable
from connectors.strava import retention
from connectors.sync.run import PATIENCE_S, is_waiting
from connectors.sync.status import read_status

# A 404 to a request for streams is the truth ("there are none"), and 401 and 403 end a sync until somebody acts.
SCHEDULED = (*PASSING, "429", "429_text", "404_elsewhere", "401", "403_inactive", "403_athletes", "scope")
EDITS = ("rename", "crop", "reshoe", "resport", "delete", "add", "add_old", "unstream")
STEPS = st.one_of(
    st.tuples(st.just("sync"), st.lists(st.sampled_from((*SCHEDULED, "", "", "", "")), max_size=12)),
    st.tuples(st.just("cut"), st.integers(0, 25)),
    st.tuples(st.just("wait"), st.sampled_from((60, 900, 3_600, 86_400, 6 * 86_400))),
    st.tuples(st.sampled_from(EDITS), st.integers(0, 1_000)),
)


class Story:
    """A runner's life on Strava, and a client that has to keep up."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.strava, self.rng = world, world.strava, random.Random(seed)
        self.strava.fault_for = self._fault
        self.planned: list[str] = []
        self.crops = 0

    def _fault(self, call) -> str:
        if call.path.startswith("/oauth") or not self.planned:
            return ""
        fault = self.planned.pop(0)
        if fault == "404_elsewhere":
            return "404" if call.path in ("/athlete", "/athlete/activities") else ""
        return fault

    def sync(self, faults) -> None:
        self.planned = list(faults)
        try:
            self.world.sync()
        except StravaError:
            self.world.clock.forward(minutes=1)
        self.planned = []

    def cut(self, requests: int) -> None:
        """A process killed between two requests, or asked to stop."""
        if requests % 2:
            try:
                self.world.sync(should_stop=stop_after(requests))
            except StravaError:
                self.world.clock.forward(minutes=1)
            return

        def die() -> bool:
            if limit():
                raise KeyboardInterrupt
            return False

        limit = stop_after(requests)
        try:
            self.world.sync(should_stop=die)
        except (KeyboardInterrupt, StravaError):
            self.world.clock.forward(minutes=1)

    def edit(self, what: str, number: int) -> None:
        strava, ids = self.strava, sorted(self.strava.activities)
        if what == "add":
            self._add(self.world.clock.moment - timedelta(minutes=90))
        elif what == "add_old":
            self._add(self.world.clock.moment - timedelta(days=number % 200 + 1))
        if not ids:
            return
        one = ids[number % len(ids)]
        if what == "rename":
            strava.edit(one, name=f"Named {number}")
        elif what == "reshoe":
            strava.edit(one, gear_id=("g1", "g2", None)[number % 3])
        elif what == "resport":
            strava.edit(one, sport_type=("Run", "Ride", "TrailRun")[number % 3])
        elif what == "crop":
            seconds = 30 + number % 20
            strava.edit(
                one,
                distance=round(seconds * 2.9 + number / 1_000, 3),
                moving_time=seconds,
                elapsed_time=seconds,
            )
            strava.streams[one] = made_streams(seconds, self.rng)
        elif what == "unstream":
            strava.edit(one, elapsed_time=strava.activities[one]["elapsed_time"] + 1)
            strava.streams.pop(one, None)
        elif what == "delete":
            strava.delete(one)

    def _add(self, start) -> None:
        number = max(self.strava.activities, default=2**53) + self.rng.randrange(1, 9)
        self.strava.activities[number] = made_run(number, start.replace(microsecond=0), 60, self.rng)
        self.strava.streams[number] = made_streams(60, self.rng)


@pytest.mark.parametrize("keep", [retention.WHILE_LINKED, retention.ONE_WEEK])
@given(
    seed=st.integers(0, 10_000),
    runs=st.integers(0, 16),
    limits=st.tuples(st.integers(8, 40), st.integers(60, 400)),
    rate_headers=st.sampled_from(("both", "both", "overall", "empty")),
    shape=st.sampled_from(("by_type", "list", "plain")),
    steps=st.lists(STEPS, max_size=14),
)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_enough_syncs_the_store_holds_the_truth(
    monkeypatch, small_pages, keep, seed, runs, limits, rate_headers, shape, steps
):
    clock = Clock()
    with StandIn(clock) as strava, tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("HEELWISE_STRAVA_URL", strava.url)
        monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
        strava.read_limit, strava.overall_limit = limits, limits
        strava.rate_headers, strava.stream_shape = rate_headers, shape
        strava.add_runs(runs, seconds=60, seed=seed)
        world = World(Path(folder), strava, clock, keep)
        story = Story(world, seed)
        # The limits are known before anything is counted: a first answer tells them.
        world.strava.rate_headers = "both"
        world.sync(should_stop=stop_after(1))
        world.strava.rate_headers = rate_headers
        for what, value in steps:
            if what == "wait":
                clock.forward(value)
            elif what in ("sync", "cut"):
                getattr(story, what)(value)
            else:
                story.edit(what, value)
        world.sync_through()
        clock.forward(days=29)
        world.sync_through()
        world.holds_the_truth()
        assert strava.beyond_limit == 0
        before = world.store.version(world.athlete)
        world.sync_through()
        assert world.store.version(world.athlete) == before
        world.store.close()


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in ("404", "404_empty", "late")])
@pytest.mark.parametrize("at", [1, 2, 5])
def test_each_fault_at_each_step(world, fault, at):
    """Three times the same, so that asking again does not help; then a sync without."""
    ids = world.strava.add_runs(4, seconds=60)
    seen = []

    def fault_for(call):
        seen.append(call)
        return fault if at <= len(seen) < at + 3 else ""

    world.strava.fault_for = fault_for
    problem = None
    try:
        world.sync()
    except StravaError as error:
        problem = str(error)
    assert world.store.jobs.latest(world.athlete, "sync").error == problem
    world.strava.fault_for = None
    world.sync_through()
    assert len(world.rows()) == len(ids)
    world.holds_the_truth()


def test_a_link_taken_back_ends_the_sync_and_keeps_what_is_in(world):
    world.strava.add_runs(4, seconds=60)
    world.sync(should_stop=stop_after(5))
    kept = world.rows()
    world.strava.revoke_all()
    with pytest.raises(LinkEnded):
        world.sync()
    assert world.rows() == kept
    now = read_status(world.store, world.athlete)
    assert now.state == "failed"
    assert "Link Strava again" in now.problem
    assert not is_waiting(world.store, world.athlete)
    world.link()
    world.sync()
    world.holds_the_truth()


def test_an_app_without_a_subscription_is_told_with_a_way_out(world):
    world.strava.fault_for = lambda call: "403_inactive"
    with pytest.raises(AppInactive, match="export"):
        world.sync()


def test_expired_tokens_are_renewed_on_the_way(world, clock):
    world.strava.add_runs(4, seconds=60)
    world.strava.fault_for = lambda call: (
        world.strava.expire_tokens() or "" if len(world.strava.calls) == 4 else ""
    )
    world.sync()
    assert world.strava.refreshes == 1
    world.holds_the_truth()


def test_without_the_right_to_read_the_profile_the_runs_still_come(world):
    world.link(("read", "activity:read_all"))
    world.strava.add_runs(3, seconds=60)
    result = world.sync()
    assert [note.path for note in result.notes] == ["zones"]
    world.holds_the_truth()


def test_a_spent_limit_stops_in_time_and_goes_on(world, clock):
    world.strava.read_limit = (20, 200)
    world.strava.add_runs(40, seconds=60)
    result = world.sync()
    assert result.waiting_until is not None
    assert not result.is_complete
    assert (result.requests, result.left) == (19, 29)
    now = read_status(world.store, world.athlete)
    assert (now.state, now.left, now.window_left) == ("waiting", 29, 0)
    assert now.finish_s > now.until_s > clock.now_s
    assert "still to come" in now.in_words(clock.moment)
    assert world.sync().requests == 0  # nothing is sent while nothing is left
    result = world.sync(until_done=True)
    assert result.is_complete
    assert world.strava.beyond_limit == 0
    world.holds_the_truth()


def test_waiting_ends_when_somebody_asks(world):
    world.strava.read_limit = (8, 200)
    world.strava.add_runs(20, seconds=60)
    waited = []

    def stop() -> bool:
        now = read_status(world.store, world.athlete)
        waited.append(now is not None and now.state == "waiting")
        return sum(waited) > 3

    result = world.sync(until_done=True, should_stop=stop)
    assert result.is_stopped
    assert read_status(world.store, world.athlete).state == "stopped"


def test_an_hour_without_a_network_is_sat_out(world, clock):
    world.strava.add_runs(3, seconds=60)
    until = clock.now_s + 3_600
    world.strava.fault_for = lambda call: "reset" if clock.now_s < until else ""
    assert world.sync(until_done=True).is_complete
    assert clock.now_s < until + PATIENCE_S[-1] + 60
    world.holds_the_truth()


def test_trouble_of_the_server_is_not_blamed_on_single_runs(world):
    world.strava.add_runs(8, seconds=60)
    world.strava.fault_for = lambda call: "503" if call.path.endswith("streams") else ""
    with pytest.raises(StravaTroubled):
        world.sync()
    assert world.store.bookmarks(world.athlete).get("strava.failed") is None
    assert world.strava.count("streams") == 9


def test_a_connection_that_breaks_among_recordings_keeps_those_before(world):
    world.strava.add_runs(9, seconds=60)
    world.strava.fault_for = lambda call: "reset" if world.strava.count("streams") > 4 else ""
    with pytest.raises(StravaUnreachable):
        world.sync()
    assert sum(row["sample_rows"] == 61 for row in world.rows().values()) == 4


def test_a_wrong_clock_here_does_no_harm(server, tmp_path):
    """Three hours behind: tokens look good for longer than they are, and quarter hours begin elsewhere."""
    here = Clock()
    server.clock = lambda: here.now_s + 3 * 3_600 + 200
    server.read_limit = (20, 400)
    server.add_runs(30, last=here.moment - timedelta(days=1), seconds=60)
    world = World(tmp_path / "home", server, here)
    world.sync_through()
    world.holds_the_truth()
    assert server.beyond_limit == 0
    world.store.close()
