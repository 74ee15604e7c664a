"""The dated rules of all contexts, found in their domains: what `docs/rules.md` and `./pass rule` show."""
