"""The annotator's queue: leases and annotations."""
