"""Backup, restore and forgetting: what a person does with their data as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import streamlit as st

from connectors.backup import Restored, backup, restore
from connectors.errors import HeelwiseError, LockedFile
from connectors.plural import count
from connectors.source import Progress, silent
from connectors.store import Runner
from connectors.store.claims import without_number
from dashboard.data.forget import forget, forget_own
from dashboard.data.progress_section import stoppable_progress, stopped_message
from dashboard.data.setting_checks import setting_problems
from dashboard.shared import jobs, session, text, ui

MOST_LISTED = 20


def restore_in_words(done: Restored) -> str:
    """Describe what came of a restore, for one runner."""
    if done.left_out:
        return f"{done.runner.name}: {done.left_out}"
    return (
        f"{done.runner.name}: {count(done.new, 'row')} new, {done.updated:,} updated, {done.unchanged:,} unchanged; "
        f"{count(done.recordings, 'recording')}."
    )


def refused_in_words(done: Restored) -> list[str]:
    """Name what a backup held that lies outside its bounds, one sentence each."""
    more = len(done.refused) - MOST_LISTED
    shown = [f"Refused, the rest was brought in: {sentence}." for sentence in done.refused[:MOST_LISTED]]
    return shown + [f"{more:,} more were refused for the like."] * (more > 0)


COPY = (
    "One file with your runs, recordings, shoes, symptoms, plans and settings: CSV and Parquet in a ZIP, readable "
    "without Heelwise. It holds no keys of links and no places; titles of sessions, which may name streets, are in it "
    "unless you leave them out."
)
FORGET_OWN = (
    "Deletes your record on this server for good: everything in it, the keys of its links, and the right of everybody "
    "who may see it, whose open pages go blank. Save a copy first if you may want it again. Nobody can undo this."
)
FORGETTING = "Ending what is under way, then deleting …"
RECEIPT = "receipt"
RESTORED = "restored"
RESTORE_FORM = "restore"
STOPPED_RESTORE = "Stopped. Nothing was changed."
STOPPED_BACKUP = "Stopped. No backup was made."
PREPARED = "prepared_backup"
MOST_AT_ONCE = 1_000
"""Recordings of a backup that is made at one press; more may take over ten seconds on a slow disk. Design choice."""
_TO_TELL: dict[int, list[str]] = {}
"""What a backup brought, by runner: turning to that runner begins another session, which tells it."""


def _packed(
    whom: list[Runner] | None, passphrase: str, without_titles: bool, progress: Progress = silent
) -> bytes:
    # Not in the system's folder for such files: what a kill leaves there, nobody sweeps.
    one = whom[0] if whom else None
    with jobs.scratch_folder(session.work_folder(one), one.athlete_id if one else None) as folder:
        target = folder / "backup.zip"
        store = session.machine_store()
        store.verify([one.athlete_id for one in whom] if whom else None, progress)
        backup(store, target, whom, passphrase or None, without_titles=without_titles, progress=progress)
        return target.read_bytes()


def _is_long(whom: list[Runner] | None) -> bool:
    numbers = None if whom is None else {one.athlete_id for one in whom}
    files = session.machine_store().samples.files()
    return sum(1 for owner, _, _ in files if numbers is None or owner in numbers) > MOST_AT_ONCE


def _prepared_button(whom: list[Runner] | None, passphrase: str, without_titles: bool) -> None:
    """Make a long backup first, with its stage and a way to stop it; then offer it as a file, once."""
    asked = ([one.athlete_id for one in whom or ()], passphrase, without_titles)
    stopped_message("backup")
    if PREPARED in st.session_state and st.session_state[PREPARED][0] == asked:
        st.download_button(
            "Save the backup",
            st.session_state[PREPARED][1],
            file_name=_file_name(whom, "age" if passphrase else "zip"),
            mime="application/octet-stream",
            icon=":material/download:",
            key="save_prepared",
            on_click=lambda: st.session_state.pop(PREPARED, None),
        )
    elif st.button("Prepare the backup", key="prepare_backup"):
        st.session_state.pop(PREPARED, None)
        with stoppable_progress(STOPPED_BACKUP, "backup", "Preparing the backup …") as progress:
            content = _packed(whom, passphrase, without_titles, progress)
        st.session_state[PREPARED] = (asked, content)
        st.rerun()


def _file_name(whom: list[Runner] | None, ending: str) -> str:
    """Name the file after the one runner in it, or after nobody where it holds everybody."""
    name = f"heelwise_backup.{ending}"
    return session.labelled(name, whom[0]) if whom else name.replace("backup", "backup_everybody")


def backup_section() -> None:
    """Offer everything but tokens as one file."""
    everyone = session.machine_store().runners()
    if not everyone:
        st.caption("There is nobody here yet, so there is nothing to save.")
        return
    names: dict[int, str] = {0: "Everybody on this machine"} if len(everyone) > 1 else {}
    names |= session.names_of(everyone)
    runner = session.runner()
    st.markdown(
        "One file with runs, recordings, shoes, symptoms, plans and settings: CSV and Parquet in a ZIP, readable "
        "without Heelwise. It holds no tokens and no places; titles of sessions, which may name streets, are in it "
        "unless you leave them out."
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    ids = list(names)
    at = ids.index(runner.athlete_id) if runner and runner.athlete_id in ids else 0
    chosen = left.selectbox("Runner", ids, index=at, format_func=names.__getitem__, key="backup_whom")
    passphrase = right.text_input(
        "Passphrase (optional, closes the file)", type="password", key="backup_passphrase"
    )
    without_titles = st.checkbox("Leave out the titles of sessions", key="backup_without_titles")
    whom = None if chosen == 0 else [one for one in everyone if one.athlete_id == chosen]
    if _is_long(whom):
        _prepared_button(whom, passphrase, without_titles)
        return
    st.download_button(
        "Save a backup",
        lambda: _packed(whom, passphrase, without_titles),
        file_name=_file_name(whom, "age" if passphrase else "zip"),
        mime="application/octet-stream",
        icon=":material/download:",
        key="save_backup",
    )


def own_copy_section(runner: Runner) -> None:
    """Offer a copy of one's own record, for a person who has signed in."""
    st.markdown(COPY)
    passphrase = st.text_input(
        "Passphrase (optional, closes the file)",
        type="password",
        key="backup_passphrase",
        autocomplete="new-password",
        width=340,
    )
    without_titles = st.checkbox("Leave out the titles of sessions", key="backup_without_titles")
    # Made in this run, which knows whose page it is: a file that is made when it is asked for is made outside of it.
    _prepared_button([runner], passphrase, without_titles)


def own_forget_section(runner: Runner) -> None:
    """Delete one's own record for good, after its name was typed; the receipt stays until the page is left."""
    st.markdown(FORGET_OWN)
    if not _is_confirmed(without_number(runner.name), runner.name, width=340):
        return
    with st.spinner(FORGETTING):
        receipt = forget_own(session.machine_store(), runner)
    session.drop_answers()
    _show_receipt(receipt)


def receipt_message() -> None:
    """Say once what was deleted."""
    if RECEIPT in st.session_state:
        st.success("  \n".join(map(text.escape_markdown, st.session_state.pop(RECEIPT))))


def restore_section() -> None:
    """Draw the form that restores a backup."""
    version = ui.form_version(RESTORE_FORM)
    restored_message()
    stopped_message("restore")
    given = st.file_uploader(
        "Open a backup, or the file a runner gave you", ["zip", "age"], key=f"backup_file_{version}"
    )
    passphrase = ""
    if given is not None and given.name.endswith(".age"):
        passphrase = st.text_input("Its passphrase", type="password", key=f"restore_passphrase_{version}")
    if not st.button("Restore", type="primary", disabled=given is None, key="bring_back") or given is None:
        return
    try:
        with jobs.scratch_folder(session.home()) as folder:
            source = folder / "backup"
            source.write_bytes(given.getbuffer())
            restore_upload(source, passphrase)
    except HeelwiseError as error:
        (st.warning if isinstance(error, LockedFile) else st.error)(text.escape_markdown(str(error)))
        return
    ui.reset_form(RESTORE_FORM)
    st.rerun()


def restore_upload(source: Path, passphrase: str = "") -> None:
    """Bring one file in and look at whom it brought."""
    with stoppable_progress(STOPPED_RESTORE, "restore") as progress:
        done = restore(
            session.machine_store(),
            source,
            passphrase or None,
            progress=progress,
            setting_problems=setting_problems,
        )
    st.session_state[RESTORED] = [
        words for one in done for words in (restore_in_words(one), *refused_in_words(one))
    ]
    brought = next((one.runner for one in done if not one.left_out), None)
    if brought is not None:
        _TO_TELL[brought.athlete_id] = st.session_state.pop(RESTORED)
        session.select_runner(brought)


def restored_message() -> None:
    """Describe once what the last file brought."""
    now = session.runner()
    waiting = _TO_TELL.pop(now.athlete_id, []) if now is not None else []
    for sentence in [*st.session_state.pop(RESTORED, []), *waiting]:
        st.success(text.escape_markdown(sentence))


def forget_section(runner: Runner | None) -> None:
    """Delete a runner for good, after their name was typed; the receipt stays until the page is left."""
    receipt_message()
    if runner is None:
        st.caption("There is nobody here, so there is nothing to delete.")
        return
    st.markdown(
        f"Ends the link to Strava and deletes everything of **{text.escape_markdown(session.name_of(runner))}** on "
        "this machine. Save a "
        "backup first if you may want it again. Other runners are not touched."
    )
    ui.hold_to_uncover(runner)
    if not _is_confirmed(session.name_of(runner)):
        return
    with st.spinner(FORGETTING):
        receipt = forget(session.machine_store(), session.vault(), [runner])
    st.cache_resource.clear()
    _show_receipt(receipt)


def _is_confirmed(name: str, *others: str, width: int | Literal["stretch"] = "stretch") -> bool:
    """Draw the form that asks for a name before a record is deleted; True once it, or another of it, was typed."""
    with st.form("forget", border=False, clear_on_submit=True):
        typed = st.text_input(
            f"Type “{text.escape_markdown(name)}” to confirm", key="forget_name", width=width
        )
        asked = st.form_submit_button("Delete for good", key="forget_runner")
    is_right = typed.strip().casefold() in {one.casefold() for one in (name, *others)}
    if asked and not is_right:
        st.warning("The name does not match, so nothing was deleted.")
    return asked and is_right


def _show_receipt(receipt: list[str]) -> None:
    session.select_runner(None)
    st.session_state[RECEIPT] = receipt
    st.rerun()
