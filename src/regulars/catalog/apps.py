"""Django's name for the catalog domain."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "regulars.catalog"
    label = "catalog"
