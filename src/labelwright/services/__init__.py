"""What a person can do, a folder for each domain; the faces call these and nothing below."""
