"""A YouTube channel, through Google's own client."""
