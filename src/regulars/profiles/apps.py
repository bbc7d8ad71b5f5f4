"""Django's name for the profiles domain."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "regulars.profiles"
    label = "profiles"
