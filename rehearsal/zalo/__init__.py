"""The stand-in for Zalo's Official Account OpenAPI and its OAuth server."""
