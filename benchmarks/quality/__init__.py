"""Whole reports by a real model: drafter beside what a user would take instead."""
