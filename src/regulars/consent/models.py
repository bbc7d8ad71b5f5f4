"""Rows of consent: what people said last, which addresses get nothing, what may be chosen, and who was asked to confirm."""

from django.db import models


class Consent(models.Model):
    """The latest statement of one kind that a person made about a channel and a topic (blank: the whole channel).

    rules.settling tells from a person's rows where they stand. A row is replaced by a later one only, so that hearing a
    fact twice, late, or before it has its seq (0) changes nothing.
    """

    pk = models.CompositePrimaryKey("customer_id", "channel", "topic", "kind")
    customer_id = models.BigIntegerField()
    channel = models.CharField(max_length=16)
    topic = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=24)
    is_withdrawn = models.BooleanField()
    basis = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField()
    heard_at = models.DateTimeField()
    text_version = models.CharField(max_length=64, blank=True)
    country = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)
    expires_on = models.DateField(null=True)
    event_id = models.CharField(max_length=255, blank=True)
    seq = models.BigIntegerField(default=0)


class Suppression(models.Model):
    """One reason to keep from an address, which is known by its keyed fingerprint and so survives its owner's erasure.

    A released one stays as a row: a telling of before the release, heard late, must not bring it back.
    """

    pk = models.CompositePrimaryKey("channel", "fingerprint", "reason")
    channel = models.CharField(max_length=16)
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=32)
    is_standing = models.BooleanField()
    since = models.DateTimeField()
    until = models.DateField(null=True)
    event_id = models.CharField(max_length=255, blank=True)


class SoftBounce(models.Model):
    """A day on which an address refused a letter for the time being."""

    pk = models.CompositePrimaryKey("channel", "fingerprint", "bounced_on")
    channel = models.CharField(max_length=16)
    fingerprint = models.CharField(max_length=64)
    bounced_on = models.DateField()


class Topic(models.Model):
    """Something that people may choose to hear of; channels are words with blanks between.

    A consent to a whole channel covers the default topics; another topic goes only to who chose it.
    """

    key = models.SlugField(max_length=64, primary_key=True)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    channels = models.CharField(max_length=100)
    is_default = models.BooleanField(default=True)
    order = models.IntegerField(default=0)


class Policy(models.Model):
    """What the shop has decided; one row. import_text is what people read where an import's yes was given."""

    soft_opt_in = models.BooleanField(default=False)
    import_text = models.TextField(blank=True, default="")
    import_text_version = models.CharField(max_length=64, blank=True, default="")


class Confirmation(models.Model):
    """Somebody was asked to confirm a consent; who and what is kept here until the link ends, so that no link tells it.

    more_topics are those that one link confirms beside the statement's own, words with blanks between.
    """

    key = models.CharField(max_length=32, primary_key=True)
    customer_id = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, db_index=True)
    people = models.TextField()
    statement = models.TextField()
    more_topics = models.CharField(max_length=1000, blank=True, default="")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)


class SignUpForm(models.Model):
    """A form by which people sign up; topics and origins are words with blanks between.

    text is what they agree to; text_version names it anew with every change of the words, so a form is put out of use and
    never deleted. origins are the sites that may show the form in a frame.
    """

    slug = models.SlugField(max_length=40, primary_key=True)
    title = models.CharField(max_length=100)
    text = models.TextField()
    text_version = models.CharField(max_length=64)
    topics = models.CharField(max_length=1000, blank=True, default="")
    channel = models.CharField(max_length=16)
    origins = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class SignUpTry(models.Model):
    """A sign-up that was sent, kept a day, so that nobody floods a mailbox; who is a keyed digest of network or address."""

    who = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["who", "at"], name="sign_up_try_who_at")]
