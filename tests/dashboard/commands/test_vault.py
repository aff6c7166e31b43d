"""`heelwise vault`, as somebody types it."""

from __future__ import annotations

from connectors.store.token_vault import KEY_NAME


def test_a_key_is_changed_and_a_new_one_is_printed(run, store, monkeypatch):
    monkeypatch.delenv("HEELWISE_KEY", raising=False)
    status, _, err = run("vault", "rotate")
    assert (status, "no key here yet" in err) == (1, True)
    status, out, _ = run("vault", "new-key")
    assert (status, len(out.strip())) == (0, 44)
    (store.home / KEY_NAME).touch(0o600)
    (store.home / KEY_NAME).write_text(out)
    status, said, _ = run("vault", "rotate")
    assert (status, "All secrets are closed" in said) == (0, True)
    assert (store.home / KEY_NAME).read_text().strip() not in (out.strip(), "")
