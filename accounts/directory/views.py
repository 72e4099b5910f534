from __future__ import annotations

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import throttling
from accounts.access import user_of
from accounts.directory.adapter import failed
from accounts.directory.protocol import DirectoryProtocol, send_to_directory
from accounts.signin import second_factor
from accounts.signin.directories import Directory, directory_called
from accounts.signin.selectors import directory_of
from accounts.signin.views.refusals import too_many_tries


@never_cache
@require_POST
def go_to_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the user to the council's own sign-in page.

    Responds with a page that forwards by itself, not a redirect: our policy lets no form lead to another site.
    """
    directory = _directory(provider_id)
    if not throttling.allow("directory:address", throttling.address_key(request), now=timezone.now()):
        return too_many_tries(request)
    again = request.POST.get("again") == "1" and request.user.is_authenticated
    try:
        answer = send_to_directory(request, directory, next_url=_wanted(request), again=again)
    except ImmediateHttpResponse as refused:
        return refused.response
    except OAuth2Error as reason:
        return failed(request, directory, str(reason))
    if "Location" not in answer:
        return answer
    page = render(request, "accounts/go_to_directory.html", {"directory": directory, "there": answer["Location"]})
    page["Refresh"] = f"0; url={answer['Location']}"
    return page


@never_cache
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Handle the return from the directory, with the code to exchange for a token."""
    directory = _directory(provider_id)
    if not throttling.allow("directory:address", throttling.address_key(request), now=timezone.now()):
        return too_many_tries(request)
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(DirectoryProtocol(request, directory))(request)
    except OAuth2Error as reason:
        return failed(request, directory, str(reason))
    if request.user.is_authenticated and getattr(request, "directory_second_factor", False):
        second_factor.mark_by_directory(request, anew=request.directory_asked_anew)  # type: ignore[attr-defined]
    return answer


@never_cache
@require_GET
def directory_again(request: HttpRequest) -> HttpResponse:
    """Ask a directory user to sign in there again before a critical act."""
    slug = directory_of(user_of(request))
    return render(
        request, "accounts/directory_again.html", {"directory": _directory(slug), "next_url": _wanted(request)}
    )


def again_by_directory(request: HttpRequest, back: str) -> HttpResponse:
    """Answer ``second_factor.ask_again`` for users whose directory has the second factor."""
    return redirect(f"{reverse('accounts:directory-again')}?{urlencode({'next': back})}")


def _directory(slug: str) -> Directory:
    directory = directory_called(slug)
    if directory is None:
        raise Http404
    return directory


def _wanted(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else ""
