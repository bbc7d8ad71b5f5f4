"""Addresses for those who watch over this installation."""

from django.urls import URLPattern, path

from regulars.web.health import views

urlpatterns: list[URLPattern] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
