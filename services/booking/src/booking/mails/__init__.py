"""The mails booking sends."""
