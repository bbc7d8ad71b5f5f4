"""Channels: each one file behind the protocol of messaging.letters, all held by one contract test."""
