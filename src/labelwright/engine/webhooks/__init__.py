"""Tells addresses of events: what is told (`told`), where it may go (`reach`), and the delivery (`delivering`)."""
