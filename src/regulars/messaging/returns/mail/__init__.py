"""Mails that come back: bounce mails, complaints of a feedback loop, answers of machines and of people."""
