"""How well and how fast drafter finds passages, beside the tools there are; see benchmarks/README.md."""
