"""Notifications in browsers by Web Push: the encryption, and the channel."""

from regulars.messaging.channels.push.channel import WebPush

__all__ = ["WebPush"]
