"""What an annotator does: take work, answer, correct, review own answers."""
