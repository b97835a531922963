"""One module per family of commands: each adds its parsers and runs them. Heavy imports wait until a command runs."""
