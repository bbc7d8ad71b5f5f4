"""Template tags of the app."""

from django.template import Library

register = Library()
