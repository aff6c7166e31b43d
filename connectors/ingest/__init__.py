"""From files as people have them to the store: what lies there, which reader takes it, whose it is, and why not."""
