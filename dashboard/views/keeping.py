"""Backup, restore and forgetting: what a person does with their data as a whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from connectors.backup import backup, restore
from connectors.errors import HeelwiseError, LockedFile
from connectors.store import Runner
from connectors.store.vault import open_vault
from dashboard import state, words
from dashboard.commands.restore import in_words
from dashboard.forgetting import forget

RECEIPT = "receipt"
RESTORED = "restored"
ROUND = "restore_round"


def _packed(whom: list[Runner] | None, passphrase: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "backup.zip"
        backup(state.store(), target, whom, passphrase or None)
        return target.read_bytes()


def save() -> None:
    """Offer everything but tokens as one file."""
    everyone = state.store().runners()
    if not everyone:
        st.caption("There is nobody here yet, so there is nothing to save.")
        return
    names: dict[int, str] = {0: "Everybody on this machine"} if len(everyone) > 1 else {}
    names |= {one.athlete_id: one.name for one in everyone}
    mine = state.runner()
    st.markdown(
        "One file with runs, recordings, shoes, symptoms, plans and settings: CSV and Parquet in a ZIP, readable "
        "without Heelwise. It holds no tokens and no places."
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    ids = list(names)
    at = ids.index(mine.athlete_id) if mine and mine.athlete_id in ids else 0
    chosen = left.selectbox("Whom", ids, index=at, format_func=names.__getitem__, key="backup_whom")
    passphrase = right.text_input(
        "Passphrase, if you want the file closed", type="password", key="backup_passphrase"
    )
    whom = None if chosen == 0 else [one for one in everyone if one.athlete_id == chosen]
    st.download_button(
        "Save a backup",
        lambda: _packed(whom, passphrase),
        file_name="heelwise_backup.age" if passphrase else "heelwise_backup.zip",
        mime="application/octet-stream",
        icon=":material/download:",
        key="save_backup",
    )


def bring_back() -> None:
    """Take a backup in: choose the file, press the button."""
    turn = st.session_state.get(ROUND, 0)
    came_in()
    given = st.file_uploader(
        "Open a backup, or the file a runner gave you", ["zip", "age"], key=f"backup_file_{turn}"
    )
    passphrase = ""
    if given is not None and given.name.endswith(".age"):
        passphrase = st.text_input("Its passphrase", type="password", key=f"restore_passphrase_{turn}")
    if (
        not st.button("Bring it in", type="primary", disabled=given is None, key="bring_back")
        or given is None
    ):
        return
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            st.spinner("Looking at the file, then bringing it in …"),
        ):
            source = Path(folder) / "backup"
            source.write_bytes(given.getbuffer())
            take_in(source, passphrase)
    except HeelwiseError as error:
        (st.warning if isinstance(error, LockedFile) else st.error)(words.plain(str(error)))
        return
    st.session_state[ROUND] = turn + 1
    st.rerun()


def take_in(source: Path, passphrase: str = "") -> None:
    """Bring one file in and look at whom it brought."""
    done = restore(state.store(), source, passphrase or None)
    st.session_state[RESTORED] = [in_words(one) for one in done]
    state.look_at(next((one.runner for one in done if not one.left_out), state.runner()))


def came_in() -> None:
    """Say once what the last file brought."""
    for sentence in st.session_state.pop(RESTORED, []):
        st.success(words.plain(sentence))


def forget_runner(mine: Runner | None) -> None:
    """Delete a runner for good, after their name was typed; the receipt stays until the page is left."""
    if RECEIPT in st.session_state:
        st.success("  \n".join(map(words.plain, st.session_state.pop(RECEIPT))))
    if mine is None:
        st.caption("There is nobody here, so there is nothing to delete.")
        return
    st.markdown(
        f"Ends the link to Strava and deletes everything of **{words.plain(mine.name)}** on this machine. Save a "
        "backup first if you may want it again. Other runners are not touched."
    )
    with st.form("forget", border=False, clear_on_submit=True):
        typed = st.text_input("Type the name to confirm", key="forget_name")
        asked = st.form_submit_button("Delete for good", key="forget_runner")
    if not asked:
        return
    if typed.strip().casefold() != mine.name.casefold():
        st.warning("The name does not match, so nothing was deleted.")
        return
    receipt = forget(state.store(), open_vault(state.home()), [mine])
    st.cache_resource.clear()
    state.look_at(None)
    st.session_state[RECEIPT] = receipt
    st.rerun()
