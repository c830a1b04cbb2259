"""How right the extractor's claims are, counted over annotated passages."""
