"""What bridges to other tools remember, and what Progress says of them."""
