"""Sign-in, the first admin's welcome, and the team with its roles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kb import people as team
from kb.invitation import LinkClosed, State, make_first_admin, state_of
from kb.models import ROLES
from kb.web.access import admin
from kb.web.forms import AddForm, RoleForm, SignInForm, WelcomeForm

WELCOME_STATUS: dict[State, HTTPStatus] = {
    "open": HTTPStatus.OK,
    "used": HTTPStatus.GONE,
    "expired": HTTPStatus.GONE,
    "wrong": HTTPStatus.NOT_FOUND,
}


class SignIn(LoginView):
    """Ask for name and password."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show what to do next, and tell programs when they were slowed down."""
        response = super().form_invalid(form)
        if cast("SignInForm", form).throttled:
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


class SetPassword(PasswordResetConfirmView):
    """Let the holder of a one-time link choose a password, and sign them in."""

    template_name = "people/set_password.html"
    post_reset_login = True
    success_url = reverse_lazy("home")

    def get_user(self, uidb64: str) -> Any:
        """Find who the link is for; a closed account has no links."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    state, form = state_of(token), WelcomeForm(request.POST or None)
    if state == "open" and form.is_valid():
        name, password = form.cleaned_data["username"], form.cleaned_data["password1"]
        try:
            login(request, make_first_admin(token, name, password))
        except LinkClosed as closed:
            state = closed.state
        else:
            messages.success(request, f"Welcome, {name}. You are the admin; add your team here.")
            return redirect("people")
    context = {"state": state, "form": form}
    return render(request, "people/welcome.html", context, status=WELCOME_STATUS[state])


@admin
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    form = AddForm(request.POST or None)
    if form.is_valid():
        name, email, role = (form.cleaned_data[key] for key in ("username", "email", "role"))
        user = team.add(name, email, role, by=_who(request))
        return _show(request, user, link=team.set_password_link(user))
    return render(request, "people/people.html", {"people": team.list_people(), "form": form})


@admin
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return _show(request, user)
    try:
        return _change(request, user)
    except team.LastAdmin as refused:
        return _show(request, user, problem=refused.message, status=HTTPStatus.CONFLICT)


def _change(request: HttpRequest, user: User) -> HttpResponse:
    asked, form = request.POST.get("do"), RoleForm(request.POST)
    if asked == "link" and user.is_active:
        return _show(request, user, link=team.set_password_link(user))
    if asked == "role" and form.is_valid():
        team.assign(user, form.cleaned_data["role"], by=_who(request))
    elif asked in ("deactivate", "reactivate"):
        team.set_active(user, active=asked == "reactivate", by=_who(request))
    else:
        return HttpResponseBadRequest("Ask for one of: role, link, deactivate, reactivate.")
    messages.success(request, f"{user} is changed.")
    return redirect("person", user.pk)


def _show(
    request: HttpRequest, user: User, *, link: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "person": team.describe(user),
        "link": request.build_absolute_uri(link) if link else "",
        "problem": problem,
        "roles": ROLES,
    }
    response = render(request, "people/person.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)
