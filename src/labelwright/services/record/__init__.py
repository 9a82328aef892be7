"""The record: events, exports, verification."""
