"""The mails identity owes: one text template a kind, written at the moment of sending."""
