"""What every service of the platform is mounted on. No word of the domain lives here."""
