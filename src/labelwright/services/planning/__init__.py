"""Plans before spending: labeled data, replays in the background, and similar projects."""
