"""What annotators call: the queue, leases, annotations."""
