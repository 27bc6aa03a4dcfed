"""Benchmarks of the corpus: how reports are taken in, and how passages are found again; see benchmarks/README.md."""
