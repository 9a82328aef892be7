"""Whether to stop: certificates, what error they have left, and what more labels would bring."""
