"""One trouble, taken apart: its title, its error line and its sections."""
