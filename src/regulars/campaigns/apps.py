"""Django's name for the campaigns domain."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "regulars.campaigns"
    label = "campaigns"
