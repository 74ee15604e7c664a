from catalog.domain.policies import first_refusal
from catalog.domain.refusals.stock import NegativePrice, NoStockToAdd


def _not_negative(price_cents, *, currency):
    assert currency == "EUR"
    return NegativePrice(price_cents) if price_cents < 0 else None


def _never(price_cents, *, currency):
    return NoStockToAdd()


def test_the_first_refusal_wins_and_no_later_rule_is_asked():
    asked = []

    def _remembers(price_cents, *, currency):
        asked.append(price_cents)

    assert first_refusal((_not_negative, _remembers), -1, currency="EUR") == NegativePrice(-1)
    assert asked == []
    assert first_refusal((_not_negative, _remembers, _never), 1, currency="EUR") == NoStockToAdd()
    assert asked == [1]


def test_content_rules_refuse_nothing():
    assert first_refusal((_not_negative,), 0, currency="EUR") is None
    assert first_refusal((), 0, currency="EUR") is None
