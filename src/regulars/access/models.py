"""Rows of the people who work here: users, their API tokens, open invitations, failed sign-ins, and what was done."""

from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What a user is here for; what each may do stands in permissions.MAY."""

    OWNER = "owner", "Owner"
    MARKETER = "marketer", "Marketer"
    ANALYST = "analyst", "Analyst"
    SUPPORT = "support", "Support"


class User(AbstractBaseUser):
    """Somebody who works with this installation; signs in by e-mail, which is kept in small letters.

    sealed_totp is the encrypted secret of an authenticator app, blank without one; last_totp is the 30-second step of
    the newest code that was taken, so that no code is taken twice.
    """

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
    """An API token: only its digest and its first letters are kept; scopes are words with blanks between."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.CharField(max_length=200)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class Purpose(models.TextChoices):
    """What a one-time link is for."""

    FIRST_OWNER = "first_owner"
    JOIN = "join"
    RESET = "reset"


class Invitation(models.Model):
    """A one-time link by which a person sets a password.

    One row per e-mail (blank for the first owner's), so that a new link makes the one before it invalid, also when two
    are made at the same moment.
    """

    email = models.EmailField(max_length=254, blank=True, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    role = models.CharField(max_length=16, choices=Role.choices)
    drops_totp = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Attempt(models.Model):
    """A failed sign-in, kept a day, for throttling; who is a keyed digest of the e-mail or of the address."""

    who = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["who", "at"], name="attempt_who_at")]


class WrittenOnce(models.QuerySet["Deed"]):
    """Rows that are added and read, and never changed or taken away."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the audit log is only ever added to")

    def delete(self) -> NoReturn:
        raise TypeError("the audit log is only ever added to")


class Deed(models.Model):
    """One line of the audit log: who did what, to what, when. Nothing of a customer's data stands here."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=254, db_index=True)
    action = models.CharField(max_length=64, db_index=True)
    about = models.CharField(max_length=255, blank=True)
    details = models.JSONField(default=dict)

    objects = WrittenOnce.as_manager()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the audit log is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the audit log is only ever added to")
