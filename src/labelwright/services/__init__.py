"""What a person can do, by domain; both faces stand on these verbs."""
