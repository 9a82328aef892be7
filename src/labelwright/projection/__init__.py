"""From features to a map: positions on a plane, and groups of items that lie together."""
