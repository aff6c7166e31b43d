"""Where Debian's Chromium lies: the build without windows where it is installed, which takes a quarter of the work."""

from __future__ import annotations

import shutil

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
"""None where there is none."""
OWN_ARGUMENTS = ("--no-sandbox", "--font-render-hinting=none")
"""Text as wide as on a screen: without windows Chromium rounds the width of each letter."""
