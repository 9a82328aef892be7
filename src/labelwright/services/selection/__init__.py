"""What a lead selects: parts of the items with a name, items that are asked first, the batch before it is asked."""
