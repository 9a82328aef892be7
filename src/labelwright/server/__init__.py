"""HTTP: app, permissions and one folder per domain with its routes and schemas."""
