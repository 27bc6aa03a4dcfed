"""drafter turns a ledger of facts and an office's own past reports into a formal Chinese work report."""
