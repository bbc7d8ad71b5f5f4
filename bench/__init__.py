"""Benchmarks: every case measures ours and a peer or a limit side by side in one run, and compares the two answers."""
