"""Addresses for those who watch over this installation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
