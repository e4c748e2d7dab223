"""What stands on top of a text: read safely, and brought to our names."""
