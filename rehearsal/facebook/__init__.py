"""The stand-in for the Facebook Graph API of one Page."""
