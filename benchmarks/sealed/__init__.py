"""Sealed drafting measured: what leaves, what comes back, and what the report is worth beside an open one."""
