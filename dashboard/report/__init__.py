"""The analysis for other programs and for paper."""
