"""Django's name for the consent domain."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "regulars.consent"
    label = "consent"
