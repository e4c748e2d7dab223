"""Which parts of a text are troubles of their own."""
