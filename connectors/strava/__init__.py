"""Strava: the bulk export today; the only place that may import stravalib."""
