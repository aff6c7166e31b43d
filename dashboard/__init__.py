"""Everything that computes, draws and shows."""
