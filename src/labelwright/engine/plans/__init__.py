"""Plans of a home: replays that a worker plays while nothing wants training."""
