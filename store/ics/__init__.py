"""iCalendar (RFC 5545, 7986): the office's calendar as a feed, and other people's calendars as ours."""
