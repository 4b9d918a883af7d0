"""Links between entries, documents and tasks: proposed by their words, confirmed or refused by an editor."""
