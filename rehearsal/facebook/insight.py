"""Insights: metrics that are alive, each refused by name once Facebook has retired it; nobody reads a rehearsal, so all are 0."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from rehearsal.call import Call, JsonObject
from rehearsal.facebook.error import GraphError, invalid

ALIVE = re.compile(
    r"^(page_media_view|page_total_media_view_unique|page_post_engagements|page_follows|page_daily_follows_unique|"
    r"page_daily_unfollows_unique|page_views_total|page_video_views|page_video_complete_views_30s|"
    r"page_actions_post_reactions_\w+_total|post_media_view|post_total_media_view_unique|post_clicks|"
    r"post_reactions_by_type_total|total_video_views)$"
)
PERIODS = ("day", "week", "days_28", "month", "lifetime", "total_over_range")
LONGEST = timedelta(days=90)


def read(call: Call, id: str, now: datetime) -> JsonObject:
    """GET /{page|post}/insights; one dead name refuses the whole request."""
    metrics = [name.strip() for name in call.text("metric").split(",") if name.strip()]
    if not metrics:
        raise GraphError("An invalid metric was specified: no metric was specified to be fetched", code=3001, subcode=1504028)
    for name in metrics:
        if not ALIVE.match(name):
            raise invalid("The value must be a valid insights metric")
    period = call.text("period") or "lifetime"
    if period not in PERIODS:
        raise invalid(f"period must be one of {', '.join(PERIODS)}")
    _hold_span(call)
    end = now.strftime("%Y-%m-%dT07:00:00+0000")
    return {"data": [
        {"name": name, "period": period, "title": name, "description": "", "id": f"{id}/insights/{name}/{period}",
         "values": [{"value": 0} if period == "lifetime" else {"value": 0, "end_time": end}]}
        for name in metrics
    ]}  # fmt: skip


def _hold_span(call: Call) -> None:
    since, until = call.text("since"), call.text("until")
    if since.isdigit() and until.isdigit() and int(until) - int(since) > LONGEST.total_seconds():
        raise invalid("There cannot be more than 90 days between since and until")
