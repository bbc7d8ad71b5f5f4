"""Signing in and out, the owner's account, and a user's own account."""

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.web.access.doorkeeper import is_here, person
from regulars.web.access.gate import form, public
from regulars.web.shell import lake


@public("GET", "HEAD", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail, password and, where one is set up, the authenticator's code."""
    if not access.owner_exists():
        return redirect("owner")
    asked = {"email": request.POST.get("email", ""), "next": _next(request)}
    if request.method != "POST":
        return render(request, "web/access/sign_in.html", {"title": _("Sign in"), **asked})
    try:
        user = access.sign_in(
            access.Attempted(
                asked["email"], request.POST.get("password", ""), request.POST.get("code", ""), address(request)
            ),
            lake.now(),
        )
    except access.Refused as refusal:
        needs_code = isinstance(refusal, access.CodeNeeded)
        page = {
            "title": _("Sign in"),
            "wrong": "" if needs_code else str(refusal),
            "needs_code": needs_code or bool(request.POST.get("code")),
            **asked,
        }
        return render(request, "web/access/sign_in.html", page, status=200 if needs_code else 403)
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(asked["next"] or "/")


@public("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session."""
    auth.logout(request)
    return redirect("sign-in")


@public("GET", "HEAD", "POST")
def owner(request: HttpRequest) -> HttpResponse:
    """Create the owner's account: on this machine freely, from elsewhere with the one-time token printed at start."""
    if access.owner_exists():
        return redirect("sign-in")
    here = is_here(request)
    told = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("email", "name", "token")}
    page = {"title": _("Make it yours"), "is_here": here, **told}
    if request.method != "POST":
        return render(request, "web/access/owner.html", page)
    try:
        token = access.owner_link(lake.now()) if here and not told["token"] else told["token"]
        user = access.create_owner(
            access.Newcomer(token, told["name"], request.POST.get("password", ""), told["email"]), lake.now()
        )
    except access.Refused as refusal:
        return render(request, "web/access/owner.html", page | {"wrong": str(refusal)}, status=403)
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    messages.success(request, _("This installation is yours now. Everybody signs in from here on."))
    return redirect("overview")


@public("GET", "HEAD", "POST")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take an invitation: choose a name and a password."""
    page: dict[str, Any] = {"title": _("Welcome"), "token": token, "name": request.POST.get("name", "")}
    if request.method != "POST":
        return render(request, "web/access/accept.html", page)
    try:
        user = access.accept(access.Newcomer(token, page["name"], request.POST.get("password", "")), lake.now())
    except access.Refused as refusal:
        return render(request, "web/access/accept.html", page | {"wrong": str(refusal)}, status=403)
    if access.has_totp(user):
        return redirect("sign-in")  # a link proves the mailbox, not the phone
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("overview")


@form("see", "see")
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account, and change the password."""
    user = person(request).user
    if user is None:
        return redirect("owner")
    page: dict[str, Any] = {"title": _("Your account"), "user": user, "has_totp": access.has_totp(user)}
    if request.method == "POST":
        try:
            access.change_password(user, request.POST.get("password", ""), request.POST.get("new", ""), lake.now())
        except access.Refused as refusal:
            return render(request, "web/access/account.html", page | {"wrong": str(refusal)}, status=403)
        auth.update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Every other session and your API tokens have ended."))
        return redirect("account")
    return render(request, "web/access/account.html", page)


@form("see", "see")
def totp(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app, or take it away."""
    user = person(request).user
    if user is None:
        return redirect("owner")
    try:
        if request.method == "POST" and request.POST.get("do") == "remove":
            access.remove_totp(user, request.POST.get("password", ""), lake.now())
            messages.success(request, _("The authenticator app is no longer asked for."))
            return redirect("account")
        if request.method == "POST":
            access.confirm_totp(user, request.session.get("totp", ""), request.POST.get("code", ""), lake.now())
            request.session.pop("totp", None)
            messages.success(request, _("From now on, signing in asks for a code of your authenticator app."))
            return redirect("account")
    except access.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("totp" if request.POST.get("do") != "remove" else "account")
    secret, address_of_secret = access.begin_totp(user)
    request.session["totp"] = secret
    return render(
        request,
        "web/access/totp.html",
        {"title": _("Authenticator app"), "secret": secret, "qr": access.qr_svg(address_of_secret)},
    )


def address(request: HttpRequest) -> str:
    """Return where a request comes from; what a proxy says counts only when the installation is set up behind one."""
    from django.conf import settings

    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if settings.SECURE_PROXY_SSL_HEADER and forwarded else str(request.META.get("REMOTE_ADDR", ""))


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""
