"""Where a sign-in at Strava begins and ends on this server."""

START = "/connect/strava"
CALLBACK = "/connect/strava/callback"
