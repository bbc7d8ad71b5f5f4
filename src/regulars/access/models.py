"""Rows of the people who work here: users, their API tokens, what they did."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What a user may do, from everything to the least."""

    OWNER = "owner", "Owner"
    MARKETER = "marketer", "Marketer"
    ANALYST = "analyst", "Analyst"
    SUPPORT = "support", "Support"


class User(AbstractBaseUser):
    """Somebody who works with this installation; signs in by e-mail. sealed_totp is the encrypted secret of an
    authenticator app, blank without one."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANALYST)
    is_active = models.BooleanField(default=True)
    sealed_totp = models.TextField(blank=True, default="")
    last_totp = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = BaseUserManager["User"]()


class Token(models.Model):
    """An API token: only its digest is kept; scopes are words after blanks."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.CharField(max_length=200)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """A one-time link by which a person sets a password: the first owner's, an invited user's, a forgotten password's."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Attempt(models.Model):
    """A failed sign-in, kept a day, for throttling; who is a keyed digest of the address or of the e-mail."""

    who = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()


class Deed(models.Model):
    """One line of the audit log: who did what, to what, when. Nothing of a customer's data stands here."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=64)
    about = models.CharField(max_length=255, blank=True)
    details = models.JSONField(default=dict)
