"""Charts as inline SVG: pure geometry in scale.py, shapes in the others, colours in the page's style sheet."""
