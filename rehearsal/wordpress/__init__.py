"""The stand-in for a city portal with the WordPress REST API."""
