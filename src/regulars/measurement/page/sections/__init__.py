"""The sections of the page: each reads its part of the report and answers with figures, whatever is missing."""
