"""One recording file (FIT, GPX, TCX) to one or more sessions."""
