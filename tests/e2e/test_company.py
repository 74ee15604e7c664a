"""A pro asks what the public register says of a SIREN: at the door, through both routers."""

import pytest

from local_platform.demo.story.the_place import Programme

from .asking import Asker

pytestmark = pytest.mark.platform

COMPANY = """
query Company($siren: String!) { company(siren: $siren) { siren name isActive street postalCode city } }
"""


def test_a_pro_reads_what_the_register_says(asker: Asker, place: Programme) -> None:
    found = asker.ask(COMPANY, place.pro, siren=" 180 046 252 ").data["company"]
    assert found == {
        "siren": "180046252",
        "name": "BIBLIOTHEQUE NATIONALE DE FRANCE",
        "isActive": True,
        "street": "QUAI FRANCOIS MAURIAC",
        "postalCode": "75013",
        "city": "PARIS",
    }
    assert asker.ask(COMPANY, place.pro, siren="732829320").data == {"company": None}
    assert asker.ask(COMPANY, place.pro, siren="732829321").verdict == "BAD_INPUT"
