"""Raw sessions to one-second samples and totals."""
