"""The pages of campaigns: all of them, one with what became of it, the form, lists of people."""
