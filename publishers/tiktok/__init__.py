"""A TikTok account, through the Content Posting API."""
