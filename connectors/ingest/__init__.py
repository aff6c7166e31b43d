"""From paths to the store: what lies there, whose it is, and bringing it in."""
