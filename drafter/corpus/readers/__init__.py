"""One module a format: each turns a file into the reports in it, or says in one line why it cannot."""
