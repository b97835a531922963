"""The read side: plain queries into frozen rows. Each takes the session and the viewer."""
