"""What every answer tells the browser beyond Django's own headers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Nothing here needs a camera, a place or a payment; a passkey is the one thing asked of the machine, by us alone.
SWITCHED_OFF = (
    "accelerometer",
    "autoplay",
    "bluetooth",  # Chromium knows it on Windows and macOS, and says on Linux that it does not
    "browsing-topics",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
OURS_ALONE = ("fullscreen", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock")
PERMISSIONS = ", ".join(
    [*(f"{name}=()" for name in SWITCHED_OFF), *(f"{name}=(self)" for name in OURS_ALONE)]
)
NOT_KEPT = "private, no-store"


class HeadersMiddleware:
    """Let no other site embed what we answer, no page use the machine, and no browser keep a page on its disk.

    A view that says itself how long its answer may be kept, such as a style sheet, is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        return response
