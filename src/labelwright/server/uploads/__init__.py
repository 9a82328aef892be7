"""Files on their way in: upload and preview."""
