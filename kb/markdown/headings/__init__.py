"""What a heading or a label means: tables of words, and the rules for those with two meanings."""
