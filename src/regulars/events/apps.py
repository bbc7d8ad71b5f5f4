"""Django's name for the events domain."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "regulars.events"
    label = "events"
