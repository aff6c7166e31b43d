"""From files as people have them to rows: what a file is, which reader takes it, and why not."""
