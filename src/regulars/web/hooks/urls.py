"""Addresses for providers that call back and for readers of messages."""

from django.urls import URLPattern, path

from regulars.web.hooks import calls, touches

urlpatterns: list[URLPattern] = [
    path("hooks/<str:provider>/<str:token>", calls.hook, name="hook"),
    path("c/<str:token>", touches.click, name="click"),
    path("o/<str:token>.gif", touches.pixel, name="pixel"),
]
