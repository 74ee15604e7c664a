"""Identity: people, structures and their attachments, eligibility and grants of credit."""
