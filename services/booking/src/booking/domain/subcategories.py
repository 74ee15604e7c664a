"""What booking needs to know of each sub-category, and nothing more.

Columns of the table: *event* (dated) or *thing*; whether an unclaimed booking *expires*;
whether it may be booked for two (*duo*); the deposit whose cap it may count in (*digital*,
*physical*, or none); what a minor may book of it (*all*, only what is *free*, *none*).
Sources: domain.md §3.1 (traps included: do not normalise them) and, for the eight that came later,
M:core/categories/subcategories.py; minors: domain.md §4.1 row 0'.
"""

from dataclasses import dataclass
from enum import StrEnum


class Deposit(StrEnum):
    """The cap of a credit in which a purchase counts, when the offer's medium agrees."""

    DIGITAL = "digital"
    PHYSICAL = "physical"
    NONE = "-"


class MinorsMayBook(StrEnum):
    """What a person without the 18-year role may book of a sub-category (since 2022)."""

    ALL = "all"
    FREE_ONLY = "free"
    NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Subcategory:
    """One sub-category, as booking sees it."""

    id: str
    is_event: bool
    can_expire: bool
    can_be_duo: bool
    deposit: Deposit
    minors: MinorsMayBook

    def capped_deposit(self, *, has_url: bool) -> Deposit:
        """The cap a purchase counts in: digital only with a URL, physical only without (§2.4)."""
        if self.deposit is Deposit.DIGITAL and has_url:
            return Deposit.DIGITAL
        if self.deposit is Deposit.PHYSICAL and not has_url:
            return Deposit.PHYSICAL
        return Deposit.NONE


_TABLE = """
ABO_BIBLIOTHEQUE                 thing  expires  -    physical  all
ABO_CONCERT                      thing  expires  -    -         all
ABO_JEU_VIDEO                    thing  -        -    digital   none
ABO_LIVRE_NUMERIQUE              thing  expires  -    digital   all
ABO_LUDOTHEQUE                   thing  expires  -    physical  none
ABO_MEDIATHEQUE                  thing  expires  -    physical  all
ABO_MUSEE                        thing  expires  duo  -         all
ABO_PLATEFORME_MUSIQUE           thing  -        -    digital   free
ABO_PLATEFORME_VIDEO             thing  -        -    digital   free
ABO_PRATIQUE_ART                 thing  expires  -    -         all
ABO_PRESSE_EN_LIGNE              thing  -        -    digital   all
ABO_SPECTACLE                    thing  expires  -    -         all
ACHAT_INSTRUMENT                 thing  expires  -    physical  all
ACTIVATION_EVENT                 event  -        -    -         free
ACTIVATION_THING                 thing  -        -    physical  free
APP_CULTURELLE                   thing  -        -    digital   all
ATELIER_PRATIQUE_ART             event  -        duo  -         all
AUTRE_SUPPORT_NUMERIQUE          thing  -        -    digital   free
BON_ACHAT_INSTRUMENT             thing  expires  -    physical  all
CAPTATION_MUSIQUE                thing  -        -    digital   all
CARTE_CINE_ILLIMITE              thing  expires  -    -         all
CARTE_CINE_MULTISEANCES          thing  expires  -    -         all
CARTE_JEUNES                     thing  expires  -    physical  all
CARTE_MUSEE                      thing  expires  duo  -         all
CINE_PLEIN_AIR                   event  -        duo  -         all
CINE_VENTE_DISTANCE              thing  -        -    -         all
CONCERT                          event  -        duo  -         all
CONCOURS                         event  -        duo  -         all
CONFERENCE                       event  -        duo  -         all
DECOUVERTE_METIERS               event  -        duo  -         all
ESCAPE_GAME                      thing  -        duo  -         all
EVENEMENT_CINE                   event  -        duo  -         all
EVENEMENT_JEU                    event  -        duo  -         all
EVENEMENT_MUSIQUE                event  -        duo  -         all
EVENEMENT_PATRIMOINE             event  -        duo  -         all
FESTIVAL_ART_VISUEL              event  -        duo  -         all
FESTIVAL_CINE                    event  -        duo  -         all
FESTIVAL_LIVRE                   event  -        duo  -         all
FESTIVAL_MUSIQUE                 event  -        duo  -         all
FESTIVAL_SPECTACLE               event  -        duo  -         all
JEU_EN_LIGNE                     thing  -        -    digital   none
JEU_SUPPORT_PHYSIQUE             thing  -        -    physical  none
LIVESTREAM_EVENEMENT             event  -        -    digital   free
LIVESTREAM_MUSIQUE               event  -        -    digital   free
LIVESTREAM_PRATIQUE_ARTISTIQUE   event  -        -    digital   free
LIVRE_AUDIO_PHYSIQUE             thing  expires  -    physical  all
LIVRE_NUMERIQUE                  thing  -        -    digital   all
LIVRE_PAPIER                     thing  expires  -    physical  all
LOCATION_INSTRUMENT              thing  expires  -    physical  all
MATERIEL_ART_CREATIF             thing  expires  -    physical  all
MUSEE_VENTE_DISTANCE             thing  -        -    -         all
OEUVRE_ART                       thing  expires  -    physical  free
PARTITION                        thing  expires  -    physical  all
PLATEFORME_PRATIQUE_ARTISTIQUE   thing  expires  -    digital   free
PODCAST                          thing  -        -    digital   all
PRATIQUE_ART_VENTE_DISTANCE      thing  -        -    -         all
RENCONTRE                        event  -        duo  -         all
RENCONTRE_EN_LIGNE               event  -        -    -         free
RENCONTRE_JEU                    event  -        duo  -         all
SALON                            event  -        duo  -         all
SEANCE_CINE                      event  -        duo  -         all
SEANCE_ESSAI_PRATIQUE_ART        event  expires  duo  -         all
SPECTACLE_ENREGISTRE             thing  -        -    digital   free
SPECTACLE_REPRESENTATION         event  -        duo  -         all
SPECTACLE_VENTE_DISTANCE         thing  -        -    -         all
SUPPORT_PHYSIQUE_FILM            thing  expires  -    physical  all
SUPPORT_PHYSIQUE_MUSIQUE         thing  expires  -    physical  all
SUPPORT_PHYSIQUE_MUSIQUE_CD      thing  expires  -    physical  all
SUPPORT_PHYSIQUE_MUSIQUE_VINYLE  thing  expires  -    physical  all
TELECHARGEMENT_LIVRE_AUDIO       thing  -        -    digital   all
TELECHARGEMENT_MUSIQUE           thing  -        -    digital   free
VISITE                           event  -        duo  -         all
VISITE_GUIDEE                    event  -        duo  -         all
VISITE_VIRTUELLE                 thing  -        -    digital   free
VOD                              thing  -        -    digital   free
"""


def _parse(line: str) -> Subcategory:
    id_, kind, expires, duo, deposit, minors = line.split()
    return Subcategory(
        id_, kind == "event", expires == "expires", duo == "duo", Deposit(deposit), MinorsMayBook(minors)
    )


SUBCATEGORIES: dict[str, Subcategory] = {
    subcategory.id: subcategory for subcategory in map(_parse, _TABLE.strip().splitlines())
}


def subcategory_of(id_: str) -> Subcategory:
    """The sub-category of that id; KeyError when the platform does not know it."""
    return SUBCATEGORIES[id_]
