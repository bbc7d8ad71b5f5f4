"""The language of segments: a tree of rules, what can be compared with what, how a document is read and said in words."""
