"""Django's name for the web domain."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "regulars.web"
    label = "web"
