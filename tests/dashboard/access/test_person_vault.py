"""The vault of a signed-in person: each public method, for their own record and for others."""

from __future__ import annotations

import pytest
from clinic_builders import add_person, signed_in

from connectors.errors import NotAllowed
from connectors.store.token_vault import LinkKey, StravaApp, Tokens, Vault, open_vault
from dashboard.access.narrow_store import narrow

TOKENS = Tokens("access", "refresh", 0, (), 7)
ACTS = {
    "delete": lambda vault, who: vault.delete(who),
    "keyed_services": lambda vault, who: vault.keyed_services(who),
    "read": lambda vault, who: vault.read(who),
    "read_addresses": lambda vault, who: vault.read_addresses(who),
    "read_key": lambda vault, who: vault.read_key(who, "garmin"),
    "read_key_token": lambda vault, who: vault.read_key_token(who, "garmin"),
    "write": lambda vault, who: vault.write(who, TOKENS),
    "write_addresses": lambda vault, who: vault.write_addresses(who, ["mailto://a"]),
    "write_key": lambda vault, who: vault.write_key(who, "garmin", LinkKey("key")),
    "write_key_token": lambda vault, who: vault.write_key_token(who, "garmin", {"a": 1}),
}
OF_NOBODY = {"locked", "read_app"}
REFUSED = sorted({name for name in dir(Vault) if not name.startswith("_")} - {*ACTS, *OF_NOBODY})


@pytest.fixture
def clinic(store):
    """Return the vaults of a runner, a therapist who keeps a record and an administrator, and the records."""
    grants = store.grants
    runner, other = add_person(store, "Nora"), add_person(store, "Robin")
    keeper, admin = add_person(store, "Tess", is_therapist=True), add_person(store, "Ada", is_admin=True)
    own = grants.begin_record(runner, "Nora Placeholder", True).athlete_id
    others = grants.begin_record(other, "Robin Elsewhere", True).athlete_id
    unclaimed = grants.begin_record(keeper, "Sam Unclaimed", False).athlete_id
    full = open_vault(store.home)
    for who in (own, others, unclaimed):
        full.write_key(who, "garmin", LinkKey(f"key of {who}"))
    people = {"runner": runner, "keeper": keeper, "admin": admin}
    vaults = {name: narrow(store, signed_in(one)).vault() for name, one in people.items()}
    return vaults, own, (others, unclaimed), full


def test_each_method_is_for_the_own_record_alone(clinic):
    vaults, own, others, full = clinic
    for act in ACTS.values():
        for who in (*others, 999):
            with pytest.raises(NotAllowed):
                act(vaults["runner"], who)
        for role in ("keeper", "admin"):
            for who in (own, *others):
                with pytest.raises(NotAllowed):
                    act(vaults[role], who)
        act(vaults["runner"], own)
    assert full.read_key(own, "garmin").key == "key"
    assert [full.read_key(who, "garmin").key for who in others] == [f"key of {who}" for who in others]


def test_every_other_method_is_refused(clinic):
    assert "write_app" in REFUSED
    for vault in clinic[0].values():
        for name in REFUSED:
            with pytest.raises(NotAllowed):
                getattr(vault, name)()
        with pytest.raises(NotAllowed):
            vault.write_app(StravaApp("1", "secret"))
