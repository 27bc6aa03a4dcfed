"""How right and how fast drafter reads and checks numbers, beside the tools there are; see benchmarks/README.md."""
