"""Django's name for the sources domain."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "regulars.sources"
    label = "sources"
