"""What becomes of Markdown on a page: the shape of it, and the gate that everything passes."""
