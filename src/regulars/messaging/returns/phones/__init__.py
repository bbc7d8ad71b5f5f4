"""Providers of text messages and WhatsApp, and gateways of a shop's own."""
