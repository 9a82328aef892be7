"""The record: events, exports."""
