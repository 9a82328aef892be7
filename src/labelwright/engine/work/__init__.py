"""What is done to a shard: functions of names and plain JSON, which run in this process or on a worker of an engine."""
