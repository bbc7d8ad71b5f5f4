"""The report in words: definitions, headline, benchmarks, advice, and the gist for the terminal."""
