"""The stand-in for the Telegram Bot API with one bot and one public channel."""
