"""Zalo Official Account articles, over plain HTTP: there is no official Python client."""
