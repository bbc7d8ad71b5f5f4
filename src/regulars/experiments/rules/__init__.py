"""The pure rules of experiments: the draw, and inference that holds at every look."""
