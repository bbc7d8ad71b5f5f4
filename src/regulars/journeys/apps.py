"""Django's name for the journeys domain."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "regulars.journeys"
    label = "journeys"
