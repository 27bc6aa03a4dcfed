"""How much the checks find, and how often they are wrong, on cases that know nothing of drafter."""
