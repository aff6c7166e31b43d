"""What the dumps of a server take: their key, how long they stay, how one is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AllOption = Annotated[
    bool,
    typer.Option(
        "--all", help="A server's dump of all runners, closed for a public key; FILE is then a folder."
    ),
]
MakeKeyOption = Annotated[
    bool,
    typer.Option("--make-key", help="With --all, once: make the pair of keys and print the private one."),
]
PublicKeyOption = Annotated[
    str | None,
    typer.Option(metavar="AGE1…", help="With --all, once: the public key of a pair made elsewhere."),
]
ReplaceKeyOption = Annotated[
    bool, typer.Option("--replace-key", help="With a new key: dumps are closed for another one already.")
]
KeepDaysOption = Annotated[
    int | None,
    typer.Option(min=7, max=90, help="With --all: for how many days dumps stay, from now on; first 30."),
]
IdentityOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The private key of a dump; - reads standard input. Without it, asked for and not shown.",
    ),
]
AcceptListOption = Annotated[
    bool,
    typer.Option(
        "--accept-list",
        help="Go on although the list of forgotten runners is missing, damaged or not to be verified.",
    ),
]
BringBackOption = Annotated[
    bool,
    typer.Option(
        "--bring-back", help="At their own wish, restore a runner who was forgotten; not from a dump."
    ),
]
