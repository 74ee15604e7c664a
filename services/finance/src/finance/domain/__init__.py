"""The rules of finance, pure: plain values in, plain values out, "now" always an argument.

Money is integer cents. Rates are basis points (95 % is 9 500), so that no float is ever met.
Instants are aware; periods (fortnights, civil year) are cut at midnight in Paris.
"""
