"""Every address of Rootnote."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path

from kb.admin import site
from kb.api import api
from kb.web import find, health, history, people, reading, runs, transfer, writing

urlpatterns = [
    path("", find.home, name="home"),
    path("find/", find.find, name="find"),
    path("search/", find.search, name="search"),
    path("entries/", reading.browse, name="browse"),
    path("entries/<slug:slug>/", reading.entry, name="entry"),
    path("sources/<slug:slug>/", reading.source, name="source"),
    path("sources/<slug:slug>/raw.md", reading.raw, name="raw"),
    path("tags/", reading.tags, name="tags"),
    path("tags/<slug:slug>/", reading.tag, name="tag"),
    path("new/", writing.new, name="new"),
    path("preview/", writing.preview, name="preview"),
    path("sources/<slug:slug>/edit/", writing.edit, name="edit"),
    path("sources/<slug:slug>/archive/", writing.archive, name="archive"),
    path("sources/<slug:slug>/revisions/", history.revisions, name="revisions"),
    path("sources/<slug:slug>/revisions/<int:number>/", history.revision, name="revision"),
    path("sources/<slug:slug>/diff/<int:old>/<int:new>/", history.diff, name="diff"),
    path("sources/<slug:slug>/restore/<int:number>/", writing.restore, name="restore"),
    path("transfer/", transfer.transfer, name="transfer"),
    path("transfer/export/", transfer.export, name="export"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/<int:file>/", runs.run_file, name="run_file"),
    path("sign-in/", people.SignIn.as_view(), name="sign_in"),
    path("sign-out/", auth.LogoutView.as_view(), name="sign_out"),
    path("welcome/<str:token>/", people.welcome, name="welcome"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.change, name="person"),
    path("set-password/<uidb64>/<token>/", people.SetPassword.as_view(), name="set_password"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", api.urls),
    path("admin/", site.urls),
]

handler400 = "kb.web.failures.bad_request"
handler403 = "kb.web.failures.forbidden"
handler404 = "kb.web.failures.not_found"
handler500 = "kb.web.failures.server_error"
