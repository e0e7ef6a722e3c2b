"""What a text states: every figure, date, time, document number, telephone number, address and name in it, read as values."""
