"""Items: their content, their history."""
