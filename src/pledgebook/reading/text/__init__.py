"""What a text is made of: its layout, its words, the parties and items that it names."""
