"""Look at the rows behind the pages; for superusers, and only look: `entries.save` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kb.models import Entry, Revision, Section, Signature, Source, Tag

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin  # generic only in its type stubs


class Site(admin.AdminSite):
    site_header = site_title = "Rootnote"
    index_title = "What is stored"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


class LookOnly(ModelAdmin):
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Sources(LookOnly):
    list_display = ("path", "title", "revision", "archived", "changed")
    list_filter = ("archived",)
    search_fields = ("path", "title")


class Revisions(LookOnly):
    list_display = ("source", "number", "author", "message", "created")
    list_select_related = ("source", "author")
    exclude = ("raw",)
    search_fields = ("source__path", "message")


class Entries(LookOnly):
    list_display = ("title", "slug", "status", "archived", "stale", "changed")
    list_filter = ("status", "archived", "stale")
    search_fields = ("title", "slug", "error")


class Sections(LookOnly):
    list_display = ("heading", "kind", "guessed", "entry")
    list_filter = ("kind", "guessed")
    list_select_related = ("entry",)


class Signatures(LookOnly):
    list_display = ("entry", "section", "version")
    list_select_related = ("entry",)


class Tags(LookOnly):
    list_display = ("name", "slug")
    search_fields = ("name",)


site = Site()
site.register(Source, Sources)
site.register(Revision, Revisions)
site.register(Entry, Entries)
site.register(Section, Sections)
site.register(Signature, Signatures)
site.register(Tag, Tags)
