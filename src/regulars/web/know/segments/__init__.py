"""The pages of segments: all of them, one of them, and the form that makes one."""
