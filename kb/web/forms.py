"""The forms of the wiki and its people: explicit fields, no rules of their own beyond shape."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from kb.models import READER, ROLES
from kb.web.throttle import forget_tries, reserve_try

ROLE_CHOICES = [(role, role) for role in ROLES]


class TextForm(forms.Form):
    """A text as the editor sends it: `base` is the number of the revision it began from, 0 = new."""

    text = forms.CharField(strip=False, required=False)
    message = forms.CharField(max_length=300, required=False)
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class ArchiveForm(forms.Form):
    """A ZIP archive, and whether its texts win over what was changed here."""

    archive = forms.FileField(
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={
            "required": "Choose a .zip file first.",
            "empty": "This file is empty. Choose another.",
            "max_length": "Its name is too long. Give the file a shorter one.",
        },
    )
    force = forms.BooleanField(required=False)


class SignInForm(AuthenticationForm):
    """Name and password; says the same whether or not the account exists."""

    throttled = False
    error_messages = {
        "invalid_login": "That name and password do not go together. Check both; case matters.",
        "throttled": "Too many tries. Wait 15 minutes, or ask an admin for a new password link.",
    }

    def clean(self) -> dict[str, Any]:
        """Refuse, unlooked at, what comes after too many failed tries."""
        name = self.cleaned_data.get("username")
        if not (self.request and name and self.cleaned_data.get("password")):
            return super().clean()
        if not reserve_try(self.request, name):
            self.throttled = True
            raise ValidationError(self.error_messages["throttled"], code="throttled")
        cleaned = super().clean()
        forget_tries(self.request, name)
        return cleaned


class NameForm(forms.Form):
    """The name of an account that is to be made."""

    username = UsernameField(max_length=150, validators=[UnicodeUsernameValidator()])

    def clean_username(self) -> str:
        """Refuse a name that differs from another only in case."""
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError("That name is taken. Choose another.")
        return name


class WelcomeForm(NameForm):
    """Name and password of the first admin, checked by the password validators."""

    password1 = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    password2 = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> None:
        """Check that the password is the same twice and not weak, also beside the name."""
        first, second = (self.cleaned_data.get(name) for name in ("password1", "password2"))
        if first != second:
            self.add_error("password2", "The two passwords differ. Type the same twice.")
        elif first:
            try:
                validate_password(first, User(username=self.cleaned_data.get("username", "")))
            except ValidationError as weak:
                self.add_error("password1", weak)


class AddForm(NameForm):
    """A person to add: what they are called and may do."""

    email = forms.EmailField(max_length=254, required=False)
    role = forms.ChoiceField(choices=ROLE_CHOICES, initial=READER)


class RoleForm(forms.Form):
    """The role to give someone."""

    role = forms.ChoiceField(choices=ROLE_CHOICES)
