"""The stand-in for the YouTube Data API v3 with one channel and the token server of its sign-in."""
