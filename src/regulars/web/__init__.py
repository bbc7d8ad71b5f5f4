"""The app in the browser: pages by the five stages, first visit, and its manners."""
