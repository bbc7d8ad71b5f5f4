"""The door of profiles: resolve people, keep their rows up to date, rebuild them."""

from regulars.profiles.people import Resolver
from regulars.profiles.projection import reset, run_once as project

people = Resolver()

__all__ = ["Resolver", "people", "project", "reset"]
