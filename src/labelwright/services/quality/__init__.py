"""Rules of checking, items with known answers, reviews: one file per thing that people do."""
