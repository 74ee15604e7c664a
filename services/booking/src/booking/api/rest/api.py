"""Booking's REST API, as `contracts/openapi.json` describes it."""

from booking.api.rest.contremarques import CHECK
from chassis.rest import RestApi

API = RestApi(
    title="pass Culture — contremarques",
    version="2.0.0",
    description="Pour les logiciels de caisse : vérifier les contremarques que les bénéficiaires présentent.",
    endpoints=(CHECK,),
)
