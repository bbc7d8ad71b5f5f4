"""The demo shop lives on: what happens in it after the files end, day by day, told as a shop's own system would tell it."""
