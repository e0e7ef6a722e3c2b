"""The stand-in for TikTok's Content Posting API with one creator account."""
