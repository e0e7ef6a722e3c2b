"""Facebook's sign-in: the dialog, and what its code buys: a user token for an hour or two, and one for sixty days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.consent import BadCodeError, Consents, ExpiredCodeError, OtherAddressError, sent_back
from rehearsal.facebook import token
from rehearsal.facebook.error import GraphError
from rehearsal.journal import Counter, Table

SHORT_SECONDS, LONG_SECONDS = 5400, 5183999


class Login:
    """Sends people back from the dialog, and exchanges what they bring."""

    def __init__(self, keys: Table[str], counter: Counter, now: Callable[[], datetime]) -> None:
        self.consents = Consents(keys, counter, now, prefix="rehearsal-facebook")

    def dialog(self, call: Call) -> Response:
        """GET /vN.0/dialog/oauth: the person agrees at once, unless they are to decline."""
        target, asked = call.query.get("redirect_uri", ""), call.query.get("scope", "").split(",")
        if call.query.get("client_id") != token.APP_ID:
            return _page("Invalid App ID: The provided app ID does not look like a valid app ID.")
        if not self.consents.may_return_to(target):
            return _page("URL blocked: This redirect failed because the redirect URI is not white-listed in the app's settings.")
        if not set(asked) <= {*token.SCOPES, "publish_video"} or call.query.get("response_type", "code") != "code":
            return _page("Invalid Scopes")
        state = call.query.get("state", "")
        if self.consents.declines():
            return sent_back(target, error="access_denied", error_code="200", error_description="Permissions error",
                             error_reason="user_denied", state=state)  # fmt: skip
        return sent_back(target, code=self.consents.give(target), state=state)

    def exchange(self, call: Call) -> JsonObject:
        """GET /vN.0/oauth/access_token: a code for a short token, or a short token for a long one."""
        if (call.text("client_id"), call.text("client_secret")) != (token.APP_ID, token.APP_SECRET):
            raise GraphError("Error validating client secret.", code=1)
        if call.text("grant_type") == "fb_exchange_token":
            if call.text("fb_exchange_token") not in (token.SHORT_TOKEN, token.USER_TOKEN):
                raise GraphError("Error validating access token.", code=190, subcode=467)
            return {"access_token": token.USER_TOKEN, "token_type": "bearer", "expires_in": LONG_SECONDS}
        try:
            self.consents.take(call.text("code"), call.text("redirect_uri"))
        except OtherAddressError as error:
            message = (
                "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the "
                "OAuth dialog request"
            )
            raise GraphError(message, code=100, subcode=36008) from error
        except ExpiredCodeError as error:
            raise GraphError("This authorization code has expired.", code=100, subcode=36007) from error
        except BadCodeError as error:
            raise GraphError("This authorization code has been used.", code=100, subcode=36009) from error
        return {"access_token": token.SHORT_TOKEN, "token_type": "bearer", "expires_in": SHORT_SECONDS}


def _page(words: str) -> Response:
    """Say on a page of Facebook's own what is wrong: nobody is sent back to an address that is not known."""
    return JSONResponse({"error": {"message": words, "type": "OAuthException", "code": 191}}, status_code=400)
