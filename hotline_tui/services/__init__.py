"""What a person can do: the only code that writes. Every function takes the desk first and does one thing."""
